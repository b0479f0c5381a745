"""More exceptions than are told apart: each is still caught with what had been proven where it was thrown."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.exceptions import MOST_EXCEPTIONS
from tests.analyzers.flow.test_steps import FILES
from tests.analyzers.running import run

MANY = range(MOST_EXCEPTIONS + 5)
THROWS = " ".join(f"if (post.state === {n}) throw new Error(`{n}: ${{post.title}}`);" for n in MANY)
FAILS = " ".join(f"if (id.length === {n}) throw new Error('{n}');" for n in MANY)

HEAD = f"""
'use server'
import {{ auth }} from '../auth'
import {{ prisma }} from '../lib/prisma'
async function titled(post) {{ {THROWS} return post.id }}
async function shown(post) {{ if (post.isHidden) throw post.title; return post.id }}
"""
READ = "const post = await prisma.post.findUnique({ where: { id } });"
CHECK = "const session = await auth(); if (!session?.user) throw new Error('Sign in');"


def is_open(body: str) -> bool:
    """Whether an anonymous caller is told something of a post."""
    code = (
        f"{HEAD}export async function act(id) {{ try {{ {body} }} catch (error) {{ return error.message ?? error }} }}"
    )
    return run({**FILES, "app/actions.ts": code})["act"].anonymous_effect() is not None


CHECKED = {
    "thrown here": f"{READ} {CHECK} {THROWS}",
    "thrown here, after as many that tell nothing": f"{READ} {FAILS} {CHECK} {THROWS}",
    "thrown by a function": f"{READ} {CHECK} await titled(post)",
    "thrown by a function that nobody waits for at once": f"{READ} {CHECK} const done = titled(post); await done",
    "thrown on by a handler": f"{READ} {CHECK} try {{ {THROWS} }} catch (error) {{ throw error }}",
    "no error, but a text": f"{READ} {CHECK} await shown(post)",
}


@pytest.mark.parametrize("body", CHECKED.values(), ids=CHECKED)
def test_what_is_thrown_behind_a_check_is_told_to_those_who_passed_it(body: str) -> None:
    assert not is_open(body)


UNCHECKED = {
    "thrown here": f"{READ} {THROWS} {CHECK}",
    "thrown by a function": f"{READ} await titled(post); {CHECK}",
    "on both sides of the check": f"{READ} await titled(post); {CHECK} {THROWS}",
    "no error, but a text": f"{READ} await shown(post); {CHECK}",
}


@pytest.mark.parametrize("body", UNCHECKED.values(), ids=UNCHECKED)
def test_what_is_thrown_before_a_check_is_told_to_anybody(body: str) -> None:
    assert is_open(body)
