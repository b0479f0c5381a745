"""Reads for which the other actions of a file would ask for a right."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

ASKING = "const m = await db.member.findFirst({ where: { teamId: id, userId: user.id } }); if (!m) return\n"
ADMIN = "if (user.role !== 'admin') return\n"
NOTES_OF = "return db.note.findMany({ where: { teamId: id } })"
PLANS_OF = "return db.plan.findMany({ where: { teamId: id } })"
NOTES, PLANS = ASKING + NOTES_OF, ASKING + PLANS_OF
VISITS = "return db.visit.findMany({ where: { teamId: id } })"

FILES = {
    "two others ask before they read": ((VISITS, NOTES, PLANS), True),
    "one other alone may be the exception": ((VISITS, NOTES), False),
    "the others ask for a role that holds everywhere": ((VISITS, ADMIN + NOTES_OF, ADMIN + PLANS_OF), False),
    "one of the others asks for nothing": (
        (VISITS, NOTES, PLANS, "return db.tag.findUnique({ where: { id } })"),
        False,
    ),
    "another names nothing": ((VISITS, NOTES, PLANS, "return db.tag.count({})"), True),
    "it asks itself": ((ASKING + VISITS, NOTES, PLANS), False),
    "it asks before it hands out": (
        (
            """
            const note = await db.note.findUnique({ where: { id } })
            if (note?.authorId !== user.id) return
            return note.text""",
            NOTES,
            PLANS,
        ),
        False,
    ),
    "it reads what is the caller's": (
        ("return db.visit.findMany({ where: { id, userId: user.id } })", NOTES, PLANS),
        False,
    ),
    "it tells nothing": (("await db.visit.findMany({ where: { id } })", NOTES, PLANS), False),
    "it changes something": (
        (
            "const t = await db.tag.findUnique({ where: { id } }); await db.tag.update({ where: { id }, data: t })",
            NOTES,
            PLANS,
        ),
        False,
    ),
}


@pytest.mark.parametrize(("bodies", "expected"), FILES.values(), ids=FILES.keys())
def test_a_read_lacks_a_right_that_the_rest_of_its_file_asks_for(bodies: tuple[str, ...], expected: bool) -> None:
    code = HEAD + "".join(f"export async function act{n}(id) {{ {SESSION} {b} }}\n" for n, b in enumerate(bodies))
    found = run({"app/actions.ts": code, **LIBRARY})["act0"].unasked_read()
    assert (found is not None) is expected
