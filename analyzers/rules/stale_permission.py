"""A permission is read from the session, where it stays until the session ends.

## What it does
Finds changes that hang on a fine-grained permission (`session.user.permissions`, a scope, a grant) which the session
carries with it, as a signed cookie or token does. Only those who ask for every nuance get to read it.

## Why this is bad
The permission was true when the session was made. Whoever takes it away from somebody changes a row that this code
never reads: the old session goes on for its whole life, days with most libraries.

```
curl -X POST https://example.com/posts -H 'Next-Action: 7f2c…' -H "Cookie: $SESSION_OF_LAST_WEEK" --data '["post_42"]'
```

## Use instead
Read the permission from the store in the request that needs it, by the id in the session. Where that is too dear, keep
the session short, or end the sessions of whoever loses a permission.

## How it is decided
Before the change a permission was asked for that comes from the session alone and from no record that was read in this
call. A coarse role (`role`, `isAdmin`) is none: it seldom changes. Neither is what the provider looks up each time, as
Better Auth, Supabase's `getUser()` and Lucia do.

## When it is intended
Where a session is so short that nobody minds, or where its callback reads the permissions anew: `// preship: ignore
stale-permission -- reason`.

## What Next.js does give
Nothing: it knows no sessions. Action ids change with each build, and an old session is as good under the new ones.

## References
- CWE-613: Insufficient Session Expiration, https://cwe.mitre.org/data/definitions/613.html
- OWASP, Authorization Cheat Sheet, *Validate the permissions on every request*,
  https://cheatsheetseries.owasp.org/cheatsheets/Authorization_Cheat_Sheet.html
- Next.js, Authorization, https://nextjs.org/docs/app/guides/authentication#authorization
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
    Step,
    actions,
    all_roles,
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first change that hangs on a permission in the session."""
    for found in action.carried_permissions():
        asked = found.role.by
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {described(found.effect)} for whoever has `{all_roles(found.role.any_of)}` in "
            f"their session (`{found.part}`). Who loses that permission keeps it here until the session ends.",
            remedy="Read the permission from the store in this call, by the user's id in the session.",
            confidence=Confidence.MEDIUM,
            steps=(Step(asked.path, asked.line, "asks the session for it"),),
            persona=Persona.PEDANTIC,
        )
        return


RULE = Rule(
    id="stale-permission",
    title="a permission that may be out of date",
    headline="whoever loses the permission can still {does}",
    severity=Severity.LOW,
    cwe=613,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        Bad(
            "a list of permissions in the session",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deletePost(id: string) {
                  const session = await auth()
                  if (!session?.user?.permissions.includes('posts:delete')) throw new Error('Not allowed')
                  await prisma.post.delete({ where: { id } })  // <- finding
                }
            """),
        ),
        Bad(
            "a flag in the payload of a token",
            actions("""
                'use server'
                import { jwtVerify } from 'jose'
                import { cookies } from 'next/headers'
                import { prisma } from '../lib/prisma'

                const key = new TextEncoder().encode(process.env.SESSION_KEY)

                export async function publish(id: string) {
                  const { payload } = await jwtVerify((await cookies()).get('session')?.value ?? '', key)
                  if (payload.permissions.canPublish !== true) throw new Error('Not allowed')
                  await prisma.post.update({ where: { id }, data: { published: true } })  // <- finding
                }
            """),
        ),
        Good(
            "the permission is looked up in this call",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deletePost(id: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const user = await prisma.user.findUnique({ where: { id: session.user.id } })
                  if (!user?.permissions.includes('posts:delete')) throw new Error('Not allowed')
                  await prisma.post.delete({ where: { id } })
                }
            """),
        ),
        Good(
            "a coarse role",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deletePost(id: string) {
                  const session = await auth()
                  if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
                  await prisma.post.delete({ where: { id } })
                }
            """),
        ),
        KnownMiss(
            "it is handed to a function that cannot be read",
            actions("""
                'use server'
                import { mayDelete } from '@acme/rights'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deletePost(id: string) {
                  const session = await auth()
                  if (!mayDelete(session?.user?.permissions)) throw new Error('Not allowed')
                  await prisma.post.delete({ where: { id } })
                }
            """),
        ),
    ),
)
