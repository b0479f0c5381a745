"""Which actions need no session, by what they do."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

AUTH = """
    import { betterAuth } from 'better-auth'
    export const auth = betterAuth({})
"""
PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""


def test_a_guard_that_signs_the_banned_out_excuses_nothing() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function rename(id: string, name: string) {
                  const user = await prisma.user.findUnique({ where: { id } })
                  if (user?.banned) {
                    await auth.api.signOut({ headers: await headers() })
                    throw new Error('Banned')
                  }
                  await prisma.user.update({ where: { id }, data: { name } })
                }
                export async function logout() {
                  await auth.api.signOut({ headers: await headers() })
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["rename"].public is None
    assert effects(actions["rename"]) == ["read user", "write user: Valid"]
    assert actions["logout"].public == "it ends the session"


def test_a_service_that_throws_out_those_without_a_session_is_more_than_leaving() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { getIronSession } from 'iron-session'
                import { cookies } from 'next/headers'
                import { redirect } from 'next/navigation'

                async function call(path: string, method: string) {
                  const session = await getIronSession(await cookies(), { password: process.env.KEY, cookieName: 's' })
                  if (!session.user) {
                    session.destroy()
                    redirect('/')
                  }
                  const headers = { Authorization: `Bearer ${session.access_token}` }
                  return fetch(process.env.BACKEND + path, { method, headers })
                }
                export async function removeDoctor(id: number) {
                  await call(`/doctors/${id}`, 'DELETE')
                }
                export async function logout() {
                  await call('/logout', 'POST')
                }
            """,
        }
    )
    assert actions["removeDoctor"].public is None
    assert actions["logout"].public == "it ends the session"


