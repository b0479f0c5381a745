"""An action asks who is calling, and goes on without an answer.

## Why this is bad
Reading the session protects nothing: `auth()` gives `null` to an anonymous caller, and the next line runs.

```
curl -X POST https://example.com/settings -H 'Next-Action: 40a1…' --data '["any-id"]'
```

## Use instead
End the path when the answer is empty: return, throw or redirect. Await guards that are asynchronous.

## How it is decided
The session is read on the path, and an effect behind it is reached all the same when there is none: the answer is never
tested, tested on one branch only, tested after the effect, or the guard's exception is swallowed or never awaited.

## When it is intended
An action that serves guests and members alike can say so: `// preship: public -- reason`.

## What Next.js does give
Action ids are encrypted and change with each build, unused actions are dropped, and the Origin header is compared with
the host. None of it is authentication.

## References
- CWE-252: Unchecked Return Value, https://cwe.mitre.org/data/definitions/252.html
- Next.js, Authentication: Server Actions, https://nextjs.org/docs/app/guides/authentication#server-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ANYONE,
    ActionFacts,
    Anonymous,
    AuthenticationFault,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    Rule,
    Severity,
    Step,
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the worst effect that is reached although the session that was asked for is missing."""
    found = action.anonymous_effect()
    if found is None or found.fault is not AuthenticationFault.UNENFORCED or found.asked is None:
        return
    asked = found.asked
    yield RULE.finding(
        action,
        found.effect,
        message=f"{action.label} reads the session, but {described(found.effect)} also when there is none. "
        "Anyone who sends the request gets this far.",
        remedy="End the path when the session is missing: return, throw or redirect before this line.",
        steps=(Step(asked.path, asked.line, "the session is read here"),),
        confidence=confidence_in(action, found),
    )


def confidence_in(action: ActionFacts, found: Anonymous) -> Confidence:
    """What anonymous callers read, with less in it than those get who are known, was meant for both."""
    is_meant = action.is_only_read() and action.is_personalised
    return Confidence.LOW if found.is_doubtful or is_meant else Confidence.HIGH


AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""
PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""

MEMO = """
    import { cookies } from 'next/headers'
    import { auth } from './auth'
    const kept = new Map<string, { session: Session; until: number }>()

    export async function currentSession() {
      const token = (await cookies()).get('authjs.session-token')?.value
      const hit = token && kept.get(token)
      if (hit && hit.until > Date.now()) return hit.session
      const session = await auth()
      if (token && session) kept.set(token, { session, until: Date.now() + 30_000 })
      return session
    }
"""

RULE = Rule(
    id="unenforced-session",
    title="the session is not enforced",
    headline=f"{ANYONE} can {{does}}",
    severity=Severity.HIGH,
    cwe=252,
    item=Item.AUTHENTICATION,
    check=check,
    examples=(
        Bad(
            "the session is read and never tested",
            {
                "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      console.log(session?.user?.email)
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "the guard's exception is swallowed",
            {
                "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      try {
                        const session = await auth()
                        if (!session) throw new Error('Not signed in')
                      } catch (error) {
                        console.error(error)
                      }
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "loosely, a record without an owner is everybody's",
            {
                "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      const post = await prisma.post.findUnique({ where: { id } })
                      if (!post || post.authorId != session?.user?.id) return { error: 'Not found' }
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "the session is kept for a while, and never tested",
            {
                "app/actions.ts": """
                    'use server'
                    import { currentSession } from '../lib/session'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await currentSession()
                      await prisma.post.delete({ where: { id } })  // <- finding
                      return { by: session?.user?.name ?? null }
                    }
                """,
                "lib/session.ts": MEMO,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "the session is kept for a while under the caller's own cookie, and tested",
            {
                "app/actions.ts": """
                    'use server'
                    import { currentSession } from '../lib/session'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await currentSession()
                      if (!session) throw new Error('Not signed in')
                      await prisma.post.delete({ where: { id, authorId: session.user.id } })
                    }
                """,
                "lib/session.ts": MEMO,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "the catch returns an error",
            {
                "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      try {
                        const session = await auth()
                        if (!session) throw new Error('Not signed in')
                        await prisma.post.deleteMany({ where: { id, authorId: session.user.id } })
                      } catch (error) {
                        return { error: 'Could not delete the post' }
                      }
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "compared with the owner of a record that is there: without a session it is nobody's",
            {
                "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      const post = await prisma.post.findUnique({ where: { id } })
                      if (!post || post.authorId !== session?.user?.id) return { error: 'Not found' }
                      await prisma.post.delete({ where: { id } })
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "a wrapper tests it before the callback runs",
            {
                "app/actions.ts": """
                    'use server'
                    import { authed } from '../lib/authed'
                    import { prisma } from '../lib/prisma'

                    export const removePost = authed(async (user, id: string) => {
                      await prisma.post.deleteMany({ where: { id, authorId: user.id } })
                    })
                """,
                "lib/authed.ts": """
                    import { auth } from './auth'
                    export const authed = (run) => async (...args) => {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return run(session.user, ...args)
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
    ),
)
