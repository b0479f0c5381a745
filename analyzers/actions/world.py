"""Which effects touch the world, and what held when they did: the questions that several rules ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from preship.analyzers.actions.returned import held_origins
from preship.analyzers.conventions.contact import EMAIL_FIELD
from preship.analyzers.conventions.fields import TIMESTAMP_COLUMN
from preship.analyzers.conventions.keys import ACTOR_COLUMN, PERSON_KEY_COLUMN, REFERENCE_COLUMN
from preship.analyzers.conventions.requests import ADDRESS_HEADER
from preship.analyzers.conventions.secrets import SENT_TO_ONE, UNGUESSABLE_NAME
from preship.analyzers.conventions.tables import LOG_ENTRY_TABLE, PROGRAM_LOG_TABLE
from preship.analyzers.flow.effects import Client, Effect, EffectKind, Sink, Trait
from preship.analyzers.flow.facts import (
    Authenticated,
    Claimed,
    Configured,
    Facts,
    Owns,
    Role,
    Strength,
    has_a_right_everywhere,
    owned_under,
)
from preship.analyzers.flow.identity import is_credential, is_no_identity, may_name_the_caller, names_the_caller
from preship.analyzers.flow.operators import EDITABLE, is_identity, record_of
from preship.analyzers.flow.origins import Caught, Input, Origin, Remote, Request, Session, Stored, roots
from preship.analyzers.flow.values import Array, Constant, Object, Unknown, Value, is_nullish, origins_of, under
from preship.analyzers.source.once import once

WRITES = frozenset(
    {EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE, EffectKind.PAY, EffectKind.FILE, EffectKind.RUN}
)
CHOOSE_RECORDS = frozenset({EffectKind.WRITE, EffectKind.DELETE, EffectKind.PAY})
CHOOSE_OR_INSERT = CHOOSE_RECORDS | {EffectKind.INSERT}
READS = frozenset({EffectKind.READ})
TOUCHES = WRITES | {EffectKind.READ, EffectKind.SQL, EffectKind.SEND, EffectKind.FETCH}


def looks_at_a_file(effect: Effect) -> bool:
    """Whether a file on the server's disk is read, or asked for, and stays as it is."""
    is_kept = effect.data is None and Trait.TAKES_A_FILE not in effect.traits
    return effect.kind is EffectKind.FILE and effect.sink is Sink.PATH and is_kept


def evidence(effect: Effect) -> str:
    """What names an effect across pushes."""
    return f"{effect.kind}:{effect.what}:{effect.target}"


@once
def touches_the_world(effect: Effect) -> bool:
    """Whether an effect reads or changes what is not the caller's already."""
    if effect.kind not in TOUCHES or effect.client is Client.CALLER:
        return False
    is_kept_of_all = counts_requests(effect) or keeps_account_of_failures(effect)
    return not (is_kept_of_all or makes_the_programs_own(effect) or is_set_up(effect))


def is_set_up(effect: Effect) -> bool:
    """Whether a setting of the deployment has a record written, in which nothing is anybody's who calls."""
    if effect.kind not in {EffectKind.INSERT, EffectKind.WRITE} or not any(
        isinstance(fact, Configured) and not fact.is_behind for fact in effect.facts
    ):
        return False
    found = roots(origins_of(effect.key) | origins_of(effect.data))
    return not any(isinstance(o, Input | Request | Session) for o in found)


def makes_the_programs_own(effect: Effect) -> bool:
    """Whether an effect only makes a record that is the same whoever calls, where it is not there yet."""
    keys, contents = list(fields_of(effect.key)), list(fields_of(effect.data))
    shapes = [a.shape for _, value in (*keys, *contents) for a in value.alternatives]
    return effect.kind is EffectKind.INSERT and bool(keys) and all(isinstance(s, Constant | Object) for s in shapes)


def counts_requests(effect: Effect) -> bool:
    """Whether an effect keeps account of where requests come from, and of nothing that a caller says.

    So do rate limits, and the entries in a log of requests, which may quote what was sent beside what was seen.
    """
    told = origins_of(effect.data) if effect.kind is not EffectKind.INSERT else told_in_columns(effect.data)
    found = roots(origins_of(effect.key) | told)
    return any(
        isinstance(o, Request) and o.kind == "header" and ADDRESS_HEADER.matches(o.name) for o in found
    ) and not any(isinstance(o, Input) or (isinstance(o, Request) and o.kind != "header") for o in found)


