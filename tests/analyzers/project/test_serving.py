"""Which exports of a module of actions a build serves: the table that builds of Next.js gave, row by row."""

from __future__ import annotations

import json

import pytest

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.project.serving import Served, is_built_by_turbopack, serving

ACTIONS = {"actions.ts": "'use server'\nexport async function save(id) {}\nexport async function load(id) {}"}
PAGE = "import { load } from '../actions'\nexport default async function Page() { return <p>{await load(1)}</p> }"
CLIENT = "'use client'\nimport { load } from '../actions'\nexport const B = () => <b onClick={() => load(1)} />"
OUTER = "'use server'\nimport { save } from './actions'\nexport async function outer(id) { await save(id) }"

SERVED = {
    "a page calls another export of its file": ({"app/page.tsx": PAGE}, Served.YES),
    "a layout loads it later": (
        {"app/layout.tsx": "export default async () => { const m = await import('../actions'); return m.load(1) }"},
        Served.YES,
    ),
    "a library of a page calls it": (
        {
            "lib/all.ts": "import { load } from '../actions'\nexport const all = () => load(1)",
            "app/page.tsx": "import { all } from '../lib/all'\nexport default async () => <p>{await all()}</p>",
        },
        Served.YES,
    ),
    "a page hands on another action, which calls it": (
        {
            "outer.ts": OUTER,
            "app/page.tsx": "import { outer } from '../outer'\nexport default () => <form action={outer} />",
        },
        Served.YES,
    ),
    "code of browsers calls another export of its file": ({"app/b.tsx": CLIENT}, Served.BY_WEBPACK),
    "a hook of browsers calls another export of its file": (
        {
            "lib/hook.ts": "import { load } from '../actions'\nexport const useIt = () => load(1)",
            "app/b.tsx": "'use client'\nimport { useIt } from '../lib/hook'\nexport const B = () => useIt()",
        },
        Served.BY_WEBPACK,
    ),
    "an action calls it that code of browsers calls": (
        {
            "outer.ts": OUTER,
            "app/b.tsx": CLIENT.replace("load", "outer").replace("actions", "outer"),
            "app/page.tsx": "import { B } from './b'\nexport default () => <B />",
        },
        Served.NO,
    ),
    "a library of such an action calls it": (
        {
            "lib/all.ts": "import { load } from '../actions'\nexport const all = () => load(1)",
            "outer.ts": "'use server'\nimport { all } from './lib/all'\nexport async function outer() { return all() }",
            "app/b.tsx": CLIENT.replace("load", "outer").replace("actions", "outer"),
        },
        Served.NO,
    ),
    "a route handler calls it": (
        {"app/api/route.ts": "import { save } from '../../actions'\nexport const POST = () => save(1)"},
        Served.NO,
    ),
    "an address of the Pages Router calls it": (
        {"pages/api/save.ts": "import { save } from '../../actions'\nexport default () => save(1)"},
        Served.NO,
    ),
    "instrumentation loads it": (
        {"instrumentation.ts": "export async function register() { (await import('./actions')).save(1) }"},
        Served.NO,
    ),
    "a client component takes a type of it": (
        {"app/b.tsx": "'use client'\nimport type { T } from '../actions'\nexport const b: T = 1"},
        Served.NO,
    ),
    "a test calls it": ({"save.test.ts": "import { save } from './actions'\nsave(1)"}, Served.NO),
    "nobody imports it": ({}, Served.NO),
    "a file imports it that nothing known imports": (
        {"lib/job.ts": "import { save } from '../actions'\nexport const job = () => save(1)"},
        Served.UNSEEN,
    ),
}


@pytest.mark.parametrize("case", SERVED)
def test_a_build_serves_what_pages_load(case: str) -> None:
    files, expected = SERVED[case]
    assert serving(Project(MemoryFiles({**ACTIONS, **files})), "actions.ts") is expected


BUNDLERS = {
    "16": ({"dependencies": {"next": "^16.0.1"}}, True),
    "16, with webpack": ({"dependencies": {"next": "16.1.0"}, "scripts": {"build": "next build --webpack"}}, False),
    "15": ({"dependencies": {"next": "15.5.2"}, "scripts": {"build": "next build"}}, False),
    "15, with Turbopack": (
        {"dependencies": {"next": "15.5.2"}, "scripts": {"build": "prisma generate && next build --turbopack"}},
        True,
    ),
    "whichever is the latest": ({"dependencies": {"next": "latest"}}, None),
    "none": ({"dependencies": {"waku": "1.0.0"}}, None),
}


@pytest.mark.parametrize("case", BUNDLERS)
def test_the_version_and_the_script_tell_the_bundler(case: str) -> None:
    manifest, expected = BUNDLERS[case]
    project = Project(MemoryFiles({**ACTIONS, "package.json": json.dumps(manifest)}))
    assert is_built_by_turbopack(project, "actions.ts") is expected


def test_the_lock_says_which_version_the_latest_is() -> None:
    lock = {"packages": {"node_modules/next": {"version": "16.0.3"}}}
    files = {"package.json": '{"dependencies": {"next": "latest"}}', "package-lock.json": json.dumps(lock)}
    assert is_built_by_turbopack(Project(MemoryFiles({**ACTIONS, **files})), "app/actions.ts") is True
