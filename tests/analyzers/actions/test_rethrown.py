"""Which exceptions leave an action with what another one said."""

from __future__ import annotations

import pytest

from analyzers.rule import STACK
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { createSafeActionClient } from 'next-safe-action'
    import { prisma } from '../lib/prisma'
    import { supabase } from '../lib/supabase'
    import { reworded } from '../lib/errors'
"""

ERRORS = """
    export function reworded(error) { throw new Error('It failed: ' + error.message) }
"""


def rethrown_at(code: str) -> list[int]:
    """The lines at which the exceptions were caught whose text leaves `act`, counted from its own."""
    act = run({"app/actions.ts": f"{HEAD}{code}", "lib/errors.ts": ERRORS, **STACK})["act"]
    return [handed.effect.span.line - act.line for handed in act.rethrown_messages() if handed.effect is not None]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("try { await prisma.post.count() } catch (error) { throw new Error(error.message) }", [0]),
        ("try { await prisma.post.count() } catch (error) { throw new Error(`It failed: ${error}`) }", [0]),
        ("try { await prisma.post.count() } catch (error) { reworded(error) }", [0]),
        ("await prisma.post.count().catch(reworded)", [0]),
        ("try { await prisma.post.count() } catch (error) { throw new Error(error.code) }", []),
        ("try { await prisma.post.count() } catch (error) { throw new Error('It failed', { cause: error }) }", []),
        ("try { await prisma.post.count() } catch (error) { throw error }", []),
        ("try { await prisma.post.count().catch(reworded) } catch { return 0 }", []),
    ],
)
def test_a_new_exception_that_repeats_another_tells_what_it_said(body: str, lines: list[int]) -> None:
    assert rethrown_at(f"export async function act(id) {{ {body} }}") == lines


def test_a_client_that_hands_no_messages_on_throws_as_its_action_does() -> None:
    code = """
    const client = createSafeActionClient()
    export const act = client.action(async () => {
      const { error } = await (await supabase()).from('notes').insert({})
      if (error) throw new Error(error.message)
    })
    """
    assert rethrown_at(code) == [1]


def test_what_two_actions_hand_to_one_function_is_told_apart_by_where_they_catch() -> None:
    code = """
    export async function other() { await prisma.post.count().catch(reworded) }
    export async function act() {
      await prisma.user.count().catch(reworded)
    }
    """
    assert rethrown_at(code) == [1]
