"""What the pages cost after years: 100,000 deliveries, 2,000 repositories and 400 days of reviews, made up.

uv run python -m tests.benchmarks.pages [--deliveries 100000] [--repositories 2000] [--days 400] [--busy 0]

Prints what the database takes on the disk; the median of each page for somebody who sees every repository, and for
somebody who sees one; then how long deliveries take to be stored while retention drops a tenth of everything. `--busy`
measures the pages beside so many processes that compute all the time, as analyses on the same machine do.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
import uvicorn
from pydantic import TypeAdapter

from preship.analyzers.analysis import ANONYMOUS, MEMBER, OTHER_MEMBER, Access, Answer, Entrance, Matrix, Step
from preship.analyzers.rulebook import RULES
from preship.bot.app import create_app
from preship.bot.credentials import App
from preship.bot.github import people
from preship.bot.settings import load_settings
from preship.bot.store.deliveries import Delivery
from preship.bot.store.retention import Terms
from preship.bot.store.store import Store, open_store
from preship.bot.web.gate import KEY
from tests.databases import fresh_database, running_server

FIRST = 1_000_000
"""The id of the first repository."""

FILL = """
INSERT INTO repositories (id, full_name, installation)
  SELECT {first} + n, 'acme/repository-' || n, 99 FROM generate_series(0, {repositories} - 1) AS n;
INSERT INTO deliveries (guid, event, action, repository_id, repository, installation, number, head_sha, actor, trigger,
    state, reason, cause, received_at, changed_at)
  SELECT 'guid-' || n, 'pull_request', 'synchronize', {first} + n % {repositories},
    'acme/repository-' || n % {repositories}, 99, 1 + n / {repositories} / 3, md5(n::text), 'ada', 'push',
    CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'done' END, 'concluded: success',
    CASE WHEN n % 50 = 0 THEN 'git' ELSE '' END,
    now() - interval '30 days' * (1 - n::float / {deliveries}), now()
  FROM generate_series(0, {deliveries} - 1) AS n;
INSERT INTO reviews (repository_id, repository, number, head_sha, trigger, step, conclusion, check_title, base_ref,
    api_calls, begun_at, ended_at, changed_at)
  SELECT {first} + n % {repositories}, 'acme/repository-' || n % {repositories}, 1 + n / {repositories} / 3,
    md5(n::text), 'push', 'concluded', (ARRAY['success', 'failure', 'neutral'])[1 + n % 3],
    '2 faults to fix', 'main', 8, at, at + interval '9 seconds', at
  FROM generate_series(0, {reviews} - 1) AS n,
    LATERAL (SELECT now() - interval '1 day' * {days} * (1 - n::float / {reviews}) AS at) AS times;
INSERT INTO review_steps SELECT id, name, begun_at FROM reviews,
  unnest(ARRAY['planned', 'reviewed', 'concluded']) AS names (name);
INSERT INTO review_findings
  SELECT id, place, md5(id::text || place), (%(rules)s::text[])[1 + (id * 7 + place) %% %(count)s], 'high',
    'introduced', 'app/actions.ts', 10 * place, 'save', NULL FROM reviews, generate_series(1, 3) AS place;
INSERT INTO told (repository_id, number, fingerprint, rule, path, action, base_sha, told_at)
  SELECT repository_id, number, fingerprint, rule, path, action, 'b', begun_at FROM review_findings
  JOIN reviews ON reviews.id = review ON CONFLICT DO NOTHING;
INSERT INTO dismissals SELECT repository_id, number, fingerprint, rule, 'ada', 'shared by the whole team', 1, told_at
  FROM told WHERE abs(hashtext(fingerprint)) %% 20 = 0;
