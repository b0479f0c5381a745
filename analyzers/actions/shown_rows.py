"""What an action does with the rows that it reads: whom it shows them to, and whether it copies them.

A row is mostly read before it is asked whose it is, so a read says little by itself: what counts is what had been
shown by the time that something of the row is handed out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import held_origins, returned_records
from preship.analyzers.actions.unrelated_reads import names_another
from preship.analyzers.flow.effects import LANGUAGE_MODEL, Effect, EffectKind
from preship.analyzers.flow.facts import Facts, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Input, Remote, Stored, roots
from preship.analyzers.flow.values import origins_of
from preship.analyzers.source.once import once


def is_kept_back(read: Effect, effects: Sequence[Effect]) -> bool:
    """Whether what is read by an id is handed out to its owner alone, or copied by whoever calls.

    To take over a row is no way to show it to everybody. A page has no answer of its own: what counts is whether it
    ends before somebody else's row.
    """
    if end_of(effects) is None:
        return any(e.kind is EffectKind.STOP and owns_what_was_read(read, e.facts) for e in effects)
    return is_shown_to_its_owner(read, effects) or bool(copies_of(read, effects))


def owns_what_was_read(read: Effect, held: Facts) -> bool:
    """Whether a record that a read found is the caller's where these facts hold, or what it was looked for by is."""
    owned = owned_under(held)
    return bool(owned & roots(origins_of(read.key))) or any(
        isinstance(o, Stored) and is_found_by(record_of(o), read) for o in owned
    )


def end_of(effects: Sequence[Effect]) -> Effect | None:
    """What an action answers with; None where it has no answer of its own, as a page."""
    return next((e for e in effects if e.kind is EffectKind.RETURN), None)


def is_shown_to_its_owner(read: Effect, effects: Sequence[Effect]) -> bool:
    """Whether what is read by an id is handed out, and to nobody but its owner."""
    shown = shown_by(read, effects)
    named = any(isinstance(o, Input) for o in origins_of(read.key))
    return named and bool(shown) and all(is_owned(*each) for each in shown)


def shown_by(read: Effect, effects: Sequence[Effect]) -> list[tuple[Stored, Facts]]:
    """The records that a read found of which something is answered, with what holds where it is.

    An action without an answer of its own, as a page, shows nothing by it.
    """
    end = end_of(effects)
    if end is None:
        return []
    given = [(record, held) for record, held in answered(end) if is_found_by(record, read)]
    return given + list(retold_by(read, effects, end))


def retold_by(read: Effect, effects: Sequence[Effect], end: Effect) -> Iterator[tuple[Stored, Facts]]:
    """The records that a read found and a model is shown whose answer is passed on."""
    answers = ((o, held) for o, held in held_origins(end.data, end.facts) if isinstance(o, Remote))
    passed_on = [held for origin, held in answers if origin.host == LANGUAGE_MODEL]
    asked = (e for e in effects if e.kind is EffectKind.FETCH and e.target == LANGUAGE_MODEL) if passed_on else ()
    for question in asked:
        for record, _ in told_of(question, read):
            yield from ((record, held) for held in passed_on)


@once
def answered(end: Effect) -> tuple[tuple[Stored, Facts], ...]:
    """Each record of which something is answered."""
    return tuple(returned_records(end.data, end.facts)) if end.data is not None else ()


def is_found_by(record: Stored, read: Effect) -> bool:
    """Whether a record is one that a read found."""
    return record.model == read.target and bool(record.key) and record.key <= roots(origins_of(read.key))


def is_owned(record: Stored, held: Facts) -> bool:
    """Whether a record is the caller's where these facts hold."""
    return bool(owned_under(held) & {record, *record.key})


def copies_of(read: Effect, effects: Sequence[Effect]) -> list[tuple[Stored, Facts]]:
    """What a read found of which something is written into a row of the caller's own, with what holds there.

    The name of a row is none: it refers to it, and tells nothing of it.
    """
    return [each for effect in effects if is_their_own_row(effect) for each in told_of(effect, read)]


def told_of(effect: Effect, read: Effect) -> Iterator[tuple[Stored, Facts]]:
    """What a read found of which something more than its name is written or sent, with what holds there."""
    for origin, held in held_origins(effect.data, effect.facts):
        if isinstance(origin, Stored) and not names_another(origin) and is_found_by(record_of(origin), read):
            yield record_of(origin), held


@once
def is_their_own_row(effect: Effect) -> bool:
    """Whether a row is written that is the caller's by its own columns."""
    if effect.kind is EffectKind.INSERT:
        return world.bears_the_caller(effect.data)
    return effect.kind is EffectKind.WRITE and names_the_caller(effect.key)
