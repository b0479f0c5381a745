"""Tests of what kind of value something is: on each path the variable is what the test leaves."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    const prisma = new PrismaClient()
    const pick = (flag, first, second) => (flag ? first : second)
    export async function act(flag, input) {
"""


def crashes(body: str) -> list[int]:
    """The lines of the body at which a path ends since something is undefined; the last statement is reached."""
    facts = run(f"{HEAD}{body}\n      await prisma.post.deleteMany()\n    }}")["act"]
    assert [effect.target for effect in facts.touching_effects()] == ["post"]
    return sorted(crash.span.line - 5 for crash in facts.crashes)


@pytest.mark.parametrize(
    "body",
    [
        "const x = pick(flag, [{ id: 1 }], { id: 1 }); const y = Array.isArray(x) ? x.map((i) => i.id) : x.id.at()",
        "const x = { id: 1 }; if (Array.isArray(x)) x.map((i) => i.id.trim().nothing.at.all)",
        "const x = pick(flag, 'a', ['a']); if (typeof x === 'string') x.trim(); else x.map((y) => y)",
        "const x = pick(flag, 'a', { trim: undefined }); if (typeof x !== 'string') return; x.trim()",
        "const x = pick(flag, new Date(), { toISOString: null }); if (x instanceof Date) x.toISOString()",
        "const x = pick(flag, () => 1, { call: 1 }); typeof x === 'function' && x()",
        "const x = pick(flag, [1], undefined); if (!Array.isArray(x)) return; x.map(String)",
        "const x = pick(flag, { a: { b: 1 } }, 'text'); if (typeof x === 'object' && x !== null) x.a.b.toFixed()",
        "function walk(x) { if (Array.isArray(x)) return x.map(walk); return typeof x === 'object' ? x.id : x }\n"
        "walk([{ id: 'a' }, 'b', [1]])",
    ],
)
def test_a_path_goes_on_with_what_the_test_leaves(body: str) -> None:
    assert crashes(body) == []


@pytest.mark.parametrize("test", ["Array.isArray(input)", "typeof input === 'object'", "input instanceof Array"])
def test_of_what_is_not_known_both_paths_go_on(test: str) -> None:
    code = f"{HEAD} if ({test}) await prisma.list.deleteMany(); else await prisma.one.deleteMany() }}"
    assert [effect.target for effect in run(code)["act"].touching_effects()] == ["list", "one"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("post?.deletedAt !== null", ["one"]),
        ("post?.deletedAt === undefined", ["one"]),
        # A library's own null or undefined is not known for sure.
        ("post === undefined", ["one"]),
        ("post === null", ["one"]),
        ("post == undefined", ["one"]),
        ("post?.deletedAt != null || !post", ["one"]),
    ],
)
def test_null_is_not_undefined(test: str, expected: list[str]) -> None:
    code = f"""{HEAD}
        const post = await prisma.post.findUnique({{ where: {{ id: input }} }})
        if ({test}) return
        if (post) await prisma.one.delete({{ where: {{ id: post.id.trim() }} }})
        else await prisma.none.deleteMany()
    }}"""
    facts = run(code)["act"]
    assert [effect.target for effect in facts.touching_effects() if effect.target != "post"] == sorted(expected)
