"""Messages of a known caller that go to whoever an argument says the caller is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analyzers.actions import world
from analyzers.flow.effects import Effect, EffectKind
from analyzers.flow.facts import Input, has_right, owned_under
from analyzers.flow.values import origins_of


def claimed_recipients(effects: Sequence[Effect]) -> Iterator[tuple[Effect, frozenset[Input]]]:
    """Each message of a known caller to whoever an argument says that they are: `user.email` of what was sent."""
    for effect in effects:
        if effect.kind is EffectKind.SEND and world.is_known(effect) and not has_right(effect.facts):
            owned = owned_under(effect.facts)
            found = {o for o in origins_of(effect.key) if isinstance(o, Input) and o not in owned and is_of_an_actor(o)}
            if found:
                yield effect, frozenset(found)


def is_of_an_actor(origin: Input) -> bool:
    """Whether an input is the id or the address in an object that stands for who is calling."""
    *owners, last = (origin.parameter, *origin.path)
    return bool(owners and ACTING.fullmatch(owners[-1]) and IDENTIFIES.fullmatch(last))


ACTING = re.compile(r"(current|auth|session|signed_?in)?_?(user|viewer)", re.IGNORECASE)
"""Names of the object that stands for who is calling, by the convention of every session library."""

IDENTIFIES = re.compile(r"id|e_?mail(_?address)?", re.IGNORECASE)