"""


def fill(store: Store, options: argparse.Namespace) -> None:
    """Make up the past."""
    numbers = {"first": FIRST, "reviews": options.deliveries, **vars(options)}
    text = FILL.replace("n % ", "n %% ").format(**numbers)
    rules = [rule.id for rule in RULES]
    with store.database.transaction() as connection:
        for statement in text.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode(), {"rules": rules, "count": len(rules)})
    store.inventories.keep(FIRST, "main", "c" * 40, TypeAdapter(Matrix).dump_json(large_matrix()).decode())
    # As the database does by itself while it serves.
    with psycopg.connect(store.database.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def sizes(store: Store, reviews: int) -> None:
    """Print what the database takes on the disk, for each review with its delivery."""
    [row] = store.database.rows("SELECT pg_database_size(current_database()) AS bytes")
    print(f"database: {row['bytes'] / 1e6:.0f} MB, {row['bytes'] / reviews / 1000:.1f} KB a review", flush=True)


ENTRANCES = 2_000
"""Of the largest applications."""


def large_matrix() -> Matrix:
    """Who may do what in one of them."""
    check = Step("lib/session.ts", 7, "asks for a session")
    access = tuple(
        Access(caller, answer, ("invoice", "customer"), ("invoice",), by=check)
        for caller, answer in (
            (ANONYMOUS, Answer.NO),
            (MEMBER, Answer.YES),
            (OTHER_MEMBER, Answer.UNSEEN),
            ("admin", Answer.YES),
        )
    )
    return Matrix(
        tuple(Entrance("action", f"app/{n // 9}/actions.ts", n, f"saveInvoice{n}", access) for n in range(ENTRANCES)),
        (),
    )


def cookie(store: Store, user: int, login: str) -> str:
    """The cookie of somebody who signed in."""
    from itsdangerous import Signer

    old = store.sessions.find(store.sessions.begin())
    assert old is not None
    secret = store.sessions.sign_in(old, user, login, f"token-{login}", 3600)
    return Signer(store.registration.key(KEY), salt="preship session").sign(secret).decode()


@contextmanager
def served(url: str, repositories: int) -> Iterator[str]:
    """The pages, where ada sees every repository and bob one; GitHub itself is not asked, nor measured."""

    def seen(app: App, token: str, seconds: float) -> tuple[people.Seen, ...]:
        count = repositories if token == "token-ada" else 1
        return tuple(people.Seen(FIRST + n, f"acme/repository-{n}", 99, may_write=True) for n in range(count))

    app = create_app(load_settings(SETTINGS | {"DATABASE_URL": url}), seen)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


SETTINGS = {
    "PRESHIP_APP_ID": "1",
    "PRESHIP_PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----",
    "PRESHIP_WEBHOOK_SECRET": "a secret",
    "PRESHIP_WORKER": "off",
    "PRESHIP_KEEP_DELIVERIES_DAYS": "3650",
    "PRESHIP_KEEP_REVIEWS_DAYS": "3650",
    "PRESHIP_METRICS_TOKEN": "a token of those who measure",
}


def measure(client: httpx.Client, path: str, times: int = 15) -> tuple[float, float, float]:
    """The median, the fastest, and the median of computing without the database's, in milliseconds.

    What a busy machine adds is in the first, and not in the others.
    """
    taken, computed = [], []
    for _ in range(times):
        began, before = time.perf_counter(), time.process_time()
        answer = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        computed.append((time.process_time() - before) * 1000)
        assert answer.status_code in (200, 503), (path, answer.status_code)
    return statistics.median(taken), min(taken), statistics.median(computed)


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Let so many processes compute all the time."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def pages(store: Store, url: str, repositories: int) -> None:
    """Print the medians."""
    last = store.database.rows("SELECT max(id) AS id FROM reviews WHERE repository_id = %s", FIRST)[0]["id"]
    guid = store.database.rows("SELECT guid FROM deliveries WHERE repository_id = %s LIMIT 1", FIRST)[0]["guid"]
    paths = (
        "/", "/readyz", "/metrics", "/reviews", f"/reviews?before={last - 1000}", f"/repositories/{FIRST}",
        f"/repositories/{FIRST}/inventory",
        f"/reviews/{last}", "/deliveries", "/deliveries?failed=true", f"/deliveries/{guid}", "/decisions", "/operation",
    )  # fmt: skip
    with served(url, repositories) as address:
        for login, user in (("ada", 1), ("bob", 2)):
            headers = {"Authorization": f"Bearer {SETTINGS['PRESHIP_METRICS_TOKEN']}"}
            cookies = {"preship": cookie(store, user, login)}
            with httpx.Client(base_url=address, headers=headers, cookies=cookies, timeout=60) as client:
                for path in paths:
                    median, fastest, computing = measure(client, path)
                    said = f"{median:7.1f} ms, fastest {fastest:7.1f} ms, computing {computing:7.1f} ms"
                    print(f"{login:4} {path:34} {said}", flush=True)


def retention(store: Store) -> None:
    """Print what deliveries wait while a tenth of everything is dropped."""
    taken: list[float] = []
    over = threading.Event()

    def deliver() -> None:
        number = 0
        while not over.is_set():
            began = time.perf_counter()
            new = Delivery(f"new-{number}", "pull_request", "opened", FIRST, "acme/x", 99, number, "c", "ada", "push")
            store.deliveries.accept(new)
            taken.append((time.perf_counter() - began) * 1000)
            number += 1

    thread = threading.Thread(target=deliver)
    thread.start()
    began = time.perf_counter()
    dropped = store.retention.forget(Terms(deliveries=27, reviews=360, lost=7))
    seconds = time.perf_counter() - began
    over.set()
    thread.join()
    print(f"retention: {dropped} in {seconds:.1f} s; meanwhile {len(taken)} deliveries were stored,", end=" ")
    print(f"median {statistics.median(taken):.1f} ms, slowest {max(taken):.1f} ms")


def main() -> None:
    """Fill, measure, drop."""
    parser = argparse.ArgumentParser()
    for name, number in (("deliveries", 100_000), ("repositories", 2_000), ("days", 400), ("busy", 0)):
        parser.add_argument(f"--{name}", type=int, default=number)
    options = parser.parse_args()
    with running_server() as server, fresh_database(server) as url:
        store = open_store(url)
        began = time.perf_counter()
        fill(store, options)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        sizes(store, options.deliveries)
        with busy(options.busy):
            pages(store, url, options.repositories)
        retention(store)
        store.close()


if __name__ == "__main__":
    main()
