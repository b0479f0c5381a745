"""Prisma: which conditions choose records, what an answer proves, and raw SQL."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import only, said, seen
from tests.analyzers.running import effects

HEAD = """
    import { PrismaClient, Prisma } from '@prisma/client'
    const prisma = new PrismaClient().$extends({ query: {} })
"""


def action(body: str) -> ActionFacts:
    """The action with this body."""
    return reading.action(HEAD, body)


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("{ id, authorId: user.id }", "id: id, authorId: session"),
        ("{ id_authorId: { id, authorId: user.id } }", "id_authorId.id: id, id_authorId.authorId: session"),
        ("{ id, team: { members: { some: { userId: user.id } } } }", "id: id, team.members.userId: session"),
        ("{ id, team: { is: { ownerId: { equals: user.id } } } }", "id: id, team.ownerId: session"),
        ("{ id, team: { members: { none: { userId: user.id } } } }", "id: id"),
        ("{ id, team: { members: { every: { userId: user.id } } } }", "id: id"),
        ("{ id, authorId: { not: user.id } }", "id: id"),
        ("{ id, NOT: { authorId: user.id } }", "id: id"),
        ("{ AND: [{ id }, { authorId: user.id }] }", "id: id, authorId: session"),
        ("{ OR: [{ id }, { authorId: user.id }] }", "id: id"),
        ("{ id, OR: [{ authorId: user.id }, { isPublic: true }] }", "id: id, isPublic: own"),
        ("{ id, OR: [{ authorId: user.id }, { editorId: user.id }] }", "id: id, authorId: session, editorId: session"),
        ("{ id: { in: input.ids }, createdAt: { gt: input.since } }", "id: input.ids"),
        ("{ id, ...(input.all ? {} : { authorId: user.id }) }", "id: id"),
        ("{ id, authorId: input.all ? undefined : user.id }", "id: id"),
        ("input", "input"),
    ],
)
def test_only_conditions_that_name_records_scope_a_query(where: str, key: str) -> None:
    effect = only(action(f"const user = await me(); await prisma.post.deleteMany({{ where: {where} }})"))
    assert said(effect).removeprefix("delete post (: ").removeprefix("delete post (").removesuffix(")") == key


def test_a_query_that_fails_without_its_record_proves_what_its_presence_would() -> None:
    def last(query: str) -> str:
        write = "await prisma.team.update({ where: { id }, data: { name: input.name } })"
        return effects(action(f"const user = await me(); {query}; {write}"))[-1]

    where = "{ where: { teamId: id, userId: user.id } }"
    assert last(f"await prisma.member.findFirstOrThrow({where})") == "write team: Authenticated, Owns"
    assert last(f"await prisma.member.update({where})") == "write team: Authenticated, Owns"
    assert last(f"prisma.member.findFirstOrThrow({where})") == "write team: Authenticated"
    assert last(f"await prisma.member.findFirstOrThrow({where}).catch(() => null)") == "write team: Authenticated"
    assert last(f"await prisma.member.findFirst({where})") == "write team: Authenticated"
    assert last("await prisma.member.create({ data: { teamId: id, userId: user.id } })") == "write team: Authenticated"


def test_raw_statements_are_read() -> None:
    delete = 'DELETE FROM "Post" WHERE id = ${id} AND "authorId" = ${user.id}'
    assert seen(action(f"const user = await me(); await prisma.$executeRaw`{delete}`")) == [
        "delete Post (id: id, authorId: session)"
    ]
    assert seen(
        action('return prisma.$queryRaw(Prisma.sql`SELECT * FROM "User" WHERE id IN (${Prisma.join(input)})`)')
    ) == ["read User (id: input)"]
    assert seen(action("return prisma.$queryRawUnsafe('SELECT * FROM \"User\" WHERE id = $1', id)")) == [
        "read User (id: id)"
    ]
    assert seen(action('return prisma.$queryRawUnsafe(`SELECT * FROM "User" WHERE id = ${id}`)')) == [
        "sql the database <- id"
    ]
    assert seen(action('return prisma.$queryRaw`SELECT * FROM "User" ORDER BY ${Prisma.raw(input.sort)}`')) == [
        "sql User <- input.sort"
    ]


def test_a_client_that_was_generated_into_the_tree_is_one() -> None:
    generated = {
        "db/generated/client.ts": """
            import * as runtime from '@prisma/client/runtime/client'
            import * as classes from './internal/class'
            import * as Prisma from './internal/prismaNamespace'
            export const PrismaClient = classes.getPrismaClientClass()
            export { Prisma }
        """,
        "db/generated/internal/class.ts": """
            import * as runtime from '@prisma/client/runtime/client'
            const config = { clientVersion: '7.3.0' }
            export function getPrismaClientClass() { return runtime.getPrismaClient(config) }
        """,
        "db/generated/internal/prismaNamespace.ts": """
            import * as runtime from '@prisma/client/runtime/client'
            export const sql = runtime.sqltag
        """,
    }
    head = """
        import { PrismaClient, Prisma } from '../db/generated/client'
        import { PrismaPg } from '@prisma/adapter-pg'
        const prisma = new PrismaClient({ adapter: new PrismaPg({}) })
    """
    body = """
        await prisma.trade.deleteMany({ where: { id } })
        await prisma.$executeRaw(Prisma.sql`DELETE FROM note WHERE id = ${id}`)
    """
    assert seen(reading.action(head, body, generated)) == ["delete trade (id: id)", "delete note (id: id)"]


SCOPED = """
    import { PrismaClient, Prisma } from '@prisma/client'
    const tenancy = Prisma.defineExtension((client) =>
      client.$extends({
        query: {
          post: {
            async $allOperations({ args, query }) {
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              return query({ ...args, where: { ...args.where, teamId: session.user.teamId } })
            },
          },
        },
        model: {
          $allModels: {
            async discard(id) {
              return prisma.trash.create({ data: { id } })
            },
          },
        },
      }))
    const prisma = new PrismaClient().$extends(tenancy)
"""


def test_what_an_extension_puts_around_a_query_scopes_it() -> None:
    scoped = reading.action(SCOPED, "await prisma.post.updateMany({ where: { id }, data: { title: input.title } })")
    assert seen(scoped) == ["write post (id: id, teamId: session) <- title: input.title"]
    assert effects(scoped) == ["write post: Authenticated"]
    inside = "await prisma.$transaction(async (tx) => { await tx.post.deleteMany({ where: { id } }) })"
    assert seen(reading.action(SCOPED, inside)) == ["delete post (id: id, teamId: session)"]


def test_an_extension_of_one_model_leaves_the_others_alone() -> None:
    other = reading.action(SCOPED, "await prisma.note.deleteMany({ where: { id } })")
    assert seen(other) == ["delete note (id: id)"]
    assert effects(other) == ["delete note"]


def test_a_method_that_an_extension_adds_does_what_it_says() -> None:
    assert seen(reading.action(SCOPED, "await prisma.post.discard(id)")) == ["insert trash <- id: id"]


def test_a_raw_statement_says_how_many_records_it_has_changed() -> None:
    merged = "const merge = () => prisma.$executeRaw`UPDATE pref SET a = 1 WHERE user_id = ${id}`"
    found = seen(action(f"{merged}; if ((await merge()) > 0) return; await prisma.pref.create({{ data: {{ id }} }})"))
    assert [line.split(" ")[0] for line in found] == ["write", "insert"]
