"""A function became an endpoint that nobody meant to have.

## What it does
Finds exports of `'use server'` files that only code of the server calls: helpers of route handlers and of other
actions, look-ups behind a guard, factories of database clients, memoised reads, components, the router's own files.

## Why this is bad
The directive makes **every** export of the file callable over the network, with arguments of the caller's choice. A
helper that trusts its callers has none to trust any more.

```
curl -X POST https://example.com/ -H 'Next-Action: 7f2c…' -H 'Content-Type: text/plain;charset=UTF-8' \\
  --data '["user_2abc"]'   # deleteUser(clerkId), written for a webhook
```

## Use instead
Keep in a `'use server'` file only what forms and components call. Move the rest into a module without the directive,
with `import 'server-only'` at its head; what only its own file needs loses its `export`.

## How it is decided
Every file of the repository that imports the function is looked at, through barrels, namespaces and `import()`. It
fires where all of them run on the server and only call it, one of them at least is no component, and it does something:
reading or changing data, asking who calls, telling whether a credential is right, signing what it is given; where it is
a component that other components render, and reads or changes something; where what it gives is a connection or a
function, which nobody could receive over the network; and where the request names the table that it works on. Where it
needs an argument that no request can carry, a transaction or a callback, a call over the network fails: a nuance. So it
is where the function asks who is calling before it touches anything (whose that is, another rule asks), where it asks
in a way that does not hold, which has a rule of its own, where a cookie or header of the request chooses what it reads,
where it gives visitors less than members, where the database judges callers by their own rights, where all that it
gives is who the caller is, and where it only reads what open pages are there for. Hooks, and what calls one of React's
or of a library for queries, are code of browsers.
Which exports a build serves hangs on who imports their **file**, as was measured (`project/serving.py`): all of them
where something that is rendered on the server does, or where webpack builds and code of browsers does; with Turbopack,
from Next.js 16 on, only those that this code uses; none where only route handlers do, or actions that browsers alone
use. What is left out today and asks nobody is of medium severity, and the comment says what brings it in: one import.
Exports that nothing uses are left alone. So are those that only components call, for reading in a
server component what the browser may read as well is common; not where every page that calls it asks for a session and
says whose records are wanted (`ordersOf(session.user.id)`), and the function asks nobody.

## When it is intended
A function that is called from outside the repository can say so: `// preship: public -- reason`.

## What Next.js does give
Ids of actions change with each build, and a file that nothing rendered imports is left out. Everything else that it
exports beside what a form needs is not. None of it is authentication or authorization.

## References
- CWE-749: Exposed Dangerous Method or Function, https://cwe.mitre.org/data/definitions/749.html
- Next.js, `use server`, https://nextjs.org/docs/app/api-reference/directives/use-server
- Next.js, Data Security, https://nextjs.org/docs/app/guides/data-security
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Confidence,
    Effect,
    Exposure,
    Finding,
    Good,
    Item,
    KnownMiss,
    Persona,
    Rule,
    Served,
    Severity,
    Step,
    actions,
    sinks,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report an export that only the server calls, or that gives what cannot leave it."""
    exposure = action.exposure
    if exposure is None or action.is_declared_public:
        return
    if exposure.is_route_file:
        yield route_file(action)
    elif action.gives_a_client():
        yield factory(action)
    elif on_any_table := next(sinks.tables(action.effects), None):
        yield generic(action, on_any_table)
    elif exposure.is_a_component and action.does_something:
        yield component(action, exposure)
    elif (
        exposure.stays_on_the_server
        and action.does_something
        and (is_a_helper(exposure) or (exposure.uses and action.trusts_its_pages()))
    ):
        yield helper(action, exposure)


def is_a_helper(exposure: Exposure) -> bool:
    """Whether more than components call it, or its own module says that it is for the server."""
    return bool(exposure.server_callers) or exposure.is_memoised or exposure.is_marked_for_the_server


