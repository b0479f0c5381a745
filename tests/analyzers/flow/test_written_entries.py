"""Fields that are gone through by name: each has its turn, so that what is made of them is known."""

from __future__ import annotations

import pytest

from preship.analyzers.explanation import described
from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { createClient } from '../lib/supabase/server'
    import { auth } from '../auth'
    const TABLE = 'notes'
    async function removed(build) {
      const client = await createClient()
      return build(client.from(TABLE).delete())
    }
"""
LIB = {
    "lib/supabase/server.ts": """
        import { createServerClient } from '@supabase/ssr'
        import { cookies } from 'next/headers'
        export async function createClient() { return createServerClient('u', 'k', { cookies: await cookies() }) }
    """,
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
}
LOOP = "for (const [k, v] of Object.entries(rest)) q = q.eq(k, v)"
OWN = "{ id, user_id: session.user.id }"


def key_of(body: str) -> str:
    """What chooses the rows that are deleted."""
    code = f"{HEAD} export async function act(id) {{ const session = await auth(); {body} }}"
    found = run({"app/actions.ts": code, **LIB})["act"]
    (gone,) = (effect for effect in found.effects if effect.kind is EffectKind.DELETE)
    return described(gone.key)


@pytest.mark.parametrize(
    "body",
    [
        f"await removed((q) => {{ for (const [k, v] of Object.entries({OWN})) q = q.eq(k, v); return q }})",
        f"await removed((q) => {{ Object.entries({OWN}).forEach(([k, v]) => {{ q = q.eq(k, v) }}); return q }})",
        f"await removed((q) => Object.entries({OWN}).reduce((all, [k, v]) => all.eq(k, v), q))",
        "const own = [['id', id], ['user_id', session.user.id]]\n"
        "await removed((q) => { for (const [k, v] of own) q = q.eq(k, v); return q })",
        f"const own = {OWN}\n"
        "await removed((q) => { for (const k of ['id', 'user_id']) q = q.eq(k, own[k]); return q })",
        "const rest = { user_id: session.user.id }\n"
        "await removed((q) => { for (const [k, v] of Object.entries({ id, ...rest })) q = q.eq(k, v); return q })",
    ],
)
def test_each_condition_of_a_written_object_is_known(body: str) -> None:
    assert key_of(body) == "{ id: input id, user_id: the session's user.id }"


@pytest.mark.parametrize(
    "rest", ["id.rest", "{ user_id: id.all ? undefined : session.user.id }", "JSON.parse(id.rest)"]
)
def test_conditions_that_may_be_missing_choose_nothing_surely(rest: str) -> None:
    body = f"const rest = {rest}\nawait removed((q) => {{ {LOOP}; return q.eq('id', id) }})"
    assert "user_id" not in key_of(body)


def test_no_fields_are_no_conditions() -> None:
    body = "const all = (q, rest = {}) => { for (const [k, v] of Object.entries(rest)) q = q.eq(k, v); return q }\n"
    assert key_of(body + "await removed((q) => all(q.eq('id', id)))") == "{ id: input id }"
