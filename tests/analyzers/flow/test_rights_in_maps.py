"""Rows in a map: what stands under a key was looked up by it."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Role
from preship.analyzers.rule import STACK
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { cache } from 'react'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    const configs = cache(async () => {
      const rows = await prisma.roleConfig.findMany()
      return new Map(rows.map((row) => [row.role, { permissions: row.permissions, isActive: row.isActive }]))
    })
    async function may(role: string, permission: string) {
      const config = (await configs()).get(role)
      if (!config || !config.isActive) return false
      return config.permissions.includes(permission)
    }
"""


def roles(asked: str) -> set[str]:
    """The roles that the caller has shown where a post is deleted, behind a test with this body."""
    code = f"""{HEAD}
    export async function act(id: string, role: string) {{
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      {asked}
      await prisma.post.delete({{ where: {{ id }} }})
    }}"""
    facts = run({"app/actions.ts": code, **STACK})["act"]
    (deleted,) = [e for e in facts.effects if e.kind is EffectKind.DELETE]
    return {name for fact in deleted.facts if isinstance(fact, Role) for name in fact.any_of}


ROWS = "const rows = await prisma.rolePermissions.findMany()\n"
SHOWN = [
    "if (!(await may(session.user.role, 'post.delete'))) throw new Error('Not allowed')",
    ROWS + "const all = new Map(rows.map((row) => [row.role, row]))\n"
    "if (!all.get(session.user.role)?.permissions.includes('post.delete')) throw new Error('Not allowed')",
    ROWS + "const all = new Map(rows.map((row) => [row.role, row.permissions]))\n"
    "if (!(all.get(session.user.role) ?? []).includes('post.delete')) return { error: 'Not allowed' }",
    ROWS + "const all = new Map(rows.map((row) => [row.id, { rights: { permissions: row.permissions } }]))\n"
    "const own = all.get(session.user.customRoleId)\n"
    "if (own === undefined || !own.rights.permissions.includes('post.delete')) return { error: 'Not allowed' }",
    "const config = await prisma.roleConfig.findUnique({ where: { role: session.user.role } })\n"
    "if (!config?.permissions.includes('post.delete')) return { error: 'Not allowed' }",
]


@pytest.mark.parametrize("asked", SHOWN)
def test_a_permission_under_the_callers_own_role_is_theirs(asked: str) -> None:
    assert roles(asked) == {"post.delete"}


@pytest.mark.parametrize(
    "asked",
    [
        "if (!(await may(role, 'post.delete'))) throw new Error('Not allowed')",
        "await may(session.user.role, 'post.delete')",
        ROWS + "if (!rows.some((row) => row.permissions.includes('post.delete'))) throw new Error('Not allowed')",
        "const plan = await prisma.planConfig.findUnique({ where: { name: session.user.plan } })\n"
        "if (!plan?.features.includes('export')) return { error: 'Not in your plan' }",
    ],
    ids=["a-role-that-is-sent", "nobody-waits", "of-anybody", "what-was-bought"],
)
def test_any_other_is_not(asked: str) -> None:
    assert roles(asked) == set()


OWN_RIGHTS = """
    async function may(userId: string, asked: string) {
      const rows = await prisma.userPermission.findMany({ where: { userId } })
      %s
    }
"""
REFUSED = "if (!(await may(session.user.id, 'post.delete'))) throw new Error('Not allowed')"

FILLED = {
    "a set that a loop fills": (
        "const all = new Set<string>()\nfor (const row of rows) all.add(row.permission)\nreturn all.has(asked)"
    ),
    "a set that a loop in a loop fills": (
        "const all = new Set()\nfor (const row of rows) for (const grant of row.grants) all.add(grant.permission)\n"
        "return all.has(asked)"
    ),
    "a set that a callback fills": (
        "const all = new Set()\nrows.forEach((row) => all.add(row.permission))\nreturn all.has(asked)"
    ),
    "a set where all is allowed by one word": (
        "const all = new Set()\nfor (const row of rows) all.add(row.permission)\nreturn all.has(asked) || all.has('*')"
    ),
    "a map that a loop fills": (
        "const all = new Map()\nfor (const row of rows) all.set(row.permission, row)\nreturn all.has(asked)"
    ),
    "a list that a loop fills": (
        "const all = []\nfor (const row of rows) all.push(row.permission)\nreturn all.includes(asked)"
    ),
}


@pytest.mark.parametrize("filling", FILLED.values(), ids=FILLED.keys())
def test_rights_that_a_loop_has_gathered_are_the_callers(filling: str) -> None:
    asked = f"{OWN_RIGHTS % filling}{REFUSED}".replace("async function may", "const may = async function")
    assert "post.delete" in roles(asked)


@pytest.mark.parametrize(
    "filling",
    [
        "const all = new Set(['post.delete'])\nfor (const row of rows) all.add(row.permission)\nreturn all.has(asked)",
        "const all = new Set()\nfor (const row of rows) all.add(row.permission)\nreturn all.size >= 0",
        "const all = new Set()\nfor (const row of rows) all.add(row.permission)\nreturn all.has(asked) || !rows.length",
        "const every = await prisma.userPermission.findMany()\nconst all = new Set()\n"
        "for (const row of every) all.add(row.permission)\nreturn all.has(asked)",
    ],
    ids=["the word stands in it", "only how many", "or has none", "those of everybody"],
)
def test_rights_that_need_not_be_the_callers_are_none(filling: str) -> None:
    asked = f"{OWN_RIGHTS % filling}{REFUSED}".replace("async function may", "const may = async function")
    assert "post.delete" not in roles(asked)
