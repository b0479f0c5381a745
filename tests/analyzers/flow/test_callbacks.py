"""Callbacks handed to functions of other modules: they see the variables of where they were made, and one call's facts
are not another's.
"""

from __future__ import annotations

import pytest

from preship.analyzers.actions import world
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import origins_of
from tests.analyzers.flow.test_guards import HEAD, LIBRARY, strength_at_delete
from tests.analyzers.running import run

LIMITED = """
    export async function limited(work, options) {
      if (process.env.LIMITS === 'off') return work()
      const result = await work()
      return result
    }
"""
WITH_USER = """
    import { auth } from './auth'
    export async function withUser(work) {
      const session = await auth()
      if (session) return work(session.user)
      return { error: 'no' }
    }
"""


def test_a_callback_sees_the_variables_of_the_action_that_made_it() -> None:
    body = """
        import { limited } from '../lib/limited'
        export async function act(input) {
          const { id } = input
          return limited(async () => db.post.delete({ where: { id } }), { limit: 4 })
        }"""
    facts = run({"app/actions.ts": HEAD + body, **LIBRARY, "lib/limited.ts": LIMITED})["act"]
    keys = [origins_of(e.key) for e in facts.effects if e.kind is EffectKind.DELETE]
    assert keys == [frozenset({Input("input", ("id",))})]


def test_what_one_call_of_a_wrapper_proved_inside_holds_in_its_callback_alone() -> None:
    body = """
        import { withUser } from '../lib/guard'
        export async function act(id) {
          await withUser(async (user) => db.view.create({ data: { id, userId: user.id } }))
          await db.post.delete({ where: { id } })
        }"""
    assert strength_at_delete(body, **{"lib/guard.ts": WITH_USER}) is None


def test_two_calls_of_one_wrapper_are_decided_apart() -> None:
    body = """
        import { attempted } from '../lib/attempted'
        export async function act(id) {
          const first = await attempted(async () => id)
          if (!first.ok) return
          const second = await attempted(async () => auth())
          if (second.ok) return
          await db.post.delete({ where: { id } })
        }"""
    helper = """
        export async function attempted(work) {
          const value = await work()
          return value ? { ok: true, value } : { ok: false }
        }"""
    assert strength_at_delete(body, **{"lib/attempted.ts": helper}) is None


@pytest.mark.parametrize(
    ("handed_on", "session_is"),
    [
        # Whoever sends one argument too many puts it in the place of the session.
        ("...args", {"Session", "Input"}),
        ("...z.tuple([z.string()]).parse(args)", {"Session"}),
        ("args[0]", {"Session"}),
    ],
)
def test_what_a_wrapper_adds_behind_all_arguments_is_the_last_parameter_unless_there_are_too_many(
    handed_on: str, session_is: set[str]
) -> None:
    wrapper = f"""
        import {{ z }} from 'zod'
        import {{ auth }} from './auth'
        export function withSession(work) {{
          return async function (...args) {{
            const session = await auth()
            if (!session) return {{ error: 'no' }}
            return work({handed_on}, session)
          }}
        }}
    """
    body = """
        import { withSession } from '../lib/wrapper'
        export const act = withSession(async function (id, session) {
          await db.post.delete({ where: { id, authorId: session.user.id } })
        })"""
    facts = run({"app/actions.ts": HEAD + body, **LIBRARY, "lib/wrapper.ts": wrapper})["act"]
    (key,) = [dict(world.fields_of(e.key)) for e in facts.effects if e.kind is EffectKind.DELETE]
    assert {type(o) for o in origins_of(key["id"])} == {Input}
    assert {type(o).__name__ for o in origins_of(key["authorId"])} == session_is
