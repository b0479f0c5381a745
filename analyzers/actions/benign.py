"""Effects that harm nobody whoever causes them: logs, copies brought up to date, what is published or handed back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from preship.analyzers.actions import world
from preship.analyzers.conventions.fields import EXPIRED_STATE, PUBLIC_STATE, PUBLICATION_COLUMN, TIMESTAMP_COLUMN
from preship.analyzers.flow.effects import KEY_VALUE, Effect, EffectKind
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Caught, Input, Origin, Remote, Request, Stored, roots
from preship.analyzers.flow.values import Constant, Library, Value, origins_of
from preship.analyzers.source.once import once


def asks_for_what_is_published(effect: Effect) -> bool:
    """Whether a key demands that its records are for everybody: `{ slug, status: 'published' }`."""
    return any(
        PUBLICATION_COLUMN.matches(name.split(".")[-1]) and all(is_for_everybody(a.shape) for a in value.alternatives)
        for name, value in world.fields_of(effect.key)
    )


def is_for_everybody(shape: object) -> bool:
    """Whether a column holds that its record is published."""
    if not isinstance(shape, Constant):
        return False
    return shape.value is True or (isinstance(shape.value, str) and PUBLIC_STATE.matches(shape.value))


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


def makes_the_default(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a row is made that was looked for and was not there, and nobody who calls says anything of it.

    The settings of a site, as they are before anybody has changed them.
    """
    if effect.kind is not EffectKind.INSERT or says_something(effect):
        return False
    return any(e.kind is EffectKind.READ and e.target == effect.target and not says_something(e) for e in effects)


def says_something(effect: Effect) -> bool:
    """Whether something that the caller sends chooses a record, or goes into it."""
    return any(isinstance(o, Input | Request) for o in roots(origins_of(effect.key) | origins_of(effect.data)))


def only_keeps_books(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a change is the program's own bookkeeping, whoever calls: it need not wait for what is asked later."""
    return world.only_mirrors_a_service(effect) or only_marks_the_time(effect) or only_serves_a_cache(effect, effects)


FORGETS = re.compile(r".*\.(expire|pexpire|expireat|pexpireat)", re.IGNORECASE)
"""Calls by which a store that keeps values under keys forgets a counter again; what is a record, it keeps."""


def only_counts_attempts(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a change is that of a counter with an end, in a store without columns, or of what its file keeps beside.

    A limit of attempts counts whoever calls, under the address or the name that was tried, marks who has used it up,
    and forgets both. What the caller sends as a value is none of it.
    """
    if effect.target != KEY_VALUE or any(isinstance(o, Input | Request) for o in origins_of(effect.data)):
        return False
    beside = (each for each in effects if each.target == KEY_VALUE and each.span.path == effect.span.path)
    return any(FORGETS.fullmatch(each.what) for each in beside)


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
    """Whether a field holds what rows of these tables come to, as a mean of ratings does."""
    told = origins_of(value)
    return bool(told) and all(isinstance(o, Stored) and o.model in tables for o in told)


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


def only_reports(effect: Effect, effects: Iterable[Effect], answer: Value) -> bool:
    """Whether a call only tells a service of the deployment's own that something happened: logs, metrics, an alert.

    Nothing of it is the caller's choice but what a failure quotes, nothing comes back, and what the action is there for
    is done elsewhere, for those who are known.
    """
    if effect.kind is not EffectKind.FETCH or not (is_sent_unasked(effect) or tells_of_a_failure(effect)):
        return False
    is_answered = any(isinstance(o, Remote) for o in origins_of(answer))
    return not is_answered and any(world.touches_the_world(e) and world.is_known(e) for e in effects)


def tells_of_a_failure(effect: Effect) -> bool:
    """Whether a call tells a service that the code itself has chosen of an exception, in whose text anything may be."""
    chosen = any(isinstance(o, Input | Request) for o in roots(origins_of(effect.key)))
    return not chosen and any(isinstance(o, Caught) for o in roots(origins_of(effect.data)))


@once
def is_sent_unasked(effect: Effect) -> bool:
    """Whether nothing that the caller chose goes into a call."""
    sent = roots(origins_of(effect.key) | origins_of(effect.data))
    return not any(isinstance(o, Input | Request) for o in sent)


def only_refreshes(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a change only brings a copy up to date that the program keeps of its own records: an index, a cache.

    Nothing of the caller's goes into any change of it, and what is put in comes from other records.
    """
    changes = [e for e in effects if e.kind in world.WRITES and e.target == effect.target]
    if effect not in changes or not all(map(is_sent_unasked, changes)):
        return False
    put_in = (o for e in changes if e.kind is EffectKind.INSERT for o in origins_of(e.data))
    return any(isinstance(o, Stored) and o.model != effect.target for o in put_in)


def handed_back(effects: Iterable[Effect]) -> frozenset[str]:
    """The models of fresh records whose name is given to the caller as a cookie: theirs from then on.

    And the services that made such a record when they were asked for one: a guest's cart at a shop.
    """
    given = [o for e in effects if e.kind is EffectKind.COOKIE for o in origins_of(e.data)]
    return frozenset(o.model if isinstance(o, Stored) else o.host for o in given if isinstance(o, Stored | Remote))


def makes_what_is_handed_back(effect: Effect, given: Collection[str]) -> bool:
    """Whether an effect makes the record that the caller gets as their own: one of these models, or at a service."""
    if effect.target not in given:
        return False
    return effect.kind is EffectKind.INSERT or (effect.kind is EffectKind.FETCH and is_sent_unasked(effect))
