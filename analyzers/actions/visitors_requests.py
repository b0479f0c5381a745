"""What visitors of open pages ask the house for: a booking, an order, a call back.

That such a page is open says that no account is needed for it; a right is never given so.
"""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.actions.excuses.address_left import (
    gives_a_right,
    goes_to_the_house,
    is_consequence,
    passes_on,
    says_how_to_reach_them,
)
from preship.analyzers.actions.granting import carries_a_right
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.actions.visitors import may_change
from preship.analyzers.flow.effects import Effect, EffectKind


def suit_visitors(changes: Sequence[Effect]) -> bool:
    """Whether it is no fault that anonymous callers cause these effects, where the page around them is open."""
    asked = [effect for effect in changes if asks_for_something(effect)]
    return all(each in asked or may_change(each) or (asked and comes_with(each, asked)) for each in changes)


def asks_for_something(effect: Effect) -> bool:
    """Whether somebody asks the house for something and says how to reach them: a booking, an order, a payment.

    What they ask for is theirs to name; a right is none of it.
    """
    is_asked = effect.kind is EffectKind.INSERT or (effect.kind is EffectKind.PAY and not inputs_of(effect.key))
    is_granted = gives_a_right(effect) or carries_a_right(effect)
    return is_asked and not is_granted and says_how_to_reach_them(effect)


def comes_with(effect: Effect, asked: Sequence[Effect]) -> bool:
    """Whether an effect is a part of what was asked for: its lines and number, a log entry, a mail, the payment."""
    if effect.kind is EffectKind.INSERT:
        return not gives_a_right(effect) and not carries_a_right(effect)
    if effect.kind is EffectKind.PAY:
        return not inputs_of(effect.key)
    if effect.kind is EffectKind.SEND:
        left = frozenset(o for each in asked for o in inputs_of(each.data))
        return goes_to_the_house(effect) or inputs_of(effect.key) <= left
    return is_consequence(effect, {each.target for each in asked}) or passes_on(effect, asked)
