"""In an application to which accounts are given, what is nobody's own is shared by all who have one."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import Persona
from preship.analyzers.rules import identity_from_input, missing_ownership_check
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id    String @id
      email String
    }
    model Patient {
      id   String @id
      name String
    }
    model Visit {
      id       String @id
      doctorId String
      doctor   User   @relation(fields: [doctorId], references: [id])
    }
    model Log {
      id     String  @id
      userId String?
      user   User?   @relation(fields: [userId], references: [id])
    }
    model Note {
      id          String @id
      createdById String
      createdBy   User   @relation(fields: [createdById], references: [id])
    }
"""
TENANTS = """
    model Clinic {
      id      String         @id
      members ClinicMember[]
      rooms   Room[]
    }
    model Room {
      id       String @id
      clinicId String
      clinic   Clinic @relation(fields: [clinicId], references: [id])
    }
    model ClinicMember {
      id       String @id
      clinicId String
      clinic   Clinic @relation(fields: [clinicId], references: [id])
      userId   String
      user     User   @relation(fields: [userId], references: [id])
    }
"""
AUTH = """
    import NextAuth from 'next-auth'
    import Credentials from 'next-auth/providers/credentials'
    export const { auth } = NextAuth({ providers: [Credentials({ authorize: async () => null })] })
"""


def persona(table: str, *, schema: str = SCHEMA, more: str = "", files: dict[str, str] | None = None) -> Persona:
    """Who is shown that `act` changes a row of a table by its id alone."""
    body = f"await db.{table}.update({{ where: {{ id }}, data: {{ name: 'x' }} }})"
    action = f"{HEAD}\nexport async function act(id: string) {{ {SESSION} {body} }}\n{more}"
    tree = {"app/actions.ts": action, "prisma/schema.prisma": schema, **LIBRARY, "lib/auth.ts": AUTH, **(files or {})}
    (finding,) = missing_ownership_check.RULE.check(run(tree)["act"])
    return finding.persona


def test_what_nobody_owns_is_shared_by_those_who_were_given_an_account() -> None:
    assert persona("patient") is Persona.PEDANTIC


@pytest.mark.parametrize("table", ["visit", "note", "log", "archive"])
def test_what_somebody_owns_or_made_is_not(table: str) -> None:
    assert persona(table) is Persona.REGULAR


def test_what_is_beside_tenants_is_not() -> None:
    assert persona("patient", schema=SCHEMA + TENANTS) is Persona.REGULAR


def test_what_another_action_keeps_for_the_caller_is_not() -> None:
    more = (
        f"export async function other(id) {{ {SESSION} await db.patient.delete({{ where: {{ id, by: user.id }} }}) }}"
    )
    assert persona("patient", more=more) is Persona.REGULAR


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/(auth)/sign-up/page.tsx", "export default function Page() { return <form /> }"),
        ("app/registro/page.tsx", "export default function Page() { return <form /> }"),
        ("lib/client.ts", "export const open = (client) => client.auth.signUp({ email: 'a', password: 'b' })"),
        ("lib/providers.ts", "import Google from 'next-auth/providers/google'\nexport const all = [Google]"),
        ("middleware.ts", "import { clerkMiddleware } from '@clerk/nextjs/server'\nexport default clerkMiddleware()"),
    ],
)
def test_where_anybody_can_make_an_account_it_is_not(path: str, text: str) -> None:
    assert persona("patient", files={path: text}) is Persona.REGULAR


@pytest.mark.parametrize(
    ("path", "shown_to"), [("app/x.ts", Persona.PEDANTIC), ("app/signup/page.tsx", Persona.REGULAR)]
)
def test_staff_write_to_whom_they_like(path: str, shown_to: Persona) -> None:
    mail = """
        const { createTransport } = await import('nodemailer')
        await createTransport({ host: process.env.HOST }).sendMail({ to: id, subject: text, html: text })
    """
    action = f"{HEAD}\nexport async function act(id: string, text: string) {{ {SESSION} {mail} }}"
    (finding,) = identity_from_input.RULE.check(
        run({"app/actions.ts": action, path: "export default function Page() { return null }", **LIBRARY})["act"]
    )
    assert finding.persona is shown_to
