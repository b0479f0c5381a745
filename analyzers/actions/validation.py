"""Which inputs reach the world as the caller sent them: checked by nothing at run time."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.actions import world
from preship.analyzers.conventions.requests import SESSION_ARGUMENT, SESSION_ID_ARGUMENT
from preship.analyzers.conventions.tables import LOGIN_TABLE
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Among, Facts, Known, Role, Valid, has_a_right_everywhere, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input, Unfollowed
from preship.analyzers.flow.texts import written_by
from preship.analyzers.flow.values import Alternative, Array, Object, Unknown, Value, origins_of, parts_of
from preship.analyzers.schema.private import opens_something
from preship.analyzers.source.tree import Span

DEEPEST = 6
"""Objects inside objects that are looked through."""

TAKES_INPUT = world.TOUCHES | {EffectKind.COOKIE}
"""Effects that are of what they are given: a log line or a cache tag of any shape does no harm."""

SESSION = "the caller's session"
"""What a service gives for credentials, as the tables call it; a session of the program's own making is none."""

STORES = frozenset({EffectKind.INSERT, EffectKind.WRITE})


class Harm(StrEnum):
    """What a caller does with an input that nothing has checked."""

    CONDITION = "condition"
    """An object in its place is a filter that matches records of others."""

    PRICE = "price"
    """It says what something costs, and a payment takes it at its word."""

    AMOUNT = "amount"
    """It is added or taken away, or a part of what somebody buys or pays: a negative one turns the direction around."""

    MARKUP = "markup"
    """It is stored, and rendered as HTML elsewhere: a script in it runs in the browsers of its readers."""

    PLACE = "place"
    """It names a stored object: any other one of the same store may stand there."""

    UNHEEDED = "unheeded"
    """A schema was asked whether it is right, and it is written whatever the schema has said."""


@dataclass(frozen=True, slots=True)
class Unvalidated:
    """An effect that is given what the caller sent, as it was sent."""

    effect: Effect
    inputs: tuple[Input, ...]
    """The inputs that nothing has checked, sorted by name; only those that do the harm, where there is one."""

    harm: Harm | None = None
    """None where nothing worse than a failure follows."""

    rendered: Span | None = None
    """Where it is rendered as HTML, if that is the harm."""


Renderer = Callable[[str, str], Span | None]
"""Tells of a model and a field where it is rendered as HTML."""


def unvalidated(effects: Sequence[Effect], rendered: Renderer = lambda model, field: None) -> Iterator[Unvalidated]:
    """The effects that unchecked inputs reach: those first where it does harm, and writes before reads."""
    found = (*_rendered(effects, rendered), *_unvalidated(effects))
    yield from sorted(found, key=lambda each: each.harm is None)


def _rendered(effects: Sequence[Effect], rendered: Renderer) -> Iterator[Unvalidated]:
    """The fields of records that are stored as they were sent, and rendered as HTML; any text will do."""
    for effect in effects:
        for field, value in world.fields_of(effect.data) if effect.kind in STORES else ():
            known = {fact.subject for fact in effect.facts if isinstance(fact, Known)}
            texts = {o for o in texts_in(value) if o not in known}
            place = rendered(effect.target, field) if texts else None
            if place is not None:
                yield Unvalidated(effect, tuple(sorted(texts, key=str)), Harm.MARKUP, place)


def texts_in(value: Value) -> Iterator[Input]:
    """The inputs that may be any text in a value: a schema that asks for a text leaves its tags in it."""
    yield from (o for o in written_by(value) if isinstance(o, Input))


def _unvalidated(effects: Sequence[Effect]) -> Iterator[Unvalidated]:
    for effect in sorted(effects, key=lambda e: e.kind not in world.WRITES):
        if not takes_input(effect) or world.counts_requests(effect) or world.keeps_account_of_failures(effect):
            continue
        found = {*unchecked(effect.key, effect.facts), *unchecked(effect.data, effect.facts)}
        if found and not is_refused_later(effect, found, effects):
            harm, causes = harm_of(effect) or unheeded(effect, effects) or (None, found)
            yield Unvalidated(effect, tuple(sorted(causes, key=str)), harm)


