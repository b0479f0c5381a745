"""Files of a store that the caller names by their place: whoever knows another's key has its file deleted or signed.

Uploads are left out: they are judged by what they overwrite, and mostly make their own names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import held_origins
from preship.analyzers.flow.effects import Client, Effect, EffectKind, Trait
from preship.analyzers.flow.facts import Known, Owns, has_a_right_everywhere
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of


def named_files(effects: Sequence[Effect]) -> Iterator[tuple[Effect, frozenset[Input]]]:
    """Each effect on a stored file that nothing but what the caller sends chooses, with the inputs that choose it."""
    for effect in effects:
        if effect.kind is EffectKind.FILE and takes_a_file(effect) and effect.client is Client.SERVER:
            chosen = frozenset(chosen_alone(effect))
            if chosen and not is_looked_up(chosen, effects) and not is_stored_here(effect, effects):
                yield effect, chosen


def takes_a_file(effect: Effect) -> bool:
    """Whether a call needs a file that is there already, in a store that is kept elsewhere."""
    return Trait.TAKES_A_FILE in effect.traits


def chosen_alone(effect: Effect) -> Iterator[Input]:
    """The inputs that are the place of a file, where nothing of the caller's identity or of a record is part of it."""
    held = tuple(held_origins(effect.key, effect.facts))
    if held and all(isinstance(origin, Input) for origin, _ in held):
        for origin, facts in held:
            known = {f.subject for f in facts if isinstance(f, Owns | Known)}
            if isinstance(origin, Input) and origin not in known and not has_a_right_everywhere(facts):
                yield origin


def is_stored_here(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether a file is one that this action has stored before: what is left of an upload that failed."""
    before = effects[: effects.index(effect)]
    stored = (e for e in before if e.kind is EffectKind.FILE and e.data is not None and not takes_a_file(e))
    return any(e.key == effect.key or origins_of(e.key) >= origins_of(effect.key) for e in stored)


def is_looked_up(chosen: frozenset[Input], effects: Sequence[Effect]) -> bool:
    """Whether a record of the place is looked up on the way: what it says of the caller is asked of that."""
    return any(e.kind is EffectKind.READ and chosen & origins_of(e.key) and world.is_scoped(e) for e in effects)
