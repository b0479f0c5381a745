"""What names an operation: what it does to what, chosen by whom; and neither its spelling nor its place."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.operations import Operation, beyond, operations_of
from tests.analyzers.running import run

LIBRARIES = {
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
}

SAVE = """
export async function act(id: string, form: FormData) {
  await prisma.post.update({ where: { id }, data: { title: form.get('title'), published: true } })
}
"""


def done(code: str) -> set[Operation]:
    """What `act` does."""
    head = "'use server'\nimport { prisma } from '../lib/prisma'\nimport { auth } from '../lib/auth'\n"
    (facts,) = run({**LIBRARIES, "app/actions.ts": head + code}).values()
    return set(operations_of(facts.effects, facts.parameters))


SAME = {
    "other names": SAVE.replace("form", "fd").replace("id", "postId").replace("{ postId }", "{ id: postId }"),
    "variables": """
        export async function act(id: string, form: FormData) {
          const where = { id }
          const title = form.get('title')
          const data = { published: true, title }
          return void (await prisma.post.update({ data, where }))
        }
    """,
    "other lines": SAVE.replace("{ where", "{\n\n      where").replace("  await", "\n  // a comment\n  await"),
    "a log and a cache": SAVE.replace(
        "  await", "  console.log(id)\n  const { revalidatePath } = await import('next/cache')\n  await"
    ),
    "a helper": """
        async function save(key: string, title: unknown) {
          await prisma.post.update({ where: { id: key }, data: { title, published: true } })
        }
        export async function act(id: string, form: FormData) {
          await save(id, form.get('title'))
        }
    """,
    "an arrow function": """
        export const act = async (id: string, form: FormData) => {
          await prisma.post.update({ where: { id }, data: { title: form.get('title'), published: true } })
        }
    """,
}

OTHER = {
    "another table": SAVE.replace("post.update", "page.update"),
    "another operation": SAVE.replace("post.update", "post.delete"),
    "a column more": SAVE.replace("published: true", "published: true, authorId: form.get('author')"),
    "another value": SAVE.replace("published: true", "published: false"),
    "a value of the caller's": SAVE.replace("published: true", "published: form.get('published')"),
    "another key": SAVE.replace("where: { id }", "where: { id: form.get('id') }"),
    "the key of another argument": SAVE.replace("id: string, form", "other: string, id: string, form"),
    "a wider key": SAVE.replace("post.update({ where: { id }", "post.updateMany({ where: { }"),
    "a read that is handed out": SAVE.replace("  await", "  const all = await prisma.post.findMany()\n  await").replace(
        "}\n", "  return all\n}\n"
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_the_same_thing_is_named_alike(what: str) -> None:
    assert done(SAME[what]) == done(SAVE)


@pytest.mark.parametrize("what", OTHER)
def test_another_thing_is_named_otherwise(what: str) -> None:
    assert beyond(tuple(done(OTHER[what])), done(SAVE))


def test_how_sql_is_broken_into_lines_does_not_count() -> None:
    one = "export async function act(id: string) { await prisma.$executeRaw`DELETE FROM post WHERE id = ${id}` }"
    assert done(one) == done(one.replace(" WHERE", "\n    WHERE"))
    assert done(one) != done(one.replace("post WHERE", "users WHERE"))


GUARD = "  const session = await auth()\n  if (!session?.user) throw new Error('no')\n  await"


def test_what_is_done_for_fewer_is_covered_and_what_is_done_for_more_is_not() -> None:
    open_to_all, guarded = done(SAVE), done(SAVE.replace("  await", GUARD))
    assert beyond(tuple(guarded), open_to_all) == ()
    assert len(beyond(tuple(open_to_all), guarded)) == 1


def test_what_an_action_leaves_out_by_now_is_covered() -> None:
    assert beyond((), done(SAVE)) == ()
