"""Lists of ids that a caller sends: each is theirs where it was held against rows that are, by whatever index."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id String @id
    }
    model Board {
      id      String @id
      ownerId String
      owner   User   @relation(fields: [ownerId], references: [id])
    }
    model Card {
      id      String @id
      place   Int
      boardId String
      board   Board  @relation(fields: [boardId], references: [id])
    }
"""
OWN = """
    const board = await db.board.findFirst({ where: { id: boardId, ownerId: user.id } })
    if (!board) throw new Error('Not found')
"""
CARDS = OWN + "const cards = await db.card.findMany({ where: { boardId } })\n"
ANYBODYS = "const cards = await db.card.findMany({ where: { boardId } })\n"
PLACE = "for (const item of items) await db.card.update({ where: { id: item.id }, data: { place: item.place } })"
GONE = "await db.card.deleteMany({ where: { id: { in: ids } } })"


def unowned(body: str) -> list[str]:
    """The kinds and tables of the effects of `act` on records that it has not shown to be the caller's."""
    action = f"{HEAD}\nexport async function act(boardId, ids, items) {{ {SESSION} {body} }}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **LIBRARY}
    return [f"{u.effect.kind} {u.effect.target}" for u in run(files)["act"].unowned_effects()]


HELD_AGAINST = {
    "a map of the rows by their ids": (
        "const byId = new Map(cards.map((card) => [card.id, card]))\n"
        "if (items.some((item) => !byId.has(item.id))) throw new Error('Not found')\n" + PLACE
    ),
    "what such a map gives": (
        "const byId = new Map(cards.map((card) => [card.id, card]))\n"
        "for (const item of items) {\n"
        "  const card = byId.get(item.id)\n"
        "  if (!card) continue\n"
        "  await db.card.update({ where: { id: item.id }, data: { place: item.place } })\n"
        "}"
    ),
    "a map of their places": (
        "const places = new Map(cards.map((card, place) => [card.id, place]))\n"
        "if (!items.every((item) => places.has(item.id))) return\n" + PLACE
    ),
    "none that is not among them is found": (
        "const foreign = items.find((item) => !cards.some((card) => card.id === item.id))\n"
        "if (foreign) throw new Error('Not found')\n" + PLACE
    ),
    "the place of each among them": (
        "for (const item of items) {\n"
        "  if (cards.findIndex((card) => card.id === item.id) < 0) continue\n"
        "  await db.card.update({ where: { id: item.id }, data: { place: item.place } })\n"
        "}"
    ),
}


@pytest.mark.parametrize("body", HELD_AGAINST.values(), ids=HELD_AGAINST.keys())
def test_ids_that_are_held_against_the_callers_rows_are_theirs(body: str) -> None:
    assert unowned(CARDS + body) == []


@pytest.mark.parametrize("body", HELD_AGAINST.values(), ids=HELD_AGAINST.keys())
def test_ids_that_are_held_against_anybodys_rows_are_not(body: str) -> None:
    assert unowned(ANYBODYS + body) == ["write card"]


COUNTED = {
    "of the rows that were sent": OWN
    + """
        const valid = await db.card.findMany({ where: { id: { in: items.map((item) => item.id) }, boardId } })
        if (valid.length !== items.length) throw new Error('Not found')
    """
    + PLACE,
    "of each once": OWN
    + """
        const once = [...new Set(ids)]
        const number = await db.card.count({ where: { id: { in: once }, boardId } })
        if (number !== once.length) throw new Error('Not found')
    """
    + GONE,
    "in the caller's name": """
        const number = await db.card.count({ where: { id: { in: ids }, board: { ownerId: user.id } } })
        if (number !== ids.length) throw new Error('Not found')
    """
    + GONE,
}


@pytest.mark.parametrize("body", COUNTED.values(), ids=COUNTED.keys())
def test_as_many_rows_as_ids_were_sent_are_each_theirs(body: str) -> None:
    assert unowned(body) == []


NOT_COUNTED = {
    "as many of anybody's": (
        """
        const once = [...new Set(ids)]
        const number = await db.card.count({ where: { id: { in: once }, boardId } })
        if (number !== once.length) throw new Error('Not found')
        """
        + GONE,
        "delete card",
    ),
    "as many as another list has": (
        OWN
        + """
        const number = await db.card.count({ where: { id: { in: ids }, boardId } })
        if (number !== items.length) throw new Error('Not found')
        """
        + PLACE,
        "write card",
    ),
    "not as many": (
        OWN
        + """
        const number = await db.card.count({ where: { id: { in: ids }, boardId } })
        if (number === ids.length) return
        """
        + GONE,
        "delete card",
    ),
    "one is among them": (
        CARDS + "if (!items.some((item) => cards.some((card) => card.id === item.id))) return\n" + PLACE,
        "write card",
    ),
}


@pytest.mark.parametrize(("body", "expected"), NOT_COUNTED.values(), ids=NOT_COUNTED.keys())
def test_a_number_that_tells_nothing_of_each_proves_nothing(body: str, expected: str) -> None:
    assert unowned(body) == [expected]


@pytest.mark.parametrize("test", ["i > 0", "i >= 1", "i", "i === 3", "i !== -1"])
def test_what_is_done_at_any_place_of_a_list_is_seen(test: str) -> None:
    body = f"""
        export async function act(id) {{
          const rows = await db.post.findMany()
          const i = rows.findIndex((row) => row.id === id)
          if ({test}) await db.post.delete({{ where: {{ id }} }})
        }}"""
    effects = run({"app/actions.ts": HEAD + body, **LIBRARY})["act"].effects
    assert EffectKind.DELETE in {effect.kind for effect in effects}
