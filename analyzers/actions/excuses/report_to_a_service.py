"""A call that only tells a service of the deployment's own that something happened: logs, metrics, an alert."""

from __future__ import annotations

from preship.analyzers.actions import world
from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Caught, Input, Remote, Request, roots
from preship.analyzers.flow.values import origins_of


def _tells_of_a_failure(effect: Effect) -> bool:
    """Whether a call tells a service that the code itself has chosen of an exception, in whose text anything may be."""
    chosen = any(isinstance(o, Input | Request) for o in roots(origins_of(effect.key)))
    return not chosen and any(isinstance(o, Caught) for o in roots(origins_of(effect.data)))


def _is_unanswered(case: BeforeLogin) -> bool:
    return not any(isinstance(origin, Remote) for origin in origins_of(case.action.result))


def _is_beside(case: BeforeLogin) -> bool:
    return any(world.touches_the_world(e) and world.is_known(e) for e in case.action.effects)


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="report-to-a-service",
    why="it only tells a service of the deployment's own that something happened",
    conditions=(
        Condition("it is a request", lambda case: case.effect.kind is EffectKind.FETCH),
        Condition(
            "nothing of it is the caller's choice but what a failure quotes",
            lambda case: is_sent_unasked(case.effect) or _tells_of_a_failure(case.effect),
        ),
        Condition("nothing of the answer comes back", _is_unanswered),
        Condition("what the action is there for is done elsewhere, for those who are known", _is_beside),
    ),
    examples=(
        Example(
            "an alert, beside a change for those who are signed in",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function save(text: string) {
              await fetch('https://metrics.example.com/hit', { method: 'POST', headers: { key: process.env.KEY } })
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              await prisma.note.create({ data: { text, userId: session.user.id } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "the service is told what the caller says",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function save(text: string) {
              const headers = { key: process.env.KEY }
              await fetch('https://metrics.example.com/hit', { method: 'POST', body: text, headers })
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              await prisma.note.create({ data: { text, userId: session.user.id } })
            }
            """,
        ),
    ),
)
