"""What sentences say of roles, of database functions, of new records, and of the way to an effect."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.words import short_roles
from preship.analyzers.analysis import FileChange, Policy, review
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import STACK, Finding
from preship.analyzers.rules import missing_ownership_check, missing_role_check
from tests.analyzers.running import files_of, run

HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    import { admin } from '../lib/supabase'
"""
SIGNED_IN = "const session = await auth(); if (!session?.user) throw new Error('Not signed in');"


def ownership(body: str) -> Finding:
    """What is said of whose records an action works on."""
    code = f"{HEAD}\n    export async function act(id: string, ids: string[]) {{ {SIGNED_IN} {body} }}"
    facts = run({"app/actions.ts": code, **STACK})["act"]
    return next(iter(missing_ownership_check.RULE.check(facts)))


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        (["ADMIN"], "ADMIN"),
        (["ADMIN", "OWNER"], "ADMIN or OWNER"),
        ([*"ABCD"], "A or B or C or D"),
        ([*"ABCDE"], "A or B or C or one of 2 more"),
        ([*"ABCDEFG"], "A or B or C or one of 4 more"),
        (["the caller's plan"], "the caller's plan"),
    ],
)
def test_of_many_roles_the_first_ones_are_named(roles: list[str], shown: str) -> None:
    assert short_roles(roles) == shown


def test_a_function_of_the_database_is_run_and_not_changed() -> None:
    found = ownership("await admin.rpc('close_meeting', { meeting_id: id })")
    assert found.headline == "any signed-in user can run `close_meeting` on anyone's records"
    assert found.message.startswith(
        "`act` runs the database function `close_meeting`, and the record is chosen by `id`"
    )


def test_a_changed_record_is_chosen() -> None:
    found = ownership("await prisma.post.update({ where: { id }, data: { shown: true } })")
    assert found.message == (
        "`act` changes `post` (`prisma.post.update`), and the record is chosen by `id` alone. Any signed-in user can "
        "send another one's id."
    )


@pytest.mark.parametrize(
    "body",
    [
        "await Promise.all(ids.map((each) => prisma.post.delete({ where: { id: each } })))",
        "await (async () => { await prisma.post.delete({ where: { id } }) })()",
        "for (const each of ids) await (0, remove)(each)",
    ],
)
def test_a_call_without_a_name_is_no_step_of_the_way(body: str) -> None:
    code = "const remove = async (id: string) => prisma.post.delete({ where: { id } });"
    found = ownership(f"{code} {body}")
    assert not [step for step in found.trail if "`" not in step.says]


LAYOUT = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'
    export default async function Layout({ children }) {
      const session = await auth()
      if (!session?.user) redirect('/sign-in')
      return children
    }
"""
PAGE = """
    import { prisma } from '../../../lib/prisma'
    export default async function Page() {
      const invoices = await prisma.invoice.findMany({ take: 50 })
      return <ul>{invoices.map((invoice) => <li key={invoice.id}>{invoice.total}</li>)}</ul>
    }
"""


def test_pages_that_leave_the_check_to_one_layout_share_their_cause() -> None:
    pages = {f"app/admin/{name}/page.tsx": PAGE for name in ("a", "b")}
    tree = MemoryFiles(files_of({"app/admin/layout.tsx": LAYOUT, **pages, **STACK}))
    changes = [FileChange(path, None, added=tuple(range(1, 8))) for path in pages]
    analysis = review(MemoryFiles(files_of({"app/admin/layout.tsx": LAYOUT, **STACK})), tree, changes, Policy())
    assert [(f.rule, f.happens_at) for each in analysis.files for f in each.findings] == [
        ("layout-only-authentication", ("app/admin/layout.tsx", 5))
    ] * 2


FOR_A_ROLE = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'
    import { act } from '../actions'
    export default async function Page() {
      const session = await auth()
      if (session?.user?.role !== 'QUALITY') redirect('/')
      return <form action={act.bind(null, '1')} />
    }
"""


def test_where_the_page_asks_for_a_role_that_is_what_the_action_lacks() -> None:
    body = f"{SIGNED_IN} await prisma.case.delete({{ where: {{ id }} }})"
    code = f"{HEAD}\n    export async function act(id: string) {{ {body} }}"
    files = {"app/actions.ts": code, "app/cases/page.tsx": FOR_A_ROLE, **STACK}
    (found,) = missing_role_check.RULE.check(run(files)["act"])
    assert found.message == (
        "`act` deletes from `case` (`prisma.case.delete`) for anybody with an account. `/cases` asks for `QUALITY` "
        "(`app/cases/page.tsx:6`); the action, which can be called without the page, does not."
    )
    owned = """
        model User { id String @id }
        model Case {
          id      String @id
          owner   User   @relation(fields: [ownerId], references: [id])
          ownerId String
        }
    """
    (found,) = missing_ownership_check.RULE.check(run({**files, "prisma/schema.prisma": owned})["act"])
    assert found.message == (
        "`act` deletes from `case` (`prisma.case.delete`), and the record is chosen by `id` alone. `/cases` asks for "
        "`QUALITY` (`app/cases/page.tsx:6`); the action asks for an account only, and any signed-in user can send any "
        "id."
    )
    assert found.remedy == "Ask for the same before this line: the check of a page runs for the page alone."
