"""Whom a caller deals with in their own name: a further row that names them takes nobody's identity."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id    String @id
      bio   String
      admin Boolean
    }
    model Review {
      id       String @id
      authorId String
      author   User   @relation("by", fields: [authorId], references: [id])
      aboutId  String
      about    User   @relation("about", fields: [aboutId], references: [id])
      text     String
    }
    model Rating {
      id       String @id
      userId   String
      user     User   @relation(fields: [userId], references: [id])
      reviewId String
      review   Review @relation(fields: [reviewId], references: [id])
      score    Int
    }
    model Credit {
      id     String @id
      userId String
      user   User   @relation(fields: [userId], references: [id])
      amount Int
    }
    model Club {
      id      String @id
      ownerId String
      owner   User   @relation(fields: [ownerId], references: [id])
    }
    model Seat {
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
      userId String
      user   User   @relation(fields: [userId], references: [id])
      @@id([clubId, userId])
    }
    model DashboardCache {
      id     String @id
      userId String
      month  String
    }
"""


def unowned(body: str) -> list[str]:
    """The effects of `act` on records that it has not shown to be the caller's."""
    action = f"{HEAD}\nexport async function act(id, other) {{ {SESSION} {body} }}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **LIBRARY}
    return [u.effect.what for u in run(files)["act"].unowned_effects()]


REVIEW = "const review = await db.review.create({ data: { authorId: user.id, aboutId: other, text: id } })\n"
RATING = "await db.rating.create({ data: { userId: other, reviewId: review.id, score: 1 } })\n"
CREDIT = "await db.credit.create({ data: { userId: other, amount: 2 } })\n"

DEALT_WITH = {
    "whom they rate": REVIEW + RATING,
    "whom they pay, before the row that says so": (CREDIT + REVIEW),
    "whom they looked up before": (
        "const seller = await db.user.findUniqueOrThrow({ where: { id: other } })\n"
        "await db.credit.create({ data: { userId: seller.id, amount: 2 } })\n"
        "await db.review.create({ data: { authorId: user.id, aboutId: seller.id, text: id } })"
    ),
    "in one transaction": (
        "await db.$transaction(async (tx) => {\n"
        + (REVIEW + RATING).replace("db.review", "tx.review").replace("db.rating", "tx.rating")
        + "})"
    ),
    "in a transaction of a list": (
        "await db.$transaction([db.review.create({ data: { authorId: user.id, aboutId: other, text: id } }),"
        " db.credit.create({ data: { userId: other, amount: 2 } })])"
    ),
}


@pytest.mark.parametrize("body", DEALT_WITH.values(), ids=DEALT_WITH.keys())
def test_a_row_for_whom_the_caller_deals_with_in_their_own_name_is_no_ones_identity(body: str) -> None:
    assert unowned(body) == []


STANDS_FOR = {
    "nobody says who does it": (CREDIT, ["prisma.credit.create"]),
    "their own row names nobody else": (
        "await db.credit.create({ data: { userId: user.id, amount: -2 } })\n" + CREDIT,
        ["prisma.credit.create"],
    ),
    "their own row names another one": (REVIEW.replace("other", "id") + CREDIT, ["prisma.credit.create"]),
    "a row of theirs that is there": (
        REVIEW + "await db.user.update({ where: { id: other }, data: { bio: id } })",
        ["prisma.user.update"],
    ),
    "a place that is not shown to be the caller's": (
        REVIEW + "await db.seat.create({ data: { clubId: id, userId: other } })",
        ["prisma.seat.create"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), STANDS_FOR.values(), ids=STANDS_FOR.keys())
def test_whoever_is_named_is_taken_for_the_owner_where_the_caller_does_not_deal_with_them(
    body: str, expected: list[str]
) -> None:
    assert unowned(body) == expected


def test_what_a_program_keeps_of_its_own_answers_may_be_forgotten_by_anybody() -> None:
    assert unowned("await db.dashboardCache.deleteMany({ where: { month: id } })") == []
    assert unowned("await db.review.deleteMany({ where: { text: id } })") == ["prisma.review.deleteMany"]


def test_what_is_put_into_a_kept_answer_is_not_for_anybody_to_say() -> None:
    body = "await db.dashboardCache.updateMany({ where: { month: id }, data: { month: other } })"
    assert unowned(body) == ["prisma.dashboardCache.updateMany"]
