"""An action that nobody guarded does more after a change: that is said, although it was open before."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import FileChange, Policy, Status, review
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import actions
from tests.analyzers.running import files_of

PATH = "app/actions.ts"
OPEN = """
'use server'
import { auth } from '../lib/auth'
import { prisma } from '../lib/prisma'

export async function act(id) {
  await prisma.note.delete({ where: { id: String(id) } })
}
"""
LAST = "{ id: String(id) } })\n"


def statuses(added: str, before: str = OPEN) -> list[tuple[Status, str]]:
    """The status of the missing session, and what is said of the change."""
    after = before.replace(LAST, LAST + added)
    base, head = (MemoryFiles(files_of(actions(text))) for text in (before, after))
    line = before[: before.index(LAST)].count("\n")
    change = FileChange(PATH, PATH, added=tuple(range(line + 1, line + 1 + added.count("\n"))), seams=(line,))
    found = review(base, head, [change], Policy())
    says = "With this change it also "
    return [
        (f.status, f.message.partition(says)[2])
        for action in found.actions
        for f in action.findings
        if f.rule == "missing-authentication"
    ]


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ("  await prisma.user.deleteMany({})\n", "deletes from `user` (`prisma.user.deleteMany`)."),
        (
            "  await prisma.log.create({ data: { id: String(id) } })\n",
            "creates a record in `log` (`prisma.log.create`).",
        ),
        ("  for (const each of [1]) await prisma.tag.updateMany({ data: { each } })\n", "changes `tag`"),
        ("  if (id) await prisma.file.delete({ where: { noteId: String(id) } })\n", "deletes from `file`"),
        ("  setTimeout(() => prisma.seat.deleteMany({}), 10)\n", "deletes from `seat`"),
    ],
)
def test_what_an_open_action_does_besides_from_now_on_makes_it_worse(added: str, says: str) -> None:
    ((status, message),) = statuses(added)
    assert status is Status.WORSENED
    assert message.startswith(says)


@pytest.mark.parametrize(
    "added",
    [
        "  console.log(id)\n",
        "  await prisma.note.findMany({})\n",
    ],
)
def test_what_harms_no_more_leaves_it_as_it_stood(added: str) -> None:
    assert statuses(added) == [(Status.STANDING, "")]
