"""A module that reads the database can be loaded by browsers.

## What it does
Finds modules that actions reach, that read or change a store with the server's own rights, and that do not import
`server-only`. Where code of the browser uses a function that does so, it is said to everybody; elsewhere, beside
a formatter or a constant that browsers take from the module too, only to those who ask for every nuance.

## Why this is bad
Nothing but a convention keeps the module on the server. One import in a client component, and its code is bundled for
browsers: queries, names of tables, whatever constants stand in it. Where it reads `process.env`, the value is missing
there, and checks that rely on it decide at random.

```
curl -s https://example.com/_next/static/chunks/app/page.js | grep -o 'SELECT [^"]*'
```

## Use instead
Put `import 'server-only'` at its head: then the build fails instead. What browsers need of it (a formatter, a constant)
moves into a module of its own.

## How it is decided
The effect stands in a module that is no module of actions and does not import `server-only`. Browsers load it where
code of theirs uses a value that it gives away, a formatter beside the queries, through barrels and other modules too.
A barrel from which browsers take something else leads to no finding, and neither does a type.

## When it is intended
A module that other runtimes load as well, a worker or a script, can say so: `// preship: ignore missing-server-only --
reason`.

## What Next.js does give
It replaces `process.env.NAME` in browsers by nothing, so that secrets of the environment do not leak this way; the code
does.

## References
- CWE-668: Exposure of Resource to Wrong Sphere, https://cwe.mitre.org/data/definitions/668.html
- Next.js, Preventing environment poisoning,
  https://nextjs.org/docs/app/getting-started/server-and-client-components#preventing-environment-poisoning
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
    Step,
    Unmarked,
    actions,
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the modules that an action reaches and that browsers could load."""
    if action.exposure is None:
        return
    for unmarked in action.exposure.unmarked(action.effects):
        path = unmarked.effect.span.path
        found = RULE.finding(
            action,
            unmarked.effect,
            claim=f"`{path}` {described(unmarked.effect)} and does not import `server-only`",
            message=now(unmarked),
            remedy=f"Put `import 'server-only'` at the head of `{path}`"
            + (", and move what browsers need of it into a module of its own." if unmarked.is_loaded else "."),
            severity=Severity.MEDIUM if unmarked.is_loaded else Severity.LOW,
            persona=Persona.REGULAR if unmarked.run_by is not None else Persona.PEDANTIC,
        )
        # Whichever of its functions is called: the module as a whole is at fault.
        yield replace(found, shared=Step(path, 1, "does not import `server-only`"))


def now(unmarked: Unmarked) -> str:
    """What becomes of the module as it stands."""
    if unmarked.run_by is not None:
        return (
            f"`{unmarked.run_by.path}` is code of browsers and takes a function of it that reaches the store: it fails "
            "there, and its code is there for everybody to read."
        )
    if unmarked.is_loaded:
        return "Client components use a value of it already: only the bundler's thrift keeps the rest from browsers."
    return "Any client component can import it, and then its code is sent to browsers."


RULE = Rule(
    id="missing-server-only",
    title="a server module that browsers can load",
    severity=Severity.MEDIUM,
    cwe=668,
    item=Item.DATA_ACCESS,
    is_for_handlers=False,
    check=check,
    examples=(
        Bad(
            "a client component takes a formatter from it",
            actions(
                """
                'use server'
                import { findInvoice } from '../lib/invoices'

                export async function invoice(id: string) {
                  return findInvoice(id)  // <- finding
                }
                """,
                {
                    "lib/invoices.ts": """
                        import { prisma } from './prisma'
                        export const amount = (cents: number) => `${cents / 100} €`
                        export const findInvoice = (id: string) => prisma.invoice.findUnique({ where: { id } })
                    """,
                    "app/invoice.tsx": """
                        'use client'
                        import { amount } from '../lib/invoices'
                        export const Invoice = ({ cents }) => <p>{amount(cents)}</p>
                    """,
                },
            ),
        ),
        Bad(
            "a client component calls the query itself",
            actions(
                """
                'use server'
                import { groupsOf } from '../lib/groups'

                export async function groups(userId: string) {
                  return groupsOf(userId)  // <- finding
                }
                """,
                {
                    "lib/groups.ts": """
                        import { prisma } from './prisma'
                        export const groupsOf = (userId: string) => prisma.group.findMany({ where: { userId } })
                    """,
                    "app/groups.tsx": """
                        'use client'
                        import { groupsOf } from '../lib/groups'
                        export const Groups = ({ userId }) => <ul>{use(groupsOf(userId))}</ul>
                    """,
                },
            ),
        ),
        Bad(
            "nothing but a convention keeps it on the server",
            actions(
                """
                'use server'
                import { removePost } from '../lib/posts'

                export async function deletePost(id: string) {
                  await removePost(id)  // <- finding
                }
                """,
                {
                    "lib/posts.ts": """
                        import { prisma } from './prisma'
                        export const removePost = (id: string) => prisma.post.delete({ where: { id } })
                    """
                },
            ),
        ),
        Good(
            "it says that it is for the server",
            actions(
                """
                'use server'
                import { removePost } from '../lib/posts'

                export async function deletePost(id: string) {
                  await removePost(id)
                }
                """,
                {
                    "lib/posts.ts": """
                        import 'server-only'
                        import { prisma } from './prisma'
                        export const removePost = (id: string) => prisma.post.delete({ where: { id } })
                    """
                },
            ),
        ),
        Good(
            "a module of actions: browsers get references",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function deletePost(id: string) {
                  await prisma.post.delete({ where: { id } })
                }
            """),
        ),
        KnownMiss(
            "a module that holds a secret and touches no store",
            actions(
                """
                'use server'
                import { key } from '../lib/keys'
                export async function keyLength() { return key.length }
                """,
                {"lib/keys.ts": "export const key = process.env.SIGNING_KEY"},
            ),
        ),
    ),
)