def unheeded(effect: Effect, effects: Sequence[Effect]) -> tuple[Harm, Collection[Input]] | None:
    """What is written although its author had a schema look at it, of whose answer nothing has come."""
    if effect.kind not in STORES:
        return None
    asked = {o for e in effects[: effects.index(effect)] if e.kind is EffectKind.PARSE for o in inputs_in(e.data)}
    heeded = {f.subject.parameter for f in effect.facts if isinstance(f, Valid) and isinstance(f.subject, Input)}
    found = {
        o
        for o in unchecked(effect.data, effect.facts)
        if o.parameter not in heeded and any(is_part_of(o, whole) for whole in asked)
    }
    return (Harm.UNHEEDED, found) if found else None


def inputs_in(value: Value | None) -> set[Input]:
    """The inputs of which a value is made."""
    return {origin for origin in origins_of(value) if isinstance(origin, Input)}


def harm_of(effect: Effect) -> tuple[Harm, Collection[Input]] | None:
    """What unchecked inputs do at an effect, and which of them; the worst of it."""
    harms = {
        Harm.PRICE: amounts_in(effect, PRICES) if effect.kind is EffectKind.PAY else set(),
        Harm.AMOUNT: moved_amounts(effect),
        Harm.CONDITION: set(open_conditions(effect)),
        Harm.PLACE: set(unchecked(effect.key, effect.facts)) if effect.kind is EffectKind.FILE else set(),
    }
    return next(((harm, inputs) for harm, inputs in harms.items() if inputs), None)


def open_conditions(effect: Effect) -> Iterator[Input]:
    """The inputs that may be a filter, where it reaches more than its sender may reach one by one.

    Within what is the caller's own it finds nothing of others, and who has a right to every record needs none. What is
    only read could have been named as well: there a filter stands in for a secret, or outlasts the check of an id.
    """
    if effect.conditions is None or names_the_caller(effect.key) or has_a_right_everywhere(effect.facts):
        return
    found = unchecked(effect.conditions.value, effect.facts)
    yield from found if effect.kind in world.WRITES else (o for o in found if is_relied_on(o, effect))


def is_relied_on(origin: Input, effect: Effect) -> bool:
    """Whether an input stands for a secret, or was asked about before: whose it is, what the caller may do in it."""
    if origin in owned_under(effect.facts) or any(isinstance(f, Role) and origin in f.within for f in effect.facts):
        return True
    fields = world.fields_of(effect.key)
    return any(opens_something(field.rpartition(".")[2]) and origin in origins_of(value) for field, value in fields)


def moved_amounts(effect: Effect) -> set[Input]:
    """The amounts that change hands: what a counter grows or shrinks by, and what is in an order or a payment.

    In the books that somebody keeps, an amount is what they say; so it is for whoever has a right to all of them.
    """
    if effect.kind not in TAKES_AMOUNTS or has_a_right_everywhere(effect.facts):
        return set()
    if effect.kind is EffectKind.PAY or is_a_sale(effect.target):
        return amounts_in(effect, AMOUNTS)
    counted = [value for field, value in world.fields_of(effect.data) if field in COUNTERS]
    return {origin for value in counted for origin in unchecked(value, effect.facts)}


def is_a_sale(table: str) -> bool:
    """Whether the rows of a table say what somebody buys, books or has transferred, by its name."""
    parts = {part.lower().removesuffix("s") for part in WORD.findall(table)}
    return not parts.isdisjoint(SALES) and parts.isdisjoint(OF_WORK)


