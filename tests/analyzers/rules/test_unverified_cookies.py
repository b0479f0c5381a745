"""Sessions that are a text in a cookie: whoever sends the request writes them."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import STACK
from preship.analyzers.rules import missing_authentication, unverified_session
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { cookies } from 'next/headers'
    import { jwtVerify } from 'jose'
    import { prisma } from '../lib/prisma'
"""
REMOVES = "await prisma.match.delete({ where: { id } })"


def rules(body: str) -> list[str]:
    """What is said of an action that removes a record after this."""
    facts = run({"app/actions.ts": f"{HEAD}\n export async function act(id: string) {{ {body} {REMOVES} }}", **STACK})
    found = [*missing_authentication.RULE.check(facts["act"]), *unverified_session.RULE.check(facts["act"])]
    return [each.rule for each in found]


WRITTEN_BY_ANYBODY = {
    "an account": "const raw = (await cookies()).get('user')?.value; const user = raw ? JSON.parse(raw) : null;"
    " if (!user) throw new Error('no');",
    "in Base64": "const raw = (await cookies()).get('auth')?.value; if (!raw) return;"
    " const auth = JSON.parse(atob(raw)); if (!auth) return;",
    "by another helper": "const read = async () => JSON.parse((await cookies()).get('session')?.value ?? 'null');"
    " if (!(await read())) return;",
    "with a role": "const raw = (await cookies()).get('admin_session')?.value; if (!raw) return;"
    " const session = JSON.parse(raw); if (!session || session.role !== 'admin') return;",
    "through the store of a function": "const jar = await cookies(); const login = jar.get('login');"
    " const who = login && JSON.parse(decodeURIComponent(login.value)); if (!who) return;",
}


@pytest.mark.parametrize("body", WRITTEN_BY_ANYBODY.values(), ids=WRITTEN_BY_ANYBODY.keys())
def test_a_session_that_is_a_text_in_a_cookie_is_what_the_client_wrote(body: str) -> None:
    assert rules(body) == ["unverified-session"]


OTHERS = {
    "a cart": "const raw = (await cookies()).get('cart')?.value; const cart = raw ? JSON.parse(raw) : null;"
    " if (!cart) return;",
    "what was sent": "const session = JSON.parse(id); if (!session) return;",
    "nothing that is tested": "const raw = (await cookies()).get('session')?.value; console.log(JSON.parse(raw!));",
}


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS.keys())
def test_what_does_not_say_who_is_calling_is_no_session(body: str) -> None:
    assert rules(body) == ["missing-authentication"]


def test_a_verified_token_in_a_cookie_is_a_session() -> None:
    body = "const raw = (await cookies()).get('session')?.value; if (!raw) return;"
    verify = (
        "const { payload } = await jwtVerify(raw, new TextEncoder().encode(process.env.KEY)); if (!payload) return;"
    )
    assert rules(body + verify) == []
