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


READ = "const raw = (await cookies()).get('session')?.value; if (!raw) throw new Error('no');"
USER = "if (!user) throw new Error('no');"

NAMED_BY_ANYBODY = {
    "an id": f"{READ} const user = await prisma.user.findUnique({{ where: {{ id: JSON.parse(raw).id }} }}); {USER}",
    "inside another object": f"{READ} const state = JSON.parse(atob(raw));"
    f" const user = await prisma.user.findUnique({{ where: {{ id: state.user.id }} }}); {USER}",
    "an address": f"{READ} const {{ email }} = JSON.parse(decodeURIComponent(raw));"
    f" const user = await prisma.user.findUnique({{ where: {{ email }} }}); {USER}",
    "compared with what is kept": f"{READ} const session = JSON.parse(raw);"
    " const user = await prisma.user.findUnique({ where: { id: session.userId } });"
    " if (!user || user.role !== session.role || user.orgId !== session.orgId) throw new Error('no');",
    "by a helper that bears what is no JSON": "const read = (text?: string) => {"
    " try { return text ? JSON.parse(text) : null } catch { return null } };"
    " const me = read((await cookies()).get('me')?.value); if (!me?.userId) throw new Error('no');"
    f" const user = await prisma.user.findUnique({{ where: {{ id: me.userId }} }}); {USER}",
}


@pytest.mark.parametrize("body", NAMED_BY_ANYBODY.values(), ids=NAMED_BY_ANYBODY.keys())
def test_an_account_that_a_text_in_a_cookie_names_is_whoever_the_client_wrote(body: str) -> None:
    assert rules(body) == ["unverified-session"]


KNOWN_TO_ONE = {
    "a token": f"{READ} const {{ token }} = JSON.parse(raw);"
    f" const user = await prisma.user.findFirst({{ where: {{ sessionToken: token }} }}); {USER}",
    "the id of a session": f"{READ} const {{ sessionId }} = JSON.parse(raw);"
    f" const user = await prisma.session.findUnique({{ where: {{ id: sessionId }} }}); {USER}",
}


@pytest.mark.parametrize("body", KNOWN_TO_ONE.values(), ids=KNOWN_TO_ONE.keys())
def test_what_only_one_client_can_know_is_a_session_in_json_too(body: str) -> None:
    assert rules(body.replace("'session'", "'auth'")) == []


CRYPTO = "const { createHash, createHmac, createDecipheriv, timingSafeEqual } = await import('node:crypto');"
PARTS = f"{CRYPTO} {READ} const [text, mac] = raw.split('.');"
NAMED = f"const user = await prisma.user.findUnique({{ where: {{ id: JSON.parse(atob(text)).userId }} }}); {USER}"
KEY = "const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(process.env.KEY), 'HMAC', false, []);"
HEX = "Array.from(new Uint8Array(made)).map((b) => b.toString(16).padStart(2, '0')).join('')"
CIPHER = "createDecipheriv('aes-256-gcm', Buffer.from(process.env.KEY!, 'hex'), Buffer.from(mac, 'hex'))"

MADE_BY_THE_SERVER = {
    "a signature": f"{PARTS} if (createHmac('sha256', process.env.KEY!).update(text).digest('hex') !== mac)"
    f" throw new Error('no'); {NAMED}",
    "compared in constant time": f"{PARTS}"
    " const good = createHmac('sha256', process.env.KEY!).update(text).digest(); const sent = Buffer.from(mac, 'hex');"
    f" if (sent.length !== good.length || !timingSafeEqual(sent, good)) throw new Error('no'); {NAMED}",
    "a hash of the password": f"{CRYPTO} const sent = (await cookies()).get('admin')?.value;"
    " if (sent !== createHash('sha256').update(process.env.PASSWORD!).digest('hex')) throw new Error('no');",
    "a signature of a word": f"{CRYPTO} const sent = (await cookies()).get('admin')?.value;"
    " const good = () => createHmac('sha256', process.env.KEY ?? '').update('admin').digest('base64');"
    " if (!sent || sent !== good()) throw new Error('no');",
    "a hash by the web's API": "const sent = (await cookies()).get('admin')?.value;"
    " const made = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(process.env.PASSWORD));"
    f" if (sent !== {HEX}) throw new Error('no');",
    "a signature by the web's API": f"{PARTS} {KEY}"
    " const made = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));"
    f" if (mac !== btoa(String.fromCharCode(...new Uint8Array(made)))) throw new Error('no'); {NAMED}",
    "verified by the web's API": f"{PARTS} {KEY}"
    " if (!(await crypto.subtle.verify('HMAC', key, Buffer.from(mac), new TextEncoder().encode(text)))) return;"
    f" {NAMED}",
    "sealed": f"{PARTS} const cipher = {CIPHER}; cipher.setAuthTag(Buffer.from(mac));"
    " const { id: me } = JSON.parse(cipher.update(text, 'hex', 'utf8') + cipher.final('utf8'));"
    f" const user = await prisma.user.findUnique({{ where: {{ id: me }} }}); {USER}",
    "sealed by the web's API": f"{PARTS} {KEY}"
    " const made = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: Buffer.from(mac) }, key, Buffer.from(text));"
    " const { userId } = JSON.parse(new TextDecoder().decode(made)); if (!userId) return;",
}


@pytest.mark.parametrize("body", MADE_BY_THE_SERVER.values(), ids=MADE_BY_THE_SERVER.keys())
def test_what_was_made_with_a_secret_of_the_servers_is_a_session(body: str) -> None:
    assert rules(body) == []


MADE_BY_ANYBODY = {
    "a hash of a word": f"{CRYPTO} {READ}"
    " if (raw !== createHash('sha256').update('letmein').digest('hex')) throw new Error('no');",
    "a hash of what was sent": f"{CRYPTO} {READ}"
    " if (raw !== createHash('sha256').update(id).digest('hex')) throw new Error('no');",
    "a signature that nothing waits for": f"{PARTS} {KEY}"
    " await crypto.subtle.verify('HMAC', key, Buffer.from(mac), new TextEncoder().encode(text));",
    "a signature by a key that was sent": f"{PARTS}"
    " if (createHmac('sha256', id).update(text).digest('hex') !== mac) throw new Error('no');",
}


@pytest.mark.parametrize("body", MADE_BY_ANYBODY.values(), ids=MADE_BY_ANYBODY.keys())
def test_what_anybody_can_make_is_no_session(body: str) -> None:
    assert rules(body) == ["missing-authentication"]
