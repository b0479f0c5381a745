"""An action that ends the session, and does nothing else."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import Whole
from preship.analyzers.flow.effects import Effect, EffectKind


def takes_a_request(effect: Effect) -> bool:
    """Whether a call takes what the caller asks for to a store or service, if only as themselves: more than leaving."""
    return effect.kind in world.TOUCHES and not is_sent_unasked(effect)


EXCUSE: Excuse[Whole] = Excuse(
    id="session-ended",
    why="it ends the session",
    conditions=(
        Condition("it ends the session", lambda case: any(e.kind is EffectKind.LEAVE for e in case.effects)),
        Condition("it touches nothing else", lambda case: not case.touching),
        Condition(
            "it takes no request of the caller to a store or service",
            lambda case: not any(map(takes_a_request, case.effects)),
        ),
    ),
    examples=(
        Example(
            "a button to leave",
            """
            'use server'
            import { signOut } from '../lib/auth'
            export async function leave() {
              await signOut()
            }
            """,
        ),
    ),
    others=(
        Example(
            "something is removed besides",
            """
            'use server'
            import { signOut } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function leave(id: string) {
              await prisma.device.delete({ where: { id } })
              await signOut()
            }
            """,
        ),
    ),
)
