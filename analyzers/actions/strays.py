"""Reads whose check was about something else: the caller's team was proven, and the record is any team's.

Whether reading needs a right at all, code does not say. An action that asks for the right to one thing which its caller
names, and hands out another, says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzers.actions import world
from analyzers.actions.returned import returned_records
from analyzers.flow.belonging import NAMES_A_RECORD
from analyzers.flow.effects import Effect, EffectKind
from analyzers.flow.facts import NO_FACTS, Input, Owns, Request, Stored, owned_under
from analyzers.flow.values import Value, origins_of


def stray_reads(effects: Sequence[Effect], result: Value) -> Iterator[tuple[Effect, frozenset[Input | Request]]]:
    """Each read of records that reach the caller, with the inputs that choose them and were not the ones checked."""
    at_the_end = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    open_records = {
        record for record, held in returned_records(result, at_the_end) if not owned_under(held) & {record, *record.key}
    }
    for effect in effects:
        if effect.kind is not EffectKind.READ or not world.touches_the_world(effect) or not world.is_known(effect):
            continue
        chosen = names_in(effect.key) & world.unowned(effect)
        if chosen and is_checked_for_another(effect) and any(is_read_by(record, effect) for record in open_records):
            yield effect, chosen


def names_in(key: Value | None) -> frozenset[Input | Request]:
    """The inputs of a key that name a record, and do not only filter."""
    named = (value for name, value in world.fields_of(key) if NAMES_A_RECORD.search(name))
    return frozenset(o for value in named for o in origins_of(value) if isinstance(o, Input))


def is_checked_for_another(effect: Effect) -> bool:
    """Whether something has been shown to be the caller's that an argument names and that the key does not have."""
    owned = {f.subject for f in effect.facts if isinstance(f, Owns) and isinstance(f.subject, Input)}
    return bool(owned) and not owned & origins_of(effect.key)


def is_read_by(record: Stored, effect: Effect) -> bool:
    """Whether a record is one that an effect reads."""
    return record.model == effect.target and bool(record.key & origins_of(effect.key))
