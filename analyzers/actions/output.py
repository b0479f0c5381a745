"""What of an answer its caller should not get: whole records, caught messages, secrets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions.failures import FailureText, told_by
from preship.analyzers.actions.returned import returned_secrets
from preship.analyzers.actions.sinks import asks_as_anybody
from preship.analyzers.conventions.secrets import SECRET_FIELD
from preship.analyzers.conventions.tables import PERSONAL_TABLE, SECRET_TABLE
from preship.analyzers.flow.effects import EMAIL, Client, Effect, EffectKind
from preship.analyzers.flow.facts import Authenticated, Facts, Valid, has_right
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.origins import DISK, SETTINGS, Caught, Input, Remote, Session, Stored
from preship.analyzers.flow.texts import OURS
from preship.analyzers.flow.values import Constant, Object, Shape, Unknown, Value, origins_of, parts_of
from preship.analyzers.source.tree import Span

DEEPEST = 6
"""Objects inside objects that are looked through."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of an answer that holds something, as the client gets it."""

    shape: Unknown
    facts: Facts
    path: tuple[str, ...]
    """The fields that lead to it."""

    is_pruned: bool = False
    """Whether it stands for the other columns of a record of which a secret one was masked or left out."""

    beside: frozenset[str] = frozenset()
    """The fields that stand in the place of its own: `{ ...row, owner: row.owner.name }`."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Something that is handed to the caller, and should not be."""

    path: tuple[str, ...]
    """The fields of the answer that lead to it."""

    name: str
    """What a sentence calls it."""

    effect: Effect | None
    """What gave it, if that was seen."""

    is_own: bool = False
    """Whether it is the caller's and nobody else's, or they have it without this action."""

    origin: Stored | Remote | Session | None = None
    """What it is whole: a record of a store, the answer of a service, an account."""

    brings: tuple[str, ...] = ()
    """The relations whose records come along whole."""

    left_out: frozenset[str] = frozenset()
    """The columns and relations that are not handed out as they are stored."""

    is_open: bool = False
    """Whether a caller whom nobody knows gets it."""

    is_for_a_role: bool = False
    """Whether only those get it who have shown some right, or among whose own it was found."""

    told: FailureText | None = None
    """What it tells, where it is the text of a failure."""

    is_just_made: bool = False
    """Whether this call has made the record, and perhaps changed it again before it gave it."""

    sent: frozenset[str] = frozenset()
    """The columns that this very call has filled with what the caller sent."""

    @property
    def record(self) -> Stored | None:
        """The record of a store that it is, if it is one."""
        return self.origin if isinstance(self.origin, Stored) else None

    @property
    def is_called_after_secrets(self) -> bool:
        """Whether its table is called after what even the one whom it is about does not see."""
        return self.record is not None and SECRET_TABLE.matches(self.record.model)

    @property
    def is_called_after_people(self) -> bool:
        """Whether its table or service is called after people, or it is an account."""
        if isinstance(self.origin, Remote):
            return PERSONAL_TABLE.matches(self.origin.host)
        return isinstance(self.origin, Session) or (
            self.record is not None and PERSONAL_TABLE.matches(self.record.model)
        )


def leaves(
    result: Value,
    facts: Facts,
    path: tuple[str, ...] = (),
    depth: int = DEEPEST,
    *,
    is_pruned: bool = False,
    beside: frozenset[str] = frozenset(),
) -> Iterator[Leaf]:
    """Everything in an answer of which only the origins are known."""
    for a in result.alternatives if depth else ():
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            yield Leaf(a.shape, held, path, is_pruned, beside)
        elif isinstance(a.shape, Object):
            for name, value in a.shape.fields:
                yield from leaves(value, held, (*path, name), depth - 1)
            if a.shape.rest is not None:
                pruned, names = withholds_a_secret(a.shape), frozenset(name for name, _ in a.shape.fields)
                yield from leaves(a.shape.rest, held, path, depth - 1, is_pruned=pruned, beside=names)
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from leaves(part, held, path, depth - 1)


def withholds_a_secret(answer: Object) -> bool:
    """Whether a column that holds a secret is masked or emptied where all others are spread: the columns were seen."""
    return any(SECRET_FIELD.matches(name) and is_withheld(name, value) for name, value in answer.fields)


def is_withheld(name: str, value: Value) -> bool:
    """Whether nothing that stands in a field is the column of its name as it is stored."""
    return all(isinstance(a.shape, Constant) or is_made_of_a_part(name, a.shape) for a in value.alternatives)


