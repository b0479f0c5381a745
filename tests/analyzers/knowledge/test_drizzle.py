"""Drizzle: what its builders do when they run, and what their answers prove."""

from __future__ import annotations

import pytest

from preship.analyzers.actions import world
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.origins import Input, Session, Stored, roots
from preship.analyzers.flow.values import Object, origins_of
from tests.analyzers.running import effects, run

SHARED = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
    """,
    "db/schema.ts": """
        import { pgTable, pgTableCreator, serial, text, integer, timestamp } from 'drizzle-orm/pg-core'
        import { relations } from 'drizzle-orm'
        export const createTable = pgTableCreator((name) => `app_${name}`)
        export const posts = pgTable('post', {
          id: serial('id').primaryKey(),
          title: text('title').notNull().$defaultFn(() => ''),
          authorId: text('author_id').references(() => users.id, { onDelete: 'cascade' }),
          createdAt: timestamp('created_at').defaultNow(),
        }, (t) => [])
        export const users = createTable('user', { id: text('id'), email: text('email'), passwordHash: text('hash') })
        const role = text('role')
        export const members = pgTable('member', { teamId: text('team_id'), userId: text('user_id'), role })
        export const teams = pgTable('team', { id: text('id'), name: text('name') })
        export const postsRelations = relations(posts, ({ one }) => ({ author: one(users) }))
    """,
    "db/index.ts": """
        import { drizzle } from 'drizzle-orm/postgres-js'
        import postgres from 'postgres'
        import * as schema from './schema'
        export const db = drizzle(postgres(process.env.DATABASE_URL!), { schema })
    """,
}
HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { db } from '../db'
    import { posts, users, members, teams } from '../db/schema'
    import { and, or, eq, ne, inArray, sql, desc, count, exists, getTableColumns } from 'drizzle-orm'
    async function me() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return session.user
    }
"""


def action(body: str, parameters: str = "id: string, input: any") -> ActionFacts:
    """The action with this body."""
    files = {**SHARED, "app/actions.ts": f"{HEAD}\n    export async function action({parameters}) {{\n{body}\n}}"}
    return run(files)["action"]


def key_of(effect: Effect) -> list[str]:
    """What chooses the records, as `column: input` or `column: session`."""
    return described(effect.key)


def described(value: object) -> list[str]:
    """The fields of a key or of data, each with where it comes from."""
    shape = value.alternatives[0].shape  # type: ignore[attr-defined]
    assert isinstance(shape, Object)
    return [f"{name}: {'+'.join(sorted(word(o) for o in roots(origins_of(field))))}" for name, field in shape.fields]


def word(origin: object) -> str:
    if isinstance(origin, Input):
        return ".".join((origin.parameter, *origin.path))
    return "session" if isinstance(origin, Session) else type(origin).__name__


def only(facts: ActionFacts) -> Effect:
    """The one effect on the world."""
    (effect,) = facts.touching_effects()
    return effect


def test_builders_run_when_they_are_awaited() -> None:
    assert effects(action("await db.delete(posts).where(eq(posts.id, id))")) == ["delete post"]
    assert effects(action("db.delete(posts).where(eq(posts.id, id))")) == []
    assert effects(action("const q = db.update(posts).set(input); if (id) q.where(eq(posts.id, id)); await q")) == [
        "write post"
    ]
    assert key_of(
        only(action("const q = db.select().from(posts).$dynamic(); q.where(eq(posts.id, id)); return q"))
    ) == ["id: id"]
    assert effects(action("return db.select().from(users)")) == ["read user"]
    assert effects(action("return db.insert(posts).values(input).execute()")) == ["insert post"]
    assert effects(action("await Promise.all([db.delete(posts), db.delete(users), db.delete(posts)])")) == [
        "delete post",
        "delete user",
        "delete post",
    ]
    assert effects(action("db.insert(posts).values(input).then(() => {}).catch(() => {})")) == ["insert post"]


