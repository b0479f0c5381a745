"""An action that begins a session or proves a credential: who calls it has none yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import Whole
from preship.analyzers.actions.issuing import may_be_known, signed_in_as_anybody
from preship.analyzers.actions.one_time import inputs_of
from preship.analyzers.flow.effects import ISSUED, Effect, EffectKind
from preship.analyzers.flow.identity import is_credential
from preship.analyzers.flow.origins import Input, Request, roots
from preship.analyzers.flow.values import origins_of


def _begun(case: Whole) -> Sequence[Effect]:
    found = (e for e in case.effects if e.kind is EffectKind.IDENTIFY and not may_be_known(e))
    return [e for e in found if not continues_a_session(e, case.effects)]


def continues_a_session(issued: Effect, effects: Sequence[Effect]) -> bool:
    """Whether what is issued stands for a session that the request brought: a token that is made new in time.

    Helpers that ask who is calling do so on the way, and whatever is done then is done by whoever that is.
    """
    asked = [e for e in effects[: effects.index(issued)] if e.kind is EffectKind.FETCH]
    values = [issued.data, *(value for e in asked for value in (e.key, e.data))]
    sent = [o for value in values for o in roots(origins_of(value)) if isinstance(o, Input | Request)]
    return bool(sent) and all(is_credential(o) for o in sent)


def takes_over(begun: Collection[Effect], anonymous: Collection[Effect]) -> bool:
    """Whether a session is issued to whoever asks for it, who also changes the records of the one that they name."""
    return all(e.target == ISSUED for e in begun) and any(
        e.kind in world.CHOOSE_RECORDS and world.unowned(e) and inputs_of(e.key) and has_words_of_the_caller(e)
        for e in anonymous
    )


def has_words_of_the_caller(effect: Effect) -> bool:
    """Whether what an effect writes is what the caller sent."""
    return any(isinstance(o, Input) for o in origins_of(effect.data))


EXCUSE: Excuse[Whole] = Excuse(
    id="session-begun",
    why="it begins a session or proves a credential",
    conditions=(
        Condition("a session begins, or a credential is proven", lambda case: bool(_begun(case))),
        Condition(
            "nobody changes records of the one whom they name to be signed in as",
            lambda case: not takes_over(_begun(case), case.anonymous),
        ),
        Condition(
            "the session is not issued to whoever the caller names",
            lambda case: signed_in_as_anybody(case.effects) is None,
        ),
    ),
    examples=(
        Example(
            "a form to sign in",
            """
            'use server'
            import { signIn } from '../lib/auth'
            export async function enter(form: FormData) {
              await signIn('credentials', form)
            }
            """,
        ),
    ),
    others=(
        Example(
            "who is signed in already, is not signed in",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function enter(id: string) {
              await prisma.user.update({ where: { id }, data: { seen: true } })
            }
            """,
        ),
    ),
)
