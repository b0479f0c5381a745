"""Key-value stores: Redis and its services, and what Cloudflare binds to a worker."""

from __future__ import annotations

from preship.analyzers.flow.effects import KEY_VALUE, NO_TRAITS, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Request, Session, Stored
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Library,
    Object,
    Promise,
    Unknown,
    Value,
    obj,
    of,
    origins_of,
    unite,
)
from preship.analyzers.knowledge.rows import (
    Handler,
    counted,
    maybe_record,
    records,
)
from preship.analyzers.knowledge.sqlite import D1

REDIS, PIPELINE, ENVIRONMENT, BINDING = (f"keyvalue#{name}" for name in ("redis", "pipeline", "environment", "binding"))

READS_ONE = frozenset("get hget getex getbuffer lindex lpop rpop spop json.get zscore hgetall getset getdel".split())
READS_MANY = frozenset(
    "mget hmget hvals hkeys keys scan smembers srandmember lrange zrange zrangebyscore zrevrange sinter sunion xrange"
    " xread hscan sscan zscan".split()
)
COUNTS = frozenset("exists hexists sismember ttl pttl llen scard zcard hlen strlen zrank dbsize type".split())
DELETES = frozenset("del unlink hdel srem zrem lrem flushall flushdb ltrim zremrangebyscore getdel".split())
TALLIES = frozenset("incr incrby incrbyfloat decr decrby hincrby expire pexpire expireat persist".split())
"""Counters: they change someone's record only where the caller chose the key."""

EXPIRES = frozenset("expire pexpire expireat pexpireat".split())
"""What has the store forget a value after some time."""

WRITES = frozenset(
    "set setex psetex setnx mset hset hmset hsetnx append rename getset lpush rpush lset sadd zadd zincrby xadd"
    " json.set copy restore pfadd setrange".split()
)


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """A command: https://redis.io/docs/latest/commands/."""
    name = ".".join(library.path).lower()
    key = asked_for(name, given)
    what = f"redis.{library.path[-1]}"
    traits = frozenset({Trait.EXPIRES}) if name in EXPIRES else NO_TRAITS
    calling.may_fail()
    if name in TALLIES and not any(isinstance(o, Input) for o in origins_of(key)):
        return answered(library, PLAIN)
    if name in DELETES:
        calling.emit(EffectKind.DELETE, KEY_VALUE, what, key=key)
    elif name in WRITES and is_fresh(key):
        calling.emit(EffectKind.INSERT, KEY_VALUE, what, data=contents(given))
    elif name in WRITES or name in TALLIES:
        calling.emit(EffectKind.WRITE, KEY_VALUE, what, key=key, data=contents(given), traits=traits)
    elif name in READS_ONE | READS_MANY | COUNTS:
        calling.emit(EffectKind.READ, KEY_VALUE, what, key=key)
    elif name == "publish":
        calling.emit(EffectKind.SEND, KEY_VALUE, what, key=key, data=given.at(1))
    elif name in {"eval", "evalsha"}:
        calling.emit(EffectKind.WRITE, KEY_VALUE, what, key=given.at(1), data=contents(given))
    return answered(library, answer(name, key, calling))


def asked_for(name: str, given: Arguments) -> Value:
    """What names the keys of a command: the first argument, or the pattern behind a cursor: `scan(0, 'MATCH', 'a:*')`.

    https://redis.io/docs/latest/commands/scan/
    """
    if name not in SCANS:
        return given.at(0)
    behind = [value for value in given.all()[SCANS[name] :] if origins_of(value)]
    return unite(*behind) if behind else PLAIN


SCANS = {"scan": 1, "hscan": 0, "sscan": 0, "zscan": 0}
"""Commands that go through keys or members, by where the arguments begin that choose them."""


def is_fresh(key: Value) -> bool:
    """Whether a key was made up here, as a token is: nobody's record can stand under it yet."""
    made_up = all(isinstance(a.shape, Unknown) for a in key.alternatives)
    return made_up and not any(isinstance(o, Input | Request | Session | Stored) for o in origins_of(key))