def test_only_equal_conditions_choose_records() -> None:
    def key(condition: str) -> list[str]:
        return key_of(only(action(f"const user = await me(); await db.delete(posts).where({condition})")))

    assert key("eq(posts.id, id)") == ["id: id"]
    assert key("and(eq(posts.id, id), eq(posts.authorId, user.id))") == ["id: id", "authorId: session"]
    assert key("and(eq(posts.id, id), ne(posts.authorId, user.id))") == ["id: id"]
    assert key("or(eq(posts.id, id), eq(posts.authorId, user.id))") == ["id: id"]
    assert key("or(eq(posts.authorId, user.id), eq(posts.editorId, user.id))") == [
        "authorId: session",
        "editorId: session",
    ]
    assert key("and(eq(posts.id, id), input.all ? undefined : eq(posts.authorId, user.id))") == ["id: id"]
    assert key("and(...[eq(posts.authorId, user.id), inArray(posts.id, input.ids)])") == [
        "authorId: session",
        "id: input.ids",
    ]
    assert key("sql`${posts.id} = ${id} and ${posts.authorId} = ${user.id}`") == ["id: id", "authorId: session"]
    assert key("sql`lower(${posts.title}) = lower(${input.title}) or ${posts.authorId} <> ${user.id}`") == [
        "title: input.title"
    ]
    subquery = "db.select({ id: members.teamId }).from(members).where(eq(members.userId, user.id))"
    assert key(f"and(eq(posts.id, id), inArray(posts.teamId, {subquery}))") == ["id: id", "userId: session"]
    assert key(f"and(eq(posts.id, id), exists({subquery}))") == ["id: id", "userId: session"]


def test_an_inner_join_chooses_records_and_an_outer_one_does_not() -> None:
    def key(join: str) -> list[str]:
        on = "and(eq(members.teamId, teams.id), eq(members.userId, user.id))"
        query = f"db.select().from(teams).{join}(members, {on}).where(eq(teams.id, id))"
        return key_of(only(action(f"const user = await me(); return {query}")))

    assert key("innerJoin") == ["userId: session", "id: id"]
    assert key("leftJoin") == ["id: id"]


def test_a_row_of_the_caller_is_a_membership() -> None:
    write = "await db.update(teams).set({ name: input.name }).where(eq(teams.id, id))"
    look = "where(and(eq(members.teamId, id), eq(members.userId, user.id)))"
    select = f"const user = await me(); const rows = await db.select().from(members).{look}.limit(1);"
    count = f"const user = await me(); const [row] = await db.select({{ n: count() }}).from(members).{look};"

    def last(body: str) -> str:
        return effects(action(f"{body} {write}"))[-1]

    owned, unowned = "write team: Authenticated, Owns", "write team: Authenticated"
    assert last(f"{select} if (rows.length === 0) return null;") == owned
    assert last(f"{select} const [row] = rows; if (!row) return null;") == owned
    assert last(f"{select} if (!rows[0]) throw new Error();") == owned
    assert last(f"{select} if (!rows) throw new Error();") == unowned
    assert last(f"{count} if (row.n === 0) return null;") == owned
    assert last(f"{count} if (!row) return null;") == unowned
    assert last(f"const user = await me(); if (!(await db.$count(members, {look[6:-1]}))) return null;") == owned


@pytest.mark.parametrize(
    ("condition", "is_tied"),
    [
        ("ids.length ? inArray(members.teamId, ids) : sql`false`", True),
        ("ids.length === 0 ? sql`1 = 0` : inArray(members.teamId, ids)", True),
        ("ids.length ? inArray(members.teamId, ids) : sql`FALSE`", True),
        ("user.role === 'admin' ? sql`true` : ids.length ? inArray(members.teamId, ids) : sql`false`", True),
        ("ids.length ? inArray(members.teamId, ids) : sql`true`", False),
        ("ids.length ? inArray(members.teamId, ids) : undefined", False),
        ("input.all ? sql`1 = 1` : inArray(members.teamId, ids)", False),
    ],
)
def test_a_condition_that_no_row_meets_takes_no_scope_away(condition: str, is_tied: bool) -> None:
    facts = action(f"""
        const user = await me()
        const mine = await db.select().from(members).where(eq(members.userId, user.id))
        const ids = mine.map((each) => each.teamId)
        const scope = {condition}
        await db.delete(members).where(and(eq(members.userId, id), scope))""")
    assert (list(facts.unowned_effects()) == []) is is_tied


