"""A tree that is scanned again after a change is judged as one of which nothing is known, and little is executed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

import pytest

from preship.analyzers.analysis import Analysis, Guard, Memory, Policy, Proof, scan
from preship.analyzers.codebase import Codebase
from preship.analyzers.knowledge.own import Row
from preship.analyzers.project.files import Files
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.results import Stats
from tests.e2e.app import files
from tests.mutants import MUTANTS

Texts = Mapping[str, str]

PAGE = """import { auth } from '@/auth'
import { removeTask } from '@/app/tasks/actions'

export default async function Page() {
  const session = await auth()
  if (!session) return null
  return <form action={removeTask} />
}
"""
APP: Texts = {**files("main", "tasks"), "src/app/tasks/page.tsx": PAGE}
SESSION, TASKS = "src/lib/session.ts", "src/app/tasks/actions.ts"


class Known:
    """A memory, and how often it made a whole new tree."""

    def __init__(self) -> None:
        self.memory, self.tree, self.kept = Memory(), None, 0

    def scan(self, texts: Texts, policy: Policy, only: Sequence[str] = ()) -> Analysis:
        return scan(MemoryFiles(texts), policy, only, opened=partial(self._opened, texts))

    def _opened(self, versions: Mapping[str, Hashable], tree: Files, rows: Sequence[Row], is_wide: bool) -> Codebase:
        found = self.memory.codebase(versions, tree, rows, is_wide)
        self.kept = len(found.facts)
        return found


def told(analysis: Analysis) -> Analysis:
    return replace(analysis, stats=Stats())


@cache
def of_the_app() -> Analysis:
    """What is found where nothing is known; the same for every change."""
    return scan(MemoryFiles(APP), Policy())


def with_(path: str, change: Callable[[str], str]) -> Texts:
    assert change(APP[path]) != APP[path]
    return {**APP, path: change(APP[path])}


CHANGES: Mapping[str, Texts] = {
    "nothing": APP,
    "a comment": with_(TASKS, lambda text: text + "// more\n"),
    "lines move": with_(TASKS, lambda text: text.replace("\n\n", "\n\n\n\n")),
    "a helper asks nobody any more": with_(SESSION, lambda text: text.replace("if (!session?.user?.id)", "if (false)")),
    "a helper of a helper": with_(
        "src/lib/input.ts", lambda text: text.replace("z.string().min(1).max(40)", "z.any()")
    ),
    "a helper is gone from its file": with_(SESSION, lambda text: text.replace("export async", "async")),
    "the page asks nobody": with_(
        "src/app/tasks/page.tsx", lambda text: text.replace("  if (!session) return null\n", "")
    ),
    "the page uses another action": with_(
        "src/app/tasks/page.tsx", lambda text: text.replace("removeTask", "finishTask")
    ),
    "a page is for browsers": with_("src/app/tasks/page.tsx", lambda text: "'use client'\n" + text),
    "actions are none any more": with_(TASKS, lambda text: text.replace("'use server'\n", "")),
    "a helper holds actions": with_(SESSION, lambda text: "'use server'\n" + text),
    "another import": with_(TASKS, lambda text: text.replace("@/lib/session", "@/lib/sessions")),
    "code that nobody understands": with_(TASKS, lambda text: text.replace("export", "}} ((", 1)),
    "a file goes": {path: text for path, text in APP.items() if path != SESSION},
    "a file comes": {**APP, "src/app/more.ts": APP[TASKS]},
    "the schema": with_("prisma/schema.prisma", lambda text: text.replace("ownerId", "teamId")),
    "the paths": with_("tsconfig.json", lambda text: text.replace("./src/*", "./source/*")),
    **{mutant.action: {**APP, mutant.path: mutant.text} for mutant in MUTANTS},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_is_kept_changes_no_answer(change: Texts) -> None:
    known = Known()
    for texts, anew in ((APP, of_the_app()), (change, scan(MemoryFiles(change), Policy())), (APP, of_the_app())):
        assert told(known.scan(texts, Policy())) == told(anew)


def test_one_change_after_the_other_changes_no_answer() -> None:
    known = Known()
    for texts in CHANGES.values():
        assert told(known.scan(texts, Policy(), [TASKS])) == told(scan(MemoryFiles(texts), Policy(), [TASKS]))


def test_what_files_put_into_the_registry_of_another_counts_for_all_who_ask_it() -> None:
    texts = {
        **APP,
        "src/lib/registry.ts": "export const checks: { user?: () => Promise<unknown> } = {}\n",
        "src/lib/fill.ts": "import { checks } from './registry'\nimport { requireUser } from './session'\n"
        "checks.user = async () => requireUser()\n",
        "src/app/asked.ts": "'use server'\nimport '@/lib/fill'\nimport { db } from '@/lib/db'\n"
        "import { checks } from '@/lib/registry'\n\nexport async function wipe() {\n"
        "  await checks.user()\n  await db.label.deleteMany({})\n}\n",
        "src/app/other.ts": "'use server'\nimport { db } from '@/lib/db'\nimport { checks } from '@/lib/registry'\n\n"
        "export async function wipeToo() {\n  await checks.user()\n  await db.label.deleteMany({})\n}\n",
    }
    emptied = {**texts, "src/lib/fill.ts": texts["src/lib/fill.ts"].replace("requireUser()", "null")}
    known = Known()
    for each in (texts, emptied, texts):
        assert told(known.scan(each, Policy())) == told(scan(MemoryFiles(each), Policy()))
    assert told(known.scan(emptied, Policy())).actions != told(known.scan(texts, Policy())).actions


def test_only_what_a_change_reaches_is_executed_again() -> None:
    known = Known()
    known.scan(APP, Policy())
    actions = len(scan(MemoryFiles(APP), Policy()).actions)
    of_the_file = len(scan(MemoryFiles(APP), Policy(), [TASKS]).actions)
    known.scan(CHANGES["a comment"], Policy())
    assert known.kept == actions - of_the_file
    known.scan(CHANGES["the schema"], Policy())
    assert known.kept == 0


def test_another_policy_counts_at_once() -> None:
    known, texts = Known(), CHANGES["a helper asks nobody any more"]
    believed = Policy(guards=(Guard(("src/lib/session.ts", "requireUser"), Proof.AUTHENTICATION),))
    for policy in (Policy(), believed, Policy()):
        assert told(known.scan(texts, policy)) == told(scan(MemoryFiles(texts), policy))
