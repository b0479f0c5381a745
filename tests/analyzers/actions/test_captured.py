"""Inline actions see the variables of the render that made them, wherever in it they stand."""

from __future__ import annotations

import textwrap

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.flow.origins import Session
from preship.analyzers.flow.values import origins_of
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed

HEAD = """
import { redirect } from 'next/navigation'
import { auth } from '@/auth'
import { prisma } from '@/lib/prisma'
"""

FILES = {
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
}

SESSION = """
  const session = await auth()
  if (!session) redirect('/login')
"""


def inline(page: str) -> list[ActionFacts]:
    """The inline actions of a page, in source order."""
    tree = codebase_of(MemoryFiles({**FILES, "app/page.tsx": HEAD + textwrap.dedent(page)}), Parsed())
    with deep_recursion():
        return [tree.executed(action) for action in tree.actions("app/page.tsx")]


def deletes_by_session(facts: ActionFacts) -> bool:
    """Whether the action deletes what the session that the page captured says."""
    [effect] = facts.touching_effects()
    return any(isinstance(origin, Session) for origin in origins_of(effect.key))


DELETE = "'use server'; await prisma.post.deleteMany({ where: { id: String(id), authorId: session.user.id } })"

PLACES = {
    "the second action of an element": f"""
        export default async function Page() {{{SESSION}
          return <Table onEdit={{async (id) => {{ {DELETE} }}}} onDelete={{async (id) => {{ {DELETE} }}}} />
        }}
    """,
    "a component inside the page": f"""
        export default async function Page() {{{SESSION}
          const Row = ({{ post }}) => <form action={{async (id) => {{ {DELETE} }}}} />
          return <Row post={{1}} />
        }}
    """,
    "a component inside a component inside the page": f"""
        export default async function Page() {{{SESSION}
          function Table() {{
            function Row({{ id }}) {{
              async function remove() {{ {DELETE} }}
              return <form action={{remove}} />
            }}
            return <Row />
          }}
          return <Table />
        }}
    """,
    "each item of a list": f"""
        export default async function Page() {{{SESSION}
          const posts = await prisma.post.findMany()
          return posts.map(({{ id }}) => <form action={{async () => {{ {DELETE} }}}} />)
        }}
    """,
    "a list that may be empty": f"""
        export default async function Page({{ posts }}) {{{SESSION}
          const forms = []
          for (const id of posts ?? []) forms.push(<form action={{async () => {{ {DELETE} }}}} />)
          return forms
        }}
    """,
    "a branch of a condition": f"""
        export default async function Page() {{{SESSION}
          return session.user.isAdmin ? <form action={{async (id) => {{ {DELETE} }}}} /> : <p>None</p>
        }}
    """,
    "an element behind a condition": f"""
        export default async function Page({{ id }}) {{{SESSION}
          return <div>{{session && <form action={{async () => {{ {DELETE} }}}} />}}</div>
        }}
    """,
    "behind an early return": f"""
        export default async function Page({{ id }}) {{{SESSION}
          const post = await prisma.post.findFirst()
          if (!post) return <p>None</p>
          return <form action={{async () => {{ {DELETE} }}}} />
        }}
    """,
    "a declaration behind the return": f"""
        export default async function Page({{ id }}) {{{SESSION}
          return <form action={{remove}} />
          async function remove() {{ {DELETE} }}
        }}
    """,
    "a function that makes actions": f"""
        export default async function Page() {{{SESSION}
          const removing = (id) => async () => {{ {DELETE} }}
          return <form action={{removing('1')}} />
        }}
    """,
    "an object of actions": f"""
        export default async function Page() {{{SESSION}
          const actions = {{ async remove(id) {{ {DELETE} }}, edit: async (id) => {{ {DELETE} }} }}
          return <Table {{...actions}} />
        }}
    """,
    "bound arguments": f"""
        export default async function Page({{ posts }}) {{{SESSION}
          async function remove(id) {{ {DELETE} }}
          return posts.map((post) => <form action={{remove.bind(null, post.id)}} />)
        }}
    """,
    "a page in a wrapper": f"""
        export default withLayout(async function Page({{ id }}) {{{SESSION}
          return <form action={{async () => {{ {DELETE} }}}} />
        }})
    """,
}


@pytest.mark.parametrize("place", PLACES)
def test_an_inline_action_sees_what_it_captures(place: str) -> None:
    found = inline(PLACES[place])
    assert found
    assert [deletes_by_session(facts) for facts in found] == [True] * len(found)


def test_an_action_made_twice_may_have_captured_either() -> None:
    [facts] = inline(f"""
        export default async function Page({{ other }}) {{{SESSION}
          const removing = (id) => async () => {{ 'use server'; await prisma.post.deleteMany({{ where: {{ id }} }}) }}
          return <div><form action={{removing(session.user.id)}} /><form action={{removing('fixed')}} /></div>
        }}
    """)
    assert deletes_by_session(facts)
    assert "fixed" in str(facts.touching_effects()[0].key)


def test_what_the_page_has_proven_counts_for_nothing_where_the_action_captures_nothing_of_it() -> None:
    [facts] = inline(f"""
        export default async function Page() {{{SESSION}
          return <form action={{async () => {{ 'use server'; await prisma.post.deleteMany() }}}} />
        }}
    """)
    found = facts.anonymous_effect()
    assert found is not None
    assert found.claim is None


def test_who_sends_what_only_the_page_could_encrypt_was_let_in_once() -> None:
    [facts] = inline(f"""
        export default async function Page() {{{SESSION}
          const {{ user }} = session
          return <form action={{async () => {{
            'use server'
            await prisma.post.delete({{ where: {{ id: user.id }} }})
          }}}} />
        }}
    """)
    found = facts.anonymous_effect()
    assert found is not None
    assert found.claim is not None
    assert found.claim.is_captured


def test_a_name_of_its_own_is_not_captured() -> None:
    [facts] = inline(f"""
        export default async function Page() {{{SESSION}
          return <form action={{async (session) => {{
            'use server'
            await prisma.post.delete({{ where: {{ id: session.id }} }})
          }}}} />
        }}
    """)
    found = facts.anonymous_effect()
    assert found is not None
    assert found.claim is None
