"""An action that issues what a caller has to sign or solve before anybody knows them."""

from __future__ import annotations

from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import Whole
from preship.analyzers.actions.one_time import endings_of
from preship.analyzers.conventions.tables import (
    CHALLENGE_TABLE,
)
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, roots
from preship.analyzers.flow.values import origins_of


def issues_a_challenge(effect: Effect) -> bool:
    """Whether an effect keeps or looks up a challenge of which the caller says nothing."""
    is_unsaid = not any(isinstance(o, Input) for o in roots(origins_of(effect.key) | origins_of(effect.data)))
    return effect.kind in {EffectKind.INSERT, EffectKind.READ} and is_unsaid and names_a_challenge(effect.target)


def names_a_challenge(model: str) -> bool:
    """Whether a table is called after challenges."""
    return any(map(CHALLENGE_TABLE.matches, endings_of(model)))


EXCUSE: Excuse[Whole] = Excuse(
    id="challenge-issued",
    why="it issues what a caller has to sign before anybody knows them",
    conditions=(
        Condition("it keeps or looks up a challenge", lambda case: any(map(issues_a_challenge, case.anonymous))),
        Condition("it does nothing else", lambda case: all(map(issues_a_challenge, case.anonymous))),
    ),
    examples=(
        Example(
            "a nonce for a wallet",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function nonce() {
              return prisma.nonce.create({ data: { value: crypto.randomUUID() } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "words of the caller go into it",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function nonce(value: string) {
              return prisma.nonce.create({ data: { value } })
            }
            """,
        ),
    ),
)
