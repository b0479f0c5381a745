"""Look-ups whose key asks for a right of the caller's, and those that only look so."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_gates import DELETE
from tests.analyzers.flow.test_ownership import unowned

RIGHTS = {
    "a role in the key": "const held = await db.userRole.findFirst({ where: { userId: user.id, role: 'admin' } })",
    "one of several": (
        "const held = await db.userRole.findFirst({ where: { userId: user.id, role: { in: ['admin', 'owner'] } } })"
    ),
    "counted": "const held = await db.userRole.count({ where: { userId: user.id, role: 'admin' } })",
    "a flag in the key": "const held = await db.user.findFirst({ where: { id: user.id, isAdmin: true } })",
    "a role of another table": (
        "const held = await db.userRole.findFirst({ where: { userId: user.id, role: { name: 'admin' } } })"
    ),
    "a permission of another table": (
        "const held = await db.grant.findFirst({ where: { userId: user.id, permission: { key: 'posts.delete' } } })"
    ),
    "a table of administrators": "const held = await db.platformAdmins.findUnique({ where: { userId: user.id } })",
    "by address": "const held = await db.adminUser.findUnique({ where: { email: user.email } })",
    "a list of addresses": "const held = await db.allowedEmail.findUnique({ where: { email: user.email } })",
    "a role that the code derives": """
        const row = await db.platformAdmins.findUnique({ where: { userId: user.id } })
        let role = 'customer'
        if (row) role = 'admin'
        const held = role === 'admin'""",
}
LISTED = {
    "their addresses": """
        const rows = await db.platformAdmins.findMany({ select: { email: true } })
        const held = rows.map((row) => row.email).includes(user.email)""",
    "a set of them, beside one from the environment": """
        const rows = await db.platformAdmins.findMany({ where: { revokedAt: null } })
        const names = new Set(rows.map((row) => String(row.email).toLowerCase()))
        const held = (process.env.ADMINS || '').split(',').includes(user.email) || names.has(user.email.trim())""",
    "some of the rows": """
        const rows = await db.staff.findMany()
        const held = rows.some((row) => row.userId === user.id)""",
    "the row that is found among all": """
        const rows = await db.moderators.findMany()
        const held = rows.find((row) => row.userId === user.id)""",
    "kept by the module for a minute": """
        const kept = await (async () => {
          if (globalThis.kept) return globalThis.kept
          const rows = await db.allowedEmails.findMany()
          return new Set(rows.map((row) => row.email))
        })()
        const held = kept.has(user.email)""",
}
NOT_LISTED = {
    "a list of everybody": """
        const rows = await db.users.findMany()
        const held = rows.some((row) => row.id === user.id)""",
    "a list of whoever pays": """
        const rows = await db.subscribers.findMany()
        const held = rows.map((row) => row.email).includes(user.email)""",
    "a list in which the caller says whom to look for": """
        const rows = await db.platformAdmins.findMany()
        const held = rows.map((row) => row.email).includes(other)""",
}
NO_RIGHTS = {
    "a row that anybody has": "const held = await db.userRole.findFirst({ where: { userId: user.id } })",
    "of somebody else": "const held = await db.userRole.findFirst({ where: { userId: other, role: 'admin' } })",
    "which the caller names": "const held = await db.userRole.findFirst({ where: { userId: user.id, role: other } })",
    "a state": "const held = await db.user.findFirst({ where: { id: user.id, status: 'active' } })",
    "a flag that is off": "const held = await db.user.findFirst({ where: { id: user.id, isAdmin: false } })",
    "any role but one": "const held = await db.user.findFirst({ where: { id: user.id, role: { not: 'guest' } } })",
    "a role in a conversation": (
        "const held = await db.message.findFirst({ where: { userId: user.id, role: 'assistant' } })"
    ),
    "an administrator, whoever": "const held = await db.platformAdmins.findUnique({ where: { userId: other } })",
    "a profile": "const held = await db.profile.findUnique({ where: { userId: user.id } })",
    "who is no administrator": "const held = !(await db.platformAdmins.findUnique({ where: { userId: user.id } }))",
    "a role in a tenant that has nothing to do with the record": (
        "const held = await db.member.findFirst({ where: { userId: user.id, teamId: other, role: 'owner' } })"
    ),
}
REFUSED = "\nif (!held) throw new Error('no')"


@pytest.mark.parametrize("lookup", RIGHTS.values(), ids=list(RIGHTS))
def test_what_is_found_by_the_caller_and_a_right_shows_the_right(lookup: str) -> None:
    assert unowned(lookup + REFUSED + DELETE) == []
    assert unowned(lookup + DELETE) == ["prisma.post.delete"]


@pytest.mark.parametrize("lookup", NO_RIGHTS.values(), ids=list(NO_RIGHTS))
def test_what_is_found_otherwise_shows_none(lookup: str) -> None:
    assert unowned(lookup + REFUSED + DELETE) == ["prisma.post.delete"]


def test_a_role_in_the_tenant_that_the_record_is_found_under_is_enough() -> None:
    lookup = "const held = await db.member.findFirst({ where: { userId: user.id, teamId: other, role: 'owner' } })"
    assert unowned(f"{lookup}{REFUSED}\nawait db.post.deleteMany({{ where: {{ id, teamId: other }} }})") == []


@pytest.mark.parametrize("lookup", LISTED.values(), ids=list(LISTED))
def test_who_stands_in_a_list_of_the_privileged_has_a_right(lookup: str) -> None:
    assert unowned(lookup + REFUSED + DELETE) == []
    assert unowned(lookup + DELETE) == ["prisma.post.delete"]


@pytest.mark.parametrize("lookup", NOT_LISTED.values(), ids=list(NOT_LISTED))
def test_who_stands_in_another_list_has_none(lookup: str) -> None:
    assert unowned(lookup + REFUSED + DELETE) == ["prisma.post.delete"]