def helper(action: ActionFacts, exposure: Exposure) -> Finding:
    """Only code of the server calls it."""
    callers = exposure.server_callers or exposure.uses
    is_own = all(use.path == action.path for use in exposure.uses)
    who = "its own file only" if is_own else f"code of the server only, as in `{callers[0].path}`"
    is_open, answers = is_open_to_all(action), not exposure.is_left_out
    found = RULE.of_whole(
        action,
        message=f"{action.label} is called by {who}. {reached(action, exposure)}.",
        remedy="Drop the `export`."
        if is_own
        else "Move it to a module without the directive, with `import 'server-only'` at its head.",
        evidence="only the server calls it",
        severity=severity_of(action, is_open=is_open, answers=answers),
        steps=tuple(Step(use.path, use.line, "calls it on the server") for use in callers[:3]),
        persona=Persona.REGULAR if (is_open or answers) and not is_harmless(action) else Persona.PEDANTIC,
    )
    headline = found.headline if answers else f"{action.label} is one import away from the network"
    return replace(found, headline=headline, is_open_to_all=is_open)


def is_open_to_all(action: ActionFacts) -> bool:
    """Whether whoever calls it gets something, and is asked nothing."""
    found = action.anonymous_effect()
    is_answered = action.is_chosen_by_its_request() or action.is_read_for_both() or action.asks_in_vain()
    is_reached = found is not None and not is_answered and not action.is_left_to_the_database()
    return is_reached or action.vouched() is not None


def severity_of(action: ActionFacts, *, is_open: bool, answers: bool) -> Severity:
    """The worst is what answers today and asks nobody."""
    if action.unsendable or not (is_open or answers):
        return Severity.LOW
    return Severity.HIGH if is_open and answers else Severity.MEDIUM


def is_harmless(action: ActionFacts) -> bool:
    """Whether a call over the network brings nothing, or nothing that another finding does not say."""
    return (
        action.unsendable is not None
        or action.asks_itself()
        or action.asks_in_vain()
        or action.is_chosen_by_its_request()
        or action.is_read_for_both()
        or action.is_left_to_the_database()
        or action.is_read_on_open_pages()
        or action.only_tells_of_the_caller()
        or action.only_shows_what_all_may_see()
    )


def reached(action: ActionFacts, exposure: Exposure) -> str:
    """The sentence about calls over the network: when they reach it, and what comes of them."""
    if action.unsendable is not None:
        return f"{SERVED}, where it fails: no request carries a `{action.unsendable}`"
    come = f"{', with any arguments' if action.parameters else ''}{gained(action)}"
    if exposure.served is Served.NO:
        return f"{LEFT_OUT}{come}"
    if exposure.served is not Served.BY_WEBPACK or exposure.is_built_by_turbopack is False:
        return f"{SERVED}{come}"
    return f"{LEFT_OUT_BY_TURBOPACK if exposure.is_built_by_turbopack else SERVED_BY_WEBPACK}{come}"


SERVED = "The `'use server'` directive of its file makes it callable over the network"
SERVED_BY_WEBPACK = f"{SERVED} where webpack builds the application, as Next.js does before version 16"
LEFT_OUT = (
    "The build leaves it out today, because nothing that is rendered imports its file. With the first page or client "
    "component that does, the `'use server'` directive makes it callable over the network"
)
LEFT_OUT_BY_TURBOPACK = (
    "Turbopack leaves it out today, because code of browsers uses other exports of its file only. Built by webpack, "
    "or imported by one more page, it is callable over the network"
)


def component(action: ActionFacts, exposure: Exposure) -> Finding:
    """The directive stands on a server component."""
    return RULE.of_whole(
        action,
        message=f"{action.label} is a component, and the `'use server'` directive of its file makes it callable over "
        "the network as well, with any arguments in place of its props.",
        remedy="Remove the directive: a component without `'use client'` runs on the server as it is.",
        evidence="a component",
        severity=Severity.HIGH if action.anonymous_effect() is not None else Severity.MEDIUM,
        persona=Persona.REGULAR if action.anonymous_effect() is not None else Persona.PEDANTIC,
        steps=tuple(Step(use.path, use.line, "renders it") for use in exposure.uses[:3]),
    )


def gained(action: ActionFacts) -> str:
    """What whoever calls it has from that, behind the words that say so."""
    if action.vouched() is not None:
        return ": whoever calls it has anything signed with the server's key, somebody else's session above all"
    return ": it asks nobody who is calling" if is_open_to_all(action) else ""


