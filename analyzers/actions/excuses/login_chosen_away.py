"""What happens where there is no session, and the deployment lets a login of its own stand in."""

from __future__ import annotations

from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.facts import Case, Configured


def _is_chosen(case: BeforeLogin) -> bool:
    return any(isinstance(fact, Configured) and not fact.is_behind for fact in case.effect.facts)


def _is_without_a_session(case: BeforeLogin) -> bool:
    return any(isinstance(fact, Case) and is_absence_of_a_session(fact) for fact in case.effect.facts)


def is_absence_of_a_session(fact: Case) -> bool:
    """Whether a fact says that a provider has given no session."""
    choice = fact.choice
    return fact.index == 1 and isinstance(choice, tuple) and len(choice) == 2 and isinstance(choice[1], bool)


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="login-chosen-away",
    why="it happens only where the deployment lets a login of its own stand in for a session",
    conditions=(
        Condition("a setting of the deployment chooses it", _is_chosen),
        Condition("it stands where a provider has given no session", _is_without_a_session),
    ),
    examples=(
        Example(
            "a user of the development server",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'
            export async function save(text: string) {
              const session = await auth()
              if (!session && process.env.DISABLE_AUTH === 'true') {
                await prisma.note.create({ data: { text } })
              }
            }
            """,
        ),
    ),
    others=(
        Example(
            "a setting that has nothing to do with the session",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function save(text: string) {
              if (process.env.NOTES === 'on') await prisma.note.create({ data: { text } })
            }
            """,
        ),
    ),
)
