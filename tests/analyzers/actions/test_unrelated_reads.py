"""Reads of another record than the one that was checked, and records that the action itself has made."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_ownership import unowned

MEMBER = "const m = await db.member.findFirst({ where: { teamId: other, userId: user.id } }); if (!m) return\n"

READS = {
    "another record than the one that was checked": (
        "const note = await db.note.findUnique({ where: { id } }); return note",
        ["prisma.note.findUnique"],
    ),
    "a record within what was checked": (
        "const note = await db.note.findFirst({ where: { id, teamId: other } }); return note",
        [],
    ),
    "a record that is compared before it is handed out": (
        "const note = await db.note.findUnique({ where: { id } }); if (note?.teamId !== other) return; return note",
        [],
    ),
    "a record that is told of only by an exception behind the comparison": (
        """
        try {
          const note = await db.note.findUnique({ where: { id } })
          if (note?.teamId !== other) return { ok: false }
          throw new Error(note.title)
        } catch (error) {
          return { message: error.message }
        }""",
        [],
    ),
    "a record that an exception tells of before the comparison": (
        """
        try {
          const note = await db.note.findUnique({ where: { id } })
          if (note?.teamId !== other) throw new Error(note.title)
          return { ok: true }
        } catch (error) {
          return { message: error.message }
        }""",
        ["prisma.note.findUnique"],
    ),
    "a record that a helper's exception tells of": (
        """
        const read = async () => {
          const note = await db.note.findUnique({ where: { id } })
          if (note?.teamId !== other) return 1
          throw new Error(note.title)
        }
        try {
          return await read()
        } catch (error) {
          return { message: error.message }
        }""",
        [],
    ),
    "a copy of another record, in the place that was checked": (
        """
        const note = await db.note.findUnique({ where: { id } })
        await db.note.create({ data: { ...note, id: undefined, teamId: other } })""",
        ["prisma.note.findUnique"],
    ),
    "a copy of some fields of another record": (
        """
        const note = await db.note.findUnique({ where: { id } })
        await db.note.create({ data: { title: note.title, text: note.text, teamId: other } })""",
        ["prisma.note.findUnique"],
    ),
    "copies of the rows of another record, in the place that was checked": (
        """
        const board = await db.board.findUnique({ where: { id } })
        const notes = await db.note.findMany({ where: { boardId: board.id } })
        for (const note of notes) await db.note.create({ data: { ...note, id: undefined, teamId: other } })""",
        ["prisma.note.findMany"],
    ),
    "the rows of another record": (
        """
        const board = await db.board.findUnique({ where: { id }, select: { id: true } })
        return db.note.findMany({ where: { boardId: board.id } })""",
        ["prisma.note.findMany"],
    ),
    "the rows of a record within what was checked": (
        """
        const board = await db.board.findFirst({ where: { id, teamId: other } })
        if (!board) return
        return db.note.findMany({ where: { boardId: board.id } })""",
        [],
    ),
    "the rows of a record that is compared before": (
        """
        const board = await db.board.findUnique({ where: { id } })
        if (board?.teamId !== other) return
        return db.note.findMany({ where: { boardId: board.id } })""",
        [],
    ),
    "a copy of a record within what was checked": (
        """
        const note = await db.note.findFirst({ where: { id, teamId: other } })
        await db.note.create({ data: { ...note, id: undefined, teamId: other } })""",
        [],
    ),
    "a copy behind the comparison": (
        """
        const note = await db.note.findUnique({ where: { id } })
        if (note?.teamId !== other) return
        await db.note.create({ data: { ...note, id: undefined, teamId: other } })""",
        [],
    ),
    "what a record of another table says of itself": (
        """
        const product = await db.product.findUnique({ where: { id } })
        await db.item.create({ data: { teamId: other, name: product.name, price: product.price } })""",
        [],
    ),
    "a place behind the last one": (
        """
        const last = await db.note.findFirst({ where: { boardId: id } })
        await db.note.create({ data: { teamId: other, place: last.place + 1 } })""",
        [],
    ),
    "a record that stays here": ("await db.note.findUnique({ where: { id } }); return { ok: true }", []),
    "a filter that names no record": ("return db.note.findMany({ where: { title: id, teamId: other } })", []),
}


@pytest.mark.parametrize(("body", "expected"), READS.values(), ids=READS.keys())
def test_a_read_that_follows_a_check_of_something_else_is_unchecked(body: str, expected: list[str]) -> None:
    assert unowned(MEMBER + body) == expected


def test_whether_reading_alone_needs_a_right_is_not_for_the_code_to_say() -> None:
    assert unowned("return db.note.findUnique({ where: { id } })") == []


def test_a_record_that_was_just_made_is_nobody_elses() -> None:
    body = """
        const team = await db.team.create({ data: { name: id, ownerId: user.id } })
        await db.board.create({ data: { teamId: team.id, name: other } })
        const plan = await db.plan.findUnique({ where: { teamId: team.id } })
        await db.plan.update({ where: { id: plan.id }, data: { seats: 1 } })
        await db.team.update({ where: { id: team.id }, data: { slug: other } })"""
    assert unowned(body) == []