def generic(action: ActionFacts, effect: Effect) -> Finding:
    """It serves all tables alike."""
    return RULE.finding(
        action,
        effect,
        message=f"{action.label} works on whichever table the request names (`{effect.what}`). It is a tool for other "
        "code of the server, and the `'use server'` directive hands it to everybody.",
        remedy="Move it to a module without the directive, with `import 'server-only'` at its head, and export one "
        "action for each thing that may be done.",
    )


def factory(action: ActionFacts) -> Finding:
    """What it gives cannot be sent."""
    return RULE.of_whole(
        action,
        message=f"{action.label} gives a connection or a function, which only code of the server can use, and the "
        "`'use server'` directive makes it callable over the network.",
        remedy="Move it to a module without the directive, with `import 'server-only'` at its head.",
        evidence="gives a client",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        # What cannot be sent fails on its way to whoever calls: they get nothing by it.
        persona=Persona.PEDANTIC,
    )


def route_file(action: ActionFacts) -> Finding:
    """The directive stands on a file of the router."""
    return RULE.of_whole(
        action,
        message=f"The `'use server'` directive stands at the head of a file that the router calls, so {action.label} "
        "can be called over the network as well, with any arguments in place of `params` and `searchParams`.",
        remedy="Remove the directive: pages and layouts run on the server without it.",
        evidence="a file of the router",
        severity=Severity.MEDIUM,
    )


