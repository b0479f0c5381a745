"""A row goes to the browser with every column it has.

## What it does
Finds answers that contain a record as it came from the store, or another service's whole answer.

## Why this is bad
What an action returns is sent to the caller, shown or not: the password hash beside the name, the other members' mail
addresses, the customer id of the payment service, and every column that will be added next year.

```
curl -X POST https://example.com/team -H 'Next-Action: 40aa…' -H "Cookie: $MY_OWN_SESSION" --data '["team_1"]'
# {"members":[{"email":"…","passwordHash":"…","stripeCustomerId":"…"}]}
```

## Use instead
Select what is shown (`select: { id: true, name: true }`), or build the answer from named fields.

## How it is decided
Something of the answer is a record of which no columns were named: no `select`, no picked fields, no schema that parsed
it on the way out. Answers of other services count where they are returned whole. Where the code takes a secret out of a
row, or masks it, somebody has looked at its columns: it is left alone.

The schema says what is in it, and in the relations that come along (`include: { guest: true }`): Prisma, SQL, Drizzle,
Mongoose and Convex are read; of a table that none of them states, its name speaks. It is posted where something in it
opens something (a password's hash, a token, a key), and where it is about other people and the caller has shown no
right: how to reach them, what they earn. What the caller has just written, their own row, rows in which nothing is
private, the answer of a service to the caller's own token, to a request that anybody can send or to who is signed in,
and what is about people where the missing session is the fault, are lines of the checklist.

## When it is intended
Where every column may be seen by whoever may call: `// preship: ignore raw-record-return -- reason`.

## What Next.js does give
The answer is serialised as it is. Types do not remove a field, and neither does a component that does not show it.

## References
- CWE-201: Insertion of Sensitive Information Into Sent Data, https://cwe.mitre.org/data/definitions/201.html
- Next.js, Data Security, https://nextjs.org/docs/app/guides/data-security#data-access-layer
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Finding,
    Good,
    Handed,
    Item,
    KnownMiss,
    Persona,
    Private,
    Rule,
    Severity,
    Step,
    actions,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the record that tells most of those that are handed out whole."""
    found = [(handed, told_in(action, handed)) for handed in action.raw_records()]
    for handed, told in sorted(found, key=lambda each: order(*each))[:1]:
        where = f" as `{'.'.join(handed.path)}`" if handed.path else ""
        yield RULE.of_whole(
            action,
            effect=handed.effect,
            message=f"{action.label} returns {handed.name} whole{where}: no columns are named on the way. "
            f"{consequence(handed, told)}",
            remedy="Select the columns that are shown, or build the answer from named fields.",
            evidence=f"returns:{handed.name}",
            severity=severity(handed, told),
            steps=tuple(Step(p.column.path, p.column.line, f"`{p.words}` goes along") for p in told.columns[:2]),
            persona=persona(action, handed, told),
        )


@dataclass(frozen=True, slots=True)
class Tells:
    """What a record that is handed out tells, by its schema or, where none says it, by its name."""

    opens_something: bool
    is_about_people: bool
    columns: tuple[Private, ...] = ()
    """Those that do, where a schema names them."""


def told_in(action: ActionFacts, handed: Handed) -> Tells:
    """What a record tells."""
    secrets = tuple(action.secrets_in(handed))
    personal = tuple(action.personal_in(handed))
    if action.is_in_a_schema(handed) or secrets or personal:
        return Tells(bool(secrets), bool(personal), secrets or personal)
    return Tells(handed.is_called_after_secrets, handed.is_called_after_people)


def is_worth_saying(handed: Handed, told: Tells) -> bool:
    """Whether an author would change it: what opens something goes to anybody, or what is about others to who is none.

    What the caller has just written, their own row, and rows in which nothing is private, are nuances.
    """
    if handed.record is None:
        return handed.is_open and not handed.is_own
    is_theirs = handed.is_own or handed.is_just_made
    if is_theirs or handed.is_for_a_role:
        return told.opens_something
    return told.opens_something or told.is_about_people


