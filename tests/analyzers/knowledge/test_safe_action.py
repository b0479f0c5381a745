"""next-safe-action, as clients and actions use it."""

from __future__ import annotations

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, run

LIBRARY = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "lib/safe-action.ts": """
        import { createSafeActionClient, createMiddleware, DEFAULT_SERVER_ERROR_MESSAGE } from 'next-safe-action'
        import { getServerSession } from 'next-auth'
        import { z } from 'zod'
        import { prisma } from './prisma'

        export const actionClient = createSafeActionClient({
          defineMetadataSchema: () => z.object({ name: z.string() }),
          handleServerError: () => DEFAULT_SERVER_ERROR_MESSAGE,
        }).use(async ({ next, metadata }) => {
          const result = await next()
          console.log(metadata.name, result.success)
          return result
        })

        export const authClient = actionClient.use(async ({ next }) => {
          const session = await getServerSession()
          if (!session?.user) throw new Error('You are not signed in')
          return next({ ctx: { user: session.user } })
        })

        const member = createMiddleware().define(async ({ next, ctx, bindArgsClientInputs }) => {
          const found = await prisma.member.findFirst({
            where: { teamId: bindArgsClientInputs[0], userId: ctx.user.id },
          })
          if (!found) throw new Error('You are no member')
          return next({ ctx: { member: found } })
        })

        export const memberClient = authClient.bindArgsSchemas([z.string()]).use(member)
    """,
}


def run_actions(code: str, **more: str) -> dict[str | None, ActionFacts]:
    """The actions of one file, beside the library of the project."""
    return run({**LIBRARY, **more, "app/actions.ts": code})


def test_the_body_runs_with_what_the_middleware_proved_and_handed_on() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { actionClient, authClient } from '../lib/safe-action'
        import { prisma } from '../lib/prisma'

        const schema = z.object({ id: z.string().uuid(), title: z.string().max(80).optional() })

        export const anyone = actionClient.schema(schema).action(async ({ parsedInput }) => {
          await prisma.post.update({ where: { id: parsedInput.id }, data: parsedInput })
        })
        export const someone = authClient
          .metadata({ name: 'rename' })
          .inputSchema(schema)
          .action(async ({ parsedInput: { id, ...rest }, ctx: { user } }) => {
            await prisma.post.update({ where: { id, authorId: user.id }, data: rest })
            return { id }
          })
    """)
    assert effects(actions["anyone"]) == ["write post: Valid"]
    assert effects(actions["someone"]) == ["write post: Authenticated, Valid"]
    write = actions["someone"].touching_effects()[0]
    assert shown(write.key) == "{id: input.id!, authorId: session.user.id}"
    assert shown(write.data) == "{title: input.title!}"
    assert shown(actions["someone"].result) == (
        "{data: {id: input.id!}} | {serverError: plain} | {validationErrors: plain}"
    )


def test_ownership_of_a_bound_argument_is_proven_in_the_middleware() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { memberClient } from '../lib/safe-action'
        import { prisma } from '../lib/prisma'

        export const invite = memberClient
          .inputSchema(z.object({ email: z.email() }))
          .action(async ({ parsedInput, bindArgsParsedInputs: [teamId], ctx }) => {
            await prisma.invitation.create({ data: { teamId, email: parsedInput.email, by: ctx.member.id } })
          })
    """)
    assert effects(actions["invite"]) == [
        "read member: Authenticated",
        "insert invitation: Authenticated, Owns, Valid",
    ]


def test_middleware_that_does_not_wait_for_its_guard_proves_nothing() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { getServerSession } from 'next-auth'
        import { actionClient } from '../lib/safe-action'
        import { prisma } from '../lib/prisma'

        async function requireUser() {
          const session = await getServerSession()
          if (!session) throw new Error('no')
        }
        export const remove = actionClient
          .use(async ({ next }) => { requireUser(); return next() })
          .schema(z.object({ id: z.string() }))
          .action(async ({ parsedInput }) => prisma.post.delete({ where: { id: parsedInput.id } }))
    """)
    assert effects(actions["remove"]) == ["delete post: Valid"]


def test_validated_middleware_runs_behind_the_schema() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { authClient } from '../lib/safe-action'
        import { prisma } from '../lib/prisma'

        export const remove = authClient
          .inputSchema(z.object({ postId: z.string() }))
          .useValidated(async ({ parsedInput, ctx, next }) => {
            const post = await prisma.post.findUnique({ where: { id: parsedInput.postId } })
            if (post?.authorId !== ctx.user.id) throw new Error('Forbidden')
            return next({ ctx: { post } })
          })
          .action(async ({ ctx }) => {
            await prisma.post.delete({ where: { id: ctx.post.id } })
          })
    """)
    assert effects(actions["remove"]) == [
        "read post: Authenticated, Valid",
        "delete post: Authenticated, Owns, Valid",
    ]


