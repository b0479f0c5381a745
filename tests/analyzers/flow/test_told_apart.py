"""What a helper gives is told apart by `instanceof`, and a secret from the text that stands in its place."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.facts import Strength
from tests.analyzers.running import effects, run

HELPER = """
    'use server'
    import {{ NextResponse }} from 'next/server'
    import {{ auth }} from '../lib/auth'
    import {{ prisma }} from '../lib/prisma'
    async function requireUser() {{
      const session = await auth()
      if (!session?.user) return {refusal}
      return session.user
    }}
    export async function save(text: string) {{
      const user = await requireUser()
      if ({test}) return
      await prisma.note.create({{ data: {{ text }} }})
    }}
"""
LIB = {
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
}


@pytest.mark.parametrize(
    ("refusal", "test"),
    [
        ("NextResponse.json({ error: 'no' }, { status: 401 })", "user instanceof NextResponse"),
        ("NextResponse.json({ error: 'no' }, { status: 401 })", "user instanceof Response"),
        ("new NextResponse('no', { status: 401 })", "user instanceof NextResponse"),
    ],
)
def test_what_is_no_refusing_answer_is_the_caller(refusal: str, test: str) -> None:
    found = run({"app/actions.ts": HELPER.format(refusal=refusal, test=test), **LIB})["save"]
    assert effects(found) == ["insert note: Authenticated"]


def test_a_date_of_a_session_may_be_one() -> None:
    code = HELPER.format(refusal="NextResponse.json({}, { status: 401 })", test="user instanceof Date")
    assert effects(run({"app/actions.ts": code, **LIB})["save"]) == ["insert note"]


JOB = """
    'use server'
    import {{ prisma }} from '../lib/prisma'
    export async function purge(secret: string) {{
      const expected = {expected}
      if (secret !== expected) return
      await prisma.note.deleteMany({{ where: {{ isOld: true }} }})
    }}
"""


@pytest.mark.parametrize(
    ("expected", "strength"),
    [
        ("process.env.CRON_SECRET", Strength.PROVEN),
        ("process.env.CRON_SECRET || 'dev'", Strength.LIKELY),
        ("process.env.CRON_SECRET ?? 'dev'", Strength.LIKELY),
        ("'dev'", None),
    ],
)
def test_a_text_in_the_place_of_a_secret_leaves_it_likely(expected: str, strength: Strength | None) -> None:
    found = run({"app/actions.ts": JOB.format(expected=expected), **LIB})["purge"]
    anonymous = found.anonymous_effect()
    assert (Strength.PROVEN if anonymous is None else anonymous.strength) is strength
