"""Reads whose check was about something else: the caller's team was proven, and the record is any team's.

Whether reading needs a right at all, code does not say. An action that asks for the right to one thing which its caller
names, and hands out another, or copies it there, says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import held_origins, returned_records
from preship.analyzers.conventions.keys import RECORD_KEY_COLUMN
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Facts, Owns, owned_under
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Input, Request, Stored, roots
from preship.analyzers.flow.values import Value, origins_of


def unrelated_reads(effects: Sequence[Effect], result: Value) -> Iterator[tuple[Effect, frozenset[Input | Request]]]:
    """Each read of records that reach the caller, with the inputs that choose them and were not the ones checked."""
    at_the_end = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    reached = (*returned_records(result, at_the_end), *copied_records(effects))
    open_records = {record for record, held in reached if not owned_under(held) & {record, *record.key}}
    for effect in effects:
        if effect.kind is not EffectKind.READ or not world.touches_the_world(effect) or not world.is_known(effect):
            continue
        chosen = names_in(effect.key) & world.unowned(effect)
        if chosen and is_checked_for_another(effect) and any(is_read_by(record, effect) for record in open_records):
            yield effect, chosen


def copied_records(effects: Sequence[Effect]) -> Iterator[tuple[Stored, Facts]]:
    """Each record of which a new one of the same kind is made, with the facts under which it is.

    A single field tells of no copy: the place behind the last one.
    """
    for effect in effects:
        if effect.kind is EffectKind.INSERT:
            fields: dict[tuple[Stored, Facts], set[tuple[str, ...]]] = {}
            for origin, held in held_origins(effect.data, effect.facts):
                if isinstance(origin, Stored) and origin.model == effect.target and not names_another(origin):
                    fields.setdefault((record_of(origin), held), set()).add(origin.path)
            yield from (found for found, paths in fields.items() if () in paths or len(paths) > 1)


def names_another(origin: Stored) -> bool:
    """Whether a value is the name of a record, or of this call's own making, and nothing that one says."""
    return origin.is_fresh or bool(origin.path and RECORD_KEY_COLUMN.matches(origin.path[-1]))


def names_in(key: Value | None) -> frozenset[Input | Request]:
    """The inputs of a key that name a record, or one that it lies within, and do not only filter."""
    named = (value for name, value in world.fields_of(key) if RECORD_KEY_COLUMN.matches(name))
    return frozenset(o for value in named for o in roots(origins_of(value)) if isinstance(o, Input))


def is_checked_for_another(effect: Effect) -> bool:
    """Whether something has been shown to be the caller's that an argument names and that the key does not have."""
    owned = {f.subject for f in effect.facts if isinstance(f, Owns) and isinstance(f.subject, Input)}
    return bool(owned) and not owned & roots(origins_of(effect.key))


def is_read_by(record: Stored, effect: Effect) -> bool:
    """Whether a record is one that an effect reads."""
    return record.model == effect.target and bool(record.key & roots(origins_of(effect.key)))
