"""A change that moves, renames or rewords a check takes nothing away, and nothing is said of it."""

from __future__ import annotations

import pytest

from tests.analyzers.actions.test_uncovered import DRAFTS, LETTER, ROUTES, SALARIES
from tests.analyzers.test_weakened import ERASE, MOVE, PROMOTE, change

ASKED = """
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
"""

THROUGH_A_HELPER = """
      const session = { user: await member() }
"""

WRAPPED = """
    const signedIn = (run) => async (...args) => {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return run(session, ...args)
    }
    export const erase = signedIn(async (session, id: string) => {
      const post = await db.post.findUnique({ where: { id } })
      if (post?.authorId !== session.user.id) throw new Error('Not yours')
      await db.post.delete({ where: { id } })
    })
"""

REWORDED = {
    "the session is asked for by a helper": (LETTER, ASKED, THROUGH_A_HELPER),
    "the comparison becomes a condition of the key": (
        LETTER,
        """
      const found = await db.letter.findUnique({ where: { id } })
      if (found?.authorId !== session.user.id) throw new Error('Not yours')
""",
        """
      const found = await db.letter.findUnique({ where: { id, authorId: session.user.id } })
      if (!found) throw new Error('Not found')
""",
    ),
    "the condition of the key becomes a comparison": (
        DRAFTS,
        "return db.post.findMany({ where: { authorId: session.user.id } })",
        "return (await db.post.findMany()).filter((post) => post.authorId === session.user.id)",
    ),
    "the membership becomes a condition of the key": (
        ROUTES,
        "{ where: { teamId } }",
        "{ where: { teamId, team: { members: { some: { userId: session.user.id } } } } }",
    ),
    "the membership is counted": (
        ROUTES,
        """
      const member = await db.member.findFirst({ where: { teamId, userId: session.user.id } })
      if (!member) throw new Error('Not a member')
""",
        """
      const count = await db.member.count({ where: { teamId, userId: session.user.id } })
      if (count === 0) throw new Error('Not a member')
""",
    ),
    "the membership is asked of a list": (
        ROUTES,
        """
      const member = await db.member.findFirst({ where: { teamId, userId: session.user.id } })
      if (!member) throw new Error('Not a member')
""",
        """
      const mine = await db.member.findMany({ where: { userId: session.user.id } })
      if (!mine.some((one) => one.teamId === teamId)) throw new Error('Not a member')
""",
    ),
    "the membership is asked by a policy": (
        ROUTES,
        """
      const member = await db.member.findFirst({ where: { teamId, userId: session.user.id } })
      if (!member) throw new Error('Not a member')
""",
        """
      const { may } = await import('some-policies')
      if (!(await may(session.user, 'read', teamId))) throw new Error('Not a member')
""",
    ),
    "the team is the session's own": (ROUTES, "{ where: { teamId } }", "{ where: { teamId: session.user.teamId } }"),
    "the role is looked up": (
        SALARIES,
        "if (session.user.role !== 'admin') throw new Error('Not allowed')",
        """const me = await db.user.findUnique({ where: { id: session.user.id } })
      if (me?.role !== 'admin') return { error: 'Not allowed' }""",
    ),
    "the role is asked by a helper": (
        SALARIES,
        "if (session.user.role !== 'admin') throw new Error('Not allowed')",
        """const needs = (user, role) => { if (user.role !== role) throw new Error('Not allowed') }
      needs(session.user, 'admin')""",
    ),
    "an owner may do what a role was needed for": (
        PROMOTE.replace("id: session.user.id", "id: session.user.id, plan: 'free'"),
        "if (session.user.role !== 'owner') throw new Error('Not allowed')",
        """const team = await db.team.findUnique({ where: { id: session.user.teamId } })
      if (team?.ownerId !== session.user.id) throw new Error('Not allowed')""",
    ),
    "the check stands in a wrapper": (ERASE, ERASE, WRAPPED),
    "the folder is compared instead of looked up with its owner": (
        MOVE,
        """
      const folder = await db.folder.findFirst({ where: { id: folderId, ownerId: session.user.id } })
      if (!folder) throw new Error('Not found')
""",
        """
      const folder = await db.folder.findUnique({ where: { id: folderId } })
      if (folder?.ownerId !== session.user.id) return { error: 'Not found' }
""",
    ),
}


@pytest.mark.parametrize("how", REWORDED)
def test_a_check_in_other_words_is_no_check_that_is_gone(how: str) -> None:
    before, old, new = REWORDED[how]
    assert change("    import { member } from '../lib/dal'\n" + before, old, new) == []
