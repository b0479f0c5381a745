"""Requests to an address of the caller's, before which a check stands on another path only.

That the action asks for a right at all says that one is needed; who leaves out the argument that it asks about is asked
for nothing, and gets the same done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.sinks import leading_anywhere, tells_of
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Entitled, Known, Owns, Strength, has_right
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.texts import written_by


@dataclass(frozen=True, slots=True)
class Skipped:
    """An effect that waits for a check only where an argument is given."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that say where it goes, sorted by name."""

    asked_about: tuple[Input, ...]
    """The inputs of which the check asks whose they are, sorted by name."""


def skipped_checks(effects: Sequence[Effect]) -> Iterator[Skipped]:
    """Each such effect of a known caller."""
    asked: set[Input] = set()
    for effect in effects:
        inputs = chosen_address(effect)
        about = asked - inputs
        if about and inputs and world.is_known(effect) and not is_entitled(effect):
            yield Skipped(effect, tuple(sorted(inputs, key=str)), tuple(sorted(about, key=str)))
        asked |= owned_inputs(effect)


def chosen_address(effect: Effect) -> frozenset[Input]:
    """The inputs that say to which host a request goes, and were not compared with what the code knows."""
    if effect.kind is not EffectKind.FETCH or not world.touches_the_world(effect):
        return frozenset()
    found = written_by(leading_anywhere(effect.key))
    known = [f.subject for f in effect.facts if isinstance(f, Known)]
    return frozenset(o for o in found if isinstance(o, Input) and not any(names_the_host(k, o) for k in known))


def names_the_host(known: object, address: Input) -> bool:
    """Whether a part of an address that was compared says where it leads: its scheme alone does not."""
    is_scheme = isinstance(known, Input) and known.path[-1:] == ("protocol",)
    return not is_scheme and tells_of(known, address)


def is_entitled(effect: Effect) -> bool:
    """Whether the caller has shown something on each path to an effect: a role, a thing of theirs, this or that."""
    return has_right(effect.facts) or bool(owned_inputs(effect)) or any(isinstance(f, Entitled) for f in effect.facts)


def owned_inputs(effect: Effect) -> frozenset[Input]:
    """The inputs that were shown to name something of the caller's."""
    shown = (f.subject for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE)
    return frozenset(subject for subject in shown if isinstance(subject, Input))
