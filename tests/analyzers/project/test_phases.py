"""Where an analysis says its time went."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import Policy, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.phases import Phase, Phases


class Ticking:
    """A clock that goes on by as many seconds as are put before it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_a_phase_is_told_without_the_phases_that_it_asked_for() -> None:
    clock = Ticking()
    phases = Phases(clock)
    clock.now += 1
    with phases.of(Phase.EXECUTE):
        clock.now += 2
        with phases.of(Phase.PARSE):
            clock.now += 4
        clock.now += 8
    clock.now += 16
    assert phases.milliseconds() == {"parse": 4000, "resolve": 0, "execute": 10_000, "judge": 17_000, "total": 31_000}


def test_a_phase_that_fails_ends() -> None:
    clock = Ticking()
    phases = Phases(clock)

    def fail() -> None:
        with phases.of(Phase.PARSE):
            clock.now += 1
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    clock.now += 2
    assert phases.milliseconds() == {"parse": 1000, "resolve": 0, "execute": 0, "judge": 2000, "total": 3000}


class Counting:
    """A clock that goes on by a second whenever somebody looks at it."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> float:
        """The time."""
        self.now += 1
        return self.now


def test_a_scan_says_how_long_each_phase_took() -> None:
    page = "import { save } from './actions'\nexport default function Page() { return <form action={save} /> }\n"
    text = "'use server'\nimport { db } from '../lib/db'\nexport async function save() { await db.post.create({}) }\n"
    client = "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n"
    files = MemoryFiles({"app/page.tsx": page, "app/actions.ts": text, "lib/db.ts": client})
    spent = scan(files, Policy(), clock=Counting()).stats.milliseconds
    assert all(spent[phase] > 0 for phase in Phase)
    assert spent["total"] == sum(spent[phase] for phase in Phase)
