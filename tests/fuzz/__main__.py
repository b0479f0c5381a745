"""The command."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.databases import fresh_database, running_server
from tests.e2e.service import Service
from tests.fuzz import directives, sources, webhooks
from tests.rig.github import Rig


def main() -> int:
    """Run one seed; 0 when nothing went wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("what", choices=["sources", "webhooks", "directives"])
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--count", type=int, default=10_000)
    given = asked.parse_args()
    started = time.monotonic()
    found, figures = {"sources": _sources, "webhooks": _webhooks, "directives": _directives}[given.what](
        given.seed, given.count
    )
    for fault in found:
        print(f"FAULT {fault}")
    seconds = time.monotonic() - started
    print(f"{given.count} {given.what} of seed {given.seed}{figures}: {len(found)} faults; {seconds:.0f} s")
    return 1 if found else 0


def _sources(seed: int, count: int) -> tuple[Sequence[str], str]:
    return [f"{fault.case}: {fault.what}" for fault in sources.faults(seed, count)], ""


def _directives(seed: int, count: int) -> tuple[Sequence[str], str]:
    done = directives.compare(seed, count)
    return done.faults, (
        f" ({done.built} built, {done.with_actions} of them with actions, {done.without_the_text} of these without the"
        f" plain text; {done.refused} refused by name)"
    )


def _webhooks(seed: int, count: int) -> tuple[Sequence[str], str]:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        running_server() as server,
        Rig(Path(name) / "github") as rig,
        fresh_database(server) as url,
        Service(rig, url, Path(name) / "service", PRESHIP_WORKER="off") as service,
    ):
        done = webhooks.fuzz(service.webhook.removesuffix("/webhook"), service.pid, seed, count)
        log = service.log()
    answers = ", ".join(f"{count} x {status or 'none'}" for status, count in sorted(done.answers.items()))
    return [*done.faults, *webhooks.unhandled(log)], f" ({answers})"


if __name__ == "__main__":
    sys.exit(main())