def test_relational_queries_take_conditions_callbacks_and_objects() -> None:
    def key(options: str) -> list[str]:
        return key_of(only(action(f"const user = await me(); return db.query.posts.findFirst({options})")))

    both = ["id: id", "authorId: session"]
    assert key("{ where: and(eq(posts.id, id), eq(posts.authorId, user.id)) }") == both
    assert (
        key("{ where: (p, { and, eq }) => and(eq(p.id, id), eq(p.authorId, user.id)), with: { author: true } }") == both
    )
    assert key("{ where: { id, authorId: { eq: user.id }, createdAt: { gt: input.since } } }") == both
    assert key("{ where: { id, NOT: { authorId: user.id } } }") == ["id: id"]
    found = only(action("return db.query.posts.findMany()"))
    assert (found.target, found.what) == ("post", "db.query.posts.findMany")


@pytest.mark.parametrize(
    ("found", "is_theirs"),
    [
        ("if (!own?.posts.length) return null", True),
        ("const [post] = own?.posts ?? []; if (!post) return null", True),
        ("if (!own) return null", False),
    ],
)
def test_what_comes_with_the_callers_own_row_is_theirs(found: str, is_theirs: bool) -> None:
    facts = action(f"""
        const user = await me()
        const own = await db.query.users.findFirst({{
          where: eq(users.id, user.id), with: {{ posts: {{ where: eq(posts.id, id) }} }} }})
        {found}
        await db.delete(posts).where(eq(posts.id, id))""")
    assert (list(facts.unowned_effects()) == []) is is_theirs


def test_a_row_that_comes_with_the_callers_membership_is_theirs() -> None:
    body = """
        const user = await me()
        const team = await db.query.teams.findFirst({
          where: eq(teams.id, id),
          with: { members: { where: eq(members.userId, user.id), columns: { role: true } } },
        })
        %s
        await db.update(teams).set({ name: 'x' }).where(eq(teams.id, id))
    """
    checked = action(body % "if (!team?.members.length) throw new Error('no')")
    assert list(checked.unowned_effects()) == []
    assert len(list(action(body % "if (!team) throw new Error('no')").unowned_effects())) == 1


def test_the_role_of_a_membership_that_a_row_is_joined_with_is_the_callers() -> None:
    body = """
        const user = await me()
        const [team] = await db
          .select({ id: teams.id, role: members.role })
          .from(teams)
          .leftJoin(members, and(eq(members.teamId, teams.id), eq(members.userId, %s)))
          .where(eq(teams.id, id))
        if (team?.role !== 'owner') throw new Error('no')
        await db.update(teams).set({ name: 'x' }).where(eq(teams.id, id))
    """
    assert list(action(body % "user.id").unowned_effects()) == []
    assert len(list(action(body % "input.userId").unowned_effects())) == 1


def test_what_a_row_holds_is_known_by_its_columns() -> None:
    def origins(query: str) -> list[str]:
        result = action(f"return {query}").result
        return sorted(
            f"{o.model}{'' if o.is_whole else ''.join('.' + p for p in o.path)}"
            for o in origins_of(result)
            if isinstance(o, Stored)
        )

    assert origins("db.select().from(users)") == ["user"]
    assert origins("db.select({ mail: users.email, title: posts.title }).from(users).leftJoin(posts, eq(1, 1))") == [
        "post.title",
        "user.email",
    ]
    assert origins("db.select({ user: users }).from(posts).innerJoin(users, eq(1, 1))") == ["user"]
    assert origins("db.select().from(posts).innerJoin(users, eq(1, 1))") == ["post", "user"]
    assert origins("db.insert(users).values(input).returning({ id: users.id })") == ["user.id"]
    assert origins("db.query.users.findMany({ columns: { email: true } })") == ["user.email"]
    assert origins("db.query.users.findFirst({ columns: { passwordHash: false } })") == ["user"]


def test_an_upsert_changes_the_record_that_its_target_names() -> None:
    def effect(values: str, options: str) -> Effect:
        insert = f"db.insert(members).values({values}).onConflictDoUpdate({options})"
        return only(action(f"const user = await me(); await {insert}"))

    values = "{ userId: user.id, teamId: input.teamId }"
    mine = effect(values, "{ target: members.userId, set: { teamId: input.teamId } }")
    assert (str(mine.kind), key_of(mine)) == ("write", ["userId: session"])
    theirs = effect(values, "{ target: [members.teamId], set: input }")
    assert (str(theirs.kind), key_of(theirs)) == ("write", ["teamId: input.teamId"])


