"""Records that an action handed out only after a check, or only to whom they belong, before a change that ended it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import returned_records
from preship.analyzers.actions.weakened import Loss, Lost
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Facts, Owns, Role, owned_under
from preship.analyzers.flow.origins import Input, Request, Session, Stored

Handed = tuple[Stored, Facts]
"""A record of which something reaches the caller, with the facts under which it does."""


def uncovered_reads(effects: Sequence[Effect], before: Sequence[Effect]) -> Iterator[tuple[Effect, Loss]]:
    """Each read of records that reach the caller, and what had been shown of them before the change."""
    then, now = list(handed_out(before)), list(handed_out(effects))
    for effect in effects:
        if effect.kind is EffectKind.READ and world.touches_the_world(effect):
            lost = loss_between(of_model(effect.target, then), of_model(effect.target, now))
            if lost is not None:
                yield effect, lost


def handed_out(effects: Sequence[Effect]) -> Iterator[Handed]:
    """The records of which something reaches the caller."""
    for effect in effects:
        if effect.kind is EffectKind.RETURN and effect.data is not None:
            yield from returned_records(effect.data, effect.facts)


def of_model(model: str, records: Sequence[Handed]) -> list[Handed]:
    """Those of one model."""
    return [(record, held) for record, held in records if record.model == model]


def loss_between(then: Sequence[Handed], now: Sequence[Handed]) -> Loss | None:
    """What was shown of each record before the change, where nothing is shown of any of them now.

    Where nobody is known, that is the fault.
    """
    is_open = now and all(world.is_known_by(held, record) and not is_covered(record, held) for record, held in now)
    if not then or not is_open:
        return None
    if all(names_the_session(record) for record, _ in then):
        return Loss(Lost.SCOPE)
    if all(owned_parts(record, held) for record, held in then):
        owned = frozenset().union(*(owned_parts(record, held) for record, held in then))
        chosen = owned & frozenset().union(*(record.key for record, _ in now))
        inputs = frozenset(o for o in chosen if isinstance(o, Input | Request))
        return Loss(Lost.OWNER, inputs) if inputs else Loss(Lost.SCOPE)
    return Loss(Lost.ROLE) if all(has_a_role(held) for _, held in then) else None


def is_covered(record: Stored, held: Facts) -> bool:
    """Whether something says, or may say where it could not be read, that the caller may have a record."""
    perhaps = {f.subject for f in held if isinstance(f, Owns)} & {record, *record.key}
    return bool(perhaps or owned_parts(record, held)) or names_the_session(record) or has_a_role(held)


def names_the_session(record: Stored) -> bool:
    """Whether a record was looked up by the caller's identity."""
    return any(isinstance(o, Session) and o.is_verified for o in record.key)


def owned_parts(record: Stored, held: Facts) -> frozenset[object]:
    """What was shown to be the caller's of a record and of what it was looked up by."""
    return owned_under(held) & {record, *record.key}


def has_a_role(held: Facts) -> bool:
    """Whether the caller has shown some role or permission."""
    return any(isinstance(f, Role) for f in held)
