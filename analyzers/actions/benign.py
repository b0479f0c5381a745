"""Changes that harm nobody whoever causes them: counts, caches, what only marks the time."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from preship.analyzers.actions import world
from preship.analyzers.conventions.fields import EXPIRED_STATE, TIMESTAMP_COLUMN
from preship.analyzers.conventions.tables import CACHE_TABLE, PUSH_ADDRESS_COLUMN, PUSH_TABLE
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input, Origin, Remote, Request, Stored, roots
from preship.analyzers.flow.values import Constant, Library, Unknown, Value, origins_of
from preship.analyzers.schema.tables import canonical
from preship.analyzers.source.once import once


def only_marks_the_time(effect: Effect) -> bool:
    """Whether a change only writes down that a record's time is over: that is so whoever calls."""
    said = list(world.fields_of(effect.data))
    marks = [a.shape for name, value in said if not TIMESTAMP_COLUMN.matches(name) for a in value.alternatives]
    return effect.kind is EffectKind.WRITE and bool(marks) and all(map(says_that_it_expired, marks))


def says_that_it_expired(shape: object) -> bool:
    """Whether a column holds that its record's time is over: a text, or a member of an enumeration."""
    if isinstance(shape, Library):
        return bool(shape.path) and EXPIRED_STATE.matches(shape.path[-1])
    return isinstance(shape, Constant) and isinstance(shape.value, str) and EXPIRED_STATE.matches(shape.value)


def only_keeps_books(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a change is the program's own bookkeeping, whoever calls: it need not wait for what is asked later."""
    return world.only_mirrors_a_service(effect) or only_marks_the_time(effect) or only_serves_a_cache(effect, effects)


def only_serves_a_cache(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a change is one of a store without columns that is read, and filled with what other records hold.

    The caller says nothing of it but the name; its locks and what it forgets are its own business as well.
    """
    if any(True for _ in world.fields_of(effect.key)):
        return False
    used = [e for e in effects if e.target == effect.target]
    held = [o for e in used if e.kind in world.CHOOSE_OR_INSERT for o in origins_of(e.data)]
    is_filled = any(isinstance(o, Stored | Remote) for o in held)
    names = {o for e in used for o in origins_of(e.key)}
    is_unsaid = not any(isinstance(o, Input | Request) and o not in names for o in held)
    return is_filled and is_unsaid and any(e.kind in world.READS for e in used)


def only_forgets_a_copy(effect: Effect) -> bool:
    """Whether rows are deleted of what the program keeps of its own answers: it makes them again when it needs them."""
    return effect.kind is EffectKind.DELETE and bool(CACHE_TABLE.matches(canonical(effect.target.rpartition(".")[2])))


def is_chosen_by_a_browsers_address(effect: Effect) -> bool:
    """Whether a record is chosen by the address at which one browser takes messages: who knows it is that browser."""
    chosen = [
        name.split(".")[-1]
        for name, value in world.fields_of(effect.key)
        if any(isinstance(o, Input | Request) for o in roots(origins_of(value)))
    ]
    is_of_browsers = PUSH_TABLE.matches(canonical(effect.target.rpartition(".")[2]))
    return is_of_browsers and bool(chosen) and all(map(PUSH_ADDRESS_COLUMN.matches, chosen))


def only_counts_along(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a change only counts what the caller does beside it as themselves: a vote, and the number of votes."""
    counted = [pair for pair in world.fields_of(effect.data) if pair[0] not in world.COUNTS]
    chosen = {o for o in roots(origins_of(effect.key)) if isinstance(o, Input | Request)}
    if effect.kind is not EffectKind.WRITE or not counted or not is_told_by_the_store(effect.data, chosen):
        return False
    own = {
        other.target
        for other in effects
        if other is not effect
        and is_their_own(other)
        and chosen <= roots(origins_of(other.key) | origins_of(other.data))
    }
    told_by = own | {effect.target}
    return bool(own) and all(is_a_count(name, value) or is_made_of(value, told_by) for name, value in counted)


def is_made_of(value: Value, tables: Collection[str]) -> bool:
    """Whether a field holds what rows of these tables come to, as a mean of ratings does, or how many there are."""
    told = origins_of(value)
    is_computed = all(isinstance(a.shape, Unknown) for a in value.alternatives)
    return (bool(told) or is_computed) and all(isinstance(o, Stored) and o.model in tables for o in told)


def is_told_by_the_store(data: Value | None, chosen: Collection[Origin]) -> bool:
    """Whether nothing that anybody sends goes into what is written: a mean of the votes on what was `chosen` may."""
    told = origins_of(data)
    sent = {o for o in roots(told) if isinstance(o, Input | Request)}
    return sent <= set(chosen) and not any(isinstance(o, Input | Request) for o in told)


def is_a_count(name: str, value: Value) -> bool:
    """Whether a field is counted up or down, by the words of the store or by an expression over its columns."""
    return world.is_bookkeeping(name, value) or all(isinstance(a.shape, Library) for a in value.alternatives)


@once
def is_their_own(effect: Effect) -> bool:
    """Whether an effect makes or changes a record that bears the caller's name."""
    return effect.kind in world.CHOOSE_OR_INSERT and (
        names_the_caller(effect.key) or world.bears_the_caller(effect.data)
    )


def may_give(effect: Effect, record: Stored) -> bool:
    """Whether a record can be one that an effect read: what is found by nothing is none that was found by something."""
    return bool(roots(origins_of(effect.key))) or not record.key


@once
def is_sent_unasked(effect: Effect) -> bool:
    """Whether nothing that the caller chose goes into a call."""
    sent = roots(origins_of(effect.key) | origins_of(effect.data))
    return not any(isinstance(o, Input | Request) for o in sent)
