"""Lists that are written out as empty: one that stands alone may have been filled by somebody, a fallback is empty."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import { fill } from 'somewhere'
    const prisma = new PrismaClient()
    const remove = (id) => prisma.post.delete({ where: { id } })
    const collect = (found, ids) => ids.forEach((id) => found.push({ id }))
"""

FILLED_ELSEWHERE = (
    "const found = []; collect(found, ids); for (const each of found) await remove(each.id)",
    "const found = []; fill(found); for (const { id } of found) await remove(id)",
    "const found = []; fill(found); await Promise.all(found.map((each) => remove(each.id)))",
    "const found = []; fill(found); found.forEach(async (each) => { await remove(each.id.trim()) })",
    "const found = []; await fill((id) => found.push({ id })); const hit = found.find(Boolean); await remove(hit.id)",
    "const [first] = fill([]) ?? []; await remove(first.id)",
)


@pytest.mark.parametrize("body", FILLED_ELSEWHERE)
def test_what_is_done_with_the_items_of_a_list_that_somebody_may_have_filled_is_seen(body: str) -> None:
    facts = run(f"{HEAD} export async function act(ids) {{ {body} }}")["act"]
    assert effects(facts) == ["delete post"]
    assert facts.crashes == frozenset()


def test_a_set_that_another_function_fills_is_gone_through() -> None:
    watchers = """
        const watchers = new Set()
        export async function watch(watcher) { watchers.add(watcher) }
        export async function act(id) { for (const watcher of watchers) watcher(id); await remove(id) }
    """
    facts = run(HEAD + watchers)["act"]
    assert effects(facts) == ["delete post"]
    assert facts.crashes == frozenset()


FALLBACKS = (
    "for (const each of list ?? []) await remove(each.id)",
    "await Promise.all((list ?? []).map((each) => remove(each.id)))",
    "const ids = (list || []).filter((each) => each.ok).map((each) => each.id); await remove({ in: ids })",
    "(list ?? []).forEach((each) => remove(each.id))",
    "const hit = (list ?? []).find((each) => each.id.trim() === 'a'); await remove(hit.id)",
    "const sum = (list ?? []).reduce((all, each) => all + each.id.length, 0); await remove(sum)",
)


@pytest.mark.parametrize("body", FALLBACKS)
def test_a_fallback_brings_no_items(body: str) -> None:
    code = f"{HEAD} export async function act(flag) {{ const list = flag ? [{{ id: 'a' }}] : undefined; {body} }}"
    facts = run(code)["act"]
    assert effects(facts) == ["delete post"]
    assert facts.crashes == frozenset()
