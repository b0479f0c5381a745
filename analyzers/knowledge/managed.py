"""Management interfaces, whose methods say in their first word what they do: `users.getUser`, `users.deleteUser`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from preship.analyzers.conventions.keys import RECORD_OPTION
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Array, Library, Object, Promise, Value, obj, of, unite
from preship.analyzers.knowledge.rows import Handler, client_of, fresh, name_of, record, records

VERBS: Mapping[EffectKind, frozenset[str]] = {
    EffectKind.READ: frozenset({"get", "list", "find", "count", "search", "retrieve", "query", "download", "export"}),
    EffectKind.INSERT: frozenset({"create", "add", "invite", "insert", "import", "generate", "register"}),
    EffectKind.DELETE: frozenset({"delete", "remove", "revoke", "destroy", "disconnect"}),
}
"""The first word of a method's name, by what such methods do; any other word changes something."""

WORD = re.compile(r"[A-Z]?[a-z0-9]+")


def kind_of(name: str) -> EffectKind:
    """What a method of this name does."""
    found = WORD.match(name)
    verb = found.group().lower() if found else ""
    return next((kind for kind, verbs in VERBS.items() if verb in verbs), EffectKind.WRITE)


def told(given: Arguments) -> Value:
    """All that is sent: the options of the first argument, and what comes behind it."""
    options, *rest = given.all() or (PLAIN,)
    parts = [a.shape for a in options.alternatives if isinstance(a.shape, Object)]
    return unite(*(of(part) for part in parts), *rest) if parts else of(Array((options, *rest), unite(options, *rest)))


def chosen_and_carried(given: Arguments, model: str = "") -> tuple[Value, Value]:
    """What chooses the record (a first argument that is no object, or its ids), and what is sent."""
    parts = [split(a.shape, model) for a in given.at(0).alternatives if isinstance(a.shape, Object)]
    rest = given.all()[1:]
    if not parts:
        return given.at(0), of(Array(rest, unite(PLAIN, *rest)))
    keys, bodies = [key for key, _ in parts], [body for _, body in parts]
    return unite(*keys), unite(*bodies, *rest)


def split(options: Object, model: str) -> tuple[Value, Value]:
    """The options that name a record, and the others: one is called after what it names, or after its id."""
    after_it = {key for key, _ in options.fields if model in {f"{key}s", f"{key}es", f"{key.removesuffix('y')}ies"}}
    names = {key: value for key, value in options.fields if key in after_it or RECORD_OPTION.matches(key)}
    others = {key: value for key, value in options.fields if key not in names}
    return obj(**names), obj(options.rest, **others)


def managed(target: str = "", client: Client | None = None) -> Handler:
    """An asynchronous call that does what the first word of its name says, to records of this kind."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        kind, model = kind_of(library.path[-1]), target or ".".join(library.path[-2:-1]) or name_of(library)
        key: Value | None
        key, body = chosen_and_carried(given, model)
        if kind is EffectKind.INSERT:
            # What is new has no name yet: an id says to whom or what it is added.
            key, body = None, told(given)
        calling.may_fail()
        calling.emit(
            kind,
            model,
            name_of(library),
            key=key,
            data=None if kind is EffectKind.READ else body,
            client=client or client_of(given),
        )
        if kind is EffectKind.DELETE:
            return of(Promise(PLAIN))
        if kind is EffectKind.INSERT:
            return of(Promise(fresh(model, body)))
        found = records if library.path[-1].startswith("list") else record
        return of(Promise(found(model, key, calling)))

    return handle