@once
def keeps_account_of_failures(effect: Effect) -> bool:
    """Whether an effect only notes in a log what has gone wrong: what was caught, with what it was about.

    Whoever calls, signed in or not, has that noted; to be asked who they are they need not get as far.
    """
    if effect.kind is not EffectKind.INSERT:
        return False
    found = origins_of(effect.data)
    if any(isinstance(o, Caught) for o in found):
        return bool(LOG_ENTRY_TABLE.matches(effect.target) or PROGRAM_LOG_TABLE.matches(effect.target))
    is_asked = any(isinstance(o, Input | Request | Session) for o in roots(found))
    return not is_asked and PROGRAM_LOG_TABLE.matches(effect.target)


RELATED = frozenset({"connect", "create", "connectOrCreate", "createMany"})
"""What makes a nested object a record of its own, and none that a column holds."""


def told_in_columns(data: Value | None) -> frozenset[Origin]:
    """What goes into the columns of a new record, without those that quote something whole, as JSON."""
    shapes = [a.shape for a in data.alternatives] if data is not None else []
    if not all(isinstance(shape, Object) for shape in shapes):
        return origins_of(data)
    columns = [value for shape in shapes if isinstance(shape, Object) for _, value in shape.fields]
    return frozenset(o for value in columns if not quotes(value) for o in origins_of(value))


def quotes(value: Value) -> bool:
    """Whether a column holds an object."""
    shapes = [a.shape for a in value.alternatives]
    return all(isinstance(s, Object) and not RELATED & {name for name, _ in s.fields} for s in shapes)


@once
def makes_a_record(effect: Effect) -> bool:
    """Whether an effect stores something new: a record, or a value under a key made up on the spot."""
    if effect.kind is EffectKind.INSERT:
        return True
    shapes = [a.shape for a in effect.key.alternatives] if effect.key is not None else []
    is_made_up = bool(shapes) and all(isinstance(shape, Unknown) and not shape.origins for shape in shapes)
    return effect.kind is EffectKind.WRITE and is_made_up


@once
def strength_of_authentication(effect: Effect) -> Strength | None:
    """How surely the caller was known when an effect happened; None: not at all."""
    return Strength.PROVEN if effect.client is Client.SIGNED_IN else _strength_among(effect.facts)


@lru_cache(maxsize=4096)
def _strength_among(facts: Facts) -> Strength | None:
    return max((f.strength for f in facts if isinstance(f, Authenticated)), default=None)


def is_known_by(facts: Facts, record: Stored, least: Strength = Strength.LIKELY) -> bool:
    """Whether the caller is known so surely where these facts hold, or has shown to know a secret of the record."""
    return any(
        (isinstance(f, Authenticated) and f.strength >= least) or (isinstance(f, Owns) and f.subject == record)
        for f in facts
    )


def is_known(effect: Effect) -> bool:
    """Whether the caller was known before: asking for the password once more excuses no missing session."""
    return strength_of_authentication(effect) is Strength.PROVEN


def proof_behind(effect: Effect, effects: Sequence[Effect]) -> Effect | None:
    """Where the caller becomes known behind an effect, if all that happens from there on waits for it."""
    behind = effects[effects.index(effect) + 1 :]
    proof = next((e for e in behind if e.kind is EffectKind.PROOF), None)
    if proof is None:
        return None
    waiting = behind[behind.index(proof) :]
    return proof if all(is_known(e) for e in waiting if touches_the_world(e)) else None


@once
def is_keyed_by_a_credential(effect: Effect) -> bool:
    """Whether only the one who was given a cookie or header reaches these records: a session, a guest's cart."""
    found = roots(origins_of(effect.key))
    return bool(found) and all(is_credential(o) for o in found)


@once
def claim_behind(effect: Effect) -> Claimed | None:
    """The unverified identity that an effect relies on: tested on its path, carried by its key, or sent."""
    claims = [f for f in effect.facts if isinstance(f, Claimed)]
    if claims:
        return min(claims, key=lambda f: f.is_captured)
    for origin in sorted(roots(origins_of(effect.key)), key=str):
        if isinstance(origin, Session) and not origin.is_verified:
            return Claimed(origin.provider, effect.span)
        if isinstance(origin, Request) and not is_credential(origin) and not is_no_identity(origin):
            return Claimed(f"the {origin.kind} {origin.name}", effect.span)
    sent = (o for o in origins_of(effect.data) if isinstance(o, Session) and not o.is_verified)
    return next((Claimed(origin.provider, effect.span) for origin in sorted(sent, key=str)), None)


