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


REVIEW = """
    'use server'
    import {{ auth }} from '../lib/auth'
    import {{ prisma }} from '../lib/prisma'
    export async function review(productId: string, rating: number) {{
      const session = await auth()
      if (!session?.user) throw new Error('no')
      const existing = await prisma.review.findFirst({{ where: {{ userId: session.user.id, productId }} }})
      if ({test}) throw new Error('twice')
      await prisma.review.create({{ data: {{ userId: session.user.id, productId, rating }} }})
      const all = await prisma.review.findMany({{ where: {{ productId }}, select: {{ rating: true }} }})
      const mean = all.reduce((sum, each) => sum + each.rating, 0) / all.length
      await prisma.product.update({{ where: {{ id: productId }}, data: {{ {data} }} }})
    }}
"""


@pytest.mark.parametrize(
    ("test", "data", "fault"),
    [
        ("existing", "rating: mean, reviewCount: all.length", None),
        ("existing", "rating: mean, state: 'approved'", "nobody asks whose they are"),
        ("!existing", "state: 'approved'", None),
        ("existing?.isOld", "state: 'approved'", "the answer stops nobody"),
    ],
)
def test_a_look_up_that_must_find_nothing_asks_whether_it_was_done_before(
    test: str, data: str, fault: str | None
) -> None:
    found = run({"app/actions.ts": REVIEW.format(test=test, data=data), **LIB})["review"].unowned_effect()
    assert (found.fault.value if found is not None else None) == fault