def test_asking_the_signed_in_for_the_password_again_makes_nothing_public() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { compare } from 'bcryptjs'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function close(password: string) {
                  const session = await auth.api.getSession({ headers: await headers() })
                  if (!session) throw new Error('Sign in')
                  if (!(await compare(password, session.user.hash))) return { error: 'Wrong password' }
                  await prisma.user.delete({ where: { id: session.user.id } })
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["close"].public is None
    assert effects(actions["close"]) == ["delete user: Authenticated"]


def test_a_contact_form_writes_to_the_house_and_to_nobody_else() -> None:
    actions = run(
        """
        'use server'
        import { Resend } from 'resend'
        const resend = new Resend(process.env.RESEND_API_KEY)

        export async function contact(form: { name: string; email: string; message: string }) {
          await resend.emails.send({
            to: 'hello@example.com',
            subject: `Message from ${form.name}`,
            replyTo: form.email,
            text: form.message,
          })
        }
        export async function subscribe(email: string) {
          await resend.contacts.create({ email, audienceId: process.env.AUDIENCE })
        }
        export async function relay(form: { email: string; message: string }) {
          await resend.emails.send({ to: form.email, subject: 'News', text: form.message })
        }
        """
    )
    assert actions["contact"].public == "it takes an anonymous caller's own address and nothing else"
    assert actions["subscribe"].public == "it takes an anonymous caller's own address and nothing else"
    assert actions["relay"].public is None


def test_a_guests_cart_is_whose_cookie_names_it() -> None:
    facts = run(
        {
            "app/actions.ts": """
            'use server'
            import { cookies } from 'next/headers'
            import { PrismaClient } from '@prisma/client'
            const db = new PrismaClient()
            export async function add(productId: string) {
              const jar = await cookies()
              const id = jar.get('cart')?.value
              if (!id) {
                const cart = await db.cart.create({ data: { productId } })
                jar.set('cart', cart.id)
                return
              }
              const cart = await db.cart.findUnique({ where: { id } })
              if (cart?.closed) {
                const next = await db.cart.create({ data: { productId } })
                jar.set('cart', next.id)
                return
              }
              await db.cart.update({ where: { id }, data: { productId } })
            }
        """
        }
    )["add"]
    assert facts.anonymous_effect() is None
    assert list(facts.unowned_effects()) == []


def test_an_anonymous_caller_who_chooses_the_id_of_a_record_is_no_newsletter() -> None:
    facts = run(
        {
            "app/actions.ts": """
            'use server'
            import { PrismaClient } from '@prisma/client'
            const db = new PrismaClient()
            export async function register(id: string, email: string) { await db.user.create({ data: { id, email } }) }
            export async function subscribe(email: string) { await db.subscriber.create({ data: { email } }) }
        """
        }
    )
    assert [facts[name].public for name in ("register", "subscribe")] == [
        None,
        "it takes an anonymous caller's own address and nothing else",
    ]


def test_what_an_anonymous_caller_leaves_may_be_passed_on_and_nothing_else_with_it() -> None:
    facts = run(
        {
            "app/actions.ts": """
            'use server'
            import { PrismaClient } from '@prisma/client'
            const db = new PrismaClient()
            const tell = (said: object) => fetch('https://forms.example.com/api/endpoints/waitlist', {
              method: 'POST',
              headers: { Authorization: `Bearer ${process.env.FORMS_KEY}` },
              body: JSON.stringify(said),
            })
            export async function join(form: { email: string; company: string }) {
              await db.waitlist.create({ data: { email: form.email, company: form.company } })
              await tell({ email: form.email, company: form.company })
            }
            export async function invite(form: { email: string; company: string; seats: number }) {
              await db.waitlist.create({ data: { email: form.email } })
              await tell({ email: form.email, seats: form.seats })
            }
        """
        }
    )
    assert facts["join"].public == "it takes an anonymous caller's own address and nothing else"
    assert facts["invite"].public is None


def test_a_form_with_a_captcha_is_for_anonymous_callers() -> None:
    facts = run(
        {
            "app/actions.ts": """
            'use server'
            import { PrismaClient } from '@prisma/client'
            const db = new PrismaClient()
            const human = async (token) => {
              const answer = await fetch('https://challenges.cloudflare.com/turnstile/v0/siteverify', {
                method: 'POST', body: JSON.stringify({ secret: process.env.TURNSTILE_SECRET, response: token }),
              })
              return (await answer.json()).success
            }
            export async function ask(token: string, question: string) {
              if (!(await human(token))) return { error: 'no' }
              await db.question.create({ data: { question } })
            }
            export async function remove(token: string, id: string) {
              if (!(await human(token))) return { error: 'no' }
              await db.question.delete({ where: { id } })
            }
        """
        }
    )
    assert [facts[name].public for name in ("ask", "remove")] == ["it asks anonymous callers for a captcha", None]


RESET = """
    'use server'
    import { randomBytes } from 'node:crypto'
    import { Resend } from 'resend'
    import { prisma } from '../lib/prisma'
    const resend = new Resend(process.env.RESEND_KEY)

    export async function forgot(email: string) {
      const user = await prisma.user.findUnique({ where: { email } })
      if (!user) return { ok: true }
      const token = randomBytes(32).toString('hex')
      const soon = new Date(Date.now() + 3600)
      %s
      await resend.emails.send({ from: 'us@example.com', to: user.email, subject: 'Reset', text: token })
      return %s
    }
"""
KEPT = "await prisma.passwordResetToken.create({ data: { userId: user.id, token } })"
FRESH_SECRETS = {
    "a record of its own, after older ones are gone": f"""
      await prisma.passwordResetToken.deleteMany({{ where: {{ userId: user.id }} }})
      {KEPT}""",
    "columns of the user": """
      await prisma.user.update({ where: { id: user.id }, data: { resetToken: token, resetExpiresAt: soon } })""",
}


def forgot(kept: str, answer: str = "{ ok: true }") -> str | None:
    """Why a forgotten password needs no session."""
    return run({"app/actions.ts": RESET % (kept, answer), "lib/prisma.ts": PRISMA})["forgot"].public


@pytest.mark.parametrize("kept", FRESH_SECRETS.values(), ids=FRESH_SECRETS)
def test_a_secret_sent_to_the_owner_of_an_address_needs_no_session(kept: str) -> None:
    assert forgot(kept) == "it sends a secret to the owner of an address, and tells the caller nothing"


def test_a_secret_that_is_also_given_to_the_caller_is_none() -> None:
    assert forgot(KEPT, "{ user }") is None


def test_mailing_the_owner_excuses_no_other_change() -> None:
    assert forgot("await prisma.user.update({ where: { id: user.id }, data: { banned: true } })") is None


def test_what_becomes_of_an_anonymous_callers_own_record_is_theirs_as_well() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { kv } from '@vercel/kv'
                import { generateRegistrationOptions } from '@simplewebauthn/server'
                import { prisma } from '../lib/prisma'

                export async function begin(email: string, name: string) {
                  const user = await prisma.user.create({ data: { email, name } })
                  const options = await generateRegistrationOptions({ userName: email, userID: user.id })
                  await kv.set(`challenge:${options.challenge}`, { userId: user.id })
                  return options
                }
                export async function overwrite(email: string, name: string) {
                  const user = await prisma.user.create({ data: { email, name } })
                  await kv.set('newest', { userId: user.id })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["begin"].public == "it takes an anonymous caller's own address and nothing else"
    assert actions["overwrite"].public is None


def test_a_credential_covers_what_is_found_by_it_and_by_more() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { hash } from 'bcryptjs'
                import { prisma } from '../lib/prisma'

                export async function join(email: string, code: string, password: string) {
                  const found = await prisma.verification.findUnique({
                    where: { identifier_token: { identifier: email, token: code } },
                  })
                  if (!found) throw new Error('Wrong code')
                  await prisma.verification.delete({ where: { identifier: email, token: code } })
                  await prisma.user.create({ data: { email, password: await hash(password, 10) } })
                }
                export async function forget(email: string, code: string) {
                  const found = await prisma.verification.findUnique({
                    where: { identifier_token: { identifier: email, token: code } },
                  })
                  if (!found) throw new Error('Wrong code')
                  await prisma.verification.delete({ where: { identifier: email, token: code } })
                  await prisma.user.deleteMany({ where: { team: email } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["join"].public == "it is called with a one-time credential that it consumes"
    assert actions["forget"].public is None


def test_a_guest_s_cart_at_a_shop_is_handed_to_the_guest() -> None:
    actions = run(
        """
        'use server'
        import { cookies } from 'next/headers'

        const shop = process.env.SHOP_URL
        async function ask(query: string, variables: object) {
          const body = JSON.stringify({ query, variables })
          const response = await fetch(`${shop}/graphql`, { method: 'POST', body })
          return response.json()
        }
        export async function openCart() {
          const cart = await ask('mutation { cartCreate { cart { id } } }', {})
          ;(await cookies()).set('cartId', cart.data.cartCreate.cart.id)
        }
        export async function empty(id: string) {
          const cart = await ask('mutation { cartEmpty { cart { id } } }', { id })
          ;(await cookies()).set('cartId', cart.data.cartEmpty.cart.id)
        }
        """
    )
    assert actions["openCart"].anonymous_effect() is None
    assert actions["empty"].anonymous_effect() is not None


def test_a_guest_pays_for_the_cart_that_a_cookie_names() -> None:
    head = """
        'use server'
        import { cookies } from 'next/headers'
        import Stripe from 'stripe'
        import { prisma } from '../lib/prisma'
        const stripe = new Stripe(process.env.STRIPE_KEY)
    """
    body = """
          const cartId = (await cookies()).get('cartId')?.value
          if (!cartId) throw new Error('No cart')
          const shop = await prisma.shop.findUnique({ where: { id: shopId } })
          const account = await stripe.accounts.retrieve(shop.accountId)
          await prisma.shop.update({ where: { id: shopId }, data: { ready: account.details_submitted } })
          const intent = await stripe.paymentIntents.create({ amount: 100, currency: 'eur', metadata: { cartId } })
          await prisma.cart.update({ where: { id: cartId }, data: { intent: intent.id } })
    """
    actions = run(
        {
            "app/actions.ts": f"""{head}
        export async function pay(shopId: string) {{ {body} }}
        export async function close(shopId: string) {{
          {body}
          await prisma.shop.update({{ where: {{ id: shopId }}, data: {{ closed: true }} }})
        }}
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["pay"].public == "it serves the guest whom a cookie names"
    assert actions["close"].public is None


def test_an_index_that_is_rebuilt_when_it_is_searched_is_the_program_s_own() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { prisma } from '../lib/prisma'

                async function rebuild() {
                  const pages = await prisma.page.findMany({ select: { slug: true, text: true } })
                  await prisma.index.deleteMany({ where: { kind: 'page' } })
                  await prisma.index.createMany({ data: pages.map(({ slug, text }) => ({ slug, text })) })
                }
                export async function search(words: string) {
                  if ((await prisma.index.count()) === 0) await rebuild()
                  return prisma.index.findMany({ where: { text: { contains: words } }, select: { slug: true } })
                }
                export async function reset() {
                  await prisma.index.deleteMany({ where: { kind: 'page' } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["search"].is_only_read()
    assert actions["reset"].anonymous_effect() is not None
    assert not actions["reset"].is_only_read()


def test_what_an_identity_provider_keeps_private_is_for_nobody_to_read() -> None:
    actions = run(
        """
        'use server'
        import { clerkClient } from '@clerk/nextjs/server'

        export async function plan(userId: string) {
          const user = await clerkClient.users.getUser(userId)
          return { customer: user.privateMetadata.customerId }
        }
        export async function face(userId: string) {
          const user = await clerkClient.users.getUser(userId)
          return { image: user.imageUrl }
        }
        """
    )
    assert not actions["plan"].is_only_read()
    assert actions["face"].is_only_read()


def test_what_is_only_fuller_for_those_who_are_known_is_told_from_what_is_theirs() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function loadPin(id: string) {
                  const session = await auth.api.getSession({ headers: await headers() })
                  const me = session?.user?.id
                  const pin = await prisma.pin.findUnique({
                    where: { id },
                    select: { title: true, ...(me ? { likes: { where: { userId: me } } } : {}) },
                  })
                  return { title: pin?.title, isLiked: me && pin?.likes && pin.likes.length > 0 }
                }
                export async function loadPins() {
                  const session = await auth.api.getSession({ headers: await headers() })
                  console.log(session?.user.id)
                  return prisma.pin.findMany({ select: { title: true } })
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["loadPin"].is_only_read()
    assert actions["loadPin"].is_personalised
    assert not actions["loadPins"].is_personalised


def test_a_session_for_whoever_is_named_excuses_no_change_of_their_record() -> None:
    head = """
        'use server'
        import { cookies } from 'next/headers'
        import { SignJWT } from 'jose'
        import { compare } from 'bcryptjs'
        import { prisma } from '../lib/prisma'
        async function issue(email: string) {
          const token = await new SignJWT({ email }).setProtectedHeader({ alg: 'HS256' }).sign(process.env.KEY)
          ;(await cookies()).set('session', token, { httpOnly: true })
        }
    """
    actions = run(
        {
            "app/actions.ts": f"""{head}
        export async function signIn(email: string, password: string) {{
          const user = await prisma.user.findUnique({{ where: {{ email }} }})
          if (!user || !(await compare(password, user.password))) return {{ error: 'Wrong' }}
          await prisma.user.update({{ where: {{ email }}, data: {{ lastLogin: new Date() }} }})
          await issue(email)
        }}
        export async function signUp(email: string, name: string) {{
          await prisma.user.create({{ data: {{ email, name }} }})
          await issue(email)
        }}
        export async function update(email: string, name: string) {{
          await prisma.user.update({{ where: {{ email }}, data: {{ name }} }})
          await issue(email)
        }}
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["signIn"].public == actions["signUp"].public == "it begins a session or proves a credential"
    assert actions["update"].public is None


def test_a_credential_makes_nothing_public_where_the_caller_is_known() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { headers } from 'next/headers'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function accept(token: string, postId: string) {
                  const session = await auth.api.getSession({ headers: await headers() })
                  if (!session) throw new Error('Sign in')
                  const invite = await prisma.invite.findUnique({ where: { token } })
                  if (!invite) throw new Error('Wrong')
                  await prisma.invite.delete({ where: { token } })
                  await prisma.post.delete({ where: { id: postId } })
                }
            """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["accept"].public is None
    assert [u.effect.what for u in actions["accept"].unowned_effects()] == ["prisma.post.delete"]


def test_what_is_published_is_for_everybody() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { prisma } from '../lib/prisma'

                export async function page(slug: string) {
                  return prisma.page.findFirst({ where: { slug, status: 'published' }, select: { text: true } })
                }
                export async function shared(id: string) {
                  return prisma.page.findFirst({ where: { id, isPublic: true }, select: { text: true } })
                }
                export async function draft(slug: string) {
                  return prisma.page.findFirst({ where: { slug, status: 'draft' }, select: { text: true } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["page"].anonymous_effect() is None
    assert actions["shared"].anonymous_effect() is None
    assert actions["draft"].anonymous_effect() is not None


def test_who_signs_up_may_take_an_invitation_up() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { prisma } from '../lib/prisma'
                import { hash } from 'bcryptjs'

                async function invited(email: string, inviteId: string) {
                  const invite = await prisma.invite.findFirst({ where: { id: inviteId, email, status: 'pending' } })
                  if (!invite) throw new Error('Wrong')
                  return invite
                }
                export async function signUp(email: string, password: string, inviteId: string) {
                  const invite = await invited(email, inviteId)
                  await prisma.user.create({ data: { email, passwordHash: await hash(password, 10) } })
                  await prisma.invite.update({ where: { id: invite.id }, data: { status: 'accepted' } })
                }
                export async function promote(email: string, password: string, inviteId: string, role: string) {
                  const invite = await invited(email, inviteId)
                  await prisma.user.create({ data: { email, passwordHash: await hash(password, 10) } })
                  await prisma.invite.update({ where: { id: invite.id }, data: { role } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["signUp"].public == "it takes an anonymous caller's own address and nothing else"
    assert actions["promote"].public is None


def test_who_signs_up_gets_a_fresh_secret_in_the_place_of_an_older_one() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { hash } from 'bcryptjs'
                import { Resend } from 'resend'
                import { randomUUID } from 'crypto'
                import { prisma } from '../lib/prisma'
                const resend = new Resend(process.env.RESEND_KEY)

                async function renew(email: string) {
                  const old = await prisma.verificationToken.findFirst({ where: { email } })
                  if (old) await prisma.verificationToken.delete({ where: { id: old.id } })
                  return prisma.verificationToken.create({ data: { email, token: randomUUID() } })
                }
                export async function register(email: string, password: string) {
                  if (await prisma.user.findUnique({ where: { email } })) return { error: 'Taken' }
                  await prisma.user.create({ data: { email, password: await hash(password, 10) } })
                  const { token } = await renew(email)
                  await resend.emails.send({ from: 'us@example.com', to: email, subject: 'Verify', text: token })
                }
                export async function replace(email: string, password: string, team: string) {
                  await register(email, password)
                  await prisma.team.delete({ where: { id: team } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["register"].public == "it takes an anonymous caller's own address and nothing else"
    assert actions["replace"].public is None


def test_a_reset_keeps_its_secret_beside_whose_it_is_and_takes_back_what_was_not_sent() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { hash } from 'bcryptjs'
                import { Resend } from 'resend'
                import { randomUUID } from 'crypto'
                import { prisma } from '../lib/prisma'
                const resend = new Resend(process.env.RESEND_KEY)

                async function send(to: string, text: string) {
                  const { error } = await resend.emails.send({ from: 'us@example.com', to, subject: 'Hello', text })
                  return !error
                }
                export async function reset(email: string) {
                  const user = await prisma.user.findUnique({ where: { email } })
                  if (!user) return { error: 'Invalid' }
                  const secret = { email, token: randomUUID(), userId: user.id }
                  const kept = await prisma.reset.upsert({ where: { email }, update: secret, create: secret })
                  if (!(await send(kept.email, kept.token))) await prisma.reset.delete({ where: { id: kept.id } })
                }
                export async function register(email: string, name: string, password: string) {
                  const data = { email, name, password: await hash(password, 10), tokens: { create: { email } } }
                  const user = await prisma.user.create({ data, include: { tokens: true } })
                  if (await send(user.email, 'Welcome')) return
                  await prisma.token.delete({ where: { id: user.tokens[0].id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert actions["reset"].public == "it sends a secret to the owner of an address, and tells the caller nothing"
    assert actions["register"].public == "it takes an anonymous caller's own address and nothing else"


@pytest.mark.parametrize(
    ("model", "field", "is_public"),
    [
        ("invitation", "code", True),
        ("team", "inviteCode", True),
        ("category", "code", False),
        ("shop", "zipCode", False),
    ],
)
def test_a_code_is_a_credential_where_it_opens_something(model: str, field: str, is_public: bool) -> None:
    actions = run(
        {
            "app/actions.ts": f"""
                'use server'
                import {{ prisma }} from '../lib/prisma'

                export async function take(code: string) {{
                  await prisma.{model}.delete({{ where: {{ {field}: code }} }})
                }}
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert (actions["take"].public is not None) is is_public


RIGHTS = ["ownership", "memberships", "user_roles", "projectPermission", "team_members", "org_admins", "docShare"]
WAITING = ["newsletter", "waitlist", "early_access", "accessRequest", "members", "shares", "contacts", "betaAccess"]


@pytest.mark.parametrize("table", [*RIGHTS, *WAITING])
def test_an_address_that_is_given_a_right_is_no_newsletter(table: str) -> None:
    actions = run(
        {
            "app/actions.ts": f"""
                'use server'
                import {{ prisma }} from '../lib/prisma'

                export async function add(email: string, name: string) {{
                  await prisma.{table}.create({{ data: {{ email, name }} }})
                }}
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert (actions["add"].public is None) is (table in RIGHTS)


@pytest.mark.parametrize(
    ("table", "data", "is_public"),
    [
        ("user", "email, role", False),
        ("users", "email, name, isAdmin: role", False),
        ("profile", "email, ...{ user_role: role }", False),
        ("member", "email, access_level: role", False),
        ("account", "email, permissions: [role]", False),
        ("user", "email, name: role", True),
        ("user", "email, role: 'guest'", True),
        ("lead", "email, role", True),
        ("waitlist", "email, role", True),
        ("user", "email, password: 'x' + name, role", True),
    ],
)
def test_an_account_whose_role_the_caller_says_is_no_newsletter(table: str, data: str, is_public: bool) -> None:
    """On a waiting list it is what somebody does for a living; with a password, it is a registration."""
    actions = run(
        {
            "app/actions.ts": f"""
                'use server'
                import {{ prisma }} from '../lib/prisma'

                export async function add(email: string, role: string, name: string) {{
                  await prisma.{table}.create({{ data: {{ {data} }} }})
                }}
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert (actions["add"].public is not None) is is_public


RESETS = """
    'use server'
    import { prisma } from '../lib/prisma'
    import { hash } from 'bcryptjs'
"""


@pytest.mark.parametrize(
    ("table", "is_credential"),
    [
        ("passwordResetToken", True),
        ("passwordResets", True),
        ("reset_password_tokens", True),
        ("magicLink", True),
        ("emailVerification", True),
        ("post", False),
        ("tokenHolder", False),
        ("resetPolicy", False),
    ],
)
def test_the_id_of_a_one_time_credential_is_the_credential(table: str, is_credential: bool) -> None:
    reset = run(
        {
            "app/actions.ts": f"""{RESETS}
    export async function reset(token: string, password: string) {{
      const found = await prisma.{table}.findFirst({{ where: {{ id: token }} }})
      if (!found) return {{ error: 'Invalid link' }}
      await prisma.{table}.delete({{ where: {{ id: found.id }} }})
      await prisma.user.update({{ where: {{ id: found.userId }}, data: {{ password: await hash(password, 10) }} }})
    }}
""",
            "lib/prisma.ts": PRISMA,
        }
    )["reset"]
    assert (reset.public == "it is called with a one-time credential that it consumes") is is_credential


@pytest.mark.parametrize(
    ("body", "is_public"),
    [
        ("await prisma.nonce.create({ data: { value: crypto.randomUUID() } })", True),
        ("await prisma.loginChallenge.create({ data: { value: crypto.randomUUID() } })", True),
        ("await prisma.nonce.create({ data: { value: text } })", False),
        ("await prisma.challengeEntry.create({ data: { value: crypto.randomUUID() } })", False),
        ("await prisma.nonce.deleteMany()", False),
    ],
)
def test_a_challenge_is_issued_to_anybody(body: str, is_public: bool) -> None:
    action = run(
        {
            "app/actions.ts": f"{RESETS}\n    export async function issue(text: string) {{ {body} }}",
            "lib/prisma.ts": PRISMA,
        }
    )["issue"]
    assert (action.public is not None) is is_public


@pytest.mark.parametrize(
    ("key", "is_credential"),
    [
        ("`verificationToken:${token}`", True),
        ("`password-reset:${token}`", True),
        ("`otp:${token}`", True),
        ("'magic_link:' + token", True),
        ("`otp:${email}`", False),
        ("`user:${token}`", False),
        ("token", False),
    ],
)
def test_what_a_store_keeps_under_a_one_time_credential_is_consumed_with_it(key: str, is_credential: bool) -> None:
    verify = run(
        {
            "app/actions.ts": f"""{RESETS}
    import {{ kv }} from '@vercel/kv'
    export async function verify(token: string, email: string) {{
      const kept = await kv.get({key})
      if (!kept) return false
      await kv.del({key})
      await prisma.account.update({{ where: {{ id: kept.id }}, data: {{ isVerified: true }} }})
      return true
    }}
""",
            "lib/prisma.ts": PRISMA,
        }
    )["verify"]
    assert (verify.public == "it is called with a one-time credential that it consumes") is is_credential


SESSIONS = """
    'use server'
    import { SignJWT } from 'jose'
    import jwt from 'jsonwebtoken'
    import { cookies } from 'next/headers'
    import { compare } from 'bcryptjs'
    import { randomUUID } from 'crypto'
    import { prisma } from '../lib/prisma'
    const key = new TextEncoder().encode(process.env.KEY)
    async function begin(claims: object) {
      const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)
      const store = await cookies()
      store.set('session', token, { httpOnly: true })
    }
"""


@pytest.mark.parametrize(
    "body",
    [
        "await begin({ id, expiresAt: Date.now() })",
        "await begin({ user: { id, role: text } })",
        "await begin({ sub: id, role: 'user' })",
        "if (!id) return; await begin({ userId: id })",
        "(await cookies()).set('s', jwt.sign({ email: text }, process.env.KEY), { httpOnly: true })",
    ],
)
def test_a_session_for_whoever_is_named_begins_nothing_that_anybody_may_begin(body: str) -> None:
    code = f"{SESSIONS}\n    export async function start(id: string, text: string) {{ {body} }}"
    found = run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["start"].anonymous_effect()
    assert found is not None
    assert found.effect.target == "a session as whoever they name"


@pytest.mark.parametrize(
    "body",
    [
        "const u = await prisma.user.findUnique({ where: { email: text } });"
        " if (!u || !(await compare(id, u.password))) return; await begin({ id: u.id })",
        "if (text !== process.env.ADMIN_PASSWORD) return; await begin({ role: 'admin' })",
        "if (text !== process.env.ADMIN_PASSWORD) return; await begin({ email: id })",
        "await begin({ id: randomUUID(), name: text })",
        "const answer = await fetch('https://id.example.com', { method: 'POST', body: text });"
        " if (!answer.ok) return; await begin({ email: id })",
    ],
)
def test_who_has_proven_who_they_are_may_begin_a_session(body: str) -> None:
    code = f"{SESSIONS}\n    export async function start(id: string, text: string) {{ {body} }}"
    assert run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["start"].anonymous_effect() is None


@pytest.mark.parametrize(
    ("body", "is_public"),
    [
        (
            "const r = await prisma.reset.findFirst({ where: { userId: id, resetToken: token } }); if (!r) return;"
            " await prisma.reset.deleteMany({ where: { userId: id } });"
            " await prisma.user.update({ where: { id }, data: { password: text } })",
            True,
        ),
        ("await prisma.invitation.update({ where: { token }, data: { answer: text } })", True),
        ("await prisma.subscription.deleteMany({ where: { unsubscribeToken: token } })", True),
        (
            "const r = await prisma.reset.findFirst({ where: { resetToken: token } }); if (!r) return;"
            " await prisma.reset.delete({ where: { resetToken: token } });"
            " await prisma.user.update({ where: { id }, data: { password: text } })",
            False,
        ),
        ("await prisma.invitation.update({ where: { id }, data: { token } })", False),
        ("await prisma.category.delete({ where: { code: token } })", False),
    ],
    ids=["fits", "answered", "unsubscribed", "somebody else's", "no key", "a code"],
)
def test_a_credential_vouches_for_what_it_was_looked_up_with(body: str, is_public: bool) -> None:
    code = f"{RESETS}\n    export async function act(id: string, token: string, text: string) {{ {body} }}"
    action = run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["act"]
    assert (action.public == "it is called with a one-time credential that it consumes") is is_public


SIGN_UPS = {
    "a company, in the transaction of a client of the pool": """
        export async function signUp(form: FormData) {
          const { email, password, site } = Object.fromEntries(form)
          const [id, hashed] = [randomUUID(), await hash(String(password), 10)]
          const client = await pool.connect()
          try {
            await client.query('BEGIN')
            await client.query('INSERT INTO users (id, email, password, role) VALUES ($1, $2, $3, $4)',
              [id, email, hashed, 'company'])
            await client.query('INSERT INTO companies (id, user_id, site) VALUES ($1, $2, $3)',
              [randomUUID(), id, site])
            await client.query('COMMIT')
          } catch (error) {
            await client.query('ROLLBACK')
            throw error
          } finally {
            client.release()
          }
        }
    """,
    "an organization with its first member": """
        export async function signUp(email: string, password: string, company: string) {
          const user = await prisma.user.create({ data: { email, passwordHash: await hash(password, 10) } })
          const organization = await prisma.organization.create({ data: { name: company, ownerId: user.id } })
          await prisma.member.create({ data: { userId: user.id, organizationId: organization.id, role: 'owner' } })
        }
    """,
    "a profile at an identity provider's id": """
        export async function signUp(email: string, password: string, name: string) {
          const account = await getAuth().createUser({ email, password })
          const company = getFirestore().collection('companies').doc()
          await company.set({ name, ownerId: account.uid })
          await getFirestore().collection('users').doc(account.uid).set({ email, companyId: company.id })
        }
    """,
    "settings and a line in the log": """
        export async function signUp(email: string, password: string, language: string) {
          const user = await prisma.user.create({ data: { email, password: await hash(password, 10) } })
          await prisma.settings.create({ data: { userId: user.id, language } })
          await prisma.activity.create({ data: { text: `${email} has come` } })
        }
    """,
    "a workspace of which the caller says the address": """
        export async function signUp(input: { email: string; password: string; slug: string }) {
          const password = await hash(input.password, 10)
          const user = await prisma.user.create({ data: { email: input.email, password } })
          await prisma.workspace.create({ data: { slug: input.slug, userId: user.id } })
        }
    """,
}
TAKE_MORE = {
    "a company that is there": """
        export async function signUp(email: string, password: string, companyId: string) {
          const user = await prisma.user.create({ data: { email, password: await hash(password, 10) } })
          await prisma.seat.create({ data: { userId: user.id, companyId } })
        }
    """,
    "a right for whom they name": """
        export async function signUp(email: string, password: string, name: string) {
          const user = await prisma.user.create({ data: { email, password: await hash(password, 10) } })
          await prisma.admin.create({ data: { name } })
        }
    """,
    "the words of what is there": """
        export async function signUp(email: string, password: string, slug: string, title: string) {
          const user = await prisma.user.create({ data: { email, password: await hash(password, 10) } })
          await prisma.page.update({ where: { slug }, data: { title } })
        }
    """,
    "no account, and a row without an address": """
        export async function signUp(email: string, title: string) {
          await prisma.reader.create({ data: { email } })
          await prisma.page.create({ data: { title } })
        }
    """,
    "a statement of theirs": """
        export async function signUp(email: string, password: string, sql: string) {
          await prisma.user.create({ data: { email, password: await hash(password, 10) } })
          await pool.query(sql)
        }
    """,
}


def sign_up(body: str) -> str | None:
    """Why a sign-up needs no session."""
    head = """
        'use server'
        import { hash } from 'bcryptjs'
        import { randomUUID } from 'crypto'
        import { getAuth } from 'firebase-admin/auth'
        import { getFirestore } from 'firebase-admin/firestore'
        import { Pool } from 'pg'
        import { prisma } from '../lib/prisma'
        const pool = new Pool()
    """
    return run({"app/actions.ts": head + body, "lib/prisma.ts": PRISMA})["signUp"].public


@pytest.mark.parametrize("body", SIGN_UPS.values(), ids=SIGN_UPS)
def test_who_signs_up_makes_what_an_account_comes_with(body: str) -> None:
    assert sign_up(body) == "it takes an anonymous caller's own address and nothing else"


@pytest.mark.parametrize("body", TAKE_MORE.values(), ids=TAKE_MORE)
def test_signing_up_excuses_nothing_that_was_there_before(body: str) -> None:
    assert sign_up(body) is None


LINKED = """
    'use server'
    import { createClient } from '@supabase/supabase-js'
    import { prisma } from '../lib/prisma'
    const supabase = createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
    async function opened(token: string) {
      const bid = await prisma.bid.findUnique({ where: { token } })
      if (!bid) throw new Error('This link is not valid.')
      return bid
    }
    export async function act(token: string, body: string, other: string) {
      BODY
    }
"""
OPENED = {
    "a comment on what the link opens": """
        const bid = await opened(token)
        await prisma.bidComment.create({ data: { bidId: bid.id, body } })""",
    "a change of it": """
        const bid = await opened(token)
        await prisma.bid.update({ where: { id: bid.id }, data: { note: body } })""",
    "a change of what it lies in": """
        const bid = await opened(token)
        await prisma.project.update({ where: { id: bid.projectId }, data: { lastBidAt: new Date() } })""",
    "a note for those of the house": """
        const bid = await opened(token)
        const staff = await prisma.user.findMany({ where: { role: 'staff' } })
        await prisma.notification.createMany({ data: staff.map((one) => ({ userId: one.id, text: bid.title })) })""",
    "a look at it": "return opened(token)",
    "a function of the database that is given it": """
        await supabase.rpc('answer_offer', { p_token: token, p_line_id: other, p_text: body })""",
    "one of its guests": """
        const bid = await opened(token)
        await prisma.attendance.create({ data: { bidId: bid.id, memberId: other, isThere: true } })""",
    "a row of it that is named": """
        const bid = await opened(token)
        const line = await prisma.bidLine.findFirst({ where: { id: other, bidId: bid.id } })
        await prisma.bidLine.update({ where: { id: line.id }, data: { note: body } })""",
    "a row of it, by both": """
        const bid = await opened(token)
        await prisma.bidLine.updateMany({ where: { id: other, bidId: bid.id }, data: { note: body } })""",
}
NOT_OPENED = {
    "a change of what is named beside it": """
        await opened(token)
        await prisma.bid.update({ where: { id: other }, data: { note: body } })""",
    "a comment on what is named beside it": """
        await opened(token)
        await prisma.bidComment.create({ data: { bidId: other, body } })""",
    "a function that is given an id": """
        await opened(token)
        await supabase.rpc('remove_offer', { p_id: other })""",
    "a line of another one": """
        const bid = await opened(token)
        await prisma.bidLine.create({ data: { bidId: bid.id, contractId: other } })""",
    "somebody in what is named beside it": """
        await opened(token)
        await prisma.attendance.create({ data: { meetingId: body, memberId: other, isThere: true } })""",
    "a change of everything": """
        await opened(token)
        await prisma.project.deleteMany()""",
    "a right for whoever is named": """
        const bid = await opened(token)
        await prisma.projectMember.create({ data: { projectId: bid.projectId, email: body } })""",
    "an id that is none": """
        const bid = await prisma.bid.findUnique({ where: { id: token } })
        await prisma.bid.update({ where: { id: bid.id }, data: { note: body } })""",
}


def public_with(body: str) -> str | None:
    """Why an action with this body needs no session."""
    return run({"app/actions.ts": LINKED.replace("BODY", body), "lib/prisma.ts": PRISMA})["act"].public


@pytest.mark.parametrize("body", OPENED.values(), ids=OPENED.keys())
def test_who_was_sent_a_link_works_on_what_it_opens(body: str) -> None:
    assert public_with(body) is not None


@pytest.mark.parametrize("body", NOT_OPENED.values(), ids=NOT_OPENED.keys())
def test_a_link_opens_nothing_else(body: str) -> None:
    assert public_with(body) is None


def test_those_of_the_house_are_told_of_what_somebody_leaves() -> None:
    code = """
        'use server'
        import { prisma } from '../lib/prisma'
        export async function act(email: string, message: string) {
          const lead = await prisma.lead.create({ data: { email, message } })
          const staff = await prisma.user.findMany({ where: { role: 'ADMIN' } })
          const data = staff.map((one) => ({ userId: one.id, text: `${lead.email} wrote` }))
          await prisma.notification.createMany({ data })
        }
    """
    assert run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["act"].public is not None
    named = code.replace("where: { role: 'ADMIN' }", "where: { id: message }")
    assert run({"app/actions.ts": named, "lib/prisma.ts": PRISMA})["act"].public is None


def test_an_account_that_was_just_made_may_be_tied_to_what_comes_with_it() -> None:
    code = """
        'use server'
        import { randomUUID } from 'node:crypto'
        import { prisma } from '../lib/prisma'
        export async function act(email: string, password: string, company: string, other: string) {
          const userId = `user-${randomUUID()}`
          const companyId = `company-${randomUUID()}`
          await prisma.user.create({ data: { id: userId, email, password } })
          await prisma.company.create({ data: { id: companyId, name: company, ownerId: userId } })
          await prisma.user.update({ where: { id: userId }, data: { companyId } })
        }
    """
    assert run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["act"].public is not None
    others = code.replace("where: { id: userId }", "where: { id: other }")
    assert run({"app/actions.ts": others, "lib/prisma.ts": PRISMA})["act"].public is None
    joined = code.replace("data: { companyId }", "data: { companyId: other }")
    assert run({"app/actions.ts": joined, "lib/prisma.ts": PRISMA})["act"].public is None


@pytest.mark.parametrize(("table", "is_public"), [("pendingRegistration", True), ("profile", False)])
def test_a_sign_up_that_waits_may_be_replaced_by_its_address(table: str, *, is_public: bool) -> None:
    code = f"""
        'use server'
        import {{ prisma }} from '../lib/prisma'
        export async function act(email: string, name: string) {{
          const data = {{ email, name }}
          await prisma.{table}.upsert({{ where: {{ email }}, update: data, create: data }})
        }}
    """
    assert (run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["act"].public is not None) is is_public


@pytest.mark.parametrize(
    ("made", "is_open"),
    [
        ("{ id: 'site', theme: 'light' }", False),
        ("{ id: 'site', theme }", True),
    ],
)
def test_the_settings_that_are_there_before_anybody_changed_them_may_be_made_by_anybody(
    made: str, *, is_open: bool
) -> None:
    code = f"""
        'use server'
        import {{ prisma }} from '../lib/prisma'
        export async function act(theme: string) {{
          const found = await prisma.settings.findUnique({{ where: {{ id: 'site' }} }})
          if (!found) await prisma.settings.create({{ data: {made} }})
        }}
    """
    assert (run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["act"].anonymous_effect() is not None) is is_open


REFRESHED = """
    'use server'
    import { cookies } from 'next/headers'
    import { prisma } from '../lib/prisma'
    import { createClient } from '@acme/backend'

    const backend = createClient(process.env.BACKEND_URL)

    async function fresh() {
      const jar = await cookies()
      const sent = jar.get('refresh_token')?.value
      if (!sent) return null
      REFRESH
      jar.set('access_token', made.accessToken, { httpOnly: true })
      return made.user
    }
    export async function found(name: string) {
      await fresh()
      await prisma.team.create({ data: { name } })
    }
    export async function keepAlive() {
      await fresh()
    }
    export async function enter(form: FormData) {
      const sent = JSON.stringify({ email: form.get('email'), password: form.get('password') })
      const answer = await fetch(`${process.env.BACKEND_URL}/login`, { method: 'POST', body: sent })
      const made = await answer.json()
      const jar = await cookies()
      jar.set('access_token', made.accessToken, { httpOnly: true })
    }
"""

REFRESHES = {
    "a client of a library": "const made = await backend.auth.refreshSession({ refreshToken: sent })",
    "a request": """
      const answer = await fetch(`${process.env.BACKEND_URL}/refresh`, { method: 'POST', body: sent })
      const made = await answer.json()""",
    "a request with a header": """
      const answer = await fetch(`${process.env.BACKEND_URL}/refresh`, { headers: { authorization: `Bearer ${sent}` } })
      const made = await answer.json()""",
    "a row of the refresh tokens": """
      const made = await prisma.refreshToken.findUnique({ where: { token: sent }, include: { user: true } })""",
}


@pytest.mark.parametrize("refresh", REFRESHES.values(), ids=REFRESHES.keys())
def test_a_session_that_is_continued_on_the_way_begins_none(refresh: str) -> None:
    actions = run({"app/actions.ts": REFRESHED.replace("REFRESH\n", f"{refresh}\n"), "lib/prisma.ts": PRISMA})
    found = actions["found"].anonymous_effect()
    assert actions["found"].public is None
    assert found is not None
    assert found.effect.target == "team"
    assert actions["keepAlive"].anonymous_effect() is None
    assert actions["enter"].public == "it begins a session or proves a credential"


GUEST = """
    'use server'
    import { prisma } from '../lib/prisma'
    export async function act(matchId: string, guestToken: string) {
      const guest = await prisma.player.findFirst({ where: { matchId, guestToken } })
      BODY
    }
"""

SEEN_BY_A_GUEST = {
    "rows of it": "if (!guest) return\nreturn prisma.player.findMany({ where: { matchId }, select: { name: true } })",
    "rows behind one": "if (guest === null) return 0\nreturn prisma.player.count({ where: { matchId } })",
    "one that throws": "if (!guest) throw new Error('No guest')\nreturn prisma.round.findMany({ where: { matchId } })",
    "in a branch": "return guest ? prisma.round.findMany({ where: { matchId } }) : []",
    "what hangs on it": "if (!guest) return\nreturn prisma.goal.findMany({ where: { matchId, by: guest.id } })",
}

NOT_A_GUESTS = {
    "a look-up that may have found nothing": "return prisma.round.findMany({ where: { matchId } })",
    "a change of it": "if (!guest) return\nawait prisma.round.deleteMany({ where: { matchId } })",
}


@pytest.mark.parametrize("body", SEEN_BY_A_GUEST.values(), ids=SEEN_BY_A_GUEST.keys())
def test_who_has_a_guests_token_may_see_what_the_token_was_found_with(body: str) -> None:
    files = {"app/actions.ts": GUEST.replace("BODY", body), "lib/prisma.ts": PRISMA}
    assert run(files)["act"].public == "it is called with the token of a link, and works on what that opens"


@pytest.mark.parametrize("body", NOT_A_GUESTS.values(), ids=NOT_A_GUESTS.keys())
def test_a_guests_token_opens_nothing_that_was_not_found_and_no_change(body: str) -> None:
    assert run({"app/actions.ts": GUEST.replace("BODY", body), "lib/prisma.ts": PRISMA})["act"].public is None
