"""What pages show to whoever visits them, as a witness for the actions behind them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.analyzers.running import run

APP = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
    """,
    "lib/posts.ts": """
        import { PrismaClient } from '@prisma/client'
        const prisma = new PrismaClient()
        export const postsOf = (author: string, page: number) =>
          prisma.post.findMany({ where: { author: { name: author } }, skip: 10 * page, select: { title: true } })
    """,
    "app/actions.ts": """
        'use server'
        import { postsOf } from '../lib/posts'
        export async function more(author: string, page: number) {
          return postsOf(author, page)
        }
    """,
    "app/list.tsx": """
        'use client'
        import { more } from './actions'
        export const List = ({ posts, author }) => <button onClick={() => more(author, 1)}>{posts.length}</button>
    """,
    "app/[author]/page.tsx": """
        import { List } from '../list'
        import { postsOf } from '../../lib/posts'
        export default async function Page({ params }) {
          const { author } = await params
          return <List author={author} posts={await postsOf(author, 0)} />
        }
    """,
}
GUARD = """
import { auth } from '../lib/auth'
import { redirect } from 'next/navigation'
export default async function Layout({ children }) {
  if (!(await auth())) redirect('/login')
  return <main>{children}</main>
}
"""


def is_shown(besides: Mapping[str, str]) -> bool:
    """Whether a page shows to anybody what the action `more` reads."""
    facts = run({**APP, **besides})["more"]
    (read,) = facts.touching_effects()
    return facts.is_shown_to_anybody(read)


def test_what_a_page_shows_to_all_its_visitors_is_for_everybody() -> None:
    assert is_shown({})


def test_a_page_beneath_a_layout_that_asks_shows_nothing_to_everybody() -> None:
    assert not is_shown({"app/layout.tsx": GUARD})


def test_code_that_runs_before_each_page_may_ask_who_is_there() -> None:
    assert not is_shown({"middleware.ts": "export { auth as middleware } from './lib/auth'"})


def test_another_query_of_a_page_tells_nothing() -> None:
    page = APP["app/[author]/page.tsx"].replace("await postsOf(author, 0)", "[]")
    assert not is_shown({"app/[author]/page.tsx": page})
