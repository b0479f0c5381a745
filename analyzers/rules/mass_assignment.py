"""The caller chooses which columns are written.

## What it does
Finds writes whose record is the input itself, spread or handed on whole.

## Why this is bad
A form shows three fields, and the table has twelve. Whoever sends the request adds the others: `role`, `userId`,
`verified`, `credits`.

```
curl -X POST https://example.com/profile -H 'Next-Action: 40c9…' -H "Cookie: $MY_OWN_SESSION" \\
  -H 'Content-Type: text/plain;charset=UTF-8' --data '[{"name":"Ada","role":"ADMIN"}]'
```

## Use instead
Name the columns: `data: { name: parsed.name }`, or write what a schema gives back; schemas drop the keys they do not
know.

## How it is decided
The contents of a write are the input or a part of it as it was sent, or are spread from it (`{ ...input }`,
`Object.fromEntries(formData)`). A schema that was only asked whether the input is valid does not help: what it would
have dropped is still there.

It is posted where the schema gives the table a column that no form has (whose something is, what somebody may do or has
paid for), and where no schema of the repository has a table that is called after people. With a right to every record,
and where nothing says that there are columns but the author's to fill in, it is a line of the checklist.

## When it is intended
Where the caller may write every column: `// preship: ignore mass-assignment -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are the caller's choice, form or not.

## References
- CWE-915: Improperly Controlled Modification of Dynamically-Determined Object Attributes,
  https://cwe.mitre.org/data/definitions/915.html
- OWASP, Mass Assignment, https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Finding,
    Good,
    Item,
    KnownMiss,
    Persona,
    Rule,
    Severity,
    actions,
    described,
    has_a_right_everywhere,
    named,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first write whose fields the caller chooses."""
    for found in action.mass_assigned():
        columns = action.privileged_columns(found.effect)
        is_unseen = columns is None and not action.names_people(found.effect.target)
        is_harmless = columns == () or is_unseen or has_a_right_everywhere(found.effect.facts)
        yield RULE.of_whole(
            action,
            effect=found.effect,
            message=f"{action.label} {described(found.effect)} and takes the columns from {named(found.inputs)}. "
            f"A request can add any other column of the table{such_as(columns)}.",
            remedy="Name the columns that may be written, or write what a schema without the others gives back.",
            evidence=f"columns:{found.effect.target}",
            severity=Severity.LOW if is_harmless else None,
            persona=Persona.PEDANTIC if is_harmless else Persona.REGULAR,
        )
        return


MOST_NAMED = 3
"""Columns that a sentence names."""


def such_as(columns: tuple[str, ...] | None) -> str:
    """What those who wrote the form would not have set, as the end of a sentence."""
    if columns is None:
        return ": an owner, a role, a price"
    names = [f"`{column}`" for column in columns[:MOST_NAMED]]
    return f": {' or '.join(names)}" if names else ""


RULE = Rule(
    id="mass-assignment",
    title="the caller chooses the columns",
    headline="a request can set any column of {target}",
    severity=Severity.HIGH,
    cwe=915,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "the input is spread into the record",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function saveProfile(input: { name: string; bio: string }) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: session.user.id }, data: { ...input } })  // <- finding
                }
            """),
        ),
        Bad(
            "the schema is asked, and the raw input is written",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Profile = z.object({ name: z.string(), bio: z.string() })

                export async function saveProfile(input: z.infer<typeof Profile>) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  if (!Profile.safeParse(input).success) return { error: 'Check your entries' }
                  await prisma.user.update({ where: { id: session.user.id }, data: input })  // <- finding
                }
            """),
        ),
        Good(
            "what the schema gave back is written",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Profile = z.object({ name: z.string(), bio: z.string() })

                export async function saveProfile(input: unknown) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: session.user.id }, data: Profile.parse(input) })
                }
            """),
        ),
        Good(
            "each column that was sent is set by its name",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function saveSupplier(id: string, data: Partial<Supplier>) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const changes: Record<string, unknown> = {}
                  if (data.name !== undefined) changes.name = data.name
                  if (data.person !== undefined) changes.person = data.person
                  if (data.phone !== undefined) changes.phone = data.phone
                  if (data.address !== undefined) changes.address = data.address
                  if (data.notes !== undefined) changes.notes = data.notes
                  if (data.website !== undefined) changes.website = data.website
                  if (data.isActive !== undefined) changes.isActive = data.isActive
                  await prisma.supplier.updateMany({ where: { id, userId: session.user.id }, data: changes })
                }
            """),
        ),
        Good(
            "the columns are named",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function saveProfile(formData: FormData) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const name = String(formData.get('name'))
                  await prisma.user.update({ where: { id: session.user.id }, data: { name } })
                }
            """),
        ),
        KnownMiss(
            "the schema itself admits the role",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Profile = z.object({ name: z.string(), role: z.string() })

                export async function saveProfile(input: unknown) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: session.user.id }, data: Profile.parse(input) })
                }
            """),
        ),
    ),
)
