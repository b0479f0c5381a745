"""Mutated requests for a running server: no answer of ours may be a fault of ours, whatever comes."""

from __future__ import annotations

import copy
import json
import random
import re
import socket
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from tests.fuzz.mutations import bent
from tests.npm_modules import node_modules
from tests.patience import PATIENCE_SECONDS
from tests.rig import webhooks
from tests.rig.github import SECRET

LARGEST_BODY = 300_000

# What Python's allocator and the server's pools may still take once everything has been used.
GROWTH_BYTES = 24 * 1024 * 1024

ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**400, 1.5, 1e308, "", " ", "\0", "a\0b", "\u202e", "😀", "x" * 99_999,
    "../../etc/passwd", "a/b/c", "'; DROP TABLE deliveries; --", "%s%n{}", "<script>", "0" * 40, "g" * 40, "A" * 40,
    "/preship review", "/preship ignore x -- \0", [], {}, [[]], [None], {"": ""}, {"__proto__": 1},
)  # fmt: skip

EVENTS = (
    "pull_request", "issue_comment", "ping", "push", "check_run", "check_suite", "merge_group", "installation",
    "installation_repositories", "repository", "pull_request_review_comment", "pull_request_review",
)  # fmt: skip

SERVED = ("pull_request", "issue_comment", "pull_request_review_comment", "check_run", "merge_group")

SERVED_ACTIONS = {
    "pull_request": "synchronize",
    "issue_comment": "created",
    "pull_request_review_comment": "created",
    "check_run": "rerequested",
    "merge_group": "checks_requested",
}

READ = (
    "action", "repository", "repository.id", "repository.full_name", "installation", "installation.id", "sender",
    "sender.login", "pull_request", "pull_request.number", "pull_request.head", "pull_request.head.sha", "comment",
    "comment.id", "comment.body", "comment.user", "comment.user.login", "comment.user.type", "issue", "issue.number",
    "issue.pull_request", "check_run.external_id", "check_run.head_sha", "changes.base", "merge_group.head_sha",
)  # fmt: skip
"""Fields that the intake looks at."""

PATHS = (
    "/", "/healthz", "/readyz", "/metrics", "/webhook", "/webhook/", "/rules/missing-authentication", "/rules/%00",
    "/rules/..%2f..%2fetc", "/reviews/1", "/deliveries/%00", "/setup?key=%00", "/sign-in/callback?code=a&state=%ff",
    "/rules/" + "a" * 3000, "/%ff", "//", "/docs", "/openapi.json", "/?" + "q=1&" * 500,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str | bytes]
    body: bytes


@dataclass
class Fuzzing:
    """What came of it."""

    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def fuzz(url: str, pid: int, seed: int, count: int) -> Fuzzing:
    """Send so many mutated requests to a server, whose process is watched."""
    done, server = Fuzzing(), psutil.Process(pid)
    early = 0
    with httpx.Client(base_url=url, timeout=PATIENCE_SECONDS) as client:
        for number in range(count):
            chance = random.Random(f"webhook {seed} {number}")
            if chance.random() < 0.02:
                _garbage(url, chance)
            else:
                _ask(client, request_of(chance), f"{seed} {number}", done)
            if number == count // 4:
                early = server.memory_info().rss
    late = server.memory_info().rss
    if late - early > GROWTH_BYTES:
        done.faults.append(f"the server grew from {early >> 20} to {late >> 20} MB")
    return done


def _ask(client: httpx.Client, sent: Sent, case: str, done: Fuzzing) -> None:
    try:
        answer = client.request(sent.method, sent.path, headers=dict(sent.headers), content=sent.body)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        # A body that is refused before it is read may end the connection while we still send.
        done.answers[0] += 1
        return
    done.answers[answer.status_code] += 1
    if answer.status_code >= 500 and answer.status_code != 503:
        done.faults.append(f"{case}: {answer.status_code} to {sent.method} {sent.path[:80]} {sent.body[:200]!r}")


