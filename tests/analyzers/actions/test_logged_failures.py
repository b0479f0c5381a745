"""What goes wrong is noted in a table: whoever calls, that needs nobody to be signed in."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.running import run

STACK = {
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
}
ACTION = """
    'use server'
    import {{ auth }} from '@/lib/auth'
    import {{ prisma }} from '@/lib/prisma'
    {head}
    export async function save(id: string, title: string) {{
      try {{
        const session = await auth()
        if (!session?.user) throw new Error('Not signed in')
        await prisma.post.update({{ where: {{ id, authorId: session.user.id }}, data: {{ title }} }})
      }} catch (error) {{
        {caught}
      }}
    }}
"""


def saved(caught: str, head: str = "") -> ActionFacts:
    """An action that asks who is calling, and does this where anything fails."""
    config = {"tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}'}
    return run({**config, **STACK, "app/actions.ts": ACTION.format(caught=caught, head=head)})["save"]


@pytest.mark.parametrize(
    ("caught", "head"),
    [
        ("await prisma.errorLog.create({ data: { message: (error as Error).message } })", ""),
        ("await prisma.systemLog.create({ data: { level: 'ERROR', stack: String(error), about: id } })", ""),
        (
            "await note(error, { id })",
            "const note = (e: unknown, about: object) =>\n"
            "  prisma.log.create({ data: { text: `${e}`, about: JSON.stringify(about) } })",
        ),
        ("await prisma.exception.createMany({ data: [{ error: JSON.stringify(error) }] })", ""),
        ("await prisma.appEvent.create({ data: { name: 'save failed' } }); throw error", ""),
        ("if (error instanceof Error) await prisma.auditLog.create({ data: { what: error.message } })", ""),
    ],
)
def test_what_is_noted_of_a_failure_asks_for_nobody(caught: str, head: str) -> None:
    assert saved(caught, head).anonymous_effect() is None


@pytest.mark.parametrize(
    "caught",
    [
        "await prisma.post.create({ data: { title: String(error) } })",
        "await prisma.workoutLog.create({ data: { title } })",
        "await prisma.errorLog.create({ data: { title } })",
        "await prisma.errorLog.deleteMany({ where: { id } })",
        "await prisma.systemLog.update({ where: { id }, data: { message: String(error) } })",
    ],
)
def test_anything_else_that_a_failure_brings_about_does(caught: str) -> None:
    """A record of another kind, what a caller has sent alone, or a change of what is there."""
    assert saved(caught).anonymous_effect() is not None
