"""A signed-in caller says who they are, and the action believes them.

## Why this is bad
The session says who is calling; an argument says whatever the caller wants. An action that takes `userId` and acts for
that user acts for anybody.

```
curl -X POST https://example.com/chats -H 'Next-Action: 40d7…' -H "Cookie: $MY_OWN_SESSION" --data '["your-user-id"]'
```

## Use instead
Take the identity from the session, and drop the parameter.

## How it is decided
The key of an effect, or the owner of a new record, comes from the input under a field that says whose a record is
(`userId`, `ownerId`, `customerId`), and nothing on the path has shown that it is the caller: it was not compared with
the session, and no role or tenant of the caller's covers it. Behind a role, a permission or a membership that was asked
for, the user who is named is a target: whether they are within its reach is for `missing-ownership-check`. An argument
that only stands in where it is given (`input.userId ?? session.user.id`) overrides the session all the same.

A read of what an argument names is reported as well where the pages that use the action, and no code of browsers, ask
for it with the id of whoever is signed in: theirs is what it is there for. Rows that may be published are left alone.

A mail is reported where the caller chooses its recipient, all of its subject and a part of its body, has shown no
right, and does not write in their own name: an account is all it takes to send anything to anybody. Where nothing in
the code lets people make an account, those who have one are staff, and it is a line of the checklist.

## When it is intended
Where the argument names the target and not the actor, prove the right to act on it first: a role, a membership.

## What Next.js does give
Nothing here: the arguments of an action are the caller's choice.

## References
- CWE-639: Authorization Bypass Through User-Controlled Key, https://cwe.mitre.org/data/definitions/639.html
- OWASP API1:2023 Broken Object Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ANY_USER,
    ActionFacts,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    Persona,
    ReadForTheCaller,
    Rule,
    Severity,
    Step,
    Unowned,
    described,
    is_known,
    named,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first effect that takes the caller's word for who they are."""
    for found in action.unowned_effects():
        if found.stands_for is None:
            continue
        if found.says:
            yield relayed(action, found)
            return
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {described(found.effect)} for whoever {named(found.named_by)} "
            f"{'says' if len(found.named_by) == 1 else 'say'} (`{found.stands_for}`). "
            f"{who(action, found)} can send another one's.",
            remedy="Take the identity from the session, and drop the parameter.",
            confidence=Confidence.LOW if action.is_known_at_best(found.effect) else Confidence.HIGH,
        )
        return
    read = action.read_for_the_caller()
    if read is not None and action.private_read() is None:
        yield asked_for_another(action, read)


def asked_for_another(action: ActionFacts, read: ReadForTheCaller) -> Finding:
    """A read that pages ask for with the id of whoever is signed in, and any of them with another one's."""
    at = next((span for span in read.page.trail if span.end), read.page.span)
    return RULE.finding(
        action,
        read.effect,
        message=f"{action.label} {described(read.effect)} for whoever {named(read.named_by)} says. The page that uses "
        "it names its own visitor there; any signed-in user can send another one's.",
        remedy="Take the identity from the session, and drop the parameter.",
        steps=(Step(at.path, at.line, "asks for the visitor's own"),),
    )


def who(action: ActionFacts, found: Unowned) -> str:
    """Who gets that far."""
    return "Any signed-in user" if is_known(found.effect) else "Anyone, without a session even,"


def relayed(action: ActionFacts, found: Unowned) -> Finding:
    """A mail of which the caller chooses the recipient and the words."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)} to whoever {named(found.named_by)} names, and says what "
        f"{named(found.says)} {'says' if len(found.says) == 1 else 'say'}. Any signed-in user can send anything to "
        "anybody in the name of this application.",
        remedy="Send to the session's own address, or write the message here and take only its parts from the caller.",
        confidence=Confidence.MEDIUM,
        persona=Persona.REGULAR if action.lets_anybody_in() else Persona.PEDANTIC,
    )


AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""
PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""
HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
"""

ALIASES = '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}'
ORDERS_OF = """
    export async function ordersOf(userId: string) {
      const session = await auth()
      if (!session) throw new Error('Not signed in')
      return prisma.order.findMany({ where: { userId }, select: { id: true, total: true } })  // <- finding
    }
"""
ORDERS_PAGE = """
    import { redirect } from 'next/navigation'
    import { auth } from '@/lib/auth'
    import { ordersOf } from '@/app/actions'
    export default async function Page(%s) {
      const session = await auth()
      if (!session?.user) redirect('/login')
      const orders = await ordersOf(%s)
      return <ul>{orders.map((each) => <li key={each.id}>{each.total}</li>)}</ul>
    }
"""

