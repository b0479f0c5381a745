"""What had been proven before a change where an effect happens, and is proven no more."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.actions import world
from analyzers.flow.effects import Effect
from analyzers.flow.facts import Input, Owns, Request, Role
from analyzers.flow.values import origins_of


def counterparts(effect: Effect, before: Sequence[Effect]) -> list[Effect]:
    """The same effect as it was before the change; several where it happened in several places."""
    name = world.evidence(effect)
    return [e for e in before if world.evidence(e) == name]


def was_known(effect: Effect, before: Sequence[Effect]) -> bool:
    """Whether the caller was surely known wherever this happened before the change."""
    then = counterparts(effect, before)
    return bool(then) and all(world.is_known(e) for e in then)


def no_longer_owned(effect: Effect, before: Sequence[Effect]) -> frozenset[Input | Request]:
    """The inputs in what is written that were shown to be the caller's before the change, and are not now."""
    then = counterparts(effect, before)
    if not then:
        return frozenset()
    owned = frozenset.intersection(*(subjects(e) for e in then)) - subjects(effect)
    return frozenset(o for o in origins_of(effect.data) if isinstance(o, Input | Request) and o in owned)


def subjects(effect: Effect) -> frozenset[object]:
    """What was shown to be the caller's."""
    return frozenset(f.subject for f in effect.facts if isinstance(f, Owns))


def lost_a_role(effect: Effect, before: Sequence[Effect]) -> bool:
    """Whether every caller who got here before the change had a role that is not asked for now, nor another instead."""
    then = counterparts(effect, before)
    return bool(then) and roles(effect) < frozenset.intersection(*(roles(e) for e in then))


def roles(effect: Effect) -> frozenset[Role]:
    """The roles and permissions that the caller has shown."""
    return frozenset(f for f in effect.facts if isinstance(f, Role))
