"""Actions of which every path seems to end in front of what they do: that is said, and never taken for silence."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import run

HEAD = """
'use server'
import { redirect } from 'next/navigation'
import { auth } from '../lib/auth'
import { db } from '../lib/db'
const user = null
async function demand() { if (!user) throw new Error('Not signed in'); return user }
"""
HERE = "the code behind it: every path ends here"
NEVER = "its code: nothing calls it"

ENDS = {
    "a guard that always throws": (
        """
        export async function act(id) {
          await demand()
          await db.post.delete({ where: { id } })
        }""",
        (HERE, "await demand()"),
    ),
    "a guard whose answer is kept": (
        """
        export async function act(id) {
          const somebody = await demand()
          await db.post.delete({ where: { id } })
        }""",
        (HERE, "const somebody"),
    ),
    "a refusal that is always returned": (
        """
        export async function act(id) {
          if (!user) return { error: 'Not signed in' }
          await db.post.delete({ where: { id } })
        }""",
        (HERE, "if (!user)"),
    ),
    "a property of nothing": (
        """
        export async function act(id) {
          const name = user.name
          await db.post.delete({ where: { id } })
        }""",
        (HERE, "const name"),
    ),
    "a guard inside a try that answers": (
        """
        export async function act(id) {
          try {
            await demand()
            await db.post.delete({ where: { id } })
          } catch {
            return { error: 'Failed' }
          }
        }""",
        (HERE, "await demand()"),
    ),
    "a wrapper that never calls its action": (
        """
        const signedIn = (action) => async (...given) => {
          await demand()
          return action(...given)
        }
        export const act = signedIn(async (id) => { await db.post.delete({ where: { id } }) })""",
        (NEVER, "async (id)"),
    ),
}


@pytest.mark.parametrize(("code", "said"), ENDS.values(), ids=list(ENDS))
def test_code_behind_the_end_of_every_path_was_not_judged(code: str, said: tuple[str, str]) -> None:
    why, start = said
    text = HEAD + code
    (line,) = (number for number, each in enumerate(text.lstrip("\n").split("\n"), 1) if start in each and number > 6)
    assert unreached(text) == [(why, line)]


MEANT = {
    "what is not there yet": "export async function act() { throw new Error('Not implemented') }",
    "what was switched off": """
        export async function act(id) {
          throw new Error('Not for now')
          await db.post.delete({ where: { id } })
        }""",
    "an action that only redirects": "export async function act() { redirect('/') }",
    "code behind a redirect": """
        export async function act(id) {
          redirect('/')
          await db.post.delete({ where: { id } })
        }""",
    "code behind two answers": """
        export async function act(id) {
          if (id) { return 1 } else { throw new Error('No') }
          await db.post.delete({ where: { id } })
        }""",
    "a branch that a constant leaves out": """
        const VERBOSE = false
        export async function act(id) {
          if (VERBOSE) { await db.note.create({ data: {} }) }
          await db.post.delete({ where: { id } })
        }""",
    "a guard that somebody passes": """
        export async function act(id) {
          if (!(await auth())) throw new Error('Not signed in')
          await db.post.delete({ where: { id } })
        }""",
    "a guard with nothing behind it": "export async function act() { await demand() }",
}


@pytest.mark.parametrize("code", MEANT.values(), ids=list(MEANT))
def test_an_end_that_is_meant_needs_no_word(code: str) -> None:
    assert unreached(HEAD + code) == []


def unreached(text: str) -> list[tuple[str, int]]:
    """What an action says of code that its paths never came to, and where."""
    facts = run({"app/actions.ts": text.lstrip("\n"), **LIBRARY})["act"]
    return [(e.what, e.span.line) for e in facts.effects if e.kind is EffectKind.UNSEEN]
