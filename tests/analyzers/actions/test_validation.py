"""Which inputs reach the world unchecked: what a schema says nothing about is not checked by it."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.validation import Harm, unvalidated
from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import run


def unchecked(body: str) -> list[str]:
    """The inputs of the action `save` that reach the world as they were sent, each by its name."""
    head = "'use server'\nimport { z } from 'zod'\nimport { prisma } from '../lib/prisma'\n"
    action = run({"app/actions.ts": head + body, **LIBRARY})["save"]
    return [".".join((o.parameter, *o.path)) for found in unvalidated(action.effects) for o in found.inputs]


@pytest.mark.parametrize(
    ("parse", "found"),
    [
        ("const { id, ...rest } = input; Post.parse(rest)", ["input.id"]),
        ("Post.parse(input)", ["input.id"]),
        ("if (!Post.nullable().safeParse(input).success) return", ["input.id"]),
        ("if (!Post.or(z.object({ body: z.string() })).safeParse(input).success) return", ["input.id"]),
        ("Post.extend({ id: z.string() }).parse(input)", []),
        ("Post.passthrough().parse(input)", []),
        ("Post.and(z.record(z.string())).parse(input)", []),
    ],
)
def test_a_schema_checks_the_parts_that_it_names(parse: str, found: list[str]) -> None:
    code = f"""
        const Post = z.object({{ title: z.string() }})
        export async function save(input) {{
          {parse}
          await prisma.post.update({{ where: {{ id: input.id }}, data: {{ title: input.title }} }})
        }}
    """
    assert unchecked(code) == found


def test_a_schema_of_a_form_checks_no_field_that_it_does_not_name() -> None:
    code = """
        const Post = z.object({ title: z.string() })
        export async function save(form: FormData) {
          const { title } = Post.parse(Object.fromEntries(form))
          await prisma.post.update({ where: { id: JSON.parse(form.get('id')) }, data: { title } })
        }
    """
    assert unchecked(code) == ["form.id"]


def test_filters_that_a_query_gets_step_by_step_are_all_seen() -> None:
    code = """
        import { createClient } from '@supabase/supabase-js'
        const client = createClient(process.env.URL!, process.env.KEY!)

        export async function save(filters) {
          let query = client.from('posts').select('id')
          for (const name in filters) {
            if (name === 'state') query = query.eq('state', filters[name])
          }
          if (typeof filters.page === 'number') query = query.range(filters.page, filters.page + 9)
          const { data } = await query
          return data
        }
    """
    assert unchecked(code) == ["filters"]


SIGNS_IN = """
    import { createClient } from '@supabase/supabase-js'
    const client = createClient(process.env.URL!, process.env.KEY!)
"""


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("input", ["input"]),
        ("{ email: input.email, password: input.password }", ["input.email", "input.password"]),
        ("{ email: String(input.email), password: String(input.password) }", []),
        ("z.object({ email: z.string(), password: z.string() }).parse(input)", []),
    ],
)
def test_credentials_are_checked_before_a_service_judges_them(argument: str, found: list[str]) -> None:
    body = f"export async function save(input) {{ await client.auth.signInWithPassword({argument}) }}"
    assert unchecked(SIGNS_IN + body) == found


def test_credentials_of_appwrite_come_one_by_one() -> None:
    code = """
        import { Account, Client } from 'node-appwrite'
        const account = new Account(new Client().setKey(process.env.KEY!))
        export async function save({ email, password }) {
          await account.createEmailPasswordSession(email, password)
        }
    """
    assert [name.split(".")[-1] for name in unchecked(code)] == ["email", "password"]


def test_what_auth_js_is_given_becomes_texts() -> None:
    code = """
        import NextAuth from 'next-auth'
        const { signIn } = NextAuth({ providers: [] })
        export async function save(input) {
          await signIn('credentials', { email: input.email, redirectTo: input.next })
        }
    """
    assert unchecked(code) == []


def guarded(schema: str) -> str:
    """An action whose client looks up what the input names before its schema has parsed it."""
    return f"""
        import {{ createSafeActionClient }} from 'next-safe-action'
        const client = createSafeActionClient().use(async ({{ next, clientInput }}) => {{
          const team = await prisma.team.findFirst({{ where: {{ id: clientInput.teamId }}, select: {{ id: true }} }})
          return next({{ ctx: {{ team }} }})
        }})
        export const save = client.inputSchema({schema}).action(async ({{ parsedInput }}) => {{
          await prisma.post.create({{ data: {{ title: parsedInput.title }} }})
        }})
    """


def test_what_a_middleware_reads_by_is_refused_by_the_schema_behind_it() -> None:
    assert unchecked(guarded("z.object({ teamId: z.string(), title: z.string() })")) == []


def test_what_no_schema_names_is_refused_by_none() -> None:
    assert unchecked(guarded("z.object({ title: z.string() })")) == ["input.teamId"]


STORES = """
    import mongoose from 'mongoose'
    import { MongoClient } from 'mongodb'
    import { drizzle } from 'drizzle-orm/node-postgres'
    import { eq } from 'drizzle-orm'
    import { pgTable, text } from 'drizzle-orm/pg-core'
    import { createClient } from '@supabase/supabase-js'
    import { S3Client, DeleteObjectCommand } from '@aws-sdk/client-s3'
    import Stripe from 'stripe'
    const Lesson = mongoose.model('Lesson', new mongoose.Schema({ title: String }))
    const notes = new MongoClient(process.env.DB!).db().collection('notes')
    const db = drizzle(process.env.DB!)
    const posts = pgTable('posts', { id: text('id'), title: text('title') })
    const client = createClient(process.env.URL!, process.env.KEY!)
    const s3 = new S3Client({})
    const stripe = new Stripe(process.env.STRIPE_KEY!)