def test_the_error_handler_decides_what_leaks() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { createSafeActionClient, returnValidationErrors } from 'next-safe-action'
        import { prisma } from '../lib/prisma'

        const leaky = createSafeActionClient({ handleServerError: (e) => e.message })
        const schema = z.object({ name: z.string() })
        export const find = leaky.schema(schema).action(async ({ parsedInput }) => {
          const shop = await prisma.shop.findFirst({ where: { name: parsedInput.name }, select: { id: true } })
          if (!shop) returnValidationErrors(schema, { name: { _errors: ['No such shop'] } })
          return shop.id
        })
    """)
    assert shown(actions["find"].result) == (
        "{data: record of shop.id} | {serverError: caught} | {validationErrors: plain}"
    )


def test_a_stateful_action_takes_its_input_after_the_state_and_what_is_bound() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { authClient } from '../lib/safe-action'
        import { prisma } from '../lib/prisma'

        const save = authClient
          .inputSchema(z.object({ title: z.string() }))
          .stateAction(async ({ parsedInput, ctx }, { prevResult }) => {
            await prisma.post.create({ data: { ...parsedInput, authorId: ctx.user.id } })
          })
        export async function saveNote(title: string) {
          const result = await save({}, { title })
          return result.data
        }
    """)
    insert = actions["saveNote"].touching_effects()[0]
    assert shown(insert.data) == "{title: title!, authorId: session.user.id}"


def test_the_clients_of_version_six_carry_one_middleware() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { createSafeActionClient } from 'next-safe-action'
        import { getServerSession } from 'next-auth'
        import { prisma } from '../lib/prisma'

        const action = createSafeActionClient()
        const authAction = createSafeActionClient({
          async middleware() {
            const session = await getServerSession()
            if (!session) throw new Error('Unauthorized')
            return { userId: session.user.id }
          },
          handleReturnedServerError: (e) => e.message,
        })
        const schema = z.object({ id: z.string() })
        export const open = action(schema, async ({ id }) => prisma.post.delete({ where: { id } }))
        export const closed = authAction(schema, async ({ id }, { userId }) => {
          await prisma.post.deleteMany({ where: { id, userId } })
        })
    """)
    assert effects(actions["open"]) == ["delete post: Valid"]
    assert effects(actions["closed"]) == ["delete post: Authenticated, Valid"]


def test_the_clients_of_version_two_take_options_and_ask_who_is_calling_where_they_say_so() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { prisma } from '../lib/prisma'
        import { createSafeActionClient } from 'next-safe-action'
        import { getServerSession } from 'next-auth'
        const action = createSafeActionClient({
          getAuthData: async () => ({ session: await getServerSession() }),
        })
        const input = z.object({ id: z.string() })
        export const open = action({ input }, async ({ id }) => prisma.post.delete({ where: { id } }))
        export const closed = action({ input, withAuth: true }, async (data, { session }) => {
          if (!session) return { error: 'Sign in' }
          await prisma.post.deleteMany({ where: { id: data.id, userId: session.user.id } })
        })
    """)
    assert effects(actions["open"]) == ["delete post: Valid"]
    assert effects(actions["closed"]) == ["delete post: Authenticated, Valid"]


def test_the_clients_of_version_three_build_a_context() -> None:
    actions = run_actions("""
        'use server'
        import { z } from 'zod'
        import { prisma } from '../lib/prisma'
        import { createSafeActionClient } from 'next-safe-action'
        import { getServerSession } from 'next-auth'
        const action = createSafeActionClient({
          async buildContext() {
            const session = await getServerSession()
            if (!session) throw new Error('Sign in')
            return { userId: session.user.id }
          },
        })
        const input = z.object({ id: z.string() })
        export const closed = action(input, async ({ id }, { userId }) => {
          await prisma.post.deleteMany({ where: { id, userId } })
        })
    """)
    assert effects(actions["closed"]) == ["delete post: Authenticated, Valid"]
