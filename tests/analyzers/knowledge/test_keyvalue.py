"""Key-value stores: Redis and its services, and what Cloudflare binds to a worker."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import seen
from tests.analyzers.running import effects


@pytest.mark.parametrize(
    "head",
    [
        "import { Redis } from '@upstash/redis'; const redis = Redis.fromEnv()",
        "import { kv as redis } from '@vercel/kv'",
        "import Redis from 'ioredis'; const redis = new Redis(process.env.REDIS_URL!)",
        "import { createClient } from 'redis'; const redis = createClient().on('error', console.error)",
    ],
)
def test_commands_do_what_they_say(head: str) -> None:
    def does(body: str) -> list[str]:
        return seen(reading.action(head, body))

    assert does("return redis.get(`post:${id}`)") == ["read redis (id)"]
    assert does("await redis.set(`post:${id}`, input.title)") == ["write redis (id) <- input.title"]
    assert does("await redis.del(id)") == ["delete redis (id)"]
    assert does("await redis.set(`reset:${crypto.randomUUID()}`, input.email)") == ["insert redis <- input.email"]
    assert does("await redis.incr('visits')") == []
    assert does("await redis.incr(`votes:${id}`)") == ["write redis (id) <- own"]
    assert does("return redis.scan(0, 'MATCH', `post:${id}*`, 'COUNT', 100)") == ["read redis (id)"]
    assert does("return redis.scan(0, { match: id })") == ["read redis (match: id)"]
    assert does("const [, keys] = await redis.scan('0', 'MATCH', id); await redis.unlink(...keys)") == [
        "read redis (id)",
        "delete redis (id, own)",
    ]
    assert does("await redis.multi().set(id, 1).expire(id, 3).exec()") == [
        "write redis (id) <- own",
        "write redis (id) <- own",
    ]


def test_a_session_kept_under_the_value_of_a_cookie_is_its_bearers() -> None:
    head = """
        import { kv } from '@vercel/kv'
        import { cookies } from 'next/headers'
    """
    body = """
        const session = await kv.get(`session:${(await cookies()).get('sid')?.value}`)
        if (!session) throw new Error('Not signed in')
        await kv.set(`profile:${session.userId}`, input)
    """
    facts = reading.action(head, body)
    assert seen(facts) == ["write redis (session) <- input"]
    assert effects(facts) == ["write redis: Authenticated, Owns"]


def test_bindings_of_a_worker_are_known_by_their_methods() -> None:
    head = """
        import { getCloudflareContext } from '@opennextjs/cloudflare'
        async function bindings() { return (await getCloudflareContext({ async: true })).env }
    """

    def does(body: str) -> list[str]:
        return seen(reading.action(head, f"const env = await bindings(); {body}"))

    assert does("return env.SESSIONS.get(id)") == ["read SESSIONS (id)"]
    assert does("await env.SESSIONS.put(id, input)") == ["write SESSIONS (id) <- input"]
    assert does("return env.DB.prepare('SELECT * FROM users WHERE id = ?').bind(id).first()") == ["read users (id: id)"]
    assert does("const { results } = await env.DB.prepare('DELETE FROM users').all(); return results") == [
        "delete users"
    ]
