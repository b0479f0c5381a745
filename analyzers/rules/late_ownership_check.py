"""An action changes a record first, and asks afterwards whose it is.

## What it does
Finds writes and deletes of records that the caller names, behind which a check of ownership stands that should have
stood before them.

## Why this is bad
The check refuses the caller when the deed is done: the record is gone, or holds the caller's words.

```
curl -X POST https://example.com/posts -H 'Next-Action: 60c2…' -H "Cookie: $MY_OWN_SESSION" --data '["your-post-id"]'
```

## Use instead
Read the record, compare its owner with the session, and write then; or put the caller into the key of the write.

## How it is decided
The key of the write comes from the input and nothing has shown whose record it is, but what comes behind it happens
only if it is the caller's. So it is with the id of another record in a row that is written, where the action itself
asks behind it whose that one is.

A check behind the write is in time where both stand in the callback of one transaction, the write is made by what the
callback is handed, and the check throws: then the store undoes the write (Prisma, Drizzle, Kysely, Knex, postgres.js).
So it is where both are statements of one list.

## When it is intended
It hardly is. `// preship: ignore late-ownership-check -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are the caller's choice, and what is written stays written when it throws.

## References
- CWE-696: Incorrect Behavior Order, https://cwe.mitre.org/data/definitions/696.html
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
    """Report the first write that stands before the check of its record."""
    found = action.unowned_effect()
    if found is None or found.fault is not OwnershipFault.LATE or found.asked_later is None:
        return
    behind = found.asked_later.span
    chosen = ", chosen by {}, before it asks whose record that is"
    how = chosen if found.is_chosen else ", and asks whose {} is after that"
    yield RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}{how.format(named(found.named_by))}. "
        "The check behind it refuses the caller when it has happened already.",
        remedy="Move the check in front of this line.",
        steps=(Step(behind.path, behind.line, "only from here on the record is known to be the caller's"),),
    )


RULE = Rule(
    id="late-ownership-check",
    title="ownership is checked too late",
    headline=f"{ANY_USER} can {{takes}} before they are refused",
    severity=Severity.HIGH,
    cwe=696,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        Bad(
            "renamed, then compared",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function renameBoard(id: string, name: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const board = await prisma.board.update({ where: { id }, data: { name } })  // <- finding
                  if (board.ownerId !== session.user.id) throw new Error('Not yours')
                  await prisma.activity.create({ data: { boardId: board.id, userId: session.user.id } })
                }
            """),
        ),
        Bad(
            "the membership is looked up behind the delete",
            actions("""
                'use server'
                import { revalidatePath } from 'next/cache'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeTeam(teamId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.team.delete({ where: { id: teamId } })  // <- finding
                  const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
                  if (!member) throw new Error('Not your team')
                  revalidatePath('/teams')
                }
            """),
        ),
        Bad(
            "put into a flat, of which is asked afterwards whose it is",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function moveIn(flatId: string, name: string) {
                  const client = await supabase()
                  const { data: { user } } = await client.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  await client.from('tenants').insert({ owner_id: user.id, flat_id: flatId, name })  // <- finding
                  const { data: flat } = await client.from('flats').select('owner_id').eq('id', flatId).single()
                  if (flat?.owner_id !== user.id) throw new Error('Not your flat')
                  await client.from('flats').update({ is_taken: true }).eq('id', flatId)
                }
            """),
        ),
        Good(
            "asked whose the flat is, and then put into it",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function moveIn(flatId: string, name: string) {
                  const client = await supabase()
                  const { data: { user } } = await client.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  const { data: flat } = await client.from('flats').select('owner_id').eq('id', flatId).single()
                  if (flat?.owner_id !== user.id) throw new Error('Not your flat')
                  await client.from('tenants').insert({ owner_id: user.id, flat_id: flatId, name })
                  await client.from('flats').update({ is_taken: true }).eq('id', flatId)
                }
            """),
        ),
        Good(
            "a function that answers whether two people have something in common",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function haveFlatsInCommon(otherUserId: string) {
                  const client = await supabase()
                  const { data: { user } } = await client.auth.getUser()
                  if (!user) return false
                  if (user.id === otherUserId) return true
                  const { data } = await client.rpc('have_flats', { one_id: user.id, other_id: otherUserId })
                  return !!data
                }
            """),
        ),
        Good(
            "nothing but policies asks whose the flat is",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function moveIn(flatId: string, name: string) {
                  const client = await supabase()
                  const { data: { user } } = await client.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  await client.from('tenants').insert({ owner_id: user.id, flat_id: flatId, name })
                }
            """),
        ),
        Good(
            "read, compared, written",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function renameBoard(id: string, name: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const board = await prisma.board.findUnique({ where: { id } })
                  if (board?.ownerId !== session.user.id) throw new Error('Not yours')
                  await prisma.board.update({ where: { id }, data: { name } })
                }
            """),
        ),
        Good(
            "undone with the transaction, where the board is not the caller's",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function addCard(boardId: string, title: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.$transaction(async (tx) => {
                    const card = await tx.card.create({ data: { boardId, title } })
                    const data = { cardOrder: { push: card.id } }
                    await tx.board.update({ where: { id: boardId, ownerId: session.user.id }, data })
                  })
                }
            """),
        ),
        Good(
            "only what the clock says is written before: the time of the invitation is over",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                async function isOpen(id: string) {
                  const invitation = await prisma.invitation.findUnique({ where: { id } })
                  if (!invitation || invitation.expiresAt > new Date()) return Boolean(invitation)
                  await prisma.invitation.update({ where: { id }, data: { status: 'EXPIRED' } })
                  return false
                }

                export async function accept(id: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  if (!(await isOpen(id))) return { error: 'Not found' }
                  const invitation = await prisma.invitation.findUnique({ where: { id } })
                  if (invitation?.email !== session.user.email) return { error: 'Not found' }
                  await prisma.invitation.update({ where: { id }, data: { status: 'ACCEPTED' } })
                }
            """),
        ),
        Good(
            "only a cache is filled before: what it holds is what the record says",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'
                import { Redis } from '@upstash/redis'
                const redis = Redis.fromEnv()

                async function boardOf(id: string) {
                  const kept = await redis.get(id)
                  if (kept) return kept
                  const board = await prisma.board.findUnique({ where: { id } })
                  await redis.set(id, board)
                  return board
                }

                export async function renameBoard(id: string, name: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await boardOf(id)
                  const mine = await prisma.board.findFirst({ where: { id, ownerId: session.user.id } })
                  if (!mine) throw new Error('Not yours')
                  await prisma.board.update({ where: { id }, data: { name } })
                }
            """),
        ),
        Good(
            "never asked: another rule says so",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function renameBoard(id: string, name: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.board.update({ where: { id }, data: { name } })
                }
            """),
        ),
    ),
)
