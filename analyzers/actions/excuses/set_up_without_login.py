"""A deployment without a login that makes what it works on: a demo's records, the file that they are kept in."""

from __future__ import annotations

from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.excuses.before_login import BeforeLogin
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.flow.configuration import are_parted, settings_among
from preship.analyzers.flow.effects import EffectKind

SETS_UP = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.FILE})
"""What making something to work on takes; what is deleted was there before."""


def _asks_otherwise(case: BeforeLogin) -> bool:
    chosen = settings_among(case.effect.facts)
    asked = (e for e in case.action.effects if e.kind is EffectKind.ASK)
    return any(are_parted(chosen, settings_among(each.facts)) for each in asked)


EXCUSE: Excuse[BeforeLogin] = Excuse(
    id="set-up-without-login",
    why="a deployment without a login makes what it works on",
    conditions=(
        Condition("the same setting has a session asked for where it comes out the other way", _asks_otherwise),
        Condition("it makes or fills something", lambda case: case.effect.kind in SETS_UP),
        Condition("nothing that the caller chose goes into it", lambda case: is_sent_unasked(case.effect)),
    ),
    examples=(
        Example(
            "the file of a demo",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { writeFileSync } from 'node:fs'
            export async function open() {
              if (process.env.DEMO === 'true') {
                writeFileSync('/var/lib/demo.json', '[]')
                return
              }
              const session = await auth()
              if (!session) throw new Error('Not signed in')
            }
            """,
        ),
    ),
    others=(
        Example(
            "words of the caller's",
            """
            'use server'
            import { auth } from '../lib/auth'
            import { writeFileSync } from 'node:fs'
            export async function open(text: string) {
              if (process.env.DEMO === 'true') {
                writeFileSync('/var/lib/demo.json', text)
                return
              }
              const session = await auth()
              if (!session) throw new Error('Not signed in')
            }
            """,
        ),
    ),
)
