"""Permissions that a session carries with it: they were true when it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.conventions.sessions import FINE_GRAINED_PART
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.facts import Role
from preship.analyzers.flow.origins import Session

ASKS_EACH_TIME = frozenset({"Better Auth", "Supabase", "Lucia", "Appwrite", "Payload", "Stack Auth"})
"""Providers whose call looks the session and its user up in a store, in each request.

https://www.better-auth.com/docs/concepts/session-management
https://supabase.com/docs/reference/javascript/auth-getuser
https://lucia-auth.com/sessions/basic
https://appwrite.io/docs/products/auth/server-side-rendering
https://payloadcms.com/docs/authentication/operations#auth-operation
https://docs.stack-auth.com/docs/sdk/objects/stack-app
"""


@dataclass(frozen=True, slots=True)
class CarriedPermission:
    """An effect before which a permission was asked for that the session brought along."""

    effect: Effect
    role: Role
    part: str
    """Where in the session it stands: `user.permissions`."""


def carried_permissions(effects: Iterable[Effect]) -> Iterator[CarriedPermission]:
    """The changes that hang on a permission in the session, each place of a check once."""
    seen: set[Role] = set()
    for effect in effects:
        if effect.kind in world.WRITES and world.touches_the_world(effect):
            for role in sorted((f for f in effect.facts if isinstance(f, Role)), key=lambda r: (r.any_of, r.by)):
                if role not in seen and role.told_by is not None and is_carried(role.told_by):
                    seen.add(role)
                    yield CarriedPermission(effect, role, ".".join(role.told_by.path))


def is_carried(told_by: Session) -> bool:
    """Whether a part of a session is a permission, and one that was written into it when it was made."""
    return told_by.provider not in ASKS_EACH_TIME and any(FINE_GRAINED_PART.matches(name) for name in told_by.path)
