"""A data access function gives away rows with all their columns.

## What it does
Finds functions of other modules that read whole rows from a store and give them to the action as they are. What the
action then returns of them is another matter: a row that reaches the browser whole is `raw-record-return`, which is
said to everybody; this is said only to those who ask for every nuance.

## Why this is bad
The function promises more than its callers need, and nobody who adds a column knows who gets it from then on. One
`return user` in one of the callers, and the hash of the password is on its way:

```
curl -X POST https://example.com/profile -H 'Next-Action: 40be…' --data '["user_42"]'
# {"id":"user_42","name":"Ada","passwordHash":"$2b$…","totpSecret":"…"}
```

## Use instead
Name the columns where the row is read (`select` in Prisma, the columns of `db.select({ … })` in Drizzle, a projection
elsewhere), or return an object of named fields: a DTO that says in one place what leaves.

## How it is decided
A function outside of the action's module reads rows with no columns named, and its result is such a row. Where it
builds its answer from named fields, nothing is said; nor where the row is read in the action's own module.

## When it is intended
Where a table holds nothing that anybody should not see: `// preship: ignore implicit-select -- reason`.

## What Next.js does give
Nothing here: it sends to browsers whatever an action returns or a component hands on as a prop. React's experimental
`taintObjectReference` can refuse single objects.

## References
- CWE-213: Exposure of Sensitive Information Due to Incompatible Policies,
  https://cwe.mitre.org/data/definitions/213.html
- Next.js, Using a Data Access Layer for mutations and reads,
  https://nextjs.org/docs/app/guides/data-security#data-access-layer
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    KnownMiss,
    Persona,
    Rule,
    Severity,
    actions,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first read of each table whose rows leave their module whole."""
    seen: set[tuple[str, str]] = set()
    for effect in action.implicit_selections():
        path, table = effect.span.path, effect.target
        if (path, table) not in seen:
            seen.add((path, table))
            yield RULE.finding(
                action,
                effect,
                claim=f"`{path}` reads every column of `{table}` (`{effect.what}`) and gives the rows away as they are",
                message="A column that is added later goes along unasked.",
                remedy="Name the columns in the query, or return an object of named fields.",
                confidence=Confidence.MEDIUM,
                persona=Persona.PEDANTIC,
                is_shared=True,
            )


RULE = Rule(
    id="implicit-select",
    title="rows leave with every column",
    severity=Severity.LOW,
    cwe=213,
    item=Item.DATA_ACCESS,
    check=check,
    examples=(
        Bad(
            "a look-up that returns the row",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { findUser } from '../lib/users'

                export async function displayName() {
                  const session = await auth()
                  if (!session?.user) return null
                  const user = await findUser(session.user.id)  // <- finding
                  return user?.name
                }
                """,
                {
                    "lib/users.ts": """
                        import 'server-only'
                        import { prisma } from './prisma'
                        export async function findUser(id: string) {
                          return prisma.user.findUnique({ where: { id } })
                        }
                    """
                },
            ),
        ),
        Bad(
            "every column of a table, in a list",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { ordersOf } from '../lib/orders'

                export async function orderIds() {
                  const session = await auth()
                  if (!session?.user) return []
                  const orders = await ordersOf(session.user.id)  // <- finding
                  return orders.map((order) => order.id)
                }
                """,
                {
                    "lib/orders.ts": """
                        import 'server-only'
                        import { prisma } from './prisma'
                        export const ordersOf = (userId: string) => prisma.order.findMany({ where: { userId } })
                    """
                },
            ),
        ),
        Good(
            "the query names its columns",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { findUser } from '../lib/users'

                export async function displayName() {
                  const session = await auth()
                  if (!session?.user) return null
                  return (await findUser(session.user.id))?.name
                }
                """,
                {
                    "lib/users.ts": """
                        import 'server-only'
                        import { prisma } from './prisma'
                        export const findUser = (id: string) =>
                          prisma.user.findUnique({ where: { id }, select: { id: true, name: true } })
                    """
                },
            ),
        ),
        Good(
            "what leaves is an object of named fields",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { profileOf } from '../lib/users'

                export async function profile() {
                  const session = await auth()
                  if (!session?.user) return null
                  return profileOf(session.user.id)
                }
                """,
                {
                    "lib/users.ts": """
                        import 'server-only'
                        import { prisma } from './prisma'
                        export async function profileOf(id: string) {
                          const user = await prisma.user.findUniqueOrThrow({ where: { id } })
                          return { id: user.id, name: user.name }
                        }
                    """
                },
            ),
        ),
        KnownMiss(
            "the row is read in the action's own module",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function displayName() {
                  const session = await auth()
                  if (!session?.user) return null
                  const user = await prisma.user.findUnique({ where: { id: session.user.id } })
                  return user?.name
                }
            """),
        ),
    ),
)
