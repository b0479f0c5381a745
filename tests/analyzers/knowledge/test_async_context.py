"""What surrounds a call without being passed to it."""

from __future__ import annotations

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.running import effects, run

CONTEXT = """
    import { AsyncLocalStorage } from 'node:async_hooks'
    import { auth } from './auth'
    const principals = new AsyncLocalStorage()
    export const withPrincipal = (principal, work) => principals.run(principal, work)
    export async function who() {
      const principal = principals.getStore()
      if (principal) return principal
      const session = await auth()
      if (!session?.user) throw new Error('no')
      return session.user
    }
"""


def did(body: str) -> list[str]:
    """What `act` does."""
    head = f"{HEAD}import {{ who, withPrincipal }} from '../lib/who'\n"
    return effects(run({"app/actions.ts": head + body, **LIBRARY, "lib/who.ts": CONTEXT})["act"])


def test_outside_of_any_run_nothing_surrounds_the_call() -> None:
    body = "export async function act(id) { await who(); await db.post.delete({ where: { id } }) }"
    assert did(body) == ["delete post: Authenticated"]


def test_what_a_run_puts_around_a_call_is_read_inside() -> None:
    body = """
        export async function act(id, user) {
          await withPrincipal(user, async () => { await who(); await db.post.delete({ where: { id } }) })
        }"""
    assert did(body) == ["delete post"]