RULE = Rule(
    id="accidental-endpoint",
    title="an endpoint by accident",
    headline="{action} can be called over the network",
    severity=Severity.HIGH,
    cwe=749,
    item=Item.DATA_ACCESS,
    is_for_handlers=False,
    check=check,
    examples=(
        Bad(
            "a helper of a webhook",
            actions(
                """
                'use server'
                import { prisma } from '../lib/prisma'

                export async function deleteUser(clerkId: string) {  // <- finding
                  await prisma.user.delete({ where: { clerkId } })
                }
                """,
                {
                    "app/api/webhook/route.ts": """
                        import { verifyWebhook } from '@clerk/nextjs/webhooks'
                        import { deleteUser } from '../../actions'

                        export async function POST(request: Request) {
                          const event = await verifyWebhook(request)
                          if (event.type === 'user.deleted') await deleteUser(event.data.id)
                          return new Response()
                        }
                    """
                },
            ),
        ),
        Bad(
            "a component",
            {
                "components/comments.tsx": """
                    'use server'
                    import { prisma } from '../lib/prisma'

                    export async function Comments({ postId }: { postId: string }) {  // <- finding
                      const found = await prisma.comment.findMany({ where: { postId } })
                      return <ul>{found.map((comment) => <li key={comment.id}>{comment.text}</li>)}</ul>
                    }
                """,
                "app/page.tsx": """
                    import { Comments } from '../components/comments'
                    export default function Page({ post }) { return <Comments postId={post.id} /> }
                """,
                "lib/prisma.ts": """
                    import { PrismaClient } from '@prisma/client'
                    export const prisma = new PrismaClient()
                """,
            },
        ),
        Bad(
            "what signs sessions, and what reads them",
            actions(
                """
                'use server'
                import { SignJWT, jwtVerify } from 'jose'
                const key = new TextEncoder().encode(process.env.SESSION_SECRET)

                export async function encrypt(payload: { userId: string; role: string }) {  // <- finding
                  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('7d').sign(key)
                }

                export async function decrypt(session: string) {  // <- finding
                  const { payload } = await jwtVerify(session, key, { algorithms: ['HS256'] })
                  return payload.exp
                }
                """,
                {
                    "lib/session.ts": """
                        import { cookies } from 'next/headers'
                        import { decrypt, encrypt } from '../app/actions'

                        export async function renew(userId: string, role: string) {
                          const jar = await cookies()
                          const session = jar.get('session')?.value
                          if (session) await decrypt(session)
                          jar.set('session', await encrypt({ userId, role }), { httpOnly: true })
                        }
                    """
                },
            ),
        ),
        Bad(
            "a step of another action, exported beside it",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function grantCredits(userId: string, credits: number) {  // <- finding
                  await prisma.user.update({ where: { id: userId }, data: { credits } })
                }

                export async function claimWelcomeGift() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await grantCredits(session.user.id, 10)
                }
                """,
                {
                    "app/gift.tsx": """
                        'use client'
                        import { claimWelcomeGift } from './actions'
                        export const Gift = () => <button onClick={() => claimWelcomeGift()}>Claim</button>
                    """
                },
            ),
        ),
        Bad(
            "a client with the service role, one request away",
            {
                "lib/supabase.ts": """
                    'use server'
                    import { createClient } from '@supabase/supabase-js'

                    export async function adminClient() {  // <- finding
                      return createClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.SUPABASE_SERVICE_ROLE_KEY)
                    }
                """,
            },
        ),
        Bad(
            "one function for all tables",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function insertRow(tableName: string, row: object) {
                  const db = await supabase()
                  await db.from(tableName).insert(row)  // <- finding
                }
            """),
        ),
        Good(
            "a client component calls it",
            actions(
                """
                'use server'
                import { prisma } from '../lib/prisma'

                export async function subscribe(email: string) {
                  await prisma.subscriber.create({ data: { email } })
                }
                """,
                {
                    "app/form.tsx": """
                        'use client'
                        import { subscribe } from './actions'
                        export const Form = () => <button onClick={() => subscribe('me@example.com')}>Subscribe</button>
                    """
                },
            ),
        ),
        Good(
            "a server component hands it to a form, bound to a record",
            actions(
                """
                'use server'
                import { prisma } from '../lib/prisma'

                export async function deletePost(id: string) {
                  await prisma.post.delete({ where: { id } })
                }
                """,
                {
                    "app/page.tsx": """
                        import { deletePost } from './actions'
                        export default function Page({ post }) {
                          return <form action={deletePost.bind(null, post.id)}><button>Delete</button></form>
                        }
                    """,
                    "app/api/clean/route.ts": """
                        import { deletePost } from '../../actions'
                        export async function POST() { await deletePost('spam') }
                    """,
                },
            ),
        ),
        Good(
            "nothing uses it: Next.js leaves it out",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function countPosts() {
                  return prisma.post.count()
                }
            """),
        ),
        Bad(
            "a read for whoever its page says, which asks for a session",
            actions(
                """
                'use server'
                import { prisma } from '../lib/prisma'

                export async function ordersOf(userId: string) {  // <- finding
                  return prisma.order.findMany({ where: { userId } })
                }
                """,
                {
                    "app/page.tsx": """
                        import { redirect } from 'next/navigation'
                        import { auth } from '../lib/auth'
                        import { ordersOf } from './actions'

                        export default async function Page() {
                          const session = await auth()
                          if (!session?.user) redirect('/login')
                          return <Orders all={await ordersOf(session.user.id)} />
                        }
                    """
                },
            ),
        ),
        Bad(
            "a helper that says what its caller may do",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { headers } from 'next/headers'
                import { auth as better } from '../lib/better'

                export async function isAdmin() {  // <- finding
                  const { success } = await better.api.hasPermission({
                    headers: await headers(), body: { permissions: { project: ['delete'] } },
                  })
                  return success
                }
                """,
                {
                    "lib/better.ts": "import { betterAuth } from 'better-auth'\nexport const auth = betterAuth({})",
                    "lib/members.ts": """
                        import { isAdmin } from '../app/actions'
                        export async function assertAdmin() { if (!(await isAdmin())) throw new Error('Not allowed') }
                    """,
                },
            ),
        ),
        KnownMiss(
            "a read that only an open page calls",
            actions(
                """
                'use server'
                import { prisma } from '../lib/prisma'

                export async function ordersOf(userId: string) {
                  return prisma.order.findMany({ where: { userId } })
                }
                """,
                {
                    "app/page.tsx": """
                        import { ordersOf } from './actions'
                        export default async function Page() { return <Orders all={await ordersOf('me')} /> }
                    """
                },
            ),
        ),
    ),
)
