"""tRPC, called on the server and from afar."""

from __future__ import annotations

from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, run

SERVER = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "server/trpc.ts": """
        import { initTRPC, TRPCError } from '@trpc/server'
        import superjson from 'superjson'
        import { getServerSession } from 'next-auth'

        export const createTRPCContext = async (opts: { headers: Headers }) => {
          const session = await getServerSession()
          return { session, ...opts }
        }
        const t = initTRPC.context<typeof createTRPCContext>().create({ transformer: superjson })
        export const createCallerFactory = t.createCallerFactory
        export const router = t.router
        const timing = t.middleware(async ({ next, path }) => {
          const result = await next()
          console.log(path)
          return result
        })
        export const publicProcedure = t.procedure.use(timing)
        export const protectedProcedure = t.procedure.use(timing).use(({ ctx, next }) => {
          if (!ctx.session?.user) throw new TRPCError({ code: 'UNAUTHORIZED' })
          return next({ ctx: { session: { ...ctx.session, user: ctx.session.user } } })
        })
    """,
    "server/post.ts": """
        import { z } from 'zod'
        import { router, publicProcedure, protectedProcedure } from './trpc'
        import { prisma } from '../lib/prisma'

        export const postRouter = router({
          drop: publicProcedure.input(z.object({ id: z.string() })).mutation(async ({ input }) => {
            return prisma.post.delete({ where: { id: input.id } })
          }),
          rename: protectedProcedure
            .input(z.object({ id: z.string() }))
            .input(z.object({ title: z.string() }))
            .mutation(async ({ ctx, input }) => {
              await prisma.post.update({
                where: { id: input.id, authorId: ctx.session.user.id },
                data: { title: input.title },
              })
              return { ok: true }
            }),
        })
    """,
    "server/root.ts": """
        import { headers } from 'next/headers'
        import { cache } from 'react'
        import { createCallerFactory, createTRPCContext, router } from './trpc'
        import { postRouter } from './post'

        export const appRouter = router({ post: postRouter })
        const createContext = cache(async () => createTRPCContext({ headers: new Headers(await headers()) }))
        export const api = createCallerFactory(appRouter)(createContext)
    """,
}


def test_a_procedure_called_on_the_server_runs_behind_its_middleware() -> None:
    actions = run(
        {
            **SERVER,
            "app/actions.ts": """
                'use server'
                import { api } from '../server/root'
                export async function drop(id: string) {
                  return await api.post.drop({ id })
                }
                export async function rename(form: FormData) {
                  return await api.post.rename({ id: form.get('id'), title: form.get('title') })
                }
            """,
        }
    )
    assert effects(actions["drop"]) == ["delete post: Valid"]
    assert effects(actions["rename"]) == ["write post: Authenticated, Valid"]
    write = actions["rename"].touching_effects()[0]
    assert shown(write.key) == "{id: form.id!, authorId: session.user.id}"
    assert shown(write.data) == "{title: form.title!}"
    assert shown(actions["rename"].result) == "{ok: True}"


def test_a_remote_procedure_is_a_request_as_whom_its_headers_say() -> None:
    actions = run(
        {
            "lib/trpc.ts": """
                import { createTRPCClient, httpBatchLink } from '@trpc/client'
                import { cookies } from 'next/headers'
                export const bare = createTRPCClient({ links: [httpBatchLink({ url: 'https://api.example.com' })] })
                export const own = createTRPCClient({
                  links: [httpBatchLink({
                    url: 'https://api.example.com',
                    headers: async () => ({ cookie: (await cookies()).toString() }),
                  })],
                })
            """,
            "app/actions.ts": """
                'use server'
                import { bare, own } from '../lib/trpc'
                export const drop = async (id: string) => bare.post.drop.mutate({ id })
                export const dropOwn = async (id: string) => own.post.drop.mutate({ id })
            """,
        }
    )
    assert effects(actions["drop"]) == ["fetch post.drop"]
    assert effects(actions["dropOwn"]) == []


def test_query_options_are_asked_when_the_query_client_fetches_them() -> None:
    actions = run(
        {
            "lib/prisma.ts": SERVER["lib/prisma.ts"],
            "lib/trpc.ts": """
                import { QueryClient } from '@tanstack/react-query'
                import { createTRPCClient, httpLink } from '@trpc/client'
                import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
                import { cache } from 'react'
                import { cookies } from 'next/headers'
                export const getQueryClient = cache(() => new QueryClient())
                async function ownHeaders() {
                  return { authorization: `Bearer ${(await cookies()).get('token')?.value}` }
                }
                export const trpc = createTRPCOptionsProxy({
                  queryClient: getQueryClient,
                  client: createTRPCClient({ links: [httpLink({ url: '/trpc', headers: ownHeaders })] }),
                })
            """,
            "app/actions.ts": """
                'use server'
                import { getQueryClient, trpc } from '../lib/trpc'
                import { prisma } from '../lib/prisma'
                export async function rename(id: string, name: string) {
                  const user = await getQueryClient().fetchQuery(trpc.user.me.queryOptions())
                  if (!user) throw new Error('Unauthorized')
                  await prisma.team.update({ where: { id, ownerId: user.id }, data: { name } })
                }
            """,
        }
    )
    assert effects(actions["rename"]) == ["write team: Authenticated"]