"""


def harm(body: str) -> list[tuple[str, str | None]]:
    """What the worst unchecked effect of `save` is given, and what harm that does."""
    head = f"'use server'\nimport {{ prisma }} from '../lib/prisma'\nimport {{ auth }} from '../lib/auth'{STORES}"
    code = f"{head}export async function save(input) {{ {body} }}"
    action = run({"app/actions.ts": code, **LIBRARY})["save"]
    found = next(iter(unvalidated(action.effects)), None)
    return [(o.path[-1] if o.path else o.parameter, found.harm) for o in found.inputs] if found else []


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.post.deleteMany({ where: { id: input.id } })",
        "await prisma.post.deleteMany({ where: { author: { is: { id: input.id } } } })",
        "await prisma.post.updateMany({ where: { AND: [{ id: input.id }] }, data: { shown: true } })",
        "await prisma.post.deleteMany({ where: input.id })",
        "await prisma.post.deleteMany({ where: { ...input.id, shown: true } })",
        "await Lesson.findByIdAndDelete(input.id)",
        "await notes.deleteOne({ slug: input.id })",
    ],
)
def test_an_object_where_a_condition_is_read_finds_records_of_others(body: str) -> None:
    assert harm(body) == [("id", Harm.CONDITION)]


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.post.delete({ where: { id: input.id } })",
        "return prisma.post.findUnique({ where: { id: input.id } })",
        "return prisma.post.findMany({ where: { id: { in: input.id } } })",
        "return prisma.post.findMany({ where: { title: { contains: input.id } } })",
        "const s = await auth(); await prisma.post.deleteMany({ where: { id: input.id, authorId: s.user.id } })",
        "await notes.deleteOne({ slug: { $eq: input.id } })",
        "await db.delete(posts).where(eq(posts.id, input.id))",
        "await client.from('posts').delete().eq('id', input.id)",
        "await prisma.$executeRaw`DELETE FROM posts WHERE id = ${input.id}`",
        "await prisma.post.create({ data: { title: input.id } })",
        "await client.auth.signInWithPassword({ email: input.id, password: 'x' })",
    ],
)
def test_what_is_bound_as_a_value_or_finds_only_the_callers_own_does_none(body: str) -> None:
    assert harm(body) == [("id", None)]


TEAM = "const s = await auth(); const own = { team: input.id, user: s.user.id }\n"
REFUSES = "if (!member) throw new Error('no')\n"
ASKED = "const member = await prisma.member.findFirst({ where: own })\n"
COUNTED = "const member = await prisma.member.count({ where: own })\n"
ADMIN = "if (member?.role !== 'ADMIN') return\n"


@pytest.mark.parametrize(
    "body",
    [
        f"{TEAM}{ASKED}{REFUSES} return prisma.note.findMany({{ where: {{ team: input.id }} }})",
        f"{TEAM}await prisma.member.findFirstOrThrow({{ where: own }})\n return Lesson.find({{ team: input.id }})",
        f"{TEAM}{COUNTED}{REFUSES} return Lesson.find({{ team: input.id }})",
        f"{TEAM}{ASKED}{ADMIN} return prisma.log.findMany({{ where: {{ team: input.id }} }})",
        f"{TEAM}{ASKED}{REFUSES} return notes.find({{ team: input.id }}).toArray()",
    ],
)
def test_a_filter_that_is_only_read_by_outlasts_the_check_of_an_id(body: str) -> None:
    assert harm(body) == [("id", Harm.CONDITION)]


@pytest.mark.parametrize(
    "body",
    [
        "return prisma.invitation.findFirst({ where: { token: input.id } })",
        "return prisma.user.findFirst({ where: { email: 'a@b.c', resetToken: input.id } })",
        "return Lesson.findOne({ accessToken: input.id })",
        "return notes.findOne({ user: 'root', password: input.id })",
        "return prisma.device.findMany({ where: { api_key: input.id } })",
    ],
)
def test_a_filter_that_is_only_read_by_stands_in_for_a_secret(body: str) -> None:
    assert harm(body) == [("id", Harm.CONDITION)]


@pytest.mark.parametrize(
    "body",
    [
        "return prisma.post.findFirst({ where: { author: { is: { id: input.id } } } })",
        "return prisma.post.findMany({ where: input.id })",
        "return Lesson.findOne({ slug: input.id })",
        "return Lesson.aggregate([{ $match: { school: input.id } }])",
        "const s = await auth(); if (s.user.role !== 'ADMIN') return\n"
        "await prisma.post.deleteMany({ where: { id: input.id } })",
    ],
)
def test_a_filter_finds_nothing_that_its_sender_could_not_name(body: str) -> None:
    assert harm(body) == [("id", None)]


@pytest.mark.parametrize(
    "look_up",
    [
        "const post = await prisma.post.findUnique({ where: { id: input.id } }); if (!post) return",
        "await prisma.post.findUniqueOrThrow({ where: { id: input.id } })",
        "await prisma.post.update({ where: { id: input.id, shown: true }, data: { shown: false } })",
        "await prisma.vote.findUnique({ where: { post_user: { post: input.id, user: input.user } } })",
        "const [post] = await Promise.all([prisma.post.findUnique({ where: { slug: input.id } })])",
        "const post = (await prisma.post.findUnique({ where: { id: input.id } })) ?? null",
    ],
)
def test_a_unique_key_that_was_accepted_is_no_filter_behind(look_up: str) -> None:
    found = harm(f"{look_up}\n await prisma.post.deleteMany({{ where: {{ id: input.id }} }})")
    assert [each for _, each in found if each is not None] == []


@pytest.mark.parametrize(
    "look_up",
    [
        "await prisma.post.findUnique({ where: { id: String(input.id) } })",
        "await prisma.post.findUnique({ where: { slug: 'a', id_old: input.id } })",
        "await prisma.post.findFirst({ where: { id: input.id } })",
        "if (input.quick) await prisma.post.findUnique({ where: { id: input.id } })",
        "prisma.post.findUnique({ where: { id: input.id } })",
        "try { await prisma.post.findUnique({ where: { id: input.id } }) } catch {}",
    ],
)
def test_a_look_up_that_refuses_no_object_or_need_not_have_run_leaves_a_filter(look_up: str) -> None:
    assert harm(f"{look_up}\n await prisma.post.deleteMany({{ where: {{ id: input.id }} }})") == [
        ("id", Harm.CONDITION)
    ]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("await prisma.account.update({ where: { id: '1' }, data: { sum: { increment: input.sum } } })", ["sum"]),
        ("await prisma.order.create({ data: { title: input.title, total: input.unitPrice } })", ["unitPrice"]),
        ("await prisma.product.update({ where: { id: '1' }, data: { stock: { decrement: input.n } } })", ["n"]),
        ("await prisma.hotelBooking.create({ data: { price: input.n } })", ["n"]),
        ("await prisma.cart.update({ where: { id: '1' }, data: { items: { create: { qty: input.n } } } })", ["n"]),
    ],
)
def test_money_and_quantities_are_sent_with_any_sign(body: str, names: list[str]) -> None:
    assert harm(body) == [(name, Harm.AMOUNT) for name in names]


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.quiz.update({ where: { id: '1' }, data: { points: input.n } })",
        "await prisma.quiz.update({ where: { id: '1' }, data: { maxPrice: input.n } })",
        "await prisma.ledger.update({ where: { id: '1' }, data: { bookBalance: input.n } })",
        "await prisma.plan.update({ where: { id: '1' }, data: { targetAmount: input.n } })",
        "await prisma.plan.update({ where: { id: '1' }, data: { amountType: input.n } })",
        "await db.insert(posts).values({ title: 'x', stock_quantity: input.n })",
        "await prisma.expense.create({ data: { amount: input.n } })",
        "await prisma.workOrder.update({ where: { id: '1' }, data: { cost: input.n } })",
        "const s = await auth(); if (s.user.role !== 'ADMIN') return\n"
        "await prisma.order.update({ where: { id: '1' }, data: { total: input.n } })",
    ],
)
def test_what_may_be_below_zero_or_only_states_a_limit_is_nothing_that_is_paid(body: str) -> None:
    assert harm(body) == [("n", None)]


def test_the_caller_names_the_price_where_a_payment_takes_it_as_sent() -> None:
    assert harm("await stripe.paymentIntents.create({ amount: input.amount, currency: 'eur' })") == [
        ("amount", Harm.PRICE)
    ]


def test_a_name_that_only_contains_a_word_for_money_is_none() -> None:
    body = "await prisma.post.create({ data: { creditsLink: String(input.credits), pricelessTitle: input.scostum } })"
    assert harm(body) == [("scostum", None)]


def test_a_record_of_what_was_sent_is_refused_by_its_columns() -> None:
    fields = ["bio", "grade", "name", "remarks"]
    sent = ", ".join(f"{each}: input.{each}" for each in fields)
    assert harm(f"await prisma.card.create({{ data: {{ {sent} }} }})") == [(each, None) for each in fields]


@pytest.mark.parametrize(
    ("parse", "found"),
    [
        ("Post.safeParse(input)", Harm.UNHEEDED),
        ("const result = Post.safeParse(input); console.log(result)", Harm.UNHEEDED),
        ("const { title } = input; Post.safeParse({ title })", Harm.UNHEEDED),
        ("await Post.safeParseAsync(input)", Harm.UNHEEDED),
        ("if (!Post.safeParse(input).success) console.warn('wrong')", Harm.UNHEEDED),
        ("Other.safeParse(input.title)", Harm.UNHEEDED),
        ("", None),
        ("const { title } = Post.pick({ title: true }).parse(input)", None),
    ],
)
def test_what_a_schema_has_said_is_heard_or_is_worth_a_word(parse: str, found: Harm | None) -> None:
    code = f"""
        'use server'
        import {{ z }} from 'zod'
        import {{ prisma }} from '../lib/prisma'
        const Post = z.object({{ title: z.string(), body: z.string() }})
        const Other = z.string()
        export async function save(input) {{
          {parse}
          await prisma.post.update({{ where: {{ id: '1' }}, data: {{ body: input.body, title: input.title }} }})
        }}
    """
    effects = run({"app/actions.ts": code, **LIBRARY})["save"].effects
    assert [each.harm for each in unvalidated(effects)] == [found]


def test_the_name_of_a_stored_object_leads_to_any_other() -> None:
    body = "await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key: input.key }))"
    assert harm(body)[0] == ("key", Harm.PLACE)


def test_what_a_wrapper_hands_on_bears_the_name_that_the_function_behind_gives_it() -> None:
    code = """
        import { auth } from '../lib/auth'
        const withUser = (run) => async (...args) => {
          const session = await auth()
          return run(session.user, ...args)
        }
        export const save = withUser(async (user, postId, form) => {
          await prisma.post.deleteMany({ where: { id: postId } })
        })
    """
    assert unchecked(code) == ["arguments.postId"]


def test_a_schema_that_runs_only_where_something_was_sent_has_checked_what_was() -> None:
    code = """
        async function validated({ params, schema }) {
          if (schema && params) {
            try { schema.parse(params) } catch { return new Error('Invalid') }
          }
          return { params }
        }
        const Post = z.object({ id: z.string() })
        export async function save(params) {
          const result = await validated({ params, schema: Post })
          if (result instanceof Error) return { error: 'Invalid' }
          const { id } = result.params!
          await prisma.post.deleteMany({ where: { id } })
        }
    """
    assert unchecked(code) == []
