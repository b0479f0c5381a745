"""Findings about files around actions: configurations, and pages that only their layout keeps."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.analysis import Analysis, Policy, review, scan
from preship.analyzers.policy import Policy as FullPolicy
from preship.analyzers.project.files import FileChange
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import STACK
from tests.analyzers.running import files_of

LAYOUT = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'
    export default async function Layout({ children }) {
      const session = await auth()
      if (!session?.user) redirect('/sign-in')
      return <main>{children}</main>
    }
"""
OPEN_LAYOUT = "export default function Layout({ children }) { return <main>{children}</main> }"
PAGE = """
    import { prisma } from '../../lib/prisma'
    export default async function Page() {
      const invoices = await prisma.invoice.findMany({ take: 50 })
      return <p>{invoices.map((invoice) => invoice.total)}</p>
    }
"""
CHECKED_PAGE = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'
    import { prisma } from '../../lib/prisma'
    export default async function Page() {
      const session = await auth()
      if (!session?.user) redirect('/sign-in')
      const invoices = await prisma.invoice.findMany({ take: 50 })
      return <p>{invoices.map((invoice) => invoice.total)}</p>
    }
"""


def app(layout: str, page: str) -> dict[str, str]:
    return files_of({**STACK, "app/invoices/layout.tsx": layout, "app/invoices/page.tsx": page})


def config(origin: str, comment: str = "") -> dict[str, str]:
    entry = f"{comment}\n    serverActions: {{ allowedOrigins: ['{origin}'] }}"
    return {"next.config.mjs": f"export default {{\n{entry}\n}}"}


def reviewed(before: Mapping[str, str], after: Mapping[str, str], policy: Policy | None = None) -> Analysis:
    changes = [
        FileChange(path, path if path in before else None, added=tuple(range(1, text.count("\n") + 2)))
        for path, text in after.items()
        if before.get(path) != text
    ]
    return review(MemoryFiles(before), MemoryFiles(after), changes, policy or Policy())


def said(analysis: Analysis) -> list[str]:
    """`status rule path:line` of everything that is said of files."""
    return [
        f"{finding.status} {finding.rule} {finding.path}:{finding.line}"
        for file in analysis.files
        for finding in (*file.findings, *file.fixed)
    ]


def test_a_check_that_moves_from_the_page_to_its_layout_is_told() -> None:
    moved = reviewed(app(OPEN_LAYOUT, CHECKED_PAGE), app(LAYOUT, PAGE))
    assert said(moved) == ["introduced layout-only-authentication app/invoices/page.tsx:3"]
    (file,) = moved.files
    assert [(step.path, step.line) for step in file.touched_by] == [("app/invoices/layout.tsx", 5)]


def test_a_layout_that_begins_to_ask_is_told_of_the_pages_that_do_not() -> None:
    found = reviewed(app(OPEN_LAYOUT, PAGE), app(LAYOUT, PAGE))
    assert said(found) == ["introduced layout-only-authentication app/invoices/page.tsx:3"]


def test_a_page_that_asks_itself_mends_it() -> None:
    mended = reviewed(app(LAYOUT, PAGE), app(LAYOUT, CHECKED_PAGE))
    assert said(mended) == ["fixed layout-only-authentication app/invoices/page.tsx:3"]


def test_files_that_a_change_leaves_alone_are_not_spoken_of() -> None:
    before = app(LAYOUT, PAGE)
    assert reviewed(before, {**before, "lib/words.ts": "export const word = 'new'"}).files == ()


def test_a_configuration_is_judged_although_no_action_is_touched() -> None:
    found = reviewed(config("shop.example.com"), config("*.vercel.app"))
    assert said(found) == ["introduced permissive-allowed-origins next.config.mjs:3"]
    assert found.actions == ()


def test_a_comment_counts_once_it_stands_at_base_as_well() -> None:
    comment = "    // preship: ignore permissive-allowed-origins -- previews hold no data"
    ignoring, bare = config("*.vercel.app", comment), config("*.vercel.app")
    assert [f.ignored for f in reviewed(bare, ignoring).files[0].findings] == [None]
    touched = {"next.config.mjs": ignoring["next.config.mjs"] + "\n// changed"}
    assert [f.ignored for f in reviewed(ignoring, touched).files[0].findings] == ["previews hold no data"]


def test_a_policy_leaves_files_out_and_turns_rules_off() -> None:
    files = MemoryFiles(config("*.vercel.app"))
    assert scan(files, FullPolicy(ignored=("next.config.mjs",))).files == ()
    assert scan(files, FullPolicy(severities=(("permissive-allowed-origins", None),))).files == ()


def test_a_scan_tells_of_every_page_and_configuration() -> None:
    found = scan(MemoryFiles({**app(LAYOUT, PAGE), **config("**")}), Policy())
    assert said(found) == [
        "standing layout-only-authentication app/invoices/page.tsx:3",
        "standing permissive-allowed-origins next.config.mjs:3",
    ]
    assert scan(MemoryFiles({**app(LAYOUT, PAGE), **config("**")}), Policy(), ["lib/auth.ts"]).files == ()
