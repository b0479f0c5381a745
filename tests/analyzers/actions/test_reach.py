"""An id in a row of the caller's own is worth a comment where code follows it: then it reaches what it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from preship.analyzers.actions.reach import Way
from preship.analyzers.rule import Persona
from preship.analyzers.rules import missing_ownership_check
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id String @id
    }
    model Studio {
      id      String         @id
      members StudioMember[]
    }
    model StudioMember {
      studioId String
      studio   Studio @relation(fields: [studioId], references: [id])
      userId   String
      user     User   @relation(fields: [userId], references: [id])
      @@id([studioId, userId])
    }
    model Client {
      id       String    @id
      studioId String
      studio   Studio    @relation(fields: [studioId], references: [id])
      name     String
      invoices Invoice[]
    }
    model Palette {
      id       String  @id
      studioId String
      studio   Studio  @relation(fields: [studioId], references: [id])
      name     String
      inks     String[]
    }
    model Category {
      id       String  @id
      studioId String
      studio   Studio  @relation(fields: [studioId], references: [id])
      name     String
    }
    model Invoice {
      id         String    @id
      studioId   String
      studio     Studio    @relation(fields: [studioId], references: [id])
      clientId   String?
      client     Client?   @relation(fields: [clientId], references: [id])
      paletteId  String?
      palette    Palette?  @relation(fields: [paletteId], references: [id])
      categoryId String?
      category   Category? @relation(fields: [categoryId], references: [id])
      total      Int
    }
    model Line {
      id        String  @id
      invoiceId String
      invoice   Invoice @relation(fields: [invoiceId], references: [id])
    }
"""
MINE = (
    "const me = await db.studioMember.findFirstOrThrow({ where: { userId: user.id } })\nconst studioId = me.studioId\n"
)


