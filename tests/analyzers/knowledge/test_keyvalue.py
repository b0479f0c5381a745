"""Key-value stores: Redis and its services, and what Cloudflare binds to a worker."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.origins import Stored
from preship.analyzers.flow.values import origins_of
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


@pytest.mark.parametrize(
    "body",
    [
        "return redis.multi().get(id).exec()",
        "const waiting = redis.pipeline(); waiting.hgetall(id); const [found] = await waiting.exec(); return found",
        "const waiting = redis.pipeline(); waiting.set('x', 1); waiting.lrange(id, 0, -1); return waiting.exec()",
        "const waiting = redis.multi(); for (const one of [id]) waiting.get(one); return (await waiting.exec())[0]",
        "const waiting = redis.pipeline().get(id); return (await waiting.exec()).map(([, found]) => found)",
    ],
)
def test_a_pipeline_answers_with_what_its_commands_read(body: str) -> None:
    facts = reading.action("import Redis from 'ioredis'; const redis = new Redis(process.env.REDIS_URL!)", body)
    assert {o.model for o in origins_of(facts.result) if isinstance(o, Stored)} == {"redis"}


def test_a_pipeline_of_changes_alone_answers_with_no_record() -> None:
    head = "import Redis from 'ioredis'; const redis = new Redis(process.env.REDIS_URL!)"
    facts = reading.action(head, "return redis.multi().set(id, 1).expire(id, 3).exec()")
    assert not any(isinstance(o, Stored) for o in origins_of(facts.result))


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


LIMITED = {
    "a counter with an end": "const n = await redis.incr(key); if (n === 1) await redis.expire(key, 60);"
    " if (n > 5) return { error: 'Later' }",
    "a mark for who has used it up": "const n = await redis.incr(key); await redis.expire(key, 60);"
    " if (n > 5) { await redis.setex(`block:${key}`, 900, '1'); await redis.del(key); return }",
    "a look at the mark first": "if (await redis.get(`block:${key}`)) return; await redis.incr(key);"
    " await redis.expire(key, 60)",
    "an end in milliseconds": "await redis.incr(key); await redis.pexpire(key, 60_000)",
    "an end at a time": "await redis.incrby(key, 1); await redis.expireat(key, Math.floor(Date.now() / 1000) + 60)",
}


@pytest.mark.parametrize(
    ("body", "is_open"),
    [
        *((body, False) for body in LIMITED.values()),
        ("await redis.incr(key)", True),
        ("await redis.incr(key); await redis.expire(key, 60); await redis.set(`note:${id}`, input.title)", True),
        ("await redis.expire(key, 60); await prisma.note.deleteMany({ where: { id } })", True),
        ("await redis.del(key)", True),
    ],
)
def test_a_limit_of_attempts_counts_whoever_calls(body: str, is_open: bool) -> None:
    head = (
        "import { Redis } from '@upstash/redis'; import { prisma } from '../lib/prisma'; const redis = Redis.fromEnv()"
    )
    facts = reading.action(head, f"const key = `attempts:${{id}}`; {body}")
    assert (facts.anonymous_effect() is not None) is is_open
