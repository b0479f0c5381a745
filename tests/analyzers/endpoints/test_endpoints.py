"""What a caller of an action meets: what it expects, and what a call might do that names no record."""

from __future__ import annotations

import pytest

from preship.analyzers import analysis
from preship.analyzers.analysis import Endpoint, MemoryFiles, Policy
from preship.analyzers.endpoints.expected import (
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Choice,
    Expected,
    Field,
    Form,
    Items,
    Number,
    Record,
    Text,
)

LIBRARIES = {
    "package.json": '{"dependencies": {"next": "16", "@prisma/client": "6", "drizzle-orm": "1", "zod": "4"}}',
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "lib/schema.ts": """
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const posts = pgTable('posts', { id: text('id'), kind: text('kind') })
    """,
    "lib/input.ts": """
        import { z } from 'zod'
        export const Post = z.object({ id: z.string().uuid(), title: z.string().min(3).max(80) })
        export type Draft = { title: string; tags?: string[] }
    """,
}
HEAD = """'use server'
import { prisma } from '../lib/prisma'
import { posts } from '../lib/schema'
import { Post, type Draft } from '../lib/input'
import { drizzle } from 'drizzle-orm/postgres-js'
import { and, eq, gt, ne, or } from 'drizzle-orm'
import { z } from 'zod'
const db = drizzle('')
"""


def met(code: str) -> Endpoint:
    """The only action of a file."""
    files = MemoryFiles({**LIBRARIES, "app/actions.ts": HEAD + code})
    [(_, endpoint)] = analysis.endpoints(files, Policy())
    return endpoint


def expected(parameters: str, body: str = "") -> tuple[Expected, ...]:
    endpoint = met(f"export async function act({parameters}) {{ {body} }}")
    return tuple(each.expected for each in endpoint.parameters)


TITLE = Text(least=3, most=80)
POST = Record((Field("id", Text("uuid")), Field("title", TITLE)))


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("string", TEXT),
        ("number | null", NUMBER),
        ("'draft' | 'live'", Choice(("draft", "live"))),
        ("string[]", Items(TEXT)),
        ("ReadonlyArray<{ id: string }>", Items(Record((Field("id", TEXT),)))),
        ("{ id: string; at?: Date, on: boolean }", None),
        ("Draft", Record((Field("title", TEXT), Field("tags", Items(TEXT), is_optional=True)))),
        ("Partial<Draft>", Record((Field("title", TEXT), Field("tags", Items(TEXT), is_optional=True)))),
        ("z.infer<typeof Post>", POST),
        ("bigint", Number(is_big=True)),
    ],
)
def test_a_type_says_what_is_expected(kind: str, meant: Expected | None):
    whole = Record((Field("id", TEXT), Field("at", MOMENT, is_optional=True), Field("on", FLAG)))
    assert expected(f"value: {kind}") == (meant or whole,)


@pytest.mark.parametrize(
    ("parameters", "body", "meant"),
    [
        ("input: unknown", "Post.parse(input)", POST),
        ("form: FormData", "Post.safeParse(Object.fromEntries(form))", Form(POST.fields)),
        ("form: FormData", "form.get('title')", Form((Field("title", TEXT),))),
        (
            "form: FormData",
            "Post.parse({ id: String(form.get('post')), title: form.get('title') })",
            Form((Field("post", Text("uuid")), Field("title", TITLE))),
        ),
        ("{ id, title }", "", None),
        ("input: unknown", "Post.extend({ n: z.number().int().min(2) }).pick({ n: true }).parse(input)", None),
    ],
)
def test_what_the_body_parses_says_more(parameters: str, body: str, meant: Expected | None):
    [found] = expected(parameters, body)
    if meant is not None:
        assert found == meant
    elif isinstance(found, Record):
        assert [each.name for each in found.fields] in (["id", "title"], ["n"])


