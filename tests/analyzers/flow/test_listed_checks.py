"""Checks that stand in a list, or in functions that unread or pure code calls one after another."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import Policy, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.results import JudgedAction
from preship.analyzers.rule import STACK
from tests.analyzers.running import files_of

HEAD = """
    'use server'
    import { cookies, headers } from 'next/headers'
    import { match } from 'ts-pattern'
    import { ResultAsync, err, ok } from 'neverthrow'
    import * as R from 'ramda'
    import { pipe } from 'remeda'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    const wipe = () => prisma.post.deleteMany()
    const need = async () => { const s = await auth(); if (!s?.user) throw new Error('no'); return s }
"""
S = "const s = await auth();"
CHECKS = "const checks = [() => !!s?.user, () => true];"
RULES = "const rules = [{ ok: !!s?.user, say: 'no' }, { ok: true, say: 'late' }];"


def judged(body: str) -> JudgedAction:
    """The action with this body."""
    code = f"{HEAD}\n    export async function act() {{ {body} }}"
    (action,) = scan(MemoryFiles(files_of({**STACK, "app/actions.ts": code})), Policy()).actions
    return action


def faults(body: str) -> list[str]:
    return [f.rule for f in judged(body).findings if f.rule in {"missing-authentication", "unenforced-session"}]


@pytest.mark.parametrize(
    "body",
    [
        f"{S} {CHECKS} if (!checks.every((check) => check())) throw new Error('no'); await wipe()",
        f"{S} {CHECKS} for (const check of checks) {{ if (!check()) throw new Error('no') }} await wipe()",
        f"{S} {CHECKS} if (checks.find((check) => !check())) throw new Error('no'); await wipe()",
        f"{S} {CHECKS} if (checks.some((check) => !check())) return; await wipe()",
        f"{S} {RULES} for (const rule of rules) if (!rule.ok) throw new Error(rule.say); await wipe()",
        f"{S} {RULES} const failed = rules.filter((rule) => !rule.ok);"
        " if (failed.length > 0) return { error: failed[0].say }; await wipe()",
        f"{S} {RULES} const failed = rules.find((rule) => !rule.ok); if (failed) return; await wipe()",
        f"{S} {RULES} if (rules.every((rule) => rule.ok)) await wipe()",
    ],
)
def test_each_check_of_a_list_holds_where_all_do(body: str) -> None:
    assert faults(body) == []


@pytest.mark.parametrize(
    "body",
    [
        f"{S} {CHECKS} if (!checks.some((check) => check())) throw new Error('no'); await wipe()",
        f"{S} {CHECKS} checks.every((check) => check()); await wipe()",
        f"{S} {RULES} for (const rule of rules) if (!rule.ok) console.log(rule.say); await wipe()",
        f"{S} {RULES} const failed = rules.filter((rule) => !rule.ok); if (failed.length > 1) return; await wipe()",
        f"{S} {RULES} if (rules.some((rule) => rule.ok)) await wipe()",
    ],
)
def test_one_check_of_a_list_is_not_all_of_them(body: str) -> None:
    assert faults(body) == ["unenforced-session"]


@pytest.mark.parametrize(
    "body",
    [
        "await pipe(await auth(), (s) => { if (!s) throw new Error('no'); return s }, () => wipe())",
        "await R.pipe(need, async (s) => { await s; await wipe() })()",
        "await R.compose(async (s) => { await s; await wipe() }, need)()",
    ],
)
def test_what_a_pipe_calls_first_has_refused_before_the_next(body: str) -> None:
    assert faults(body) == []


def test_a_pipe_that_refuses_nobody_is_none() -> None:
    body = "await R.pipe(async () => auth(), async (s) => { await s; await wipe() })()"
    assert faults(body) == ["unenforced-session"]


@pytest.mark.parametrize(
    "body",
    [
        f"{S} return match(s).with(null, () => null).otherwise(async () => {{ await wipe() }})",
        "return ResultAsync.fromPromise(auth(), () => 'x').andThen((s) => (s ? ok(s) : err('no'))).map(() => wipe())",
    ],
)
def test_code_that_is_handed_the_session_may_ask_before_it_calls_back(body: str) -> None:
    assert faults(body) == []
    assert "unseen" in {str(entry.answer) for entry in judged(body).checklist if entry.item == "authentication"}


def test_code_that_is_handed_no_session_asks_for_none() -> None:
    assert faults(f"{S} return match(1).with(2, () => null).otherwise(async () => {{ await wipe() }})") != []


@pytest.mark.parametrize(
    "body",
    [
        "if ((await cookies()).get('k')?.value !== process.env.ADMIN_KEY) throw new Error('no'); await wipe()",
        "if ((await headers()).get('x-key') === process.env.CRON_SECRET) await wipe()",
        "const h = (await headers()).get('authorization') ?? ''; const [user, pass] = atob(h.split(' ')[1]).split(':');"
        " if (user !== process.env.ADMIN_USER || pass !== process.env.ADMIN_PASS) throw new Error('no'); await wipe()",
        "const h = (await headers()).get('authorization'); if (!h?.startsWith('Basic ')) return;"
        " const [user, pass] = Buffer.from(h.slice(6), 'base64').toString().split(':');"
        " if (user === process.env.ADMIN_USER && pass === process.env.ADMIN_PASS) await wipe()",
    ],
)
def test_who_sends_nothing_does_not_send_the_secret_of_a_deployment_that_asks_for_one(body: str) -> None:
    assert faults(body) == []
