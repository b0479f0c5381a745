"""The address at which a browser takes messages: whoever knows it is that browser."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id            String @id
      subscriptions PushSubscription[]
      tokens        DeviceToken[]
    }
    model PushSubscription {
      id       String @id
      endpoint String @unique
      userId   String
      user     User   @relation(fields: [userId], references: [id])
    }
    model DeviceToken {
      id     String @id
      token  String @unique
      userId String
      user   User   @relation(fields: [userId], references: [id])
    }
    model Webhook {
      id       String @id
      endpoint String
      userId   String
      user     User   @relation(fields: [userId], references: [id])
    }
"""

CASES = {
    "bound to the caller": (
        "await db.pushSubscription.upsert({ where: { endpoint: id }, create: { endpoint: id, userId: user.id },"
        " update: { userId: user.id } })",
        False,
    ),
    "let go": ("await db.pushSubscription.delete({ where: { endpoint: id } })", False),
    "all of a browser's let go": ("await db.pushSubscription.deleteMany({ where: { endpoint: id } })", False),
    "a device let go": ("await db.deviceToken.deleteMany({ where: { token: id } })", False),
    "seen again": ("await db.pushSubscription.update({ where: { endpoint: id }, data: { seen: true } })", False),
    "by its id": ("await db.pushSubscription.delete({ where: { id } })", True),
    "the address of something else": ("await db.webhook.deleteMany({ where: { endpoint: id } })", True),
}


@pytest.mark.parametrize(("body", "is_somebodys"), CASES.values(), ids=CASES.keys())
def test_who_knows_the_address_of_a_browser_may_change_what_is_sent_there(body: str, is_somebodys: bool) -> None:
    code = f"{HEAD}\nexport async function act(id) {{ {SESSION} {body} }}"
    found = run({"app/actions.ts": code, "prisma/schema.prisma": SCHEMA, **LIBRARY})["act"].unowned_effect()
    assert (found is not None) is is_somebodys
