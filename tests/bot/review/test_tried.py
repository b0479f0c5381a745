"""What a probe has shown, in the checklist and in the conclusion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preship.analyzers import analysis
from preship.analyzers.analysis import Analysis, Answer, Item, MemoryFiles, Policy, Touch
from preship.bot.review.checklist import checklist_table
from preship.bot.review.facts import ReviewFacts, conclude, headline
from preship.bot.review.links import Links
from preship.bot.review.pull_request import Conclusion
from preship.bot.review.tried import Tried, as_tried

FILES = {
    "package.json": '{"dependencies": {"next": "16", "next-auth": "5", "@prisma/client": "6"}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/db.ts": "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n",
    "app/actions.ts": """'use server'
import { auth } from '../auth'
import { db } from '../lib/db'
export async function removeNote(id: string) {
  const session = await auth()
  if (!session?.user?.id) throw new Error('Unauthorized')
  await db.note.deleteMany({ where: { id: String(id), ownerId: session.user.id } })
}
""",
}
REFUSED = Tried("app/actions.ts", "removeNote", 4, "refused", "2026-12-01", "threw", False, True, True)
OPEN = replace(REFUSED, outcome="open", reason="ran `DELETE`", is_open=True, is_refused=False)


@pytest.fixture(scope="module")
def sound() -> Analysis:
    found = analysis.scan(MemoryFiles(FILES), Policy())
    return replace(found, actions=tuple(replace(action, touch=Touch.EDITED) for action in found.actions))


def last_cell(judged: Analysis) -> str:
    return checklist_table(judged.actions, Links(), 10).splitlines()[-1].split(" | ")[-1].removesuffix(" |")


def test_what_was_refused_says_when(sound: Analysis):
    judged = as_tried(sound, [REFUSED])
    assert last_cell(judged) == "✅ refused, 2026-12-01"
    assert conclude(ReviewFacts(judged)) is Conclusion.SUCCESS


def test_what_a_call_proved_open_is_no_success_whatever_the_code_says(sound: Analysis):
    judged = as_tried(sound, [OPEN])
    assert last_cell(judged) == "❌ open, 2026-12-01"
    assert conclude(ReviewFacts(judged)) is Conclusion.NEUTRAL
    assert headline(ReviewFacts(judged)) == "Nothing to fix in 1 touched Server Action, a call proved 1 action open"


def test_what_was_tried_of_another_text_answers_nothing(sound: Analysis):
    judged = as_tried(sound, [replace(OPEN, is_current=False)])
    assert last_cell(judged) == "✅ yes; of another text open, 2026-12-01"
    assert conclude(ReviewFacts(judged)) is Conclusion.SUCCESS


@pytest.mark.parametrize("other", [replace(OPEN, path="app/other.ts"), replace(OPEN, name="other")])
def test_what_was_tried_of_another_action_counts_for_none(sound: Analysis, other: Tried):
    assert as_tried(sound, [other]) == sound
    assert {e.item: e.answer for e in sound.actions[0].checklist}[Item.DIRECT_CALL] is Answer.YES
