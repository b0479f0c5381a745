"""What visitors without an account change on pages that anybody may visit."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

STACK = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import mongoose from 'mongoose'
    import { hash } from 'bcryptjs'
    import { put } from '@vercel/blob'
    const prisma = new PrismaClient()
    const Article = mongoose.model('Article', new mongoose.Schema({ views: Number, title: String }))
"""

SERVICES = """
      const { Resend } = await import('resend')
      const { default: Stripe } = await import('stripe')
      const [resend, stripe] = [new Resend(process.env.RESEND_KEY), new Stripe(process.env.STRIPE_KEY!)]
      """


def suits(body: str) -> bool:
    """Whether what an action does is for every visitor of an open page."""
    return run(f"{STACK}\n    export async function act(id: string, text: string) {{ {body} }}")["act"].suits_anybody()


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.article.update({ where: { id }, data: { views: { increment: 1 } } })",
        "await Article.findByIdAndUpdate(id, { $inc: { views: 1 } })",
        "const a = await Article.findById(id); a.views += 1; await a.save()",
        "const a = await prisma.article.findUnique({ where: { id } });"
        " await prisma.article.update({ where: { id }, data: { views: a.views + 1 } })",
        "await prisma.user.create({ data: { email: text, password: await hash(id, 10) } })",
    ],
    ids=["increment", "inc", "assigned", "computed", "account"],
)
def test_counters_and_new_accounts_are_for_visitors(body: str) -> None:
    assert suits(body)


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.article.update({ where: { id }, data: { title: text } })",
        "await prisma.article.update({ where: { id }, data: { views: { increment: 1 }, title: text } })",
        "await prisma.article.update({ where: { id }, data: { views: { increment: Number(text) } } })",
        "await prisma.article.update({ where: { id }, data: { published: true } })",
        "await prisma.article.delete({ where: { id } })",
        "await prisma.comment.create({ data: { authorId: id, text } })",
    ],
    ids=["words", "both", "by-the-caller", "flag", "delete", "in-anothers-name"],
)
def test_nothing_else_of_a_record_that_a_visitor_names_is(body: str) -> None:
    assert not suits(body)


@pytest.mark.parametrize(
    ("change", "is_public"),
    [
        ("prisma.article.update({ where: { id }, data: { views: { increment: 1 } } })", True),
        ("Article.updateOne({ _id: id }, { $inc: { visited: 1 } })", True),
        ("Article.findByIdAndUpdate(id, { $inc: { downloadCount: 1 }, $set: { lastViewedAt: new Date() } })", True),
        ("prisma.article.update({ where: { id }, data: { likes: { increment: 1 } } })", False),
        ("prisma.user.update({ where: { id }, data: { credits: { increment: 1 } } })", False),
        ("prisma.article.update({ where: { id }, data: { views: { increment: 1 }, isRead: true } })", False),
    ],
)
def test_that_something_was_looked_at_is_counted_for_everybody_where_no_page_is_kept(
    change: str, is_public: bool
) -> None:
    page = "import { act } from './actions'\nexport default function Page() { return <form action={act} /> }"
    code = f"{STACK}\n    export async function act(id: string) {{ await {change} }}"
    found = run({"app/actions.ts": code, "app/page.tsx": page})["act"]
    assert (found.public == "the page `/` offers it to every visitor") is is_public


@pytest.mark.parametrize(
    "column", ["senha", "contrasena", "contraseña", "motDePasse", "passwort", "haslo", "hashedPassword"]
)
def test_a_password_is_one_in_every_language(column: str) -> None:
    assert suits(f"await prisma.usuario.create({{ data: {{ nome: text, {column}: await hash(id, 10) }} }})")


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.booking.create({ data: { doctorId: id, guestName: text, guestEmail: text } })",
        "const order = await prisma.order.create({ data: { productId: id, email: text } })\n"
        "await prisma.orderLine.create({ data: { orderId: order.id, productId: id } })\n"
        "await prisma.order.update({ where: { id: order.id }, data: { isPaid: false } })",
        "const [row] = await prisma.$transaction([prisma.lead.create({ data: { carId: id, phone: text } })])\n"
        "await prisma.auditLog.create({ data: { what: 'lead', carId: id } })",
        "await stripe.checkout.sessions.create({ mode: 'payment', customer_email: text, metadata: { id } })",
        "await prisma.tableBooking.create({ data: { restaurantId: id, correo: text } })\n"
        "await resend.emails.send({ to: text, subject: 'Booked', html: '<p>See you</p>' })",
    ],
    ids=["booking", "order", "lead", "payment", "mailed"],
)
def test_who_asks_for_something_and_says_how_to_reach_them_needs_no_account(body: str) -> None:
    assert suits(f"{SERVICES}{body}")


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.booking.create({ data: { doctorId: id, note: text } })",
        "await prisma.membership.create({ data: { teamId: id, email: text } })",
        "await prisma.user.create({ data: { companyId: id, email: text, role: id } })",
        "await prisma.lead.create({ data: { carId: id, phone: text } })\n"
        "await prisma.car.update({ where: { id }, data: { isReserved: true } })",
        "await prisma.lead.create({ data: { carId: id, phone: text } })\nawait prisma.car.delete({ where: { id } })",
        "await prisma.lead.create({ data: { carId: text, phone: text } })\n"
        "await resend.emails.send({ to: id, subject: 'New', html: text })",
        "await stripe.refunds.create({ payment_intent: id })",
    ],
    ids=["no-address", "right", "role", "change", "delete", "mail-to-anybody", "refund"],
)
def test_what_gives_a_right_or_reaches_what_was_there_before_needs_one(body: str) -> None:
    assert not suits(f"{SERVICES}{body}")


def test_views_that_nothing_has_counted_any_more_need_no_session() -> None:
    code = f"""{STACK}
    export async function act(id: string) {{
      return prisma.article.update({{ where: {{ id }}, data: {{ viewCount: {{ increment: 1 }} }} }})
    }}
    """
    assert run(code)["act"].public == "it only counts how often something is looked at"


@pytest.mark.parametrize(
    ("change", "is_for_visitors"),
    [
        ("prisma.subscriber.delete({ where: { email: text } })", True),
        ("prisma.newsletterSubscription.update({ where: { email: text }, data: { isActive: false } })", True),
        ("prisma.mailingList.updateMany({ where: { email: text }, data: { leftAt: new Date() } })", True),
        ("supabase.rpc('unsubscribe_from_newsletter', { subscriber_email: text })", True),
        ("supabase.from('newsletter_subscriptions').delete().eq('email', text)", True),
        ("prisma.subscriber.delete({ where: { id } })", False),
        ("prisma.subscriber.deleteMany()", False),
        ("prisma.subscriber.update({ where: { email: text }, data: { name: id } })", False),
        ("prisma.user.delete({ where: { email: text } })", False),
        ("prisma.subscription.update({ where: { email: text }, data: { plan: 'free' } })", False),
    ],
)
def test_an_address_is_taken_off_a_list_by_whoever_names_it(change: str, *, is_for_visitors: bool) -> None:
    store = "const { createClient } = await import('@supabase/supabase-js')\n"
    store += "const supabase = createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)\n"
    assert suits(f"{store}await {change}") is is_for_visitors
