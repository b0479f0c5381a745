"""A change under review: which actions it touches, and what it did to their faults."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from preship.analyzers.analysis import Analysis, FileChange, Finding, Item, JudgedAction, Policy, Status, Touch, review
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rulebook import RULES
from tests.analyzers.running import files_of

APP = files_of(
    {
        "lib/auth.ts": """
            import NextAuth from 'next-auth'
            export const { auth } = NextAuth({ providers: [] })
        """,
        "lib/db.ts": """
            import { PrismaClient } from '@prisma/client'
            export const db = new PrismaClient()
        """,
        "lib/dal.ts": """
            import { auth } from './auth'
            export async function member() {
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              return session.user
            }
        """,
        "app/actions.ts": """
            'use server'
            import { member } from '../lib/dal'
            import { db } from '../lib/db'

            export async function remove(id: string) {
              const user = await member()
              await db.post.deleteMany({ where: { id, authorId: user.id } })
            }

            export async function rename(id: string, title: string) {
              const user = await member()
              await db.post.updateMany({ where: { id, authorId: user.id }, data: { title } })
            }

            export async function count() {
              return 1
            }
        """,
    }
)


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[FileChange]:
    """The change between two trees, line by line."""
    found: list[FileChange] = []
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path, "").splitlines(), new.get(path, "").splitlines()
        if before == after:
            continue
        added, removed, seams = [], [], []
        for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag != "equal":
                removed += range(i1 + 1, i2 + 1)
                added += range(j1 + 1, j2 + 1)
                seams += [j1] if i2 > i1 else []
        old_path = path if path in old else None
        found.append(FileChange(path, old_path, path not in new, tuple(added), tuple(removed), tuple(seams)))
    return found


def reviewed(new: Mapping[str, str], old: Mapping[str, str] = APP) -> Analysis:
    """The review of a change to the app."""
    return review(MemoryFiles(old), MemoryFiles(new), changes(old, new), Policy())


def said(action: JudgedAction) -> list[tuple[str, Status]]:
    """The findings of an action that are about who may call it, with how they stand."""
    return [(f.rule, f.status) for f in about_access((*action.findings, *action.fixed))]


def about_access(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that are about who may call an action, and for whose records."""
    by_id = {rule.id: rule for rule in RULES}
    return [f for f in findings if by_id[f.rule].item in (Item.AUTHENTICATION, Item.OWNERSHIP)]


def edited(path: str, old: str, new: str, app: Mapping[str, str] = APP) -> dict[str, str]:
    """The app with one text replaced."""
    assert old in app[path]
    return {**app, path: app[path].replace(old, new)}


def test_only_the_action_whose_lines_change_is_touched() -> None:
    analysis = reviewed(edited("app/actions.ts", "return 1", "return 2"))
    assert [(a.name, a.touch) for a in analysis.actions] == [("count", Touch.EDITED)]


def test_a_deleted_line_touches_the_action_that_it_stood_in() -> None:
    analysis = reviewed(
        edited(
            "app/actions.ts",
            "  const user = await member()\n  await db.post.deleteMany({ where: { id, authorId: user.id } })",
            "  await db.post.delete({ where: { id } })",
        )
    )
    assert [(a.name, said(a)) for a in analysis.actions] == [
        ("remove", [("missing-authentication", Status.INTRODUCED)])
    ]


def test_a_weakened_helper_lays_bare_the_actions_that_call_it() -> None:
    analysis = reviewed(edited("lib/dal.ts", "  if (!session?.user) throw new Error('Not signed in')\n", ""))
    assert [(a.name, a.touch, a.touched_by[0].path) for a in analysis.actions] == [
        ("remove", Touch.REACHED, "lib/dal.ts"),
        ("rename", Touch.REACHED, "lib/dal.ts"),
    ]


def test_what_a_change_mends_is_fixed() -> None:
    bare = edited("lib/dal.ts", "throw new Error('Not signed in')", "console.warn('Not signed in')")
    analysis = reviewed(APP, old=bare)
    assert {status for a in analysis.actions for _, status in said(a)} == {Status.FIXED}


def test_a_fault_that_a_missing_session_hid_is_not_blamed_on_the_one_who_adds_the_session() -> None:
    bare = {
        **APP,
        "app/actions.ts": APP["app/actions.ts"]
        .replace("const user = await member()", "", 1)
        .replace(", authorId: user.id", "", 1),
    }
    asked = {
        **bare,
        "app/actions.ts": bare["app/actions.ts"].replace("  \n  await db", "  await member()\n  await db", 1),
    }
    (action,) = reviewed(asked, old=bare).actions
    assert said(action) == [
        ("missing-ownership-check", Status.STANDING),
        ("missing-authentication", Status.FIXED),
    ]


def test_a_file_that_becomes_an_action_module_brings_its_actions() -> None:
    old = {**APP, "app/actions.ts": APP["app/actions.ts"].replace("'use server'\n", "")}
    assert [a.name for a in reviewed(APP, old=old).actions] == ["remove", "rename", "count"]


def test_a_renamed_file_keeps_its_findings() -> None:
    bare = edited("app/actions.ts", "const user = await member()", "const user = { id: 'x' }")
    moved = {("app/moved.ts" if path == "app/actions.ts" else path): text for path, text in bare.items()}
    moved["app/moved.ts"] = moved["app/moved.ts"].replace("return 1", "return 2")
    change = FileChange("app/moved.ts", "app/actions.ts", added=(16,), removed=(16,), seams=(15,))
    analysis = review(MemoryFiles(bare), MemoryFiles(moved), [change], Policy())
    assert [(a.name, said(a)) for a in analysis.actions] == [("count", [])]


