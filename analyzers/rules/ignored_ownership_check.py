"""An action asks whether a record is the caller's, and goes on whatever the answer.

## What it does
Finds writes and deletes of records that the caller names, before which a look-up with the caller's identity in its key
runs, and whose answer gates nothing.

## Why this is bad
It looks like a check to whoever reads it, and is none: the look-up gives `null`, or an empty list, and the next line
runs.

```
curl -X POST https://example.com/stores -H 'Next-Action: 60c2…' -H "Cookie: $MY_OWN_SESSION" --data '["your-store-id"]'
```

## Use instead
End the path where the answer is empty: `if (!membership) throw new Error('Not found')`.

## How it is decided
Both the look-up and the write are chosen by the same input, the look-up by the caller's identity as well, and the write
is reached whether or not it found anything.

## When it is intended
Where the look-up asks something else, and every user may change the record: `// preship: ignore ignored-ownership-check
-- reason`.

## What Next.js does give
Nothing here: the arguments of an action are the caller's choice.

## References
- CWE-252: Unchecked Return Value, https://cwe.mitre.org/data/definitions/252.html
- CWE-639: Authorization Bypass Through User-Controlled Key, https://cwe.mitre.org/data/definitions/639.html
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ANY_USER,
    ActionFacts,
    Bad,
    Finding,
    Good,
    Item,
    OwnershipFault,
    Rule,
    Severity,
    Step,
    actions,
    described,
    named,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first write that is reached whatever the look-up before it has found."""
    found = action.unowned_effect()
    if found is None or found.fault is not OwnershipFault.IGNORED or found.asked_in_vain is None:
        return
    asked = found.asked_in_vain
    yield RULE.finding(
        action,
        found.effect,
        message=f"{action.label} looks up `{asked.target}` with {named(found.named_by)} and the caller's identity, but "
        f"{described(found.effect)} also when there is none. Any signed-in user can send another one's id.",
        remedy="End the path when the look-up finds nothing: return or throw before this line.",
        steps=(Step(asked.span.path, asked.span.line, "asks whether it is the caller's"),),
    )


RULE = Rule(
    id="ignored-ownership-check",
    title="the answer about ownership is ignored",
    headline=f"{ANY_USER} can {{takes}}",
    severity=Severity.HIGH,
    cwe=252,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        Bad(
            "looked up and never looked at",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeStore(storeId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const store = await prisma.store.findFirst({ where: { id: storeId, ownerId: session.user.id } })
                  await prisma.store.delete({ where: { id: storeId } })  // <- finding
                }
            """),
        ),
        Bad(
            "logged, and that is all",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function renameTeam(teamId: string, name: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
                  if (!member) console.warn('an anonymous caller renames a team')
                  await prisma.team.update({ where: { id: teamId }, data: { name } })  // <- finding
                }
            """),
        ),
        Good(
            "the path ends where nothing was found",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeStore(storeId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const store = await prisma.store.findFirst({ where: { id: storeId, ownerId: session.user.id } })
                  if (!store) throw new Error('Not found')
                  await prisma.store.delete({ where: { id: storeId } })
                }
            """),
        ),
        Good(
            "the group's owner, whoever runs the application, or the one who leaves",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeMember(groupId: string, userId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const own = await prisma.member.findFirst({ where: { groupId, userId: session.user.id } })
                  const runsIt = own?.role === 'owner' || own?.role === 'admin'
                  if (!runsIt && session.user.role !== 'super_admin' && session.user.id !== userId) {
                    throw new Error('Not allowed')
                  }
                  await prisma.member.deleteMany({ where: { groupId, userId } })
                }
            """),
        ),
        Good(
            "the write is scoped itself",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeStore(storeId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.store.findFirst({ where: { id: storeId, ownerId: session.user.id } })
                  await prisma.store.deleteMany({ where: { id: storeId, ownerId: session.user.id } })
                }
            """),
        ),
    ),
)
