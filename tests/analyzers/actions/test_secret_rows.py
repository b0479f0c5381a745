"""Rows of which a column opens something: whoever gets one whole by naming it could be anybody with an account."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id       String   @id
      nickname String   @unique
      password String
      role     String
      sellers  Seller[]
    }
    model Seller {
      sellerId       String @id
      name           String
      firm           String
      sellerPassword String
    }
    model Hook {
      id     String @id
      url    String
      secret String
    }
    model Invitation {
      id    String @id
      token String @unique
    }
    model Post {
      id       String @id
      title    String
      authorId String
      author   User   @relation(fields: [authorId], references: [id])
    }
"""


def read(body: str) -> str | None:
    """The column that opens something and goes to any signed-in user by `act`."""
    code = f"{HEAD}\nexport async function act(id, firm) {{ {SESSION} {body} }}"
    found = run({"app/actions.ts": code, "prisma/schema.prisma": SCHEMA, **LIBRARY})["act"].secret_read()
    return found.column if found is not None else None


EXPOSED = {
    "a row by its id": "return db.seller.findFirst({ where: { sellerId: id } })",
    "an account by its name": "return db.user.findUnique({ where: { nickname: id } })",
    "in an object": "const hook = await db.hook.findUnique({ where: { id } })\nreturn { ok: true, hook }",
    "spread": "const hook = await db.hook.findUnique({ where: { id } })\nif (!hook) return\nreturn { ...hook, at: 1 }",
    "all of a firm": "return db.seller.findMany({ where: { firm } })",
    "the column alone": "const hook = await db.hook.findUnique({ where: { id } })\nreturn hook?.secret",
    "the column beside others": """
        const hook = await db.hook.findUnique({ where: { id }, select: { url: true, secret: true } })
        return { url: hook.url, token: hook.secret }""",
    "the column of each": "return (await db.seller.findMany({ where: { firm } })).map((s) => s.sellerPassword)",
    "of a table that no schema describes": "return (await db.shop.findUnique({ where: { id } })).apiKey",
    "as text": "return JSON.parse(JSON.stringify(await db.hook.findUnique({ where: { id } })))",
}

KEPT = {
    "among the caller's own": "return db.seller.findFirst({ where: { sellerId: id, userId: user.id } })",
    "compared": """
        const hook = await db.hook.findUnique({ where: { id } })
        if (hook?.ownerId !== user.id) return
        return hook""",
    "with the columns that are shown": "return db.hook.findFirst({ where: { id }, select: { url: true } })",
    "without the secret": """
        const seller = await db.seller.findUnique({ where: { sellerId: id } })
        return { ...seller, sellerPassword: undefined }""",
    "found by its own secret": "return db.invitation.findUnique({ where: { token: id } })",
    "by an administrator": "if (user.role !== 'ADMIN') return\nreturn db.user.findUnique({ where: { id } })",
    "the caller's own": "return db.user.findUnique({ where: { id: user.id } })",
    "nothing in it that opens something": "return db.post.findUnique({ where: { id } })",
    "brought along by a relation, which is a question of columns": """
        return db.post.findUnique({ where: { id }, include: { author: true } })""",
    "whether there is one": "const hook = await db.hook.findUnique({ where: { id } })\nreturn !!hook?.secret",
    "a part of it": "const hook = await db.hook.findUnique({ where: { id } })\nreturn `…${hook.secret.slice(-4)}`",
    "the column of the caller's own": """
        const hook = await db.hook.findFirst({ where: { id, ownerId: user.id } })
        return hook?.secret""",
    "the column, compared": """
        const hook = await db.hook.findUnique({ where: { id } })
        if (hook?.ownerId !== user.id) throw new Error('Not yours')
        return hook.secret""",
    "another column": "const hook = await db.hook.findUnique({ where: { id } })\nreturn hook?.url",
    "not handed out": "const user = await db.user.findUnique({ where: { id } })\nreturn user !== null",
}


@pytest.mark.parametrize("body", EXPOSED.values(), ids=EXPOSED.keys())
def test_a_row_that_opens_something_is_not_for_every_account(body: str) -> None:
    assert read(body) is not None


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT.keys())
def test_a_row_that_is_tied_or_has_no_secret_in_it_is_not_judged(body: str) -> None:
    assert read(body) is None
