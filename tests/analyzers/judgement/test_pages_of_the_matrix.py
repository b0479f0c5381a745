"""What pages show to whom, where what they do asks for a role by itself."""

from __future__ import annotations

import pytest

from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.examples import STACK
from preship.analyzers.inventory import pages_of
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from preship.analyzers.results import Access
from tests.analyzers.running import files_of

ACTIONS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    export async function listUsers() {
      const session = await auth()
      if (!session?.user.isAdmin) throw new Error('not allowed')
      return prisma.user.findMany()
    }
    export async function listNews() {
      const session = await auth()
      if (!session?.user) throw new Error('not allowed')
      return prisma.news.findMany()
    }
"""

PAGES = {
    "in an effect of the browser": """
        'use client'
        import { useEffect, useState } from 'react'
        import { listNews, listUsers } from './actions'
        export default function Page() {
          const [users, setUsers] = useState([])
          useEffect(() => { const load = async () => { await listNews(); setUsers(await listUsers()) }; load() }, [])
          return users.map((user) => <p key={user.id}>{user.name}</p>)
        }
    """,
    "while the server renders": """
        import { listNews, listUsers } from './actions'
        export default async function Page() {
          const news = await listNews()
          const users = await listUsers().catch(() => [])
          return <p>{news.length + users.length}</p>
        }
    """,
    "in a branch of the page": """
        import { auth } from '../lib/auth'
        import { prisma } from '../lib/prisma'
        import { listNews } from './actions'
        export default async function Page() {
          const news = await listNews()
          const session = await auth()
          const users = session?.user.isAdmin ? await prisma.user.findMany() : []
          return <p>{news.length + users.length}</p>
        }
    """,
    "all at once": """
        import { listNews, listUsers } from './actions'
        export default async function Page() {
          const [news, users] = await Promise.allSettled([listNews(), listUsers()])
          return <p>{news.status + users.status}</p>
        }
    """,
}


def rows(page: str) -> dict[str, Access]:
    """What each kind of caller gets on a page."""
    files = {**STACK, "app/actions.ts": ACTIONS, "app/page.tsx": page}
    tree = codebase_of(MemoryFiles(files_of(files)), Parsed())
    with deep_recursion():
        (entrance,) = pages_of(tree, ["app/page.tsx"])
    return {each.caller: each for each in entrance.access}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_what_an_action_keeps_for_a_role_no_page_shows_to_members(page: str) -> None:
    found = rows(page)
    assert found["member"].reads == ("news",)
    assert found["isAdmin"].reads == ("news", "user")
    assert "user" not in found["other member"].reads
