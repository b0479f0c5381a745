"""An action reaches data, money or another service although nobody has asked who is calling.

## Why this is bad
`'use server'` makes a function a public HTTP endpoint. The page that shows the button may be protected; the endpoint
behind it is not. Anyone can send the request:

```
curl -X POST https://example.com/posts \\
  -H 'Next-Action: 7f3c…' -H 'Content-Type: text/plain;charset=UTF-8' \\
  --data '["any-post-id"]'
```

## Use instead
Ask for the session inside the action, and end the path when there is none, before anything is read or written.

## How it is decided
The action is executed abstractly as an anonymous caller would run it. The finding stands at the first effect that is
reached while nothing has proven the caller's identity. Names of helpers mean nothing; what they do, wherever they
stand, is followed. A request that carries nothing of the server's to a public host could be sent by anybody without the
action: what the other side asks cannot be seen from here, and only the checklist says so. So does a back end inside,
where other actions tell it who is calling.

Whether reading needs a session, the pages tell that use the action: where something keeps anonymous callers from each
of them (a layout, a component around it, the page itself, what it does in the browser once it is loaded, code in
front of the pages, which is executed for the address), the action is meant for members as well. Where one of them is
open, it shows the same, and counters, new accounts and uploads under a name that the visitor has not chosen are for
everybody there. An open page for those who run the application tells nothing. Where pages tell nothing, reads are
reported if neighbours ask who is calling. So are counts and sums of rows, and on open pages never. Fields that are for
their owner alone (mail addresses, private metadata), whole records of people, and lists of what nobody shows to
everybody (customers, invoices, messages) are reported on open pages, too. Rows from which forms let people choose
(categories, sizes, settings), with nothing private in them and not chosen by the caller, are a line of the checklist.
No page ever makes up for a missing check. On a page or a component the directive itself is the fault:
`accidental-endpoint` says so.

A route handler is an address that anybody may call. What it reads from the request is the caller's choice, and code in
front of the pages guards it where it refuses on its path. Of what it only reads, no page tells: reported are whole
people and what the above names, and, where other handlers ask who is calling, whole rows that are somebody's by the
schema and what lies beneath an address such as `/api/admin`. The rest is a line of the checklist.

## When it is intended
Sign-in, sign-up, contact forms and reads of public data need no session. Say so above the action:
`// preship: public -- reason`.

## What Next.js does give
Action ids are encrypted and change with each build, unused actions are dropped, and the Origin header is compared with
the host. None of it is authentication: the id stands in every page that uses the action.

## References
- CWE-306: Missing Authentication for Critical Function, https://cwe.mitre.org/data/definitions/306.html
- Next.js, Authentication: Server Actions, https://nextjs.org/docs/app/guides/authentication#server-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from preship.analyzers.rule import (
    ANYONE,
    STACK,
    ActionFacts,
    Anonymous,
    Audience,
    AuthenticationFault,
    Bad,
    Confidence,
    Effect,
    EffectKind,
    Finding,
    Good,
    Guard,
    Item,
    Meant,
    Persona,
    Question,
    Rule,
    Served,
    Severity,
    actions,
    described,
)

CRITICAL = frozenset({EffectKind.WRITE, EffectKind.DELETE, EffectKind.PAY, EffectKind.RUN, EffectKind.FILE})
"""What an anonymous caller must never reach: other people's records, money, the machine."""


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the worst effect that no proof of identity precedes, where nobody asked for one."""
    found = action.anonymous_effect()
    if found is None:
        yield from told(action)
        return
    if found.fault is not AuthenticationFault.MISSING or is_said_elsewhere(action, found):
        return
    waits = left_out(action)
    worst = Severity.CRITICAL if found.effect.kind in CRITICAL else Severity.HIGH
    finding = RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {done(found.effect)}, and nothing on the way asks who is calling"
        f"{but_for_unheard_of(action, found.effect)}.{waits or intended(action.audience())}",
        remedy="Read the session first and end the path when there is none.",
        severity=Severity.MEDIUM if waits else worst,
        confidence=confidence_in(action, found),
        idiom=action.idiom(Question.CALLER),
        persona=Persona.PEDANTIC
        if action.is_rendered_by_accident() or action.only_reads_choices()
        else Persona.REGULAR,
    )
    headline = f"{finding.headline} once something that is rendered imports it"
    yield replace(finding, headline=headline if waits else finding.headline, is_open_to_all=True)


def left_out(action: ActionFacts) -> str:
    """The sentence about the build, where only code of the server uses it and it is not served as it stands.

    What nobody uses yet was written for somebody.
    """
    exposure = action.exposure
    if exposure is None or not exposure.stays_on_the_server or not exposure.is_left_out:
        return ""
    if exposure.served is Served.NO:
        return (
            " The build leaves it out today, because nothing that is rendered imports its file; one import serves it."
        )
    return " Turbopack leaves it out today, because no code of browsers uses this export; one import serves it."


def told(action: ActionFacts) -> Iterator[Finding]:
    """Report a count or a sum that pages show to members alone, or that no page shows beside what asks for a session.

    What visitors are shown of it, it tells anyway.
    """
    total = action.total_for_anybody()
    if total is None or action.is_declared_public:
        return
    audience = action.audience()
    is_for_members = audience.meant is Meant.MEMBERS
    is_usual = action.siblings is not None and action.siblings.are_guarded and audience.meant is Meant.NOBODY
    if is_for_members or is_usual:
        yield RULE.finding(
            action,
            total,
            message=f"{action.label} gives its callers a count or a sum of `{total.target}` (`{total.what}`), "
            f"and nothing on the way asks who is calling.{intended(audience)}",
            remedy="Read the session first and end the path when there is none.",
            severity=Severity.MEDIUM,
            confidence=Confidence.HIGH if is_for_members else Confidence.MEDIUM,
            idiom=action.idiom(Question.CALLER),
        )


def done(effect: Effect) -> str:
    """What an effect does, as the end of a sentence."""
    return f"gives its callers {effect.target}" if effect.kind is EffectKind.IDENTIFY else described(effect)


def is_said_elsewhere(action: ActionFacts, found: Anonymous) -> bool:
    """Whether the fault is that code of the server alone may call it: who issues sessions need not ask who is there."""
    is_issued = found.effect.kind is EffectKind.IDENTIFY
    return is_issued and action.exposure is not None and action.exposure.stays_on_the_server


def but_for_unheard_of(action: ActionFacts, effect: Effect) -> str:
    """The end of the sentence where a package of which nothing is known is handed what the caller sends."""
    call = action.unheard_of_before(effect)
    return f", unless `{call[0]}` of `{call[1]}` does, of which nothing is known" if call is not None else ""


def intended(audience: Audience) -> str:
    """The sentence about the pages that use an action, where they keep anonymous callers out."""
    gate, page = audience.gate, audience.page
    if audience.meant is not Meant.MEMBERS or gate is None or page is None:
        return ""
    place = f"`{gate.at.path}:{gate.at.line}`"
    if gate.guard is Guard.MIDDLEWARE:
        return (
            f" Only {place} keeps visitors without a session from `{page.route}`, which uses it: "
            "the request for an action may name any path that passes there."
        )
    return f" The page `{page.route}` asks for a session ({place}), this action does not."


def confidence_in(action: ActionFacts, found: Anonymous) -> Confidence:
    """Reading may be meant for everybody: the pages that use the action tell, and else what its neighbours ask.

    Unless it is what nobody shows to everybody: lists of customers, invoices or messages, whole records of people.
    """
    if found.is_doubtful or action.asks_who_judges(found.effect) or action.only_looks_on(found.effect):
        return Confidence.LOW
    if not action.is_only_read():
        return Confidence.HIGH
    audience = action.audience()
    if audience.meant is Meant.MEMBERS and not action.is_called_public():
        return Confidence.HIGH
    if action.hands_out_what_is_private():
        return Confidence.MEDIUM
    if action.address:
        is_kept = action.is_of_an_office or action.hands_out_what_is_somebodys()
        return Confidence.MEDIUM if is_kept and action.are_others_guarded else Confidence.LOW
    if audience.meant is Meant.ANYBODY or action.is_called_public():
        return Confidence.MEDIUM if action.is_kept_from_visitors(found.effect) else Confidence.LOW
    return Confidence.MEDIUM if action.are_others_guarded and audience.page is None else Confidence.LOW


RATES = """
    'use server'
    import { prisma } from '../lib/prisma'

    export async function ratesOf(region: string) {
      return prisma.rate.findMany({ where: { region } })  // <- finding
    }