RULE = Rule(
    id="identity-from-input",
    title="the caller says who they are",
    headline=f"{ANY_USER} can {{takes}}",
    severity=Severity.HIGH,
    cwe=639,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "the page names its visitor, and any other caller whom they like",
            {
                "app/actions.ts": HEAD + ORDERS_OF,
                "tsconfig.json": ALIASES,
                "app/orders/page.tsx": ORDERS_PAGE % ("", "session.user.id"),
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "a page names others as well",
            {
                "app/actions.ts": HEAD + ORDERS_OF.replace("  // <- finding", ""),
                "tsconfig.json": ALIASES,
                "app/orders/page.tsx": ORDERS_PAGE % ("", "session.user.id"),
                "app/people/[id]/page.tsx": ORDERS_PAGE % ("{ params }", "(await params).id"),
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "the user is an argument",
            {
                "app/actions.ts": HEAD
                + """
    export async function forgetAll(userId: string) {
      const session = await auth()
      if (!session) throw new Error('Not signed in')
      await prisma.chat.deleteMany({ where: { userId } })  // <- finding
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "an optional argument overrides the session",
            {
                "app/actions.ts": HEAD
                + """
    export async function rename(name: string, ownerId?: string) {
      const session = await auth()
      if (!session?.user) return { error: 'Not signed in' }
      await prisma.agent.updateMany({ where: { ownerId: ownerId ?? session.user.id }, data: { name } })  // <- finding
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "a new record for somebody else",
            {
                "app/actions.ts": HEAD
                + """
    export async function post(authorId: string, text: string) {
      const session = await auth()
      if (!session?.user) return { error: 'Not signed in' }
      await prisma.post.create({ data: { authorId, text } })  // <- finding
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "a user who is sent stands in for the session's",
            {
                "app/actions.ts": HEAD
                + """
    export async function drafts(given?: { id: string } | null) {
      const user = given ?? (await auth())?.user
      if (!user) return []
      return prisma.post.findMany({ where: { authorId: user.id }, select: { title: true } })  // <- finding
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "whose published posts are wanted, the caller's own by default",
            {
                "app/actions.ts": HEAD
                + """
    export async function published(authorId?: string) {
      const id = authorId ?? (await auth())?.user?.id
      return prisma.post.findMany({ where: { authorId: id, isPublished: true }, select: { title: true } })
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "a message to whom the sent user is said to be",
            {
                "app/actions.ts": HEAD
                + """
                    import { Resend } from 'resend'
                    const resend = new Resend(process.env.RESEND_KEY)

                    export async function tellOfLogin(user: { id: string; email: string }, text: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const mail = { from: 'us@example.com', to: user.email, subject: 'Hello', text }
                      await resend.emails.send(mail)  // <- finding
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Bad(
            "any message to anybody, in the name of the house",
            {
                "app/actions.ts": HEAD
                + """
                    import { createTransport } from 'nodemailer'
                    const transport = createTransport({ host: process.env.SMTP_HOST })

                    export async function sendPreview({ to, subject, html }: Preview) {
                      const session = await auth()
                      if (!session) throw new Error('Not signed in')
                      const mail = { from: process.env.MAIL_FROM, to, subject, html }
                      await transport.sendMail(mail)  // <- finding
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "any message, but only to oneself",
            {
                "app/actions.ts": HEAD
                + """
                    import { createTransport } from 'nodemailer'
                    const transport = createTransport({ host: process.env.SMTP_HOST })

                    export async function sendPreview({ to, subject, html }: Preview) {
                      const session = await auth()
                      if (!session?.user || session.user.email !== to) throw new Error('Not yours')
                      await transport.sendMail({ from: process.env.MAIL_FROM, to, subject, html })
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "words of the house to whom the caller names",
            {
                "app/actions.ts": HEAD
                + """
                    import { createTransport } from 'nodemailer'
                    const transport = createTransport({ host: process.env.SMTP_HOST })

                    export async function recommend(to: string, name: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const html = `<p>Hello ${name}, have a look at our shop.</p>`
                      await transport.sendMail({ from: process.env.MAIL_FROM, to, subject: 'Have a look', html })
                    }
                """,
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "compared with the session",
            {
                "app/actions.ts": HEAD
                + """
    export async function forgetAll(userId: string) {
      const session = await auth()
      if (!session?.user || session.user.id !== userId) throw new Error('Not yours')
      await prisma.chat.deleteMany({ where: { userId } })
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
        Good(
            "an administrator names the target",
            {
                "app/actions.ts": HEAD
                + """
    export async function suspend(userId: string) {
      const session = await auth()
      if (session?.user?.role !== 'admin') throw new Error('Not allowed')
      await prisma.chat.deleteMany({ where: { userId } })
    }
""",
                "lib/auth.ts": AUTH,
                "lib/prisma.ts": PRISMA,
            },
        ),
    ),
)
