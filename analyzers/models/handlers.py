"""From the rows of a model file to what execution runs: each kind of row is one function of the knowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    NULL_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Array,
    Library,
    Promise,
    Value,
    obj,
    of,
)
from preship.analyzers.knowledge import (
    builders,
    collected,
    http,
    identities,
    managed,
    observability,
    own,
    platforms,
    pure,
    rows,
    schemas,
    services,
)
from preship.analyzers.knowledge.rows import Chosen, Handler, LibraryModel
from preship.analyzers.models import files
from preship.analyzers.models.form import (
    CHOICE,
    QUERY,
    Act,
    Does,
    Entry,
    Finds,
    Row,
    Rows,
    Spoken,
    choices_of,
    kind_of,
    paths_of,
)

CODE = "preship.analyzers.knowledge"
"""Where the functions are that rows name."""


def models_of(entry: Entry) -> dict[str, LibraryModel]:
    """What an entry says, by the packages and things that it is about."""
    if entry.clients is not None:
        return _package_and_client(entry)
    return dict.fromkeys(entry.roots, _model(entry, _by_path(entry.calls), _by_path(entry.new)))


def _package_and_client(entry: Entry) -> dict[str, LibraryModel]:
    names = entry.clients or ()
    client = entry.roots[-1]
    paths = [("default",), *((name,) for name in names), *(("default", name) for name in names)]
    makes = dict.fromkeys(paths, rows.made_with_arguments(client))
    package = LibraryModel(
        frozenset(entry.packages),
        entry.source,
        {**makes, **_by_path(entry.calls)},
        makers={**makes, **_by_path(entry.new)},
        members=_members(entry),
        otherwise=services.passed,
    )
    made = _model(entry, {}, {})
    return {**dict.fromkeys(entry.packages, package), client: made}


def _model(
    entry: Entry, calls: Mapping[tuple[str, ...], Handler], makers: Mapping[tuple[str, ...], Handler]
) -> LibraryModel:
    is_client = entry.clients is not None
    return LibraryModel(
        frozenset(entry.roots),
        entry.source,
        calls,
        methods={**_liked(entry), **_by_name(entry.methods, entry.dialect)},
        makers=makers,
        maker=handler(entry.otherwise_new) if entry.otherwise_new else None,
        members={} if is_client else _members(entry),
        otherwise=_otherwise(entry),
        read=_code(entry.reads),
        awaited=_awaited(entry.when_awaited) if entry.when_awaited else _code(entry.awaits),
        template=_code(entry.template),
        changes_in_place=entry.changes_in_place,
        becomes=_code(entry.becomes),
    )


def _otherwise(entry: Entry) -> Handler | None:
    if entry.otherwise is not None:
        return _spoken_in(entry.dialect, entry.otherwise)
    return services.passed if entry.clients is not None else None


def _by_path(table: Rows) -> dict[tuple[str, ...], Handler]:
    return {path: made for names, row in table.items() for made in [handler(row)] for path in paths_of(names)}


def _by_name(table: Rows, dialect: str | None) -> dict[str, Handler]:
    return {
        ".".join(path): made
        for names, row in table.items()
        for made in [_spoken_in(dialect, row)]
        for path in paths_of(names)
    }


def _spoken_in(dialect: str | None, row: Row) -> Handler:
    """What a call of this row does; what makes schemas makes those of the dialect."""
    made = handler(row)
    is_schema = row.schema is not None or row.refines is not None
    return schemas.in_dialect(dialect, made) if dialect is not None and is_schema else made


def _liked(entry: Entry) -> dict[str, Handler]:
    """The methods of what an entry is like; of those that make schemas of another dialect, what parses is left out."""
    if entry.like is None:
        return {}
    found = {
        name: (handler(row), row) for other in files.entries_about(entry.like) for name, row in _named(other.methods)
    }
    if entry.dialect is None:
        return {name: made for name, (made, _) in found.items()}
    return {name: schemas.in_dialect(entry.dialect, made) for name, (made, row) in found.items() if row.parses is None}


def _named(table: Rows) -> Iterator[tuple[str, Row]]:
    return ((".".join(path), row) for names, row in table.items() for path in paths_of(names))


def _members(entry: Entry) -> dict[tuple[str, ...], Value]:
    return {path: value_of(value) for names, value in entry.members.items() for path in paths_of(names)}


def _code(name: str | None) -> Any:
    """What a name of ours, `module.name`, stands for."""
    if name is None:
        return None
    module, _, attribute = name.partition(".")
    return getattr(import_module(f"{CODE}.{module}"), attribute)


# --- one row -------------------------------------------------------------------------------------------------------


def handler(row: Row) -> Handler:
    """What a call of this row does and gives."""
    made = _KINDS[kind_of(row)](row)
    return _at_once(made) if row.now else made


def _effect(row: Row) -> Handler:
    assert row.effect is not None  # noqa: S101
    return rows.effect(
        EffectKind(row.effect),
        row.target or "",
        key=_argument(row.key),
        data=_argument(row.data),
        gives=value_of(row.returns) if row.returns is not None else PLAIN,
        client=row.client,
        traits=frozenset(row.traits),
    )


def _argument(text: str | int | None) -> int | Chosen | None:
    return None if text is None else int(text) if str(text).isdecimal() else chosen(text)


def _request(row: Row) -> Handler:
    assert row.request is not None  # noqa: S101
    key, data, traits = chosen(row.key), chosen(row.data), frozenset(row.traits)
    return services.remote(EffectKind(row.request), row.target or "", key=key, data=data, traits=traits)


def _makes(row: Row) -> Handler:
    assert row.makes is not None  # noqa: S101
    if any(getattr(row, name) is not None for name in QUERY):
        return collected.step(row.makes, _parts(row, row.kind))
    if row.named:
        return services.named_thing(row.makes)
    if row.awaited:
        return services.opened(row.makes) if row.keeps else rows.promises(of(Library(row.makes)))
    return rows.made_with_arguments(row.makes) if row.keeps else rows.made(row.makes)


def _resource(row: Row) -> Handler:
    return services.by_verb(row.resource or "", _kind(row.kind) or EffectKind.WRITE)


def _does(row: Row) -> Handler:
    if row.does is Does.FETCHES:
        return http.requested(body=int(row.data) if row.data is not None else None)
    if any(getattr(row, name) is not None for name in QUERY):
        return collected.step(None, _parts(row, row.kind))
    return _DOES[row.does or Does.COMPUTES]


def _query(row: Row) -> Handler:
    return collected.run(_parts(row, row.query), ANSWERS[row.finds] if row.finds else None, row.client)


def _awaited(row: Row) -> Callable[..., Value]:
    return collected.awaited(_parts(row, row.query), ANSWERS[row.finds] if row.finds else None, row.client)


def _kind(act: Act | None) -> EffectKind | None:
    return EffectKind(act) if act is not None else None


def _parts(row: Row, kind: Act | None) -> collected.Parts:
    table = str(row.table) if row.table is not None else None
    return collected.Parts(
        table=chosen(table) if table is not None and CHOICE.fullmatch(table) else table,
        key=chosen(row.key) if row.key is not None else None,
        data=chosen(row.data) if row.data is not None else None,
        kind=_kind(kind),
    )


ANSWERS: Mapping[Finds, str] = {
    Finds.MANY: collected.MANY,
    Finds.FIRST: collected.FIRST,
    Finds.ONE: collected.SURELY,
    Finds.COUNT: collected.COUNT,
    Finds.NOTHING: collected.NONE,
}


def _wrapper(row: Row) -> Handler:
    proves = own.Proof.ROLE if row.role else own.Proof.AUTHENTICATION
    wrapper = own.Wrapper(("", row.wrapper or ""), proves, row.role or "", row.callback, row.passes)
    return lambda library, given, calling: own.wrapped(wrapper, given)


def _at_once(made: Handler) -> Handler:
    return lambda library, given, calling: calling.settle(made(library, given, calling))


def _parses(row: Row) -> Handler:
    value, safely = row.parses or 0, row.safely
    made = schemas.parses(value, row.by) if safely is None else schemas.parses_safely(value, row.by, safely)
    return schemas.later(made) if row.awaited else made


def _judges(row: Row) -> Handler:
    made = schemas.judges(row.judges or 0)
    return schemas.later(made) if row.awaited else made


def _python(row: Row) -> Handler:
    made = _named_code(row)
    return schemas.later(made) if row.awaited else made


def _named_code(row: Row) -> Handler:
    found: Any = _code(row.python)
    if not row.given and not row.code:
        return found  # type: ignore[no-any-return]
    given = {name.replace("-", "_"): _typed(name, value) for name, value in row.given.items()}
    return found(**given, **{name: _code(value) for name, value in row.code.items()})  # type: ignore[no-any-return]


UNSET = "unset"
"""What a function is given that is given nothing."""


def _typed(name: str, value: str) -> object:
    if value == UNSET:
        return None
    if name == "kind":
        return EffectKind(value)
    if name == "client":
        return Client(value)
    return int(value) if value.isdecimal() else value == "true" if value in {"true", "false"} else value


_DOES: Mapping[Does, Handler] = {
    Does.TEXT: rows.text,
    Does.SEALS: rows.sealed,
    Does.COMPUTES: services.passed,
    Does.SAME: rows.same,
    Does.CHAINED: rows.chained,
    Does.PART: services.part,
    Does.SETS_UP: rows.set_up,
    Does.LEAVES: rows.LEAVES,
    Does.RENEWS: rows.CHANGES_SESSION,
    Does.STEPS: builders.step(builders.unchanged),
    Does.MAPS: pure.mapped,
    Does.FILTERS: pure.kept,
    Does.TELLS: pure.told_by,
    Does.CONFIGURES: http.instance,
    Does.LOGS: observability.logged,
    Does.RUNS: observability.runs_callback,
    Does.ENDS: rows.ends(),
}

_KINDS: Mapping[str, Callable[[Row], Handler]] = {
    "session": lambda row: rows.session(row.session or "", is_verified=row.verified),
    "guard": lambda row: identities.guarded(row.guard or "", row.role, row.owns),
    "asks": lambda row: identities.whether(row.asks or "", row.role, row.owns),
    "profile": lambda row: identities.described(
        row.profile or "", *row.fields, flag=row.flag, absent=value_of(row.absent)
    ),
    "verifies": lambda row: identities.verified(row.verifies or "", is_promised=row.awaited),
    "begins": lambda row: rows.effect(EffectKind.IDENTIFY, row.begins or ""),
    "effect": _effect,
    "request": _request,
    "schema": lambda row: schemas.makes_schema(row.schema or ""),
    "refines": lambda row: schemas.changes_schema(row.refines or ""),
    "parses": _parses,
    "judges": _judges,
    "managed": lambda row: managed.managed("" if row.managed == "path" else row.managed or "", row.client),
    "platform": lambda row: platforms.worked_on(row.platform or "", _kind(row.kind)),
    "resource": _resource,
    "makes": _makes,
    "gives": lambda row: rows.gives(value_of(row.gives)),
    "promises": lambda row: rows.promises(value_of(row.promises)),
    "argument": lambda row: rows.argument(row.argument or 0),
    "does": _does,
    "query": _query,
    "wrapper": _wrapper,
    "python": _python,
}


# --- what rows name ------------------------------------------------------------------------------------------------

_WORDS: Mapping[str, Value] = {
    "unknown": PLAIN,
    "undefined": UNDEFINED_VALUE,
    "nothing": NULL_VALUE,
    "true": TRUE_VALUE,
    "false": FALSE_VALUE,
    "list": of(Array(None, PLAIN)),
}


def value_of(spoken: Spoken | None) -> Value:
    """The value that a text, or an object of texts, stands for."""
    if isinstance(spoken, dict) and "python" in spoken:
        return _code(spoken["python"])  # type: ignore[no-any-return]
    if isinstance(spoken, dict):
        if "await" in spoken:
            return of(Promise(value_of(spoken["await"])))
        return obj(PLAIN, **{name: value_of(value) for name, value in spoken.items()})
    if spoken is None:
        return PLAIN
    return _WORDS[spoken] if spoken in _WORDS else of(Library(spoken))


def chosen(text: str | int | None) -> Chosen:
    """The part of the arguments that a text names."""
    if text is None:
        return services.nothing
    parts = [_choice(each) for each in choices_of(text)]
    return parts[0] if len(parts) == 1 else services.either(*parts)


def _choice(text: str) -> Chosen:
    if " = " in text:
        column, _, operand = text.partition(" = ")
        return collected.compared(int(column), int(operand))
    index, _, name = text.partition(".")
    if not name:
        return services.at(int(index))
    return services.named(name[:-1], int(index)) if name.endswith("?") else services.field(name, int(index))
