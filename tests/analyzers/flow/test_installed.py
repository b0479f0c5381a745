"""A function that other code installs in a variable of a module: followed to who hands it in, or said to be unseen."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

ACTION = """
    'use server'
    import { store } from '../lib/hooks'
    import '../lib/setup'
    export async function keep(id: string) { await store(id) }
"""
SETUP = """
    import { db } from './db'
    import { install } from './hooks'
    install(async (id: string) => { await db.post.delete({ where: { id } }) })
"""

HOOKS = {
    "a function that is given one": """
        let save: ((id: string) => Promise<void>) | null = null
        export function install(f: (id: string) => Promise<void>) { save = f }
        export async function store(id: string) { await save?.(id) }
    """,
    "an arrow function that is given one": """
        let save = async (id: string) => {}
        export const install = (f: typeof save) => { save = f }
        export const store = async (id: string) => save(id)
    """,
    "one of several arguments, after a check": """
        let save: any
        export function install(f: any, name = 'posts') { if (save) return; save = f; console.info(name) }
        export const store = async (id: string) => { if (!save) return; await save(id) }
    """,
    "an object that holds it": """
        const hooks: { save: any } = { save: null }
        export function install(f: any) { hooks.save = f }
        export const store = async (id: string) => hooks.save(id)
    """,
    "by another name": """
        let save: any = null
        function put(f: any) { save = f }
        export { put as install }
        export const store = async (id: string) => save(id)
    """,
}


@pytest.mark.parametrize("hooks", HOOKS.values(), ids=HOOKS.keys())
def test_what_another_module_installs_is_followed(hooks: str) -> None:
    files = {"app/actions.ts": ACTION, "lib/hooks.ts": hooks, "lib/setup.ts": SETUP, **LIBRARY}
    assert effects(run(files)["keep"]) == ["delete post"]


def test_what_is_installed_by_a_named_function_inside_another_one_is_followed() -> None:
    setup = """
        import { db } from './db'
        import { install } from './hooks'
        async function drop(id: string) { await db.post.delete({ where: { id } }) }
        export function register() { install(drop) }
    """
    files = {"app/actions.ts": ACTION, "lib/hooks.ts": HOOKS["by another name"], "lib/setup.ts": setup, **LIBRARY}
    assert effects(run(files)["keep"]) == ["delete post"]


@pytest.mark.parametrize("hooks", HOOKS.values(), ids=HOOKS.keys())
def test_what_nothing_in_the_tree_installs_is_said_to_be_unseen(hooks: str) -> None:
    files = {"app/actions.ts": ACTION, "lib/hooks.ts": hooks, "lib/setup.ts": "export {}", **LIBRARY}
    unseen = [e.what for e in run(files)["keep"].effects if e.kind is EffectKind.UNSEEN]
    assert unseen == ["a function that other code installs"]


def test_a_method_that_takes_one_is_said_to_be_unseen_where_it_is_called() -> None:
    hooks = """
        class Hooks {
          save: any = null
          install(f: any) { this.save = f }
        }
        export const hooks = new Hooks()
        export const store = async (id: string) => { await hooks.save(id) }
    """
    files = {"app/actions.ts": ACTION, "lib/hooks.ts": hooks, "lib/setup.ts": "export {}", **LIBRARY}
    unseen = [e.what for e in run(files)["keep"].effects if e.kind is EffectKind.UNSEEN]
    assert unseen == ["a function that other code installs"]


def test_a_function_that_a_caller_hands_over_is_none_that_was_installed() -> None:
    action = """
        'use server'
        import { db } from '../lib/db'
        const each = async (rows: string[], work: any) => { for (const row of rows) await work(row) }
        export async function keep(rows: string[]) {
          await each(rows, async (id) => { await db.post.delete({ where: { id } }) })
        }
    """
    facts = run({"app/actions.ts": action, **LIBRARY})["keep"]
    assert [e.what for e in facts.effects if e.kind is EffectKind.UNSEEN] == []
