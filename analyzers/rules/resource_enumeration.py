"""A refusal tells whether the record exists.

## What it does
Finds actions that look a record up by an id of the caller's and then answer in one way where there is none, and in
another where it belongs to somebody else.

## Why this is bad
Whoever may not see a record learns that it is there, by asking for one id after the other: which projects, accounts or
invoices exist, and how many.

```
for id in $(seq 1 5000); do
  curl -s -X POST https://example.com/projects -H 'Next-Action: 40cd…' -H "Cookie: $MY_OWN_SESSION" --data "[$id]"
done | sort | uniq -c   # 4211 "Not found", 789 "Forbidden"
```

## Use instead
Answer both the same, or put the caller into the key: then what is not theirs is not found.

## How it is decided
A record is read by an input. The answers that consist of texts alone are compared, those included that a wrapper makes
of exceptions: those where it was not there, and those where it was and the caller had shown no right to it. It fires
where no text can be both. It is posted where the key holds an address or a name of somebody, which others know; ids are
hardly ever guessed: there it is a line of the checklist.

## When it is intended
Where everybody may know which records exist: `// preship: ignore resource-enumeration -- reason`.

## What Next.js does give
Nothing here. It masks the messages of uncaught exceptions, and what is returned goes out as it is.

## References
- CWE-204: Observable Response Discrepancy, https://cwe.mitre.org/data/definitions/204.html
- OWASP API1:2023 Broken Object Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
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
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first look-up whose answer an anonymous caller learns."""
    for told in action.existence_told():
        yield RULE.of_whole(
            action,
            effect=told.effect,
            message=f"{action.label} {described(told.effect)} and answers “{told.missing}” where there is no record, "
            f"but “{told.refused}” where it is somebody else's. Trying ids tells which records exist.",
            remedy="Give the same answer for both, or put the caller into the key.",
            evidence=f"exists:{told.effect.what}",
            confidence=Confidence.MEDIUM,
            persona=Persona.REGULAR if told.is_of_people else Persona.PEDANTIC,
        )
        return


RULE = Rule(
    id="resource-enumeration",
    title="a refusal tells what exists",
    headline="what {action} answers tells which records exist",
    severity=Severity.LOW,
    cwe=204,
    item=Item.OUTPUT,
    check=check,
    examples=(
        Bad(
            "two texts for two reasons",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removePost(id: string) {
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  const post = await prisma.post.findUnique({ where: { id } })  // <- finding
                  if (!post) return { error: 'There is no such post' }
                  if (post.authorId !== session.user.id) return { error: 'This is not your post' }
                  await prisma.post.delete({ where: { id } })
                  return { ok: true }
                }
            """),
        ),
        Bad(
            "the codes differ",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function rename(projectId: string, name: string) {
                  const session = await auth()
                  if (!session?.user) return { status: 'UNAUTHORIZED' }
                  const project = await prisma.project.findFirst({ where: { id: projectId } })  // <- finding
                  if (!project) return { status: 'NOT_FOUND' }
                  if (project.ownerId !== session.user.id) return { status: 'FORBIDDEN' }
                  await prisma.project.update({ where: { id: projectId }, data: { name } })
                  return { ok: true }
                }
            """),
        ),
        Good(
            "one answer for both",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removePost(id: string) {
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  const post = await prisma.post.findUnique({ where: { id } })
                  if (!post || post.authorId !== session.user.id) return { error: 'There is no such post' }
                  await prisma.post.delete({ where: { id } })
                  return { ok: true }
                }
            """),
        ),
        Good(
            "the caller is in the key",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removePost(id: string) {
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  const post = await prisma.post.findFirst({ where: { id, authorId: session.user.id } })
                  if (!post) return { error: 'There is no such post' }
                  if (post.isLocked) return { error: 'The post is locked' }
                  await prisma.post.delete({ where: { id } })
                  return { ok: true }
                }
            """),
        ),
        Bad(
            "exceptions that a wrapper turns into texts",
            actions(
                """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { action, PublicError } from '../lib/action'
                    import { prisma } from '../lib/prisma'

                    export const removePost = action(async (id: string) => {
                      const session = await auth()
                      if (!session?.user) throw new PublicError('Not signed in')
                      const post = await prisma.post.findUnique({ where: { id } })  // <- finding
                      if (!post) throw new PublicError('There is no such post')
                      if (post.authorId !== session.user.id) throw new PublicError('This is not your post')
                      await prisma.post.delete({ where: { id } })
                    })
                """,
                {
                    "lib/action.ts": """
                        export class PublicError extends Error {}
                        export const action = (run) => async (...args) => {
                          try {
                            return { data: await run(...args) }
                          } catch (error) {
                            return { error: error instanceof PublicError ? error.message : 'Something went wrong' }
                          }
                        }
                    """
                },
            ),
        ),
        Bad(
            "exceptions whose texts the client's handler returns by their class",
            actions(
                """
                    'use server'
                    import { eq } from 'drizzle-orm'
                    import { z } from 'zod'
                    import { client, PublicError } from '../lib/client'
                    import { db, plans } from '../lib/db'

                    const Plan = z.object({ id: z.string(), title: z.string() })

                    export const rename = client.inputSchema(Plan).action(async ({ parsedInput, ctx }) => {
                      const { id, title } = parsedInput
                      const plan = await db.query.plans.findFirst({  // <- finding
                        where: (plan, { eq }) => eq(plan.id, id),
                        columns: { id: true, createdBy: true },
                      })
                      if (!plan) throw new PublicError('There is no such plan')
                      if (ctx.user.id !== plan.createdBy) throw new PublicError('You may not edit this plan')
                      await db.update(plans).set({ title }).where(eq(plans.id, id))
                    })
                """,
                {
                    "lib/client.ts": """
                        import { createSafeActionClient } from 'next-safe-action'
                        import { auth } from './auth'

                        export class PublicError extends Error {}
                        const base = createSafeActionClient({
                          handleServerError: (error) =>
                            error instanceof PublicError ? error.message : 'Something went wrong',
                        })
                        export const client = base.use(async ({ next }) => {
                          const session = await auth()
                          if (!session?.user) throw new PublicError('Not signed in')
                          return next({ ctx: { user: session.user } })
                        })
                    """,
                    "lib/db.ts": """
                        import { drizzle } from 'drizzle-orm/node-postgres'
                        import { pgTable, text } from 'drizzle-orm/pg-core'
                        export const plans = pgTable('plans', {
                          id: text('id').primaryKey(), title: text('title'), createdBy: text('created_by'),
                        })
                        export const db = drizzle(process.env.DATABASE_URL, { schema: { plans } })
                    """,
                },
            ),
        ),
        KnownMiss(
            "the two cases are told apart by where they lead",
            actions("""
                'use server'
                import { notFound, redirect } from 'next/navigation'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removePost(id: string) {
                  const session = await auth()
                  if (!session?.user) redirect('/sign-in')
                  const post = await prisma.post.findUnique({ where: { id } })
                  if (!post) notFound()
                  if (post.authorId !== session.user.id) redirect('/posts')
                  await prisma.post.delete({ where: { id } })
                }
            """),
        ),
    ),
)
