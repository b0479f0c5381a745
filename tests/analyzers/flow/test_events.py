"""What comes back through callbacks: the answer of a promise, and the exception of an event."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import STACK
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import run

HEAD = """
    'use server'
    import Mailbox from 'mailbox'
    import { prisma } from '../lib/prisma'
"""


@pytest.mark.parametrize(
    ("work", "answer"),
    [
        ("resolve('done')", "'done'"),
        ("setTimeout(() => resolve('late'), 100)", "'late'"),
        ("new Mailbox(id).once('error', (failure) => resolve(failure.message))", "caught"),
        ("new Mailbox(id).once('ready', (mailbox) => resolve(mailbox.name))", "unfollowed"),
        ("id.subscribe(resolve)", "plain"),
    ],
)
def test_a_promise_gives_what_it_is_resolved_with(work: str, answer: str) -> None:
    code = f"{HEAD}\n    export async function act(id) {{ return new Promise((resolve) => {{ {work} }}) }}"
    assert shown(run({"app/actions.ts": code, **STACK})["act"].result) == answer