"""

PAGE = """
    import { ratesOf } from '../../actions'
    export default function Page() { return <Rates load={ratesOf} /> }
"""

LAYOUT = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'

    export default async function Layout({ children }) {
      if (!(await auth())) redirect('/sign-in')
      return <main>{children}</main>
    }
"""


def app(files: Mapping[str, str]) -> Mapping[str, str]:
    """An example: these files, and those that most examples share."""
    return {**STACK, **files}


RULE = Rule(
    id="missing-authentication",
    title="no authentication",
    headline=f"{ANYONE} can {{does}}",
    severity=Severity.HIGH,
    cwe=306,
    item=Item.AUTHENTICATION,
    check=check,
    examples=(
        Bad(
            "a delete with no session",
            """
            'use server'
            import { prisma } from '@/lib/prisma'

            export async function removePost(id: string) {
              await prisma.post.delete({ where: { id } })  // <- finding
            }
            """,
        ),
        Bad(
            "the write stands in a helper of another file",
            {
                "app/actions.ts": """
                    'use server'
                    import { renameTeam } from '../lib/teams'

                    export async function rename(formData: FormData) {
                      await renameTeam(String(formData.get('id')), String(formData.get('name')))  // <- finding
                    }
                """,
                "lib/teams.ts": """
                    import { PrismaClient } from '@prisma/client'
                    const db = new PrismaClient()
                    export const renameTeam = (id: string, name: string) =>
                      db.team.update({ where: { id }, data: { name } })
                """,
            },
        ),
        Bad(
            "maps, forms and headers are filled and emptied before the write",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                const open = new Map<string, { close(): void }>()

                export async function disconnect(id: string) {
                  open.get(id)?.close()
                  open.delete(id)
                  const headers = new Headers({ authorization: `Bearer ${process.env.API_KEY}` })
                  headers.append('x-trace', globalThis.crypto.randomUUID())
                  const body = new FormData()
                  body.set('id', id)
                  await fetch('https://api.example.com/connections', { method: 'DELETE', headers, body })
                  await prisma.connection.delete({ where: { id } })  // <- finding
                }
            """),
        ),
        Bad(
            "a wrapper calls a hook that nobody passed, and then does the work",
            {
                "app/actions.ts": """
                    'use server'
                    import { measured } from '../lib/measured'
                    import { prisma } from '../lib/prisma'

                    export async function removeMember(id: string) {
                      await measured(() => prisma.member.delete({ where: { id } }))  // <- finding
                    }
                """,
                "lib/measured.ts": """
                    export async function measured<T>(work: () => Promise<T>, hooks: { onStart?: () => void } = {}) {
                      hooks.onStart?.()
                      return work()
                    }
                """,
                "lib/prisma.ts": """
                    import { PrismaClient } from '@prisma/client'
                    const globalForPrisma = globalThis as unknown as { prisma?: PrismaClient }
                    export const prisma = globalForPrisma.prisma ?? new PrismaClient()
                    if (process.env.NODE_ENV !== 'production') globalForPrisma.prisma = prisma
                """,
            },
        ),
        Bad(
            "a value object checks its text by a copy of a pattern",
            {
                "app/actions.ts": """
                    'use server'
                    import { Email } from '../lib/email'
                    import { prisma } from '../lib/prisma'

                    export async function removeMember(text: string) {
                      const email = new Email(text)
                      await prisma.member.delete({ where: { email: email.text } })  // <- finding
                    }
                """,
                "lib/email.ts": """
                    const PATTERN = /^[^@]+@[^@]+$/i

                    export class Email {
                      private readonly pattern: RegExp
                      constructor(readonly text: string) {
                        this.pattern = new RegExp(PATTERN.source, PATTERN.flags.replace('g', ''))
                        if (!this.pattern.test(text)) throw new Error('No address')
                      }
                    }
                """,
                "lib/prisma.ts": """
                    import { PrismaClient } from '@prisma/client'
                    export const prisma = new PrismaClient()
                """,
            },
        ),
        Bad(
            "what somebody has written, for whoever says that they are that somebody",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function wordsOf(email: string) {
                  const texts = await prisma.text.findMany({ where: { createdBy: email } })  // <- finding
                  return texts.map((text) => text.body.length)
                }
            """),
        ),
        Bad(
            "a list of those with whom one deals",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function listCustomers() {
                  return prisma.customer.findMany()  // <- finding
                }
            """),
        ),
        Bad(
            "a session for whoever the caller says that they are",
            actions("""
                'use server'
                import { SignJWT } from 'jose'
                import { cookies } from 'next/headers'
                const key = new TextEncoder().encode(process.env.SESSION_KEY)

                export async function startSession(userId: string) {
                  const token = await new SignJWT({ userId }).setProtectedHeader({ alg: 'HS256' }).sign(key)
                  const store = await cookies()
                  store.set('session', token, { httpOnly: true })  // <- finding
                }
            """),
        ),
        Bad(
            "where everybody lives",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function membersOnTheMap() {
                  const found = await prisma.member.findMany()  // <- finding
                  return found.map((one) => ({ name: one.name, at: [one.latitude, one.longitude] }))
                }
            """),
        ),
        Bad(
            "a read that only a page behind a session shows",
            app({"app/actions.ts": RATES, "app/(in)/layout.tsx": LAYOUT, "app/(in)/rates/page.tsx": PAGE}),
        ),
        Bad(
            "a number that only a page behind a session shows",
            app(
                {
                    "app/actions.ts": """
                        'use server'
                        import { prisma } from '../lib/prisma'

                        export async function ratesOf(customerId: string) {
                          const paid = await prisma.invoice.aggregate({  // <- finding
                            where: { customerId, isPaid: true },
                            _sum: { amount: true },
                          })
                          return { paid: paid._sum.amount?.toNumber() ?? 0 }
                        }
                    """,
                    "app/(in)/layout.tsx": LAYOUT,
                    "app/(in)/rates/page.tsx": PAGE,
                }
            ),
        ),
        Bad(
            "only the middleware keeps visitors from the page",
            app(
                {
                    "app/actions.ts": RATES,
                    "app/rates/page.tsx": PAGE,
                    "middleware.ts": """
                        import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server'
                        const isPrivate = createRouteMatcher(['/rates(.*)'])
                        export default clerkMiddleware(async (auth, request) => {
                          if (isPrivate(request)) await auth.protect()
                        })
                    """,
                }
            ),
        ),
        Bad(
            "a page for those who were sent its address, and an action that takes the id instead",
            app(
                {
                    "app/(in)/layout.tsx": LAYOUT,
                    "app/(in)/settings/page.tsx": "export default function Page() { return <p>Settings</p> }",
                    "app/share/[shareKey]/actions.ts": """
                        'use server'
                        import { prisma } from '../../../lib/prisma'

                        export async function answersTo(surveyId: string) {
                          return prisma.answer.findMany({ where: { surveyId }, select: { text: true } })  // <- finding
                        }
                    """,
                    "app/share/[shareKey]/page.tsx": """
                        import { answersTo } from './actions'
                        export default function Page() { return <Answers load={answersTo} /> }
                    """,
                }
            ),
        ),
        Bad(
            "an open page, on which visitors see their own alone",
            app(
                {
                    "app/(in)/layout.tsx": LAYOUT,
                    "app/(in)/settings/page.tsx": "export default function Page() { return <p>Settings</p> }",
                    "app/drafts/actions.ts": """
                        'use server'
                        import { prisma } from '../../lib/prisma'

                        export async function draft(id: string) {
                          return prisma.draft.findFirst({ where: { id }, select: { text: true } })  // <- finding
                        }
                    """,
                    "app/drafts/page.tsx": """
                        import { auth } from '../../lib/auth'
                        import { prisma } from '../../lib/prisma'
                        import { draft } from './actions'

                        export default async function Page() {
                          const session = await auth()
                          const drafts = await prisma.draft.findMany({ where: { userId: session?.user?.id ?? '' } })
                          return <Drafts drafts={drafts} load={draft} />
                        }
                    """,
                }
            ),
        ),
        Good(
            "a page for those who were sent its address, and an action that takes what was sent",
            app(
                {
                    "app/(in)/layout.tsx": LAYOUT,
                    "app/(in)/settings/page.tsx": "export default function Page() { return <p>Settings</p> }",
                    "app/share/[shareKey]/actions.ts": """
                        'use server'
                        import { prisma } from '../../../lib/prisma'

                        export async function answers(shareKey: string) {
                          const survey = await prisma.survey.findUnique({ where: { shareKey }, select: { id: true } })
                          if (!survey) throw new Error('Not found')
                          return prisma.answer.findMany({ where: { surveyId: survey.id }, select: { text: true } })
                        }
                    """,
                    "app/share/[shareKey]/page.tsx": """
                        import { answers } from './actions'
                        export default function Page() { return <Answers load={answers} /> }
                    """,
                }
            ),
        ),
        Good(
            "whether an address is taken, asked while somebody signs up",
            actions(
                """
                    'use server'
                    import { eq } from 'drizzle-orm'
                    import { db, users } from '../lib/db'

                    export async function taken(email: string) {
                      return db.query.users.findFirst({ where: eq(users.email, email), columns: { email: true } })
                    }
                """,
                {
                    "lib/db.ts": """
                        import { drizzle } from 'drizzle-orm/node-postgres'
                        import { pgTable, text } from 'drizzle-orm/pg-core'
                        export const users = pgTable('users', { id: text('id'), email: text('email') })
                        export const db = drizzle(process.env.DATABASE_URL, { schema: { users } })
                    """,
                    "lib/schema.ts": """
                        import { z } from 'zod'
                        import { taken } from '../app/actions'
                        const isFree = async (email: string) => !(await taken(email))
                        export const SignUp = z.object({ email: z.string().email().refine(isFree) })
                    """,
                    "app/sign-up/page.tsx": """
                        'use client'
                        import { SignUp } from '../../lib/schema'
                        export default function Page() {
                          return <form action={(data) => SignUp.parseAsync(Object.fromEntries(data))} />
                        }
                    """,
                    "app/account/page.tsx": """
                        import { redirect } from 'next/navigation'
                        import { auth } from '../../lib/auth'
                        export default async function Page() {
                          if (!(await auth())) redirect('/login')
                          return <p>Yours</p>
                        }
                    """,
                },
            ),
        ),
        Good(
            "an open page counts its views and shows the same to everybody",
            app(
                {
                    "app/(in)/layout.tsx": LAYOUT,
                    "app/(in)/settings/page.tsx": "export default function Page() { return <p>Settings</p> }",
                    "app/actions.ts": """
                        'use server'
                        import { prisma } from '../lib/prisma'

                        export async function viewed(slug: string) {
                          await prisma.article.update({ where: { slug }, data: { views: { increment: 1 } } })
                        }

                        export async function moreArticles(page: number) {
                          return prisma.article.findMany({ skip: page * 10, take: 10, select: { title: true } })
                        }
                    """,
                    "app/articles/page.tsx": """
                        import { moreArticles, viewed } from '../actions'
                        export default function Page() { return <List more={moreArticles} onView={viewed} /> }
                    """,
                }
            ),
        ),
        Good(
            "an open page makes accounts",
            app(
                {
                    "app/(in)/layout.tsx": LAYOUT,
                    "app/(in)/settings/page.tsx": "export default function Page() { return <p>Settings</p> }",
                    "app/actions.ts": """
                        'use server'
                        import { hash } from 'bcryptjs'
                        import { prisma } from '../lib/prisma'

                        export async function register(form: FormData) {
                          const email = String(form.get('email'))
                          const password = await hash(String(form.get('password')), 10)
                          await prisma.user.create({ data: { email, password } })
                        }
                    """,
                    "app/register/page.tsx": """
                        import { register } from '../actions'
                        export default function Page() { return <form action={register} /> }
                    """,
                }
            ),
        ),
        Good(
            "a helper two files away redirects",
            {
                "app/actions.ts": """
                    'use server'
                    import { currentMember } from '../lib/dal'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const member = await currentMember()
                      await prisma.post.deleteMany({ where: { id, authorId: member.id } })
                    }
                """,
                "lib/dal.ts": """
                    import { cache } from 'react'
                    import { redirect } from 'next/navigation'
                    import { auth } from './auth'

                    export const currentMember = cache(async () => {
                      const session = await auth()
                      if (!session?.user) redirect('/login')
                      return session.user
                    })
                """,
                "lib/auth.ts": """
                    import NextAuth from 'next-auth'
                    export const { auth, signIn } = NextAuth({ providers: [] })
                """,
                "lib/prisma.ts": """
                    import { PrismaClient } from '@prisma/client'
                    export const prisma = new PrismaClient()
                """,
            },
        ),
        Good(
            "signing in needs no session",
            {
                "app/actions.ts": """
                    'use server'
                    import { signIn } from '../lib/auth'

                    export async function login(formData: FormData) {
                      await signIn('credentials', formData)
                    }
                """,
                "lib/auth.ts": """
                    import NextAuth from 'next-auth'
                    export const { auth, signIn } = NextAuth({ providers: [] })
                """,
            },
        ),
    ),
)