def request_of(chance: random.Random) -> Sent:
    """A request that is wrong somewhere, or almost right."""
    if chance.random() < 0.1:
        method = chance.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"))
        return Sent(method, chance.choice(PATHS), {}, b"")
    event = chance.choice(EVENTS if chance.random() < 0.4 else SERVED)
    body = _body(chance, event)
    headers = dict(webhooks.headers(event, body, SECRET, _guid(chance)))
    for _ in range(chance.choice((0, 0, 0, 0, 1, 2))):
        _bend_header(chance, headers)
    return Sent("POST", "/webhook", headers, body)


def _body(chance: random.Random, event: str) -> bytes:
    kind = chance.random()
    if kind < 0.01:
        return b"[" * chance.choice((100, 10_000, 200_000))
    if kind < 0.02:
        return b'{"action":' * 10_000 + b"1" + b"}" * 10_000
    payload = copy.deepcopy(chance.choice(examples(event)))
    payload["installation"] = {"id": 99}
    if chance.random() < 0.9:
        payload["action"] = SERVED_ACTIONS.get(event, "opened")
    if event == "issue_comment":
        payload["issue"]["pull_request"], payload["comment"]["body"] = {}, "/preship review"
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 5))):
        (_bend_what_is_read if chance.random() < 0.8 else _bend)(chance, payload)
    text = json.dumps(payload, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass")
    return bent(chance, [text])[:LARGEST_BODY] if kind < 0.2 else text


def _bend_what_is_read(chance: random.Random, payload: Any) -> None:
    """Change a field that we look at."""
    *way, last = chance.choice(READ).split(".")
    place = payload
    for name in way:
        place = place.get(name) if isinstance(place, dict) else None
    if isinstance(place, dict):
        place[last] = copy.deepcopy(chance.choice(ODD_VALUES))


def _bend(chance: random.Random, payload: Any) -> None:
    """Change something somewhere in a payload: mostly near the top, where it is read."""
    place = payload
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = place[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
            place = inner
            continue
        if isinstance(place, dict) and chance.random() < 0.2:
            del place[key]
        else:
            place[key] = copy.deepcopy(chance.choice(ODD_VALUES))
        return


def _bend_header(chance: random.Random, headers: dict[str, str | bytes]) -> None:
    name = chance.choice(list(headers))
    values = (
        b"", b"x y", b"x" * 9_000, b"\xff\xfe", "é".encode(), b"sha256=", b"sha1=" + b"0" * 40, b"sha256=" + b"0" * 64,
        b"gzip", b"-1", b"99999999999999999999", b"text/html", bytes(chance.choices(range(33, 127), k=30)),
    )  # fmt: skip
    if chance.random() < 0.3:
        del headers[name]
    else:
        headers[chance.choice((name, "Content-Encoding", "X-HTTP-Method-Override", "Expect"))] = chance.choice(values)


def _guid(chance: random.Random) -> str:
    if chance.random() < 0.9:
        return "-".join("".join(chance.choices("0123456789abcdef", k=length)) for length in (8, 4, 4, 4, 12))
    return "".join(
        chance.choices(string.ascii_letters + string.punctuation, k=chance.choice((0, 1, 99, 100, 101, 500)))
    )


def _garbage(url: str, chance: random.Random) -> None:
    """Bytes that are no HTTP, or less of it than promised."""
    told = urlsplit(url)
    starts = (
        b"\0\0\0\0", b"GET\r\n\r\n", b"POST /webhook HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00",
        b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
        b"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5_000 + b"\r\n",
    )  # fmt: skip
    with socket.create_connection((told.hostname or "", told.port or 0), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(chance.choice(starts) + bytes(chance.choices(range(256), k=chance.randrange(200))))


@cache
def examples(event: str) -> list[Any]:
    """GitHub's published payloads of an event; those of another where there are none."""
    path = node_modules() / "@octokit/webhooks-examples/api.github.com/index.json"
    published = {entry["name"]: entry["examples"] for entry in json.loads(path.read_text(encoding="utf-8"))}
    return published.get(event) or published["pull_request"]


_UNHANDLED = re.compile(r"Traceback|Exception in ASGI|\"level\": \"(error|critical)\"|\"exception\":")


def unhandled(log: str) -> Iterator[str]:
    """Lines of a log that tell of an exception which nobody handled."""
    yield from (line[:500] for line in log.splitlines() if _UNHANDLED.search(line))
