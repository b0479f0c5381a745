"""Kysely: conditions by text and by callbacks, joins, upserts, and what runs them."""

from __future__ import annotations

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen
from tests.analyzers.running import effects

HEAD = """
    import { Kysely, sql, PostgresDialect } from 'kysely'
    const db = new Kysely<any>({ dialect: new PostgresDialect({}) })
"""


def action(body: str) -> ActionFacts:
    """The action with this body, behind the caller's identity."""
    return reading.action(HEAD, f"const user = await me(); {body}")


def test_queries_run_when_they_are_executed() -> None:
    assert seen(action("db.deleteFrom('posts').where('id', '=', id)")) == []
    assert seen(action("await db.deleteFrom('posts').where('id', '=', id).execute()")) == ["delete posts (id: id)"]
    assert seen(action("await db.insertInto('posts').values({ title: input.title }).executeTakeFirst()")) == [
        "insert posts <- title: input.title"
    ]
    assert seen(
        action("await db.updateTable('posts as p').set({ title: input.title }).where('p.id', '=', id).execute()")
    ) == ["write posts (id: id) <- title: input.title"]
    assert seen(
        action("await db.transaction().execute(async (trx) => { await trx.deleteFrom('posts').execute() })")
    ) == ["delete posts"]
    assert seen(action("await sql`delete from posts where id = ${id}`.execute(db)")) == ["delete posts (id: id)"]


def test_a_query_that_is_handed_over_runs_there() -> None:
    delete = "db.deleteFrom('posts').where('id', '=', id)"
    assert seen(action(f"await db.executeQuery({delete})")) == ["delete posts (id: id)"]
    assert seen(action(f"const query = {delete}.compile(); await db.executeQuery(query)")) == ["delete posts (id: id)"]
    older = "if (input.all) query = query.where('at', '<', 1)"
    assert seen(action(f"let query = {delete}; {older}; await db.executeQuery(query)")) == ["delete posts (id: id)"]
    assert seen(action(f"const query = {delete}.compile(); console.log(query.sql)")) == []
    select = "db.selectFrom('posts').selectAll().where('id', '=', id)"
    facts = action(f"const {{ rows }} = await db.executeQuery({select}); return rows[0]")
    assert returned(facts) == ["posts"]


def test_only_equal_conditions_choose_rows() -> None:
    def key(conditions: str) -> list[str]:
        return seen(action(f"await db.deleteFrom('posts'){conditions}.execute()"))

    assert key(".where('id', '=', id).where('authorId', '=', user.id)") == ["delete posts (id: id, authorId: session)"]
    assert key(".where('id', 'in', input.ids).where('authorId', '!=', user.id)") == ["delete posts (id: input.ids)"]
    assert key(".where((eb) => eb.or([eb('id', '=', id), eb('authorId', '=', user.id)]))") == ["delete posts (id: id)"]
    assert key(".where(({ eb, and, or }) => and([eb('id', '=', id), or([eb('authorId', '=', user.id)])]))") == [
        "delete posts (id: id, authorId: session)"
    ]
    assert key(".where((eb) => eb('id', '=', id).and('authorId', '=', user.id))") == [
        "delete posts (id: id, authorId: session)"
    ]
    assert key(".where('id', '=', id).$if(input.mine, (qb) => qb.where('authorId', '=', user.id))") == [
        "delete posts (id: id)"
    ]
    assert key(
        ".where('id', '=', id).where(({ exists, selectFrom }) => exists("
        "selectFrom('members').whereRef('teamId', '=', 'posts.teamId').where('userId', '=', user.id).select('id')))"
    ) == ["delete posts (id: id, userId: session)"]
    assert key(".where(sql`lower(slug) = ${id} and author_id = ${user.id}`)") == [
        "delete posts (slug: id, author_id: session)"
    ]


def test_a_join_that_leaves_rows_out_chooses_them() -> None:
    def key(join: str) -> list[str]:
        on = "(j) => j.onRef('m.teamId', '=', 't.id').on('m.userId', '=', user.id)"
        query = f"db.selectFrom('teams as t').{join}('members as m', {on}).where('t.id', '=', id).selectAll('t')"
        return seen(action(f"return {query}.executeTakeFirst()"))

    assert key("innerJoin") == ["read teams (userId: session, id: id)"]
    assert key("leftJoin") == ["read teams (id: id)"]


def test_columns_are_named_or_all() -> None:
    assert returned(action("return db.selectFrom('users').selectAll().execute()")) == ["users"]
    assert returned(action("return db.selectFrom('users').select(['id', 'email as mail']).execute()")) == [
        "users.email",
        "users.id",
    ]


def test_a_row_of_the_caller_is_a_membership() -> None:
    look = "db.selectFrom('members').where('teamId', '=', id).where('userId', '=', user.id)"
    write = "await db.deleteFrom('teams').where('id', '=', id).execute()"
    owned = "delete teams: Authenticated, Owns"
    assert effects(action(f"await {look}.selectAll().executeTakeFirstOrThrow(); {write}"))[-1] == owned
    assert (
        effects(action(f"const m = await {look}.selectAll().executeTakeFirst(); if (!m) return; {write}"))[-1] == owned
    )
    assert effects(action(f"const m = await {look}.selectAll().executeTakeFirst(); {write}"))[-1] != owned


def test_an_upsert_changes_the_row_in_conflict() -> None:
    upsert = "db.insertInto('likes').values({ userId: user.id, postId: id })"
    conflict = ".onConflict((oc) => oc.column('userId').doUpdateSet({ postId: id }))"
    assert seen(action(f"await {upsert}{conflict}.execute()"))[0].startswith("write likes (userId: session)")
    assert seen(action(f"await {upsert}.onConflict((oc) => oc.doNothing()).execute()"))[0].startswith("insert likes")