def is_made_of_a_part(name: str, shape: Shape) -> bool:
    """Whether a value begins with text of the code's, or holds only a part of the column."""
    if not isinstance(shape, Unknown):
        return False
    is_masked = shape.text is not None and not shape.text.opening.startswith(OURS)
    columns = [o.path for o in shape.origins if isinstance(o, Stored)]
    return is_masked or all(name in path and path[-1] != name for path in columns)


def raw_records(result: Value, facts: Facts, effects: Sequence[Effect]) -> Iterator[Handed]:
    """The records that are handed out with all they hold: rows, answers of other services, the caller's account."""
    for leaf in leaves(result, facts):
        if leaf.shape.is_checked or leaf.shape.is_primitive or leaf.is_pruned:
            continue
        for origin in sorted(leaf.shape.origins, key=str):
            if isinstance(origin, Stored | Remote | Session) and is_whole(origin):
                source = source_of(origin, effects)
                yield Handed(
                    leaf.path,
                    name_of(origin),
                    source,
                    is_own(origin) or is_theirs_to_ask(origin, source),
                    origin=origin,
                    brings=source.brings if source is not None else (),
                    left_out=leaf.beside,
                    is_open=not any(isinstance(f, Authenticated) for f in leaf.facts),
                    is_for_a_role=has_right(leaf.facts) or (source is not None and names_the_caller(source.key)),
                    is_just_made=is_just_made(origin, source),
                    sent=frozenset(sent_into(source)) if isinstance(origin, Stored) else frozenset(),
                )


def is_just_made(record: Stored | Remote | Session, source: Effect | None) -> bool:
    """Whether a record is one that this call has made, or that it has made and then changed."""
    if not isinstance(record, Stored):
        return False
    keys = origins_of(source.key) if source is not None and source.kind is EffectKind.WRITE else frozenset()
    return record.is_fresh or (
        bool(keys) and all(isinstance(o, Stored) and o.is_fresh and o.model == record.model for o in keys)
    )


def sent_into(source: Effect | None) -> Iterator[str]:
    """The columns that an effect fills with what the caller sent."""
    if source is None or source.data is None or source.kind not in (EffectKind.INSERT, EffectKind.WRITE):
        return
    for shape in (a.shape for a in source.data.alternatives):
        for name, value in shape.fields if isinstance(shape, Object) else ():
            if any(isinstance(o, Input) for o in origins_of(value)):
                yield name


def is_theirs_to_ask(record: Stored | Remote | Session, source: Effect | None) -> bool:
    """Whether the other side gave an answer to the caller's own credentials, or a service to none: they can ask it."""
    if isinstance(record, Session) or source is None:
        return False
    if source.client is Client.CALLER:
        return isinstance(record, Stored) or source.kind is EffectKind.FETCH
    return isinstance(record, Remote) and source.kind is EffectKind.FETCH and asks_as_anybody(source)


def implicit_selections(
    effects: Sequence[Effect], handed_over: Collection[tuple[str, Stored]], action: str, raw: Iterable[Handed]
) -> Iterator[Effect]:
    """The reads of other modules than the action's whose rows leave them whole; what the caller gets so is raw."""
    told = {handed.effect for handed in raw}
    given_away = {(module, row.model) for module, row in handed_over}
    for effect in effects:
        is_elsewhere = effect.kind is EffectKind.READ and effect.span.path != action and has_columns(effect)
        if is_elsewhere and effect not in told and (effect.span.path, effect.target) in given_away:
            yield effect


def has_columns(effect: Effect) -> bool:
    """Whether what is read is a row, and not the one value that a store keeps under a name."""
    shapes = [a.shape for a in effect.key.alternatives] if effect.key is not None else []
    return not shapes or not all(is_name(shape) for shape in shapes)


def is_name(shape: Shape) -> bool:
    """Whether a key is a text."""
    return isinstance(shape, Constant) or (isinstance(shape, Unknown) and shape.is_primitive)


def name_of(record: Stored | Remote | Session) -> str:
    """What a sentence calls a record."""
    if isinstance(record, Stored):
        return f"`{record.model}`"
    return (
        f"the answer of {record.host}" if isinstance(record, Remote) else f"the caller's account at {record.provider}"
    )


def source_of(record: Stored | Remote | Session, effects: Sequence[Effect]) -> Effect | None:
    """The effect that gave a record: the last of its model, or the last call of its service."""
    if isinstance(record, Session):
        return next((e for e in reversed(effects) if e.kind is EffectKind.ASK), None)
    if isinstance(record, Remote):
        return next((e for e in reversed(effects) if e.kind in CALLS), None)
    return next((e for e in reversed(effects) if e.kind in GIVES and e.target == record.model), None)


GIVES = frozenset(
    {EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE, EffectKind.SQL, EffectKind.PAY}
)
CALLS = GIVES | {EffectKind.FETCH, EffectKind.SEND}


