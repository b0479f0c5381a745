"""What an action hands out is laid bare as well: a check of a read is worth as much as one of a write."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import Confidence, Status
from tests.analyzers.test_weakened import change

SESSION = """
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
"""

ROUTES = f"""
    export async function routes(teamId: string) {{{SESSION}
      const member = await db.member.findFirst({{ where: {{ teamId, userId: session.user.id }} }})
      if (!member) throw new Error('Not a member')
      return {{ routes: await db.route.findMany({{ where: {{ teamId }} }}) }}
    }}
"""
LETTER = f"""
    export async function letter(id: string) {{{SESSION}
      const found = await db.letter.findUnique({{ where: {{ id }} }})
      if (found?.authorId !== session.user.id) throw new Error('Not yours')
      return found
    }}
"""
SALARIES = f"""
    export async function salaries() {{{SESSION}
      if (session.user.role !== 'admin') throw new Error('Not allowed')
      return db.salary.findMany()
    }}
"""
DRAFTS = f"""
    export async function drafts() {{{SESSION}
      return db.post.findMany({{ where: {{ authorId: session.user.id }} }})
    }}
"""
NEWS = f"""
    import {{ Resend }} from 'resend'
    const resend = new Resend(process.env.RESEND_KEY)
    export async function news(text: string) {{{SESSION}
      if (session.user.role !== 'editor') throw new Error('Not allowed')
      await resend.emails.send({{ from: 'news@example.com', to: 'all@example.com', subject: 'News', text }})
    }}
"""
DETACH = f"""
    export async function detach(teamId: string) {{{SESSION}
      const member = await db.member.findFirst({{ where: {{ teamId, userId: session.user.id }} }})
      if (!member) throw new Error('Not a member')
      await fetch(`https://api.example.com/teams/${{teamId}}`, {{
        method: 'DELETE',
        headers: {{ authorization: process.env.API_KEY }},
      }})
    }}
"""

REMOVED = {
    "a membership": (
        ROUTES,
        "if (!member) throw new Error('Not a member')",
        "`routes` reads `route` (`prisma.route.findMany`), and the check that asked whether `teamId` is the caller's",
    ),
    "a comparison": (
        LETTER,
        "if (found?.authorId !== session.user.id) throw new Error('Not yours')",
        "`letter` reads `letter` (`prisma.letter.findUnique`), and the check that asked whether `id` is the caller's",
    ),
    "a role": (
        SALARIES,
        "if (session.user.role !== 'admin') throw new Error('Not allowed')",
        "`salaries` reads `salary` (`prisma.salary.findMany`), and the check that asked what the caller may do",
    ),
    "a condition of the key": (
        DRAFTS,
        "where: { authorId: session.user.id }",
        "`drafts` reads `post` (`prisma.post.findMany`), and the condition that kept this to the caller's own",
    ),
    "a role in front of a mail": (
        NEWS,
        "if (session.user.role !== 'editor') throw new Error('Not allowed')",
        "`news` sends an email (`resend.emails.send`), and the check that asked what the caller may do",
    ),
    "a membership in front of another service": (
        DETACH,
        "if (!member) throw new Error('Not a member')",
        "`detach` calls another service (`fetch`), and the check that asked whether `teamId` is the caller's",
    ),
}


@pytest.mark.parametrize("what", REMOVED)
def test_what_is_no_longer_asked_before_something_is_handed_out_is_said(what: str) -> None:
    before, removed, words = REMOVED[what]
    assert change(before, removed) == [
        ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM, f"{words} is gone with this change.")
    ]


def test_a_fault_that_the_code_shows_by_itself_comes_before_what_only_the_change_tells() -> None:
    both = SALARIES.replace("export async function salaries()", "export async function salaries(id: string)").replace(
        "return db.salary.findMany()",
        "await fetch('https://api.example.com/audit', { headers: { authorization: process.env.API_KEY } })\n"
        "      await db.salary.delete({ where: { id } })",
    )
    ((rule, _, confidence, message),) = change(
        both, "if (session.user.role !== 'admin') throw new Error('Not allowed')"
    )
    assert (rule, confidence) == ("missing-ownership-check", Confidence.HIGH)
    assert "deletes from `salary`" in message
