"""Remote services: requests, mail, payments."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done, given
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, run


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        ("", "await fetch('https://a.io', { body: input.x })", "fetch https://a.io 'https://a.io' -> {body: input.x}"),
        ("import axios from 'axios'", "await axios.get(input.url)", "fetch another service input.url -> -"),
        ("import axios from 'axios'", "await axios.post('/x', input)", "fetch /x '/x' -> input"),
        (
            "import axios from 'axios'; import { cookies } from 'next/headers'",
            "const api = axios.create({ headers: { Cookie: (await cookies()).toString() } }); await api.delete('/x')",
            "as caller: fetch /x '/x' -> -",
        ),
        (
            "const headers = (token) => new Headers(token ? { Accept: '*', Authorization: `Bearer ${token}` } : {})",
            "await fetch('/me', { headers: headers(input.token) })",
            "as caller: fetch /me '/me' -> {headers: {accept: '*', authorization: input.token} | {}}",
        ),
        (
            "",
            "await fetch('/me', { headers: { Authorization: `Bearer ${process.env.KEY}`, 'x-user': input.id } })",
            "fetch /me '/me' -> {headers: {Authorization: secret KEY, x-user: input.id}}",
        ),
        (
            "import { cookies } from 'next/headers'",
            "const by = (await cookies()).get('sid'); await fetch('/x', "
            "{ headers: { Authorization: `Bearer ${process.env.KEY}` }, body: JSON.stringify({ by }) })",
            "fetch /x '/x' -> {headers: {Authorization: secret KEY}, body: request sid}",
        ),
        ("import ky from 'ky'", "await ky.post('/x', { json: input }).json()", "fetch /x '/x' -> {json: input}"),
        (
            "import createClient from 'openapi-fetch'; const api = createClient({ baseUrl: process.env.API })",
            "await api.PUT('/x/{id}', { params: { path: { id: input.id } }, body: input.x })",
            "fetch another service {path: '/x/{id}', params: {path: {id: input.id}}} -> input.x",
        ),
        (
            "import createClient from 'openapi-fetch'; import { cookies } from 'next/headers'; "
            "const api = createClient({ baseUrl: 'https://a.io' });"
            "api.use({ async onRequest({ request }) { const token = (await cookies()).get('token'); "
            "request.headers.set('Authorization', `Bearer ${token.value}`); return request } })",
            "await api.GET('/x')",
            "as caller: fetch https://a.io '/x' -> -",
        ),
        (
            "import { createClient } from 'openapi-fetch'; "
            "const api = createClient({ headers: { Authorization: process.env.KEY } })",
            "const { data } = await api.POST('/x', { body: { id: input } }); return data",
            "fetch another service '/x' -> {id: input}",
        ),
        (
            "import ky from 'ky'; import { getCookie } from 'cookies-next'; import { cookies } from 'next/headers'; "
            "const api = ky.create({ prefixUrl: process.env.API, hooks: { beforeRequest: [async (request) => { "
            "const token = await getCookie('token', { cookies }); "
            "if (token) request.headers.set('Authorization', `Bearer ${token}`) }] } })",
            "await api.delete('posts/1')",
            "as caller: fetch another service secret API -> -",
        ),
        (
            "import ky from 'ky'; const api = ky.create({ hooks: { beforeRequest: [(request) => "
            "{ request.headers.set('Authorization', process.env.KEY); request.headers.set('x-id', 'a') }] } })",
            "await api.get('https://a.io')",
            "fetch https://a.io 'https://a.io' -> -",
        ),
        ("import { ofetch } from 'ofetch'", "await ofetch('/x')", "fetch /x '/x' -> -"),
        (
            "import { GraphQLClient, gql } from 'graphql-request'",
            "await new GraphQLClient('/g').request(gql`query { a }`, { id: input.id })",
            "fetch a GraphQL service - -> {id: input.id}",
        ),
        (
            "import nodemailer from 'nodemailer'",
            "await nodemailer.createTransport({}).sendMail({ to: input.email, text: 'hi' })",
            "send an email input.email -> {to: input.email, text: 'hi'}",
        ),
        (
            "import { Resend } from 'resend'; const resend = new Resend(process.env.KEY)",
            "await resend.emails.send({ to: input.email })",
            "send an email input.email -> {to: input.email}",
        ),
        (
            "import sgMail from '@sendgrid/mail'; sgMail.setApiKey(process.env.KEY)",
            "await sgMail.send({ to: input.email })",
            "send an email input.email -> {to: input.email}",
        ),
        (
            "import { ServerClient } from 'postmark'",
            "await new ServerClient('x').sendEmail({ To: input.email })",
            "send an email input.email -> {To: input.email}",
        ),
        (
            "import twilio from 'twilio'; const client = twilio(process.env.SID, process.env.TOKEN)",
            "await client.messages.create({ to: input.phone, body: 'hi' })",
            "send a text message input.phone -> {to: input.phone, body: 'hi'}",
        ),
        (
            "import Stripe from 'stripe'; const stripe = new Stripe(process.env.KEY)",
            "await stripe.checkout.sessions.create({ customer: input.customer, mode: 'payment' })",
            "pay Stripe input.customer -> {customer: input.customer, mode: 'payment'}",
        ),
        (
            "import Stripe from 'stripe'; const stripe = new Stripe(process.env.KEY)",
            "await stripe.subscriptions.cancel(input.id)",
            "pay Stripe input.id -> -",
        ),
        (
            "import { Stripe } from 'stripe'; const stripe = new Stripe(process.env.KEY)",
            "await stripe.customers.retrieve(input.id)",
            "read Stripe input.id -> -",
        ),
        (
            "import { cancelSubscription } from '@lemonsqueezy/lemonsqueezy.js'",
            "await cancelSubscription(input.id)",
            "pay Lemon Squeezy input.id -> -",
        ),
        (
            "import { Client } from 'dwolla-v2'; const dwolla = new Client({ secret: process.env.SECRET })",
            "await dwolla.post('transfers', { amount: input.amount })",
            "pay Dwolla 'transfers' -> {amount: input.amount}",
        ),
        (
            "import { PlaidApi, Configuration } from 'plaid'; const plaid = new PlaidApi(new Configuration({}))",
            "await plaid.accountsGet({ access_token: input.token })",
            "read Plaid input.token -> -",
        ),
    ],
)
def test_a_call_of_a_service_says_what_it_does_to_whom(imports: str, body: str, effect: str) -> None:
    assert done(imports, body)[-1:] == [effect]


@pytest.mark.parametrize(
    ("call", "key"),
    [
        ("accountLinks.create({ account: input.account, type: 'account_onboarding' })", "pay Stripe input.account"),
        ("accountSessions.create({ account: input.account, components: {} })", "pay Stripe input.account"),
        ("payouts.create({ amount: 1 }, { stripeAccount: input.account })", "pay Stripe input.account"),
        ("balance.retrieve({ stripeAccount: input.account })", "read Stripe input.account"),
        ("accounts.createLoginLink(input.account)", "pay Stripe input.account"),
        (
            "paymentIntents.create({ amount: 1, customer: input.id }, { stripeAccount: 'acct_1' })",
            "pay Stripe input.id",
        ),
        ("payouts.create({ amount: 1 }, { idempotencyKey: input.account })", "pay Stripe -"),
        ("payouts.create({ amount: 1 }, { stripeAccount: process.env.ACCOUNT })", "pay Stripe secret ACCOUNT"),
    ],
)
def test_a_connected_account_says_whose_money_it_is(call: str, key: str) -> None:
    stripe = "import Stripe from 'stripe'; const stripe = new Stripe(process.env.KEY)"
    assert done(stripe, f"await stripe.{call}")[-1].partition(" -> ")[0] == key


def test_what_a_service_answers_comes_from_there() -> None:
    assert given("", "const res = await fetch('https://a.io'); if (!res.ok) return null; return res.json()") == (
        "None | answer of https://a.io"
    )
    assert given("import axios from 'axios'", "const { data } = await axios.get('https://a.io'); return data") == (
        "answer of https://a.io"
    )
    stripe = "import Stripe from 'stripe'; const stripe = new Stripe(process.env.KEY)"
    assert given(stripe, "return (await stripe.checkout.sessions.create({ mode: 'setup' })).url") == "answer of Stripe"


def test_a_request_that_carries_the_callers_token_is_judged_by_the_other_side() -> None:
    auth = "import { getServerSession } from 'next-auth'"
    body = """
        const session = await getServerSession()
        const headers = { Authorization: `Bearer ${session?.accessToken}` }
        await fetch('https://a.io/x', { method: 'DELETE', headers })
    """
    assert done(auth, body)[-1].startswith("as caller: fetch https://a.io/x")


def test_headers_that_are_copied_one_by_one_hand_the_callers_cookies_on() -> None:
    own = """
        import { headers } from 'next/headers'
        async function own() {
          const sent = {}
          ;(await headers()).forEach((value, name) => { if (name === 'cookie') sent[name] = value })
          return sent
        }
    """
    body = "await fetch('https://a.io/me', { headers: { ...(await own()), Accept: '*' } })"
    assert done(own, body)[-1].startswith("as caller: fetch https://a.io/me")


def test_a_payment_record_is_owned_by_the_customer_it_names() -> None:
    actions = run(
        """
        'use server'
        import Stripe from 'stripe'
        import { getServerSession } from 'next-auth'
        const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!)
        export async function cancel(id: string) {
          const session = await getServerSession()
          if (!session) throw new Error('no')
          const subscription = await stripe.subscriptions.retrieve(id)
          if (subscription.customer !== session.user.customerId) throw new Error('no')
          await stripe.subscriptions.cancel(id)
        }
        """
    )
    assert effects(actions["cancel"]) == ["read Stripe: Authenticated", "pay Stripe: Authenticated, Owns"]


def test_an_answer_to_the_callers_own_credentials_tells_who_they_are() -> None:
    actions = run(
        {
            "lib/prisma.ts": """
                import { PrismaClient } from '@prisma/client'
                export const prisma = new PrismaClient()
            """,
            "lib/me.ts": """
                import { cookies, headers } from 'next/headers'
                export async function getMe() {
                  const token = (await cookies()).get('token')?.value
                  const headers = { Authorization: `Bearer ${token}` }
                  const res = await fetch('https://api.example.com/me', { headers })
                  if (!res.ok) return null
                  return res.json()
                }
                export async function whereabouts() {
                  const ip = (await headers()).get('x-forwarded-for')
                  return (await fetch(`https://geo.example.com/${ip}`)).json()
                }
            """,
            "app/actions.ts": """
                'use server'
                import { getMe, whereabouts } from '../lib/me'
                import { prisma } from '../lib/prisma'
                export async function mine(id: string) {
                  const me = await getMe()
                  if (!me) throw new Error('Unauthorized')
                  await prisma.post.delete({ where: { id, authorId: me.id } })
                }
                export async function near(id: string) {
                  const place = await whereabouts()
                  if (!place) return
                  await prisma.post.delete({ where: { id } })
                }
            """,
        }
    )
    assert effects(actions["mine"]) == ["delete post: Authenticated"]
    assert shown(actions["mine"].touching_effects()[0].key) == (
        "{id: id, authorId: answer of https://api.example.com/me+session.id}"
    )
    assert effects(actions["near"])[-1] == "delete post"


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        ("import fs from 'fs'", "fs.writeFileSync(input.path, input.text)", "file fs.default.writeFileSync"),
        ("import { readFile } from 'node:fs/promises'", "await readFile(input.path)", "file fs/promises.readFile"),
        (
            "import fs from 'fs'; import path from 'path'",
            "return fs.readFileSync(path.join(process.cwd(), 'config.json'), 'utf-8')",
            "read fs.default.readFileSync",
        ),
        ("import { rm } from 'node:fs/promises'", "await rm('/tmp/cache')", "file fs/promises.rm"),
        ("import { execSync } from 'child_process'", "execSync(`convert ${input.name}`)", "run child_process.execSync"),
        (
            "import { exec } from 'node:child_process'; import { promisify } from 'util'; const run = promisify(exec)",
            "await run(input.command)",
            "run child_process.exec",
        ),
        ("import vm from 'vm'", "vm.runInNewContext(input.code)", "run vm.default.runInNewContext"),
    ],
)
def test_files_processes_and_scripts_are_effects_awaited_or_not(imports: str, body: str, effect: str) -> None:
    assert done(imports, body)[-1].startswith(effect)