def persona(action: ActionFacts, handed: Handed, told: Tells) -> Persona:
    """Who wants to read it: where anybody gets what is about people, the missing session is the fault, and said."""
    is_said = handed.record is not None and not told.opens_something and action.is_surely_open()
    return Persona.REGULAR if is_worth_saying(handed, told) and not is_said else Persona.PEDANTIC


def order(handed: Handed, told: Tells) -> tuple[bool, bool, bool, bool]:
    """What sorts what tells most first."""
    return (
        not is_worth_saying(handed, told),
        not (told.opens_something and told.columns),
        handed.is_own,
        not told.is_about_people,
    )


def severity(handed: Handed, told: Tells) -> Severity:
    """What the caller learns: what opens something, somebody's data, their own row."""
    if told.opens_something and told.columns:
        return Severity.HIGH
    if handed.is_own:
        return Severity.LOW
    return Severity.HIGH if told.is_about_people and not handed.is_for_a_role else Severity.MEDIUM


def consequence(handed: Handed, told: Tells) -> str:
    """Who sees what."""
    if told.columns:
        private = told.columns[0]
        reader = "an anonymous caller" if handed.is_open else "the caller's browser"
        return f"`{private.words}` goes to {reader} with it (`{private.column.path}:{private.column.line}`)."
    if handed.is_own:
        return "It is the caller's own, and still every column of it is in the browser."
    return "Whoever sends the request reads every column, shown or not, and those that are added later."


RULE = Rule(
    id="raw-record-return",
    title="a whole record is returned",
    headline="{action} returns every column",
    severity=Severity.MEDIUM,
    cwe=201,
    item=Item.OUTPUT,
    check=check,
    examples=(
        Bad(
            "rows with their relations, as they come",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function teamMembers() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return prisma.user.findMany({ where: { team: { ownerId: session.user.id } } })  // <- finding
                }
            """),
        ),
        Bad(
            "a relation that brings everything along",
            actions(
                """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function bookings(listingId: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return prisma.booking.findMany({  // <- finding
                        where: { listingId, listing: { ownerId: session.user.id } },
                        include: { guest: true },
                      })
                    }
                """,
                {
                    "prisma/schema.prisma": """
                        model Booking {
                          id      String @id
                          guestId String
                          guest   User   @relation(fields: [guestId], references: [id])
                        }
                        model User {
                          id           String @id
                          passwordHash String
                        }
                    """
                },
            ),
        ),
        Bad(
            "every column of the new row",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function addNote(text: string) {
                  const client = await supabase()
                  const added = await client.from('notes').insert({ text }).select('*').single()  // <- finding
                  if (added.error) return { error: 'Could not save the note' }
                  return { note: added.data }
                }
            """),
        ),
        Good(
            "the columns are selected",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function teamMembers() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return prisma.user.findMany({
                    where: { team: { ownerId: session.user.id } },
                    select: { id: true, name: true },
                  })
                }
            """),
        ),
        Good(
            "the answer is built from named fields",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function me() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const user = await prisma.user.findUnique({ where: { id: session.user.id } })
                  return user ? { name: user.name, plan: user.plan } : null
                }
            """),
        ),
        Good(
            "the secret among the settings is masked",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const masked = (key: string | null) => (key ? `••••${key.slice(-4)}` : null)

                export async function settings() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const settings = await prisma.aiSettings.findFirst({ where: { team: { ownerId: session.user.id } } })
                  return { ...settings, apiKey: masked(settings.apiKey), hasKey: Boolean(settings.apiKey) }
                }
            """),
        ),
        Good(
            "the password hash is left out",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function me() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const { passwordHash, ...user } = await prisma.user.findUniqueOrThrow({
                    where: { id: session.user.id },
                  })
                  return user
                }
            """),
        ),
        Bad(
            "a date is written out, and the secrets go along",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function settings() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const row = await prisma.aiSettings.findFirst({ where: { ownerId: session.user.id } })  // <- finding
                  return { ...row, key: row.id, createdAt: row.createdAt.toISOString() }
                }
            """),
        ),
        KnownMiss(
            "a whole relation of a selected row",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function members(id: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return prisma.team.findFirst({ where: { id, ownerId: session.user.id }, select: { members: true } })
                }
            """),
        ),
    ),
)
