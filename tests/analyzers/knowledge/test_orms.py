"""Knex, Sequelize and TypeORM."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.flow.effects import EffectKind, Trait
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import returned, seen
from tests.analyzers.running import effects


def knex(body: str) -> ActionFacts:
    """The action with this body, on Knex."""
    head = "import createKnex from 'knex'; const knex = createKnex({ client: 'pg' })"
    return reading.action(head, f"const user = await me(); {body}")


def sequelize(body: str) -> ActionFacts:
    """The action with this body, on Sequelize."""
    head = """
        import { Sequelize, DataTypes, Op } from 'sequelize'
        const sequelize = new Sequelize(process.env.DB!)
        const Post = sequelize.define('Post', { title: DataTypes.STRING })
    """
    return reading.action(head, f"const user = await me(); {body}")


def typeorm(body: str) -> ActionFacts:
    """The action with this body, on TypeORM."""
    files = {
        "lib/source.ts": """
            import { DataSource } from 'typeorm'
            export const source = new DataSource({ type: 'postgres' })
        """,
        "lib/post.ts": """
            import { Entity, Column, PrimaryGeneratedColumn } from 'typeorm'
            @Entity()
            export class Post { @PrimaryGeneratedColumn() id: number; @Column() title: string }
        """,
    }
    head = """
        import { source } from '../lib/source'
        import { Post } from '../lib/post'
        import { In, Not } from 'typeorm'
        const posts = source.getRepository(Post)
    """
    return reading.action(head, f"const user = await me(); {body}", files)


def test_knex_builders_run_when_they_are_awaited() -> None:
    assert seen(knex("knex('posts').where({ id }).del()")) == []
    assert seen(knex("await knex('posts').where({ id, author: user.id }).del()")) == [
        "delete posts (id: id, author: session)"
    ]
    assert seen(knex("await knex('posts as p').where('p.id', id).andWhere('author', '!=', user.id).update(input)")) == [
        "write posts (id: id) <- input"
    ]
    assert seen(knex("await knex('posts').where('id', id).orWhere('author', user.id).delete()")) == [
        "delete posts (id: id)"
    ]
    assert seen(
        knex("await knex('posts').whereIn('id', input.ids).where((b) => b.where('author', user.id)).del()")
    ) == ["delete posts (id: input.ids, author: session)"]
    assert seen(knex("await knex('posts').whereRaw('lower(slug) = ?', [id]).first()")) == ["read posts (slug: id)"]
    assert seen(knex("await knex.insert({ title: input.title }).into('posts')")) == [
        "insert posts <- title: input.title"
    ]
    assert seen(knex("await knex.transaction(async (trx) => { await trx('posts').where({ id }).del() })")) == [
        "delete posts (id: id)"
    ]
    assert seen(knex("await knex.raw(`select * from posts where id = ${id}`)")) == ["sql the database <- id"]
    assert seen(knex("await knex.raw('delete from posts where id = ?', [id])")) == ["delete posts (id: id)"]
    assert seen(knex("return knex('posts').orderByRaw(`${input.sort} desc`)"))[0] == "sql posts <- input.sort"
    assert returned(knex("return knex('users').select('id', 'email as mail')")) == ["users.email", "users.id"]
    assert returned(knex("return knex.select('*').from('users')")) == ["users"]


def test_sequelize_models_do_what_their_methods_say() -> None:
    assert seen(sequelize("await Post.create({ title: input.title })")) == ["insert Post <- title: input.title"]
    assert seen(sequelize("await Post.update(input, { where: { id, authorId: user.id } })")) == [
        "write Post (id: id, authorId: session) <- input"
    ]
    assert seen(
        sequelize("await Post.destroy({ where: { id: { [Op.in]: input }, authorId: { [Op.ne]: user.id } } })")
    ) == ["delete Post (id: input)"]
    assert seen(sequelize("await Post.findAll({ where: { [Op.or]: [{ id }, { authorId: user.id }] } })")) == [
        "read Post (id: id)"
    ]
    assert seen(sequelize("const p = await Post.findByPk(id); p.title = input.title; await p.save()")) == [
        "read Post (id: id)",
        "write Post (id) <- title: input.title",
    ]
    assert seen(sequelize("const p = await Post.findByPk(id); if (p) await p.destroy()"))[1:] == ["delete Post (id)"]
    assert returned(sequelize("return Post.findAll({ attributes: ['id', 'title'] })")) == ["Post.id", "Post.title"]
    assert seen(sequelize("await sequelize.query('delete from posts where id = :id', { replacements: { id } })")) == [
        "delete posts (id: id)"
    ]


def test_typeorm_repositories_do_what_their_methods_say() -> None:
    assert seen(typeorm("return posts.findOneBy({ id })")) == ["read Post (id: id)"]
    assert seen(typeorm("return posts.find({ where: { id: In(input.ids), author: { id: user.id } } })")) == [
        "read Post (id: input.ids, author.id: session)"
    ]
    assert seen(typeorm("return posts.find({ where: [{ id }, { authorId: user.id }] })")) == ["read Post (id: id)"]
    assert seen(typeorm("await posts.delete({ id, authorId: Not(user.id) })")) == [
        "delete Post (id: id, authorId: own)"
    ]
    assert seen(typeorm("await posts.delete(id)")) == ["delete Post (: id)"]
    assert seen(typeorm("await posts.save(posts.create({ title: input.title }))")) == [
        "insert Post <- title: input.title"
    ]
    assert seen(typeorm("const p = await posts.findOneBy({ id }); p.title = input.title; await posts.save(p)")) == [
        "read Post (id: id)",
        "write Post (id) <- title: input.title",
    ]
    assert seen(typeorm("await source.transaction(async (m) => { await m.update(Post, { id }, input) })")) == [
        "write Post (id: id) <- input"
    ]
    builder = "source.createQueryBuilder().delete().from(Post)"
    assert seen(typeorm(f"await {builder}.where('id = :id AND authorId = :me', {{ id, me: user.id }}).execute()")) == [
        "delete Post (id: id, authorId: session)"
    ]
    assert seen(typeorm("return posts.createQueryBuilder('p').where(`p.id = ${id}`).getMany()")) == [
        "sql Post (?: id) <- id",
        "read Post (?: id)",
    ]


def test_a_row_of_the_caller_is_a_membership() -> None:
    look = "await knex('members').where({ team: id, user: user.id }).first()"
    write = "await knex('teams').where({ id }).del()"
    assert effects(knex(f"const m = {look}; if (!m) return null; {write}"))[-1] == "delete teams: Authenticated, Owns"
    assert effects(knex(f"const m = {look}; {write}"))[-1] == "delete teams: Authenticated"
    look = "await posts.findOneByOrFail({ id, authorId: user.id })"
    assert effects(typeorm(f"{look}; await posts.delete(id)"))[-1] == "delete Post: Authenticated, Owns"


def test_a_handle_that_a_variable_holds_takes_one_statement_after_another() -> None:
    queried = "await k('posts').where({ id }).update(input); await k('comments').where({ id }).del()"
    both = ["write posts (id: id) <- input", "delete comments (id: id)"]
    assert seen(knex(f"const k = knex; {queried}")) == both
    assert seen(knex(f"await knex.transaction(async (k) => {{ {queried} }})")) == both
    built = "await m.createQueryBuilder().delete().from(Post).where('id = :id', { id }).execute()"
    assert seen(typeorm(f"const m = source.manager; {built}; {built}")) == ["delete Post (id: id)"] * 2
    runner = "const r = source.createQueryRunner(); await r.connect(); await r.manager.delete(Post, { id })"
    assert seen(typeorm(f"{runner}; await r.query('delete from post where id = $1', [id])")) == [
        "delete Post (id: id)",
        "delete post (id: id)",
    ]


def prisma(body: str) -> ActionFacts:
    """The action with this body, on Prisma."""
    return reading.action("import { PrismaClient } from '@prisma/client'; const db = new PrismaClient()", body)


def kysely(body: str) -> ActionFacts:
    """The action with this body, on Kysely."""
    return reading.action("import { Kysely } from 'kysely'; const db = new Kysely({})", body)


def mongoose(body: str) -> ActionFacts:
    """The action with this body, on Mongoose."""
    return reading.action("import { model, Schema } from 'mongoose'; const Post = model('Post', new Schema({}))", body)


@pytest.mark.parametrize(
    ("action", "body", "traits"),
    [
        (prisma, "await db.post.findFirstOrThrow({ where: { id } })", {Trait.NEEDS_A_ROW}),
        (prisma, "await db.post.findFirst({ where: { id } })", set()),
        (
            prisma,
            "let at = 'a'; for (const each of id) { await db.post.findFirstOrThrow({ where: { id: at } }); at = each }",
            {Trait.NEEDS_A_ROW},
        ),
        (kysely, "await db.selectFrom('posts').where('id', '=', id).executeTakeFirstOrThrow()", {Trait.NEEDS_A_ROW}),
        (kysely, "await db.selectFrom('posts').where('id', '=', id).executeTakeFirst()", set()),
        (typeorm, "await posts.findOneByOrFail({ id })", {Trait.NEEDS_A_ROW}),
        (typeorm, "await posts.createQueryBuilder('p').where({ id }).getOneOrFail()", {Trait.NEEDS_A_ROW}),
        (typeorm, "await posts.findOneBy({ id })", set()),
        (prisma, "await db.post.groupBy({ by: ['authorId'] })", {Trait.SUMS_UP}),
        (typeorm, "await posts.countBy({ id })", {Trait.SUMS_UP}),
        (mongoose, "await Post.exists({ _id: id })", {Trait.SUMS_UP}),
        (mongoose, "await Post.estimatedDocumentCount()", {Trait.SUMS_UP}),
        (mongoose, "await Post.findById(id)", set()),
    ],
)
def test_a_look_up_says_whether_it_fails_without_a_row_and_whether_it_shows_one(
    action: Callable[[str], ActionFacts], body: str, traits: set[Trait]
) -> None:
    (read,) = (effect for effect in action(body).effects if effect.kind is EffectKind.READ)
    assert read.traits == traits