def test_transactions_batches_prepared_and_raw_statements() -> None:
    transaction = "await db.transaction(async (tx) => { await tx.delete(posts).where(eq(posts.id, id)) })"
    assert key_of(only(action(transaction))) == ["id: id"]
    two = "await tx.update(users).set(input).where(eq(users.id, id)); await tx.delete(posts).where(eq(posts.id, id))"
    assert effects(action(f"await db.transaction(async (tx) => {{ {two} }})")) == ["write user", "delete post"]
    assert effects(action(f"const tx = db; {two}")) == ["write user", "delete post"]
    assert effects(action("await db.transaction(async (tx) => { tx.rollback(); await tx.delete(posts) })")) == []
    assert effects(action("await db.batch([db.delete(posts), db.update(users).set(input)])")) == [
        "delete post",
        "write user",
    ]
    prepared = "const q = db.select().from(posts).where(eq(posts.id, sql.placeholder('id'))).prepare('p')"
    assert key_of(only(action(f"{prepared}; return q.execute({{ id: input.id }})"))) == ["id: input.id"]
    execute = only(action("await db.execute(sql`update ${posts} set title = ${input.title} where id = ${id}`)"))
    assert (str(execute.kind), execute.target, key_of(execute)) == ("write", "post", ["id: id"])
    assert described(execute.data) == ["title: input.title"]
    raw = only(action("await db.execute(sql.raw(`select * from post where id = ${id}`))"))
    assert (str(raw.kind), origins_of(raw.data)) == ("sql", {Input("id")})
    order = only(action("await db.execute(sql`select * from post order by ${sql.raw(input.sort)}`)"))
    assert (str(order.kind), origins_of(order.data)) == ("sql", {Input("input", ("sort",))})
    ordered = action("return db.select().from(posts).orderBy(sql.raw(input.sort))").touching_effects()
    assert [(str(e.kind), e.target) for e in ordered] == [("sql", "post"), ("read", "post")]


def test_a_condition_may_come_from_a_module_that_gives_several_packages_away_whole() -> None:
    code = """
        'use server'
        import { db } from '../db'
        import { posts } from '../db/schema'
        import { eq } from '../db/query'
        export async function act(id: string) { await db.delete(posts).where(eq(posts.id, id)) }
    """
    query = "export * from 'drizzle-zod'\nexport * from 'drizzle-orm'"
    found = run({**SHARED, "app/actions.ts": code, "db/query.ts": query})["act"]
    assert key_of(only(found)) == ["id: id"]


INSERTED = """
    {HEAD}
    import {{ createInsertSchema, createSelectSchema, createUpdateSchema }} from 'drizzle-zod'
    import {{ z }} from 'zod'
    {schema}
    export async function save(input) {{
      await me()
      {parse}
      await db.insert(posts).values({data})
    }}
"""


@pytest.mark.parametrize(
    ("schema", "parse", "data", "fields"),
    [
        ("const S = createInsertSchema(posts)", "const post = S.parse(input)", "{ ...post }", {"authorId", "title"}),
        (
            "const S = createInsertSchema(posts, { title: z.string().min(3) })",
            "const { title, ...rest } = S.parse(input)",
            "{ title: title.trim(), ...rest }",
            {"authorId", "title"},
        ),
        (
            "const S = createInsertSchema(posts).omit({ id: true }).extend({ tags: z.array(z.string()) })",
            "const { tags, ...post } = S.parse(input)",
            "post",
            {"authorId", "title"},
        ),
        ("const S = createUpdateSchema(posts).pick({ title: true })", "const p = S.parse(input)", "p", {"title"}),
        ("const S = createSelectSchema(posts).partial()", "const p = S.parse(input)", "p", {"authorId", "title"}),
        (
            "const S = z.object({ n: z.number() }).merge(createInsertSchema(posts))",
            "const { n, ...post } = S.parse(input)",
            "post",
            {"authorId", "title"},
        ),
    ],
)
def test_a_schema_that_is_made_of_a_table_has_its_columns(schema: str, parse: str, data: str, fields: set[str]) -> None:
    code = INSERTED.format(HEAD=HEAD, schema=schema, parse=parse, data=data)
    facts = run({**SHARED, "app/actions.ts": code})["save"]
    made = next(effect for effect in facts.effects if effect.target == "post")
    named = {name for name, value in world.fields_of(made.data) if any(isinstance(o, Input) for o in origins_of(value))}
    assert fields <= named
    assert "tags" not in named