@pytest.mark.parametrize(
    "call",
    [
        "await prisma.post.delete({ where: { id } })",
        "await prisma.post.updateMany({ where: { id: { in: [id] } }, data: { title: '' } })",
        "await db.delete(posts).where(eq(posts.id, id))",
        "const post = await prisma.post.findUnique({ where: { id } })\n"
        "  if (post) await prisma.comment.deleteMany({ where: { postId: post.id } })",
    ],
)
def test_what_is_found_by_an_argument_alone_is_untouched_by_one_that_names_nothing(call: str):
    assert met(f"export async function act(id: string) {{ {call} }}").whatever_it_names == ()


@pytest.mark.parametrize(
    "call",
    [
        "await prisma.post.create({ data: { id } })",
        "await prisma.post.deleteMany()",
        "await prisma.post.deleteMany({ where: { NOT: { id } } })",
        "await prisma.post.deleteMany({ where: { OR: [{ id }, { kind: 'x' }] } })",
        "await db.delete(posts).where(ne(posts.id, id))",
        "await db.delete(posts).where(gt(posts.id, id))",
        "await db.delete(posts).where(or(eq(posts.id, id), eq(posts.kind, 'x')))",
        "await fetch('https://mail.example', { method: 'POST', body: id })",
        "await prisma.$executeRawUnsafe('DELETE FROM posts')",
    ],
)
def test_what_happens_whatever_an_argument_names_is_said(call: str):
    assert met(f"export async function act(id: string) {{ {call} }}").whatever_it_names


WRAPPERS = """
export const withUser = (run: any) => async (...given: any[]) => {
  const user = await prisma.session.findFirst()
  return run(user, ...given)
}
export const withInput = (run: any) => async (input: unknown) => run(input, 1)
"""


@pytest.mark.parametrize(
    ("code", "parameters"),
    [
        ("withUser(async (user, id: string) => { await prisma.post.delete({ where: { id } }) })", {"id": TEXT}),
        (
            "withInput(async (input: { id: string }, by) => { await prisma.post.delete({ where: { id: input.id } }) })",
            {"input": Record((Field("id", TEXT),))},
        ),
    ],
)
def test_behind_a_wrapper_only_what_the_caller_sends_is_expected(code: str, parameters: dict[str, Expected]):
    wrappers = "import { prisma } from './prisma'\n" + WRAPPERS
    act = f"{HEAD}import {{ withInput, withUser }} from '../lib/wrappers'\nexport const act = {code}\n"
    files = MemoryFiles({**LIBRARIES, "lib/wrappers.ts": wrappers, "app/actions.ts": act})
    [(_, endpoint)] = analysis.endpoints(files, Policy())
    assert {each.name: each.expected for each in endpoint.parameters} == parameters
    assert endpoint.whatever_it_names == ()


def test_an_argument_of_few_values_may_match_records():
    endpoint = met("export async function act(kind: 'a' | 'b') { await prisma.post.deleteMany({ where: { kind } }) }")
    assert endpoint.whatever_it_names


def test_an_inline_action_that_uses_what_its_page_knows_is_bound():
    page = """
        import { prisma } from '../lib/prisma'
        export default function Page({ params }) {
          const id = params.id
          async function act(%s) {
            'use server'
            await prisma.post.delete({ where: { id } })
          }
          return <form action={act} />
        }
    """
    for parameters, is_bound in (("", True), ("id: string", False)):
        [(_, endpoint)] = analysis.endpoints(MemoryFiles({**LIBRARIES, "app/page.tsx": page % parameters}), Policy())
        assert endpoint.is_bound is is_bound


def test_the_cookies_that_the_code_asks_for_are_known():
    code = (
        "import { cookies } from 'next/headers'\nexport const who = async () => (await cookies()).get('uid')?.value\n"
    )
    assert analysis.cookies_of(MemoryFiles({"lib/session.ts": code, "lib/map.ts": "new Map().get('x')"})) == ("uid",)
