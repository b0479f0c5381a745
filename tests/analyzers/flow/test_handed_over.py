"""Functions handed to code that is not read: it may call them later, and on something of its own."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import { later, Node } from '@example/unread'
    const prisma = new PrismaClient()
"""

HANDED = (
    "later(async () => { await fill(id).done; await remove() }); const fill = later((x) => x); "
    "async function remove() { await prisma.post.delete({ where: { id } }) }",
    "later(async () => remove()); const remove = async () => prisma.post.delete({ where: { id } }); later(remove)",
    "later(function () { this.parent.start(); return prisma.post.delete({ where: { id } }) })",
    "Node.create({ async run() { const parent = this.parent?.(); await prisma.post.delete({ where: { id } }) } })",
    "const hooks = { async start() { this.options.run(); await prisma.post.delete({ where: { id } }) } }; "
    "await later(hooks.start)",
)


@pytest.mark.parametrize("body", HANDED)
def test_what_a_function_does_that_unread_code_calls_is_seen(body: str) -> None:
    facts = run(f"{HEAD} export async function act(id) {{ {body} }}")["act"]
    assert effects(facts) == ["delete post"]
    assert facts.crashes == frozenset()