def contents(given: Arguments) -> Value:
    """What a command stores."""
    values = given.all()[1:]
    return unite(*values) if values else PLAIN


def answer(name: str, key: Value, calling: Calling) -> Value:
    """What a command gives."""
    if name in READS_ONE:
        return maybe_record(KEY_VALUE, key, calling)
    if name in READS_MANY:
        return records(KEY_VALUE, key, calling)
    return counted(KEY_VALUE, key, calling) if name in COUNTS else PLAIN


def answered(library: Library, value: Value) -> Value:
    """The answer, promised; in a pipeline, the pipeline, which keeps what it will answer with."""
    if library.root != PIPELINE:
        return of(Promise(value, NO_FACTS, PLAIN))
    waiting = library.state if value == PLAIN or len(library.state) == MOST_ANSWERS else (*library.state, value)
    return of(Library(PIPELINE, (), waiting))


MOST_ANSWERS = 12
"""Answers that a pipeline keeps; what is read by more than so many commands is read by these, too."""


def executed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pipeline.exec()`: the answers of its commands, in a list."""
    found = [each for each in library.state if isinstance(each, Value)]
    return of(Promise(of(Array(None, unite(PLAIN, *found))), NO_FACTS, PLAIN))


# --- Cloudflare ----------------------------------------------------------------------------------------------------


def context(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getCloudflareContext()`, `getRequestContext()`."""
    found = obj(PLAIN, env=of(Library(ENVIRONMENT)), ctx=of(Library(f"{ENVIRONMENT}#context")), cf=PLAIN)
    is_later = any(isinstance(a.shape, Object) for a in given.at(0).alternatives)
    return of(Promise(found)) if is_later else found


def binding(library: Library, name: str) -> Value | None:
    """What is bound under a name: its methods tell what it is."""
    return of(Library(BINDING, (), (name,))) if not library.path else None


def name_of_binding(library: Library) -> str:
    """The name under which it is bound."""
    return str(library.state[0])


def read(library: Library, given: Arguments, calling: Calling) -> Value:
    """`env.KV.get(key)`, `env.BUCKET.get(key)`."""
    target = name_of_binding(library)
    calling.emit(EffectKind.READ, target, f"{target}.{library.path[-1]}", key=given.at(0))
    found = maybe_record(target, given.at(0), calling)
    if library.path[-1] == "getWithMetadata":
        found = obj(value=found, metadata=found)
    return of(Promise(found, NO_FACTS, PLAIN))


def listing(library: Library, given: Arguments, calling: Calling) -> Value:
    """`env.KV.list({ prefix })`."""
    target = name_of_binding(library)
    calling.emit(EffectKind.READ, target, f"{target}.list", key=given.at(0))
    found = records(target, given.at(0), calling)
    return of(Promise(obj(PLAIN, keys=found, objects=found), NO_FACTS, PLAIN))


def changes(kind: EffectKind) -> Handler:
    """`env.KV.put(key, value)`, `env.KV.delete(key)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        target = name_of_binding(library)
        data = given.at(1) if kind is EffectKind.WRITE else None
        what = f"{target}.{library.path[-1]}"
        if kind is EffectKind.WRITE and is_fresh(given.at(0)):
            calling.emit(EffectKind.INSERT, target, what, data=data)
        else:
            calling.emit(kind, target, what, key=given.at(0), data=data)
        return of(Promise(UNDEFINED_VALUE, NO_FACTS, PLAIN))

    return handle


def database(library: Library, given: Arguments, calling: Calling) -> Value:
    """`env.DB.prepare(text)`: a database after all."""
    return calling.call(of(Library(D1, library.path)), given)


def later(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ctx.waitUntil(promise)`."""
    calling.gathered(of(Array(given.values, unite(PLAIN, *given.all()))))
    return UNDEFINED_VALUE
