"""Unions that a property tells apart, told by which secrets and records of them reach the caller."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import STACK
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function access(token) {
      if (token) {
        const link = await prisma.link.findUnique({ where: { token }, select: { id: true } })
        if (!link) return { error: 'No link', kind: 'failed', ok: false }
        return { data: { key: process.env.API_KEY }, kind: 'done', ok: true }
      }
      const session = await auth()
      if (!session?.user) return { error: 'Sign in', kind: 'failed', ok: false }
      return { data: { key: process.env.API_KEY }, kind: 'done', ok: true }
    }

    async function made() {
      const row = await prisma.board.create({ data: { title: 'New' } }).catch(() => null)
      if (!row) return { success: false, error: 'failed' }
      return row
    }
"""


def handed_out(body: str) -> list[str]:
    """The secrets and whole records that an action with this body returns."""
    act = run({"app/actions.ts": f"{HEAD}\n    export async function act(token) {{ {body} }}", **STACK})["act"]
    return [found.name for found in (*act.secrets(), *act.raw_records())]


@pytest.mark.parametrize(
    "body",
    [
        "const a = await access(token); if (a.error) return a; return 1",
        "const a = await access(token); if (a?.error) { return a } return 1",
        "const a = await access(token); if (!a.ok) return a; return 1",
        "const a = await access(token); if (a.ok) return 1; return a",
        "const a = await access(token); if (a.ok === false) return a; return 1",
        "const a = await access(token); if (a.kind === 'failed') return a; return 1",
        "const a = await access(token); if (a.kind !== 'done') return a; return 1",
        "const a = await access(token); if ('error' in a) return a; return 1",
        "const a = await access(token); return a.ok ? 1 : a",
        "const a = await access(token); if (a.data) return 1; return a",
        "const a = await access(token); if (a.error || !a.ok) return a; return 1",
        "const r = await made(); if ('success' in r) return r; return r.id",
    ],
)
def test_only_the_half_that_a_test_admits_is_handed_on(body: str) -> None:
    assert handed_out(body) == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("const a = await access(token); if (a.error) return 1; return a", ["API_KEY"]),
        ("const a = await access(token); if (a.kind === 'failed') return 1; return a", ["API_KEY"]),
        ("const a = await access(token); if (!('error' in a)) return a; return 1", ["API_KEY"]),
        ("const a = await access(token); if (token.error) return a; return 1", ["API_KEY"]),
        ("const r = await made(); if ('success' in r) return 1; return r", ["`board`"]),
    ],
)
def test_the_other_half_is_handed_on_where_the_test_admits_it(body: str, names: list[str]) -> None:
    assert handed_out(body) == names
