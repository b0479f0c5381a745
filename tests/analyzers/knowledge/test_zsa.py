"""zsa, as procedures and actions use it."""

from __future__ import annotations

from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, run

LIBRARY = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "lib/zsa.ts": """
        import { createServerAction, createServerActionProcedure, chainServerActionProcedures } from 'zsa'
        import { getServerSession } from 'next-auth'
        import { z } from 'zod'
        import { prisma } from './prisma'

        function shapeErrors({ err }) {
          const isLocal = process.env.NODE_ENV === 'development'
          return { code: err.code, message: isLocal ? String(err) : 'Something went wrong' }
        }
        export const authenticated = createServerActionProcedure()
          .experimental_shapeError(shapeErrors)
          .handler(async () => {
            const session = await getServerSession()
            if (!session) throw new Error('Not signed in')
            return { user: session.user }
          })
        export const owner = createServerActionProcedure(authenticated)
          .input(z.object({ projectId: z.string() }))
          .handler(async ({ input, ctx }) => {
            const project = await prisma.project.findFirst({ where: { id: input.projectId, ownerId: ctx.user.id } })
            if (!project) throw new Error('Not yours')
            return { ...ctx, project }
          })
        const writer = createServerActionProcedure(authenticated).handler(async ({ ctx }) => ({ user: ctx.user }))
        export const chained = chainServerActionProcedures(authenticated, writer)
        export const anyone = createServerAction()
    """,
}


def test_a_handler_runs_behind_its_procedures_with_their_context_and_input() -> None:
    actions = run(
        {
            **LIBRARY,
            "app/actions.ts": """
                'use server'
                import { z } from 'zod'
                import { owner, chained, anyone } from '../lib/zsa'
                import { prisma } from '../lib/prisma'

                export const rename = owner
                  .createServerAction()
                  .input(z.object({ name: z.string() }))
                  .handler(async ({ input, ctx }) => {
                    await prisma.project.update({ where: { id: input.projectId }, data: { name: input.name } })
                    return ctx.user.id
                  })
                export const write = chained
                  .createServerAction()
                  .input(z.object({ text: z.string() }), { type: 'formData' })
                  .handler(async ({ input, ctx }) => {
                    await prisma.note.create({ data: { ...input, userId: ctx.user.id } })
                  })
                export const drop = anyone
                  .input(z.object({ id: z.string() }))
                  .handler(async ({ input }) => {
                    await prisma.note.delete({ where: { id: input.id } })
                  })
            """,
        }
    )
    assert effects(actions["rename"]) == [
        "read project: Authenticated, Valid",
        "write project: Authenticated, Owns, Valid",
    ]
    assert effects(actions["write"]) == ["insert note: Authenticated, Valid"]
    assert shown(actions["write"].touching_effects()[0].data) == "{text: input.text!, userId: session.user.id}"
    assert effects(actions["drop"]) == ["delete note: Valid"]
    assert shown(actions["rename"].result) == (
        "[None, {code: caught, message: 'Something went wrong'}] | "
        "[None, {code: caught, message: 'Something went wrong'}] | [session.user.id, None]"
    )


def test_a_caller_reads_the_error_from_the_pair() -> None:
    actions = run(
        {
            **LIBRARY,
            "app/actions.ts": """
                'use server'
                import { authenticated } from '../lib/zsa'
                import { prisma } from '../lib/prisma'

                const whoami = authenticated.createServerAction().handler(async ({ ctx }) => ctx.user.id)
                export async function remove(id: string) {
                  const [userId, error] = await whoami()
                  if (error) return { error }
                  await prisma.note.delete({ where: { id, userId } })
                }
                export async function careless(id: string) {
                  await whoami()
                  await prisma.note.delete({ where: { id } })
                }
            """,
        }
    )
    assert effects(actions["remove"]) == ["delete note: Authenticated"]
    assert effects(actions["careless"]) == ["delete note"]
