"""The counter of a limit of attempts, in a store without columns.

It counts whoever calls, under the address or the name that was tried, marks who has used it up, and forgets both.
"""

from __future__ import annotations

from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.effects import KEY_VALUE, Trait
from preship.analyzers.flow.origins import Input, Request
from preship.analyzers.flow.values import origins_of


def _is_forgotten(case: BeforeLogin) -> bool:
    path = case.effect.span.path
    beside = (each for each in case.action.effects if each.target == KEY_VALUE and each.span.path == path)
    return any(Trait.EXPIRES in each.traits for each in beside)


def _is_of_the_program(case: BeforeLogin) -> bool:
    return not any(isinstance(o, Input | Request) for o in origins_of(case.effect.data))


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="counted-attempts",
    why="it counts attempts, and forgets them",
    conditions=(
        Condition("it stands in a store that keeps values under keys", lambda case: case.effect.target == KEY_VALUE),
        Condition("what it holds is forgotten after some time", _is_forgotten),
        Condition("nothing that the caller sends is kept as a value", _is_of_the_program),
    ),
    examples=(
        Example(
            "a limit of attempts",
            """
            'use server'
            import { Redis } from '@upstash/redis'
            const redis = Redis.fromEnv()
            export async function attempt(email: string) {
              const tries = await redis.incr(`tries:${email}`)
              await redis.expire(`tries:${email}`, 60)
              if (tries > 5) throw new Error('Too many attempts')
            }
            """,
        ),
    ),
    others=(
        Example(
            "words of the caller's that are kept",
            """
            'use server'
            import { Redis } from '@upstash/redis'
            const redis = Redis.fromEnv()
            export async function keep(email: string, text: string) {
              await redis.set(`note:${email}`, text)
            }
            """,
        ),
    ),
)