def reached(
    body: str, more: str = "", files: Mapping[str, str] = MappingProxyType({})
) -> tuple[Way | None, Persona | None]:
    """What the id `other` reaches that `act` writes into a row, and who is shown the finding."""
    action = f"{HEAD}\nexport async function act(id, other) {{ {SESSION} {MINE} {body} }}\n{more}"
    tree = {"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **LIBRARY}
    facts = run({**tree, **files})["act"]
    found = facts.unowned_effect()
    ways = facts.reached(found) if found is not None else None
    finding = next(iter(missing_ownership_check.RULE.check(facts)), None)
    return ways.way if ways is not None else None, finding.persona if finding is not None else None


def other_action(body: str) -> str:
    """Another action of the file, by somebody of the studio."""
    return f"export async function another(which) {{ {SESSION} {MINE} {body} }}"


CLIENT = "await db.invoice.create({ data: { studioId, clientId: other, total: 1 } })"
PALETTE = "await db.invoice.update({ where: { id, studioId }, data: { paletteId: other } })"
CATEGORY = "await db.invoice.create({ data: { studioId, categoryId: other, total: 1 } })"

FOLLOWED = {
    "the row lies in what it names": (
        "await db.line.create({ data: { invoiceId: other } })",
        "",
        Way.LIES_IN,
    ),
    "its name is shown, of whom a business deals with": (
        CLIENT,
        "return db.invoice.findMany({ where: { studioId }, select: { client: { select: { name: true } } } })",
        Way.SHOWN,
    ),
    "all that it names is shown": (
        PALETTE,
        "return db.invoice.findMany({ where: { studioId }, include: { palette: true } })",
        Way.SHOWN,
    ),
    "shown over the row that another one belongs to": (
        CLIENT,
        """const include = { invoice: { include: { client: true } } }
           return db.line.findMany({ where: { invoice: { studioId } }, include })""",
        Way.SHOWN,
    ),
    "the row is shown to whom it names": (
        CLIENT,
        "return db.client.findMany({ where: { studioId }, include: { invoices: true } })",
        Way.SHOWN,
    ),
    "code goes from the row to what it names": (
        CLIENT,
        """const one = await db.invoice.findFirstOrThrow({ where: { id: which, studioId } })
           return db.client.findUnique({ where: { id: one.clientId } })""",
        Way.FOLLOWED,
    ),
    "what it names is changed from there": (
        PALETTE,
        """const one = await db.invoice.findFirstOrThrow({ where: { id: which, studioId } })
           await db.palette.update({ where: { id: one.paletteId }, data: { name: 'used' } })""",
        Way.FOLLOWED,
    ),
    "rows are counted by what they name": (
        CLIENT,
        "return db.invoice.count({ where: { clientId: which } })",
        Way.FOUND_BY,
    ),
    "no code that was seen reads such rows": (
        CLIENT,
        "return db.client.findMany({ where: { studioId } })",
        Way.UNSEEN,
    ),
    "nor such rows, but others with a relation of the name": (
        PALETTE,
        "return db.line.findMany({ include: { palette: true } })",
        Way.UNSEEN,
    ),
}
LEADS_NOWHERE = {
    "the row is read without what it names": (CLIENT, "return db.invoice.findMany({ where: { studioId } })"),
    "a category is only a label": (
        CATEGORY,
        "return db.invoice.findMany({ where: { studioId }, include: { category: true } })",
    ),
    "no more than its name is shown, of what is no person": (
        PALETTE,
        "return db.invoice.findMany({ where: { studioId }, select: { palette: { select: { name: true } } } })",
    ),
    "such rows are found among the caller's own alone": (
        CLIENT,
        "return db.invoice.findMany({ where: { studioId, clientId: which } })",
    ),
    "another table has a relation of the same name": (
        PALETTE,
        "await db.invoice.count({ where: { studioId } }); return db.line.findMany({ include: { palette: true } })",
    ),
    "a label, of rows that nobody reads": (CATEGORY, "return db.category.findMany({ where: { studioId } })"),
    "what it names is looked for among the caller's own": (
        CLIENT,
        """const one = await db.invoice.findFirstOrThrow({ where: { id: which, studioId } })
           return db.client.findFirst({ where: { id: one.clientId, studioId } })""",
    ),
}


@pytest.mark.parametrize(("body", "other", "way"), FOLLOWED.values(), ids=FOLLOWED.keys())
def test_an_id_that_is_followed_reaches_what_it_names(body: str, other: str, way: Way) -> None:
    assert reached(body, other_action(other) if other else "") == (way, Persona.REGULAR)


@pytest.mark.parametrize(("body", "other"), LEADS_NOWHERE.values(), ids=LEADS_NOWHERE.keys())
def test_an_id_that_nobody_follows_is_a_line_of_the_checklist(body: str, other: str) -> None:
    assert reached(body, other_action(other)) == (None, Persona.PEDANTIC)


def connected(body: str) -> str:
    """What is written with the relations of a row in place of its columns."""
    body = body.replace("data: { studioId,", "data: { studio: { connect: { id: studioId } },")
    return re.sub(r"(\w+)Id: other", r"\1: { connect: { id: other } }", body)


@pytest.mark.parametrize(("body", "other", "way"), FOLLOWED.values(), ids=FOLLOWED.keys())
def test_so_does_an_id_that_a_relation_is_set_to(body: str, other: str, way: Way) -> None:
    assert reached(connected(body), other_action(other) if other else "") == (way, Persona.REGULAR)


@pytest.mark.parametrize(("body", "other"), LEADS_NOWHERE.values(), ids=LEADS_NOWHERE.keys())
def test_so_is_a_relation_that_nobody_follows(body: str, other: str) -> None:
    assert reached(connected(body), other_action(other)) == (None, Persona.PEDANTIC)


def test_a_page_that_shows_it_follows_it_as_well() -> None:
    page = """
        import { db } from '../../lib/db'
        export default async function Page() {
          const rows = await db.invoice.findMany({ include: { palette: true } })
          return <ul>{rows.map((row) => <li key={row.id}>{row.palette.name}</li>)}</ul>
        }
    """
    rows = page.replace("{ include: { palette: true } }", "").replace("row.palette.name", "row.id")
    assert reached(PALETTE, files={"app/invoices/page.tsx": rows}) == (None, Persona.PEDANTIC)
    assert reached(PALETTE, files={"app/invoices/page.tsx": page}) == (Way.SHOWN, Persona.REGULAR)


CHECKED = "const one = await db.client.findFirst({ where: { id, studioId } })\nif (!one) return\n"
BOTH = "await db.invoice.create({ data: { studioId, clientId: id, paletteId: other, total: 1 } })"
READS = "return db.invoice.findMany({ where: { studioId } })"
SORTED = """
    const found = await db.category.findFirst({ where: { id: which, studioId } })
    if (!found) throw new Error('Not found')
    await db.invoice.updateMany({ where: { studioId }, data: { categoryId: which } })
    return db.invoice.findMany({ where: { studioId } })
"""

ASKED = {
    "another record of the row is looked up among the caller's": (CHECKED + BOTH, READS),
    "another record of the row is compared": (
        "const one = await db.client.findUnique({ where: { id } })\nif (one?.studioId !== studioId) return\n" + BOTH,
        READS,
    ),
    "another record of the row, in what is there": (
        CHECKED + "await db.invoice.updateMany({ where: { studioId }, data: { clientId: id, paletteId: other } })",
        READS,
    ),
    "another record, connected": (
        CHECKED
        + """await db.invoice.create({ data: { studio: { connect: { id: studioId } }, client: { connect: { id } },
            palette: { connect: { id: other } }, total: 1 } })""",
        READS,
    ),
    "another action asks of such a label": (CATEGORY, SORTED),
    "another action compares such a label": (
        CATEGORY,
        SORTED.replace("findFirst({ where: { id: which, studioId } })", "findUnique({ where: { id: which } })").replace(
            "!found", "found?.studioId !== studioId"
        ),
    ),
}


@pytest.mark.parametrize(("body", "other"), ASKED.values(), ids=ASKED.keys())
def test_an_id_is_a_comment_where_such_a_thing_is_asked_beside_it_or_elsewhere(body: str, other: str) -> None:
    assert reached(body, other_action(other)) == (Way.ASKED, Persona.REGULAR)


ASKED_OF_ELSE = {
    "only the tenant is asked for": (PALETTE, READS),
    "a label beside a record that was looked up": (CHECKED + BOTH.replace("paletteId", "categoryId"), READS),
    "another action asks of such a label, but writes it nowhere": (
        CATEGORY,
        SORTED.replace("data: { categoryId: which }", "data: { total: 1 }"),
    ),
    "another action writes such a label as it comes": (
        CATEGORY,
        "await db.invoice.updateMany({ where: { studioId }, data: { categoryId: which } })\n" + READS,
    ),
    "another action asks of something else": (
        PALETTE,
        SORTED,
    ),
}


@pytest.mark.parametrize(("body", "other"), ASKED_OF_ELSE.values(), ids=ASKED_OF_ELSE.keys())
def test_what_is_asked_of_other_things_tells_nothing_of_an_id(body: str, other: str) -> None:
    assert reached(body, other_action(other)) == (None, Persona.PEDANTIC)
