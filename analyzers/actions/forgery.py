"""What the server vouches for: whoever may have anything signed with its key can forge what it believes itself."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import opens_something
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, Secret
from preship.analyzers.flow.values import origins_of


def vouched(effects: Iterable[Effect]) -> Effect | None:
    """Where the first thing is signed that the caller has sent, while nobody is known."""
    return next((e for e in effects if is_signed(e) and is_sent(e) and not world.is_known(e)), None)


def is_signed(effect: Effect) -> bool:
    """Whether an effect signs something, or sets a cookie that was made with a key of the server's."""
    if effect.kind is EffectKind.SIGN:
        return True
    made_of = origins_of(effect.data)
    return effect.kind is EffectKind.COOKIE and any(isinstance(o, Secret) and opens_something(o) for o in made_of)


def is_sent(effect: Effect) -> bool:
    """Whether something of the caller's goes into an effect."""
    return any(isinstance(o, Input) for o in origins_of(effect.data))