def amounts_in(effect: Effect, words: Collection[str]) -> set[Input]:
    """The inputs of a record or a payment that are money or a quantity, by the name of the field or their own."""
    fields = world.fields_of(effect.data)
    return {
        origin
        for field, value in fields
        for origin in unchecked(value, effect.facts)
        if (is_an_amount(field, words) and not names_a_price(name(origin))) or is_an_amount(name(origin), words)
    }


def names_a_price(name: str) -> bool:
    """Whether a name is that of one of the prices that there are, and of none itself: `priceId`."""
    return not {part.lower() for part in WORD.findall(name)}.isdisjoint(NAMED)


def is_an_amount(name: str, words: Collection[str]) -> bool:
    """Whether a name says that something is paid, or by how much something grows; what only states a limit is none."""
    parts = {part.lower() for part in WORD.findall(name)}
    return not parts.isdisjoint(words) and parts.isdisjoint(STATED | NAMED)


NAMED = frozenset({"id", "ids"})
"""The words that tell a name from what it names."""


WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

TAKES_AMOUNTS = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.PAY})

PRICES = frozenset("price prices cost costs fee fees amount amounts total subtotal".split())
"""Words for what somebody has to pay, by the convention of every trade."""

AMOUNTS = PRICES - {"total", "subtotal"} | frozenset(
    "credit credits quantity qty discount payout deposit refund increment decrement".split()
)
"""Words for what changes hands, and the operators of stores that add it; a balance or points may be below zero."""

STATED = frozenset(
    "max min maximum minimum limit target goal expected estimated planned book opening closing type currency".split()
)
"""Words that make of an amount what somebody plans, allows or writes down."""

COUNTERS = world.COUNTS | {"$inc"}
"""Operators of stores that add to a column what they are given."""

SALES = frozenset(
    "order booking reservation purchase payment checkout cart donation wallet transfer withdrawal payout bid".split()
)
"""Words for tables whose rows one side writes and another one pays, by the convention of every trade."""

OF_WORK = frozenset({"work", "production", "repair"})
"""Words that make of an order something to do."""


def takes_input(effect: Effect) -> bool:
    """Whether something is made of what an effect is given: credentials are, where a service is to judge them."""
    return effect.kind in TAKES_INPUT or (effect.kind is EffectKind.IDENTIFY and effect.target == SESSION)


def is_refused_later(effect: Effect, inputs: Collection[Input], effects: Sequence[Effect]) -> bool:
    """Whether a read comes of a middleware, before the schema of the action that refuses the same inputs if wrong."""
    if effect.kind is not EffectKind.READ:
        return False
    later = effects[effects.index(effect) + 1 :]
    parsed = next((i for i, e in enumerate(later) if e.kind is EffectKind.PARSE and e.what), len(later))
    return any(all(is_valid(o, e.facts) for o in inputs) for e in later[parsed:])


def unchecked(value: Value | None, facts: Facts, depth: int = DEEPEST) -> Iterator[Input]:
    """The inputs in a value that no schema has parsed and no test has passed."""
    for a in value.alternatives if value is not None and depth else ():
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            yield from (o for o in raw(a.shape) if not is_valid(o, held))
        else:
            for part in parts_of(a.shape):
                yield from unchecked(part, held, depth - 1)


def raw(shape: Unknown) -> Iterator[Input]:
    """The inputs of an unknown value that may be anything: a conversion leaves a text, a number or a date."""
    if not shape.is_primitive:
        yield from as_sent(shape)


def as_sent(shape: Unknown) -> Iterator[Input]:
    """The inputs of an unknown value, if no schema parsed it; code that could not be read may have checked it."""
    if shape.is_checked or any(isinstance(o, Unfollowed) for o in shape.origins):
        return
    yield from (o for o in shape.origins if isinstance(o, Input))


def is_valid(origin: Input, facts: Facts) -> bool:
    """Whether an input, or what it is a part of, was checked where these facts hold."""
    return any(isinstance(f, Valid) and covers(f, origin) for f in facts)