def claim_around(effect: Effect, effects: Iterable[Effect]) -> Claimed | None:
    """The unverified identity that an effect relies on; what is read is judged by it before it is handed out."""
    found = claim_behind(effect)
    if found is not None or effect.kind not in READS:
        return found
    claims = (f for e in effects if e.kind is EffectKind.CLAIM for f in e.facts if isinstance(f, Claimed))
    return min(claims, key=lambda f: (f.is_captured, f.by), default=None)


@once
def is_scoped(effect: Effect) -> bool:
    """Whether the key itself carries the caller's identity, or only the caller is written."""
    return names_the_caller(effect.key) or writes_only_the_caller(effect)


def is_keyed_by_a_secret(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a record, or the one that leads to it, is found by what nobody guesses: an invitation's token."""
    led_by = {o.model for o in origins_of(effect.key) if isinstance(o, Stored)}
    found = (e for e in effects if e == effect or (e.kind in READS and e.target in led_by))
    return any(UNGUESSABLE_NAME.matches(name.split(".")[-1]) for e in found for name, _ in fields_of(e.key))


def is_found_by_what_was_sent(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a record, or the one that leads to it, is found by what only the one knows to whom it was sent."""
    led_by = {o.model for o in origins_of(effect.key) if isinstance(o, Stored)}
    found = (e for e in effects if e == effect or (e.kind in READS and e.target in led_by))
    return any(
        SENT_TO_ONE.matches(name.split(".")[-1]) and any(isinstance(o, Input) for o in origins_of(value))
        for e in found
        for name, value in fields_of(e.key)
    )


def reads_of(target: str, effects: Iterable[tuple[Effect, ...]]) -> Iterator[Effect]:
    """The reads of one table among the effects of several executions."""
    return (e for each in effects for e in each if e.kind in READS and e.target == target)


def written_by_its_owner(effect: Effect) -> tuple[str, str] | None:
    """A field of a key that holds what users write into their own session, and where that stands; None without one."""
    for name, value in fields_of(effect.key):
        for origin in sorted(origins_of(value), key=str):
            editable = EDITABLE.intersection(origin.path) if isinstance(origin, Session) else ()
            if editable:
                return name, min(editable)
    return None


def writes_only_the_caller(effect: Effect) -> bool:
    """Whether what is written is the caller and what stood there before: joining a group, liking a post.

    Their name on a change of something else is none of it: `{ deletedAt: new Date(), deletedBy: user.id }`.
    """
    found = origins_of(effect.data)
    if not is_identity(found) or not all(is_identity(frozenset({o})) or isinstance(o, Stored) for o in found):
        return False
    shapes = [a.shape for a in effect.data.alternatives] if effect.data is not None else []
    written = [(name, value) for shape in shapes if isinstance(shape, Object) for name, value in shape.fields]
    return all(origins_of(value) or is_bookkeeping(name, value) for name, value in written)


COUNTS = frozenset({"increment", "decrement"})


def is_bookkeeping(name: str, value: Value) -> bool:
    """Whether a field only counts, or says when the record was changed."""
    inner = [a.shape for a in value.alternatives]
    counts = all(isinstance(s, Object) and s.fields and {n for n, _ in s.fields} <= COUNTS for s in inner)
    return counts or name == "$inc" or TIMESTAMP_COLUMN.matches(name)


def parents(effect: Effect) -> Iterator[tuple[Origin, Facts]]:
    """What names the parent of a new record which does not name the caller: whose record it becomes."""
    if effect.kind is not EffectKind.INSERT or bears_the_caller(effect.data):
        return
    for name, value in fields_of(effect.data):
        if REFERENCE_COLUMN.matches(name) or name == "connect":
            yield from held_origins(value, effect.facts)


@once
def only_fills_a_gap(effect: Effect) -> bool:
    """Whether a record is made of what it is looked for by and nothing else of the caller's: get it, or the default."""
    if effect.kind is not EffectKind.INSERT or effect.key is None:
        return False
    return roots(origins_of(effect.data)) <= roots(origins_of(effect.key))


@once
def only_mirrors_a_service(effect: Effect) -> bool:
    """Whether a write keeps what another service answered and nothing that the caller sent: a plan, up to date."""
    found = origins_of(effect.data)
    return any(isinstance(o, Remote) for o in found) and not any(isinstance(o, Input | Request) for o in found)


def bears_the_caller(data: Value | None) -> bool:
    """Whether a record names the caller, whatever is sent: `userId ?? session.user.id` names whom the caller likes."""
    values = [value for _, value in fields_of(data)] or ([data] if data is not None else [])
    return any(is_surely_the_caller(value) for value in values)


def is_surely_the_caller(value: Value) -> bool:
    """Whether a value, in each case, holds the caller's identity or the one record that is found by nothing else."""
    cases = [origins_of(Value((a,))) for a in value.alternatives if not is_nullish(a.shape)]
    return bool(cases) and all(
        any(
            is_identity(frozenset({o})) and (not isinstance(o, Stored) or (o.is_exact and is_all_session(o)))
            for o in case
        )
        for case in cases
    )


def is_all_session(record: Stored) -> bool:
    """Whether a record was found by the caller's identity alone."""
    return all(isinstance(o, Session) and o.is_verified for o in record.key)


def unowned(effect: Effect, is_excused: Callable[[Facts], bool] = has_a_right_everywhere) -> frozenset[Input | Request]:
    """The inputs that choose an effect's records and have not been proven the caller's, nor a right excuses."""
    if is_scoped(effect) or may_name_the_caller(effect.key) or only_fills_a_gap(effect):
        return frozenset()
    if is_excused(effect.facts):
        return frozenset()
    if is_within_the_owned(effect):
        return frozenset()
    found: set[Input | Request] = set()
    for origin, held in (*held_origins(unscoped(effect.key), effect.facts), *parents(effect)):
        owned = owned_under(held)
        if is_excused(held) or (isinstance(origin, Stored) and origin.is_fresh):
            continue
        if isinstance(origin, Stored) and record_of(origin) not in owned and not owned & origin.key:
            found |= {o for o in origin.key if isinstance(o, Input | Request)}
        elif isinstance(origin, Input | Request) and origin not in owned:
            found.add(origin)
    return frozenset(found)


def unscoped(key: Value | None) -> Value | None:
    """The part of a key that does not carry the caller's identity: only who has a right gets by without."""
    if key is None or len(key.alternatives) == 1:
        return key
    return Value(tuple(a for a in key.alternatives if not names_the_caller(Value((a,)))))


@once
def is_within_the_owned(effect: Effect) -> bool:
    """Whether one condition of the key is all the caller's: what the others choose lies within their own tenant.

    So does a new record of which one parent is theirs. Somebody of their team says nothing of what else is chosen: one
    is in many teams.
    """
    if begins_with_the_owned(effect):
        return True
    if effect.kind is EffectKind.INSERT:
        parts = [value for name, value in fields_of(effect.data) if REFERENCE_COLUMN.matches(name) or name == "connect"]
        return any(is_all_theirs(value, effect.facts) for value in parts)
    return any(
        is_all_theirs(value, effect.facts) and not is_a_fellow(name, value, effect.facts)
        for name, value in fields_of(effect.key)
    )


def is_a_fellow(column: str, value: Value, facts: Facts) -> bool:
    """Whether a condition names somebody who was shown to be in the caller's team, and not the caller."""
    shown = {fact.subject for fact in facts if isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE}
    return PERSON_KEY_COLUMN.matches(column) and not shown & roots(origins_of(value))


def begins_with_the_owned(effect: Effect) -> bool:
    """Whether the place of a file begins with what is the caller's: the folder of their project, whatever its name."""
    owned = owned_under(effect.facts)
    texts = [shape.text if isinstance(shape, Unknown) else None for shape in places_in(effect.key)]
    first = [text.continued_by if text is not None else () for text in texts]
    return bool(first) and all(
        origins and all(o in owned or is_found_to_be_theirs(o, owned) for o in origins) for origins in first
    )


def places_in(key: Value | None) -> Iterator[object]:
    """The places that a key names, one or each of a list; what is not there names none."""
    for a in key.alternatives if key is not None else ():
        if isinstance(a.shape, Array):
            for item in a.shape.items if a.shape.items is not None else (a.shape.element,):
                yield from places_in(item)
        elif not is_nullish(a.shape):
            yield a.shape


def is_all_theirs(value: Value, facts: Facts) -> bool:
    """Whether a condition names nothing but records that are the caller's."""
    chosen = [pair for pair in held_origins(value, facts) if isinstance(pair[0], Input | Request | Stored)]
    owned = [(origin, owned_under(held)) for origin, held in chosen]
    return bool(chosen) and all(o in theirs or is_found_to_be_theirs(o, theirs) for o, theirs in owned)


def is_found_to_be_theirs(origin: Origin, owned: Collection[Origin]) -> bool:
    """Whether a record is the caller's, or was found within what is."""
    return isinstance(origin, Stored) and (record_of(origin) in owned or any(root in owned for root in origin.key))


def fields_of(value: Value | None) -> tuple[tuple[str, Value], ...]:
    """The named fields of a key or of data, those of nested objects and of lists of them included.

    Each is there where what holds it is: a list filled behind a check, say.
    """
    return _fields_of(value) if value is not None else ()


@once
def _fields_of(value: Value) -> tuple[tuple[str, Value], ...]:
    return tuple(_fields_in(value))


def _fields_in(value: Value) -> Iterator[tuple[str, Value]]:
    for a in value.alternatives:
        if isinstance(a.shape, Array):
            yield from fields_of(under(a.shape.element, a.under))
        if isinstance(a.shape, Object):
            for name, inner in a.shape.fields:
                field = under(inner, a.under)
                yield name, field
                yield from fields_of(field)


def overriding(effect: Effect) -> Iterator[tuple[str, frozenset[Input | Request]]]:
    """The fields of a key in which what the caller sends takes their identity's place: `input.userId ?? user.id`."""
    if any(isinstance(f, Role) for f in effect.facts):
        return
    for name, value in fields_of(effect.key):
        origins = [a.shape.origins for a in value.alternatives if isinstance(a.shape, Unknown)]
        sent = frozenset(o for each in origins if not is_identity(each) for o in each if isinstance(o, Input | Request))
        if sent - owned_under(effect.facts) and any(is_identity(each) for each in origins):
            yield name, sent - owned_under(effect.facts)


def stood_in_for(effect: Effect) -> Iterator[tuple[str, frozenset[Input]]]:
    """The fields of a key that an object of the caller's says where one is sent, in place of the session's user.

    `(given ?? session.user).id` asks who is calling; `userId ?? session.user.id` may ask whose posts are wanted.
    """
    for name, value in fields_of(effect.key):
        kinds = [frozenset(a.shape.origins) for a in value.alternatives if isinstance(a.shape, Unknown)]
        theirs = {o.path[-1] for kind in kinds for o in kind if isinstance(o, Session) and o.path}
        sent = {o for kind in kinds if not is_identity(kind) for o in kind if isinstance(o, Input) and o.path}
        found = frozenset(o for o in sent if o.path[-1] in theirs)
        if found and ACTOR_COLUMN.matches(name):
            yield name, found


def actor_field(effect: Effect, named_by: frozenset[Input | Request]) -> str | None:
    """The field of an effect's key or new record in which one of these inputs says whose it is."""
    parts = (effect.key, effect.data) if effect.kind is EffectKind.INSERT else (effect.key,)
    for name, value in (pair for part in parts for pair in fields_of(part)):
        if ACTOR_COLUMN.matches(name) and named_by & origins_of(value):
            return name
    return None


def is_of_an_address(effect: Effect) -> bool:
    """Whether records are chosen by the mail address that a caller says is their owner's: `{ createdBy: email }`."""
    return any(
        EMAIL_FIELD.matches(name) or EMAIL_FIELD.matches((o.parameter, *o.path)[-1])
        for name, value in fields_of(effect.key)
        if ACTOR_COLUMN.matches(name)
        for o in origins_of(value)
        if isinstance(o, Input)
    )


def overrides_the_session(effect: Effect) -> bool:
    """Whether an effect takes the session for who is calling only where no argument says otherwise."""
    parts = (effect.key, effect.data) if effect.kind is EffectKind.INSERT else (effect.key,)
    return any(
        ACTOR_COLUMN.matches(name) and is_either(value, Input) and is_either(value, Session)
        for part in parts
        for name, value in fields_of(part)
    )


def is_either(value: Value, kind: type[Input] | type[Session]) -> bool:
    """Whether one alternative of a value comes from this kind of origin alone."""
    found = (origins_of(Value((a,))) for a in value.alternatives)
    return any(origins and all(isinstance(o, kind) for o in origins) for origins in found)