def is_whole(origin: Stored | Remote | Session) -> bool:
    """Whether a value of this origin is a record with all its fields."""
    if isinstance(origin, Stored):
        return origin.is_whole and not origin.path
    if isinstance(origin, Remote):
        return not origin.path and origin.host not in TELLS_NOTHING
    return (
        origin.is_verified and origin.provider not in TOLD_TO_BROWSERS and origin.path in ((), ("user",), ("session",))
    )


TELLS_NOTHING = frozenset({SETTINGS, EMAIL, DISK})
"""What answers without a record: a text of the program's own, a mail that went out, the bytes of a file."""

TOLD_TO_BROWSERS = frozenset({"Auth.js", "Better Auth"})
"""Providers whose session is made for the browser, which asks for it by itself."""


def is_own(record: Stored | Remote | Session) -> bool:
    """Whether a record is the caller's and nobody else's."""
    if isinstance(record, Stored):
        return record.is_exact and bool(record.key) and all(is_identity(frozenset({o})) for o in record.key)
    return isinstance(record, Session)


def caught_messages(result: Value, facts: Facts, at: Span, effects: Sequence[Effect]) -> Iterator[Handed]:
    """The parts of an answer that tell what a caught exception said."""
    for leaf in leaves(result, facts):
        caught = [o for o in leaf.shape.origins if isinstance(o, Caught) and not is_masked(o, leaf.shape)]
        found = [o for o in caught if says_something(o) and not is_expected(o, leaf.facts)]
        if found and not leaf.shape.is_checked:
            place = Effect(EffectKind.RETURN, caught_at(found) or at, MESSAGE, MESSAGE)
            yield Handed(leaf.path, MESSAGE, place, told=told_by(found, effects))


def is_masked(origin: Caught, shape: Unknown) -> bool:
    """Whether an exception is handed out as the object that it is, which React does without its text.

    https://react.dev/reference/rsc/use-server#serializable-parameters-and-return-values
    """
    was_thrown = not any(failure.is_for_callers for failure in origin.sources)
    return was_thrown and not origin.path and shape.text is None and not shape.is_primitive


def messages_in_redirects(effects: Sequence[Effect]) -> Iterator[tuple[Effect, FailureText]]:
    """The redirects whose address tells what a caught exception said, with what that is."""
    for effect in effects:
        if effect.kind is EffectKind.REDIRECT and effect.key is not None:
            for handed in caught_messages(effect.key, effect.facts, effect.span, effects):
                if handed.told is not None:
                    yield effect, handed.told


def caught_at(found: Sequence[Caught]) -> Span | None:
    """Where the first of some exceptions was caught."""
    return min((o.by for o in found if o.by is not None), default=None)


MESSAGE = "the message of an exception"

CODES = frozenset({"code", "name", "status", "statusCode", "digest", "type", "length"})
"""Parts of an exception that name its kind and say nothing else."""

ABOUT_THE_INPUT = frozenset({"meta", "issues", "errors", "fieldErrors", "formErrors"})
"""Parts in which libraries say what is wrong with what was sent: the field, and the words for it.

https://www.prisma.io/docs/orm/reference/error-reference#prismaclientknownrequesterror and https://zod.dev/error-customization
"""


OF_ERRORS = frozenset(
    """
    message msg text error err reason detail details hint description error_description errorMessage errmsg cause stack
    inner innerError originalError original parent driverError sql sqlMessage query parameters statement constraint
    table column schema config request response data body statusText status_text headers url path dest hostname address
    syscall stdout stderr output info errorInfo raw value values keyValue keyPattern toString toJSON
    """.split()
)
"""Parts in which the errors of the language, of drivers and of clients say something; any other a program has added.

https://nodejs.org/api/errors.html, https://node-postgres.com/apis/client#errors and https://axios-http.com/docs/handling_errors
"""


def says_something(origin: Caught) -> bool:
    """Whether a part of an exception is more than the name of its kind, and about more than what was sent."""
    if not origin.path:
        return True
    is_of_libraries = origin.path[0] in OF_ERRORS or origin.path[0].isdigit()
    return is_of_libraries and origin.path[-1] not in CODES and not ABOUT_THE_INPUT.intersection(origin.path)


def is_expected(origin: Caught, facts: Facts) -> bool:
    """Whether an exception is one of the project's own, by its class or by its name."""
    known = [f.subject.path for f in facts if isinstance(f, Valid) and isinstance(f.subject, Caught)]
    return any(path in ((), ("name",), origin.path) for path in known)


def secrets(result: Value, facts: Facts) -> Iterator[Handed]:
    """The secrets of the server in an answer."""
    for secret, _ in returned_secrets(result, facts):
        yield Handed((), secret.name, None)
