"""An action touches data first, and asks who is calling afterwards.

## Why this is bad
The check refuses the caller when the deed is done: the record is gone, the mail is sent.

```
curl -X POST https://example.com/posts -H 'Next-Action: 41b0…' --data '["any-post-id"]'
```

## Use instead
Put the check first, before anything is read or written.

## How it is decided
An effect is reached while nobody is known, and what happens behind it waits for a check. Reading what the check itself
needs is no effect; looking something up about whom an argument names is, where an anonymous caller learns the answer:
the action ends before the check because a record is there, or is not.

## When it is intended
It hardly is. An action that serves guests as well can say so: `// preship: public -- reason`.

## What Next.js does give
Action ids are encrypted and change with each build, unused actions are dropped, and the Origin header is compared with
the host. None of it is authentication.

## References
- CWE-696: Incorrect Behavior Order, https://cwe.mitre.org/data/definitions/696.html
- Next.js, Authentication: Server Actions, https://nextjs.org/docs/app/guides/authentication#server-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ANYONE,
    ActionFacts,
    AuthenticationFault,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    KnownMiss,
    Rule,
    Severity,
    Step,
    actions,
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the worst effect that stands before the check."""
    found = action.anonymous_effect()
    if found is None or found.fault is not AuthenticationFault.LATE or found.proven_later is None:
        return
    proof = found.proven_later
    yield RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)} before it knows who is calling. The check behind it refuses "
        "the caller when it has happened already.",
        remedy="Move the check in front of this line.",
        steps=(Step(proof.span.path, proof.span.line, "the caller is known only here"),),
        confidence=Confidence.LOW if found.is_doubtful else Confidence.HIGH,
    )


RULE = Rule(
    id="late-authentication",
    title="the session is checked too late",
    headline=f"{ANYONE} can {{does}} before they are refused",
    severity=Severity.HIGH,
    cwe=696,
    item=Item.AUTHENTICATION,
    check=check,
    examples=(
        Bad(
            "deleted, then asked",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removePost(id: string) {
                  await prisma.post.delete({ where: { id } })  // <- finding
                  const session = await auth()
                  if (!session) throw new Error('Not signed in')
                }
            """),
        ),
        Bad(
            "the session is read first and tested last",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function publish(id: string) {
                  const session = await auth()
                  const post = await prisma.post.update({ where: { id }, data: { public: true } })  // <- finding
                  if (!session?.user) return { error: 'Not signed in' }
                  if (post.authorId !== session.user.id) throw new Error('Not yours')
                  await prisma.log.create({ data: { userId: session.user.id } })
                }
            """),
        ),
        Bad(
            "an anonymous caller learns of anybody whether they have paid",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function subscribe(user: { id: string }) {
                  const paid = await prisma.payment.findFirst({ where: { userId: user.id } })  // <- finding
                  if (paid) throw new Error('Paid already')
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.subscription.create({ data: { userId: session.user.id } })
                }
            """),
        ),
        Good(
            "what is looked up about somebody is told to nobody before the check",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function subscribe(userId: string) {
                  const paid = await prisma.payment.findFirst({ where: { userId } })
                  const session = await auth()
                  if (session?.user?.id !== userId) throw new Error('Not yours')
                  if (paid) throw new Error('Paid already')
                  await prisma.subscription.create({ data: { userId: session.user.id } })
                }
            """),
        ),
        Good(
            "the read that the check needs comes first",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removePost(id: string) {
                  const post = await prisma.post.findUnique({ where: { id } })
                  const session = await auth()
                  if (!session?.user || post?.authorId !== session.user.id) throw new Error('Not yours')
                  await prisma.post.delete({ where: { id } })
                }
            """),
        ),
        Good(
            "the log is sent whoever calls",
            actions(
                """
                'use server'
                import { after } from 'next/server'
                import { auth } from '../lib/auth'
                import { log, flush } from '../lib/log'
                import { prisma } from '../lib/prisma'

                export async function addPost(title: string) {
                  log('addPost')
                  after(flush)
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.post.create({ data: { title, authorId: session.user.id } })
                }
                """,
                {
                    "lib/log.ts": """
                        let lines: string[] = []
                        export function log(line: string) {
                          lines.push(line)
                        }
                        export async function flush() {
                          const response = await fetch('https://logs.example.com', {
                            method: 'POST',
                            headers: { Authorization: `Bearer ${process.env.LOG_TOKEN}` },
                            body: JSON.stringify(lines),
                          })
                          if (!response.ok) return
                          lines = []
                        }
                    """
                },
            ),
        ),
        KnownMiss(
            "a call that sends nothing of the caller's looks like a log",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function publish(title: string) {
                  await fetch('https://deploys.example.com/hook', { method: 'POST' })
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.post.create({ data: { title, authorId: session.user.id } })
                }
            """),
        ),
        Good(
            "checked first",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function addPost(title: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.post.create({ data: { title, authorId: session.user.id } })
                }
            """),
        ),
    ),
)