def covers(checked: Valid, origin: Input) -> bool:
    """Whether a check of one thing is a check of an input."""
    subject = checked.subject
    if not isinstance(subject, Input) or not is_part_of(origin, subject):
        return False
    inner = origin.path[len(subject.path) :]
    return checked.parts is None or not inner or inner[0] in checked.parts


def is_part_of(origin: Input, whole: Input) -> bool:
    """Whether an input is another one, or a part of it."""
    return origin.parameter == whole.parameter and origin.path[: len(whole.path)] == whole.path


def mass_assigned(effects: Sequence[Effect]) -> Iterator[Unvalidated]:
    """The writes whose record is the caller's own choice of fields."""
    for effect in effects:
        if effect.kind not in STORES:
            continue
        found = {o for a in records_in(effect.data) for o in chosen_fields(a, effect.facts)}
        if found:
            yield Unvalidated(effect, tuple(sorted(found, key=str)))


def records_in(contents: Value | None) -> Iterator[Alternative]:
    """The records that are written: one, or each of a list."""
    for a in contents.alternatives if contents is not None else ():
        if isinstance(a.shape, Array):
            for item in (a.shape.element, *(a.shape.items or ())):
                yield from records_in(item)
        else:
            yield a


def chosen_fields(record: Alternative, facts: Facts) -> Iterator[Input]:
    """The inputs that give a record fields of the caller's choice, and of more names than the code lists."""
    shape, held = record.shape, facts | record.under
    if isinstance(shape, Unknown):
        yield from () if is_merged(shape) else raw(shape)
    elif isinstance(shape, Object) and shape.rest is not None:
        for a in shape.rest.alternatives:
            if isinstance(a.shape, Unknown) and not is_merged(a.shape):
                yield from (o for o in as_sent(a.shape) if not has_listed_names(o, held | a.under))


def has_listed_names(origin: Input, facts: Facts) -> bool:
    """Whether the code asked of each name of an input if it is one that it lists: `columns.includes(key)`.

    A name is taken for a part of the input like what stands under it.
    """
    return any(isinstance(fact, Among) and fact.subject == origin for fact in facts)


def is_merged(shape: Unknown) -> bool:
    """Whether something stands for an object that code has filled in many ways, field by field, with parts of inputs.

    Of what is spread as it was sent, one input is the whole.
    """
    sent = [o for o in shape.origins if isinstance(o, Input)]
    return len(sent) > 1 and all(o.path for o in sent)


SHOWS = frozenset({EffectKind.READ, EffectKind.FETCH, EffectKind.SQL, EffectKind.WRITE, EffectKind.DELETE})


def session_tokens(effects: Sequence[Effect]) -> Iterator[Unvalidated]:
    """The effects to which an argument is shown that carries a session; to store one is none."""
    for effect in effects:
        if effect.kind not in SHOWS:
            continue
        is_a_request = effect.kind is EffectKind.FETCH
        sent = {o for o in origins_of(effect.data) if isinstance(o, Input)} if is_a_request else set()
        shown = {o for o in origins_of(effect.key) if isinstance(o, Input)}
        found = {o for o in sent | shown if SESSION_ARGUMENT.matches(name(o))}
        as_a_session = (
            sent_in_headers(effect) if is_a_request else shown if LOGIN_TABLE.matches(effect.target) else set()
        )
        found |= {o for o in as_a_session if SESSION_ID_ARGUMENT.matches(name(o))}
        if found:
            yield Unvalidated(effect, tuple(sorted(found, key=str)))


def sent_in_headers(effect: Effect) -> set[Input]:
    """What the caller says in the headers of a request."""
    named = (value for name, value in world.fields_of(effect.data) if name == "headers")
    return {o for value in named for o in origins_of(value) if isinstance(o, Input)}


def name(origin: Input) -> str:
    """The last part of an input's name."""
    return origin.path[-1] if origin.path else origin.parameter