def declaring(reason: str, body: str) -> dict[str, str]:
    """The app with a third action that is declared public."""
    comment = f"// preship: public{reason}\nexport async function count"
    return edited("app/actions.ts", "return 1", body, edited("app/actions.ts", "export async function count", comment))


def test_an_action_declared_public_with_a_reason_needs_no_session() -> None:
    reason = " -- a counter on the home page"
    old, new = declaring(reason, "return db.post.count()"), declaring(reason, "return db.post.count({})")
    (action,) = reviewed(new, old=old).actions
    assert (action.public, said(action)) == ("declared: a counter on the home page", [])


def test_a_declaration_without_a_reason_declares_nothing() -> None:
    (action,) = reviewed(declaring("", "return db.post.deleteMany({})"), old=declaring("", "return 1")).actions
    assert (action.public, said(action)) == (None, [("missing-authentication", Status.INTRODUCED)])


def test_a_pull_request_cannot_declare_its_own_action_public() -> None:
    old = edited("app/actions.ts", "return 1", "return db.post.deleteMany()")
    (action,) = reviewed(declaring(" -- trust me", "return db.post.deleteMany({})"), old=old).actions
    assert (action.public, said(action)) == (None, [("missing-authentication", Status.STANDING)])


def readers(*, is_guarded: bool) -> dict[str, str]:
    """Two reads of data of which nobody says whose it is, and neighbours that ask, or do not ask yet."""
    guard = "await member()\n  " if is_guarded else ""
    news = "'use server'\nimport { db } from '../lib/db'\nimport { columns } from '../lib/columns'\n\n" + "".join(
        f"export async function {name}() {{\n  return db.{name}.findMany({{ select: columns }})\n}}\n"
        for name in ("news", "prices")
    )
    admin = "'use server'\nimport { db } from '../lib/db'\nimport { member } from '../lib/dal'\n\n" + "".join(
        f"export async function {name}() {{\n  {guard}await db.log.deleteMany()\n}}\n" for name in ("clear", "wipe")
    )
    columns = f"export const columns = {{ id: true, title: {'true' if is_guarded else 'false'} }}"
    kept = {path: text for path, text in APP.items() if path != "app/actions.ts"}
    return {**kept, "lib/columns.ts": columns, "app/news.ts": news, "app/admin.ts": admin}


def test_what_a_change_does_to_the_neighbours_makes_no_action_worse() -> None:
    found = reviewed(readers(is_guarded=True), readers(is_guarded=False))
    told = [
        f for a in found.actions if a.path == "app/news.ts" for f in a.findings if f.rule == "missing-authentication"
    ]
    assert [f.status for f in told] == [Status.STANDING, Status.STANDING]


def test_an_argument_that_is_renamed_or_added_brings_no_fault_to_an_action_that_checked_none_of_them() -> None:
    renamed = edited("app/actions.ts", "title: string) {", "heading: string) {")
    renamed = edited("app/actions.ts", "data: { title } })", "data: { title: heading } })", renamed)
    (action,) = reviewed(renamed).actions
    found = [f for f in (*action.findings, *action.fixed) if f.rule == "unvalidated-input"]
    assert [(f.status, "`heading`" in f.message) for f in found] == [(Status.STANDING, True)]


WRAPPER = """
    import { db } from './db'
    export const safely = (run) => async (...given) => {
      try { return { data: await run(...given) } } catch (error) { return { error: error.message } }
    }
"""
WRAPPED = """
    'use server'
    import { safely } from '../lib/safely'
    import { db } from '../lib/db'
    import { member } from '../lib/dal'
    export const first = safely(async (id: string) => {
      const user = await member()
      return (await db.post.updateMany({ where: { id, authorId: user.id }, data: { shown: true } })).count
    })
"""
SECOND = WRAPPED + WRAPPED[WRAPPED.index("    export const") :].replace("first", "second")


def leaks(new: Mapping[str, str], old: Mapping[str, str]) -> list[Status]:
    """How the texts of failures that actions hand out stand to a change."""
    found = reviewed({**APP, **files_of(new)}, {**APP, **files_of(old)})
    return [f.status for action in found.actions for f in action.findings if f.rule == "error-message-leak"]


def test_what_an_old_wrapper_hands_out_for_a_new_action_stood_before() -> None:
    old = {"lib/safely.ts": WRAPPER, "app/wrapped.ts": WRAPPED}
    assert leaks({**old, "app/wrapped.ts": SECOND}, old) == [Status.STANDING]
    assert leaks({"lib/safely.ts": WRAPPER, "app/wrapped.ts": WRAPPED}, {}) == [Status.INTRODUCED]


def test_what_a_changed_wrapper_hands_out_is_new() -> None:
    old = {"lib/safely.ts": WRAPPER.replace("error.message", "'Failed'"), "app/wrapped.ts": WRAPPED}
    assert leaks({"lib/safely.ts": WRAPPER, "app/wrapped.ts": SECOND}, old) == [Status.INTRODUCED] * 2


def test_what_an_action_hands_out_by_itself_is_its_own() -> None:
    own = WRAPPED.replace("safely(async (id: string) => {", "async function (id: string) { try {").replace(
        "count\n    })", "count\n    } catch (error) { return error.message } }"
    )
    assert leaks({"app/wrapped.ts": own.replace("const first =", "const second =")}, {}) == [Status.INTRODUCED]
