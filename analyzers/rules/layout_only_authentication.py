"""A page leaves it to the layout around it to ask who is there.

## What it does
Finds pages that read records and show them, while only a layout above them asks for the session. It looks at the pages
that a change touches, and at those beneath the layouts that it touches: a check that moves from a page to its layout is
seen from both sides.

## Why this is bad
A layout is no gate. Next.js renders a page beside its layout, and not behind it; on navigation within the layout it
renders the page alone; and a request may ask for the page alone, by the tree that it says to have already. The layout
then never runs, as seen with Next.js 16.4:

```
curl -L https://example.com/invoices -H 'RSC: 1' \\
  -H 'Next-Router-State-Tree: %5B%22%22%2C%7B%22children%22%3A%5B%22invoices%22%2C%7B%22children%22%3A%5B%22__PAGE__%22\
%2C%7B%7D%2Cnull%2C%22refetch%22%5D%7D%5D%7D%5D'
# … the rows of the page, and no word of the sign-in page
```

Neither does a layout run when an action of such a page is called: the checklist says so of each action (item F).

## Use instead
Ask in the page, or better in the function that reads the data, which then asks wherever it is called from:

```
export async function invoices() {
  const user = await requireUser()
  return prisma.invoice.findMany({ where: { ownerId: user.id } })
}
```
The layout may ask as well, to send people to the sign-in page early.

## How it is decided
Page and layout are executed as the router does. The layout knows who is there once it has made its elements; in the
page, some record that it shows was read while nobody was known. What the database judges by the visitor's own rights is
no such read.

## When it is intended
Where the page shows nothing that an anonymous caller may not see: `// preship: ignore layout-only-authentication --
reason` on the line of the read.

## What Next.js does give
A page that is asked for by its address is rendered with its layouts, and a redirect of theirs is followed; but the body
of that very answer holds what the page has rendered meanwhile. Its documentation warns of relying on layouts. A proxy
(middleware) that checks the address runs before all of this; it is no check of the data either.

## References
- CWE-288: Authentication Bypass Using an Alternate Path or Channel, https://cwe.mitre.org/data/definitions/288.html
- OWASP, Authorization Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/Authorization_Cheat_Sheet.html
- Next.js, Layouts and auth checks, https://nextjs.org/docs/app/guides/authentication#layouts-and-auth-checks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preship.analyzers.rule import (
    STACK,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    KnownMiss,
    OpenPage,
    Rule,
    Severity,
    Step,
    described,
)


def check(page: OpenPage) -> Iterator[Finding]:
    """Report the first record that a page shows to whoever asks for it."""
    read = page.reads[0]
    place = page.place_of(read)
    yield RULE.at(
        place,
        message=f"{page.label} {described(read)} and shows it, and only `{page.layout}` asks who is there. "
        "A request for the page alone never runs its layout.",
        remedy="Ask for the session in the page, or in the function that reads the data.",
        evidence=f"reads:{read.target}",
        # Whether the records are anybody's secret, the code does not say; that they are shown behind a sign-in does.
        confidence=Confidence.MEDIUM,
        steps=(
            Step(page.layout, page.asked_at.line, f"the layout asks here ({page.check.source})"),
            Step(read.span.path, read.span.line, described(read)),
        ),
        cause=page.asked_at,
    )


def app(files: Mapping[str, str]) -> Mapping[str, str]:
    """An example: these files, and those that most examples share."""
    return {**STACK, **files}


LAYOUT = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'

    export default async function Layout({ children }) {
      const session = await auth()
      if (!session?.user) redirect('/sign-in')
      return <main>{children}</main>
    }
"""

RULE = Rule(
    id="layout-only-authentication",
    title="only the layout asks who is there",
    headline="{action} leaves the check to its layout",
    severity=Severity.HIGH,
    cwe=288,
    item=Item.PLACEMENT,
    check=check,
    about=OpenPage,
    examples=(
        Bad(
            "the page reads, the layout redirects",
            app(
                {
                    "app/invoices/layout.tsx": LAYOUT,
                    "app/invoices/page.tsx": """
                        import { prisma } from '../../lib/prisma'

                        export default async function Page() {
                          const invoices = await prisma.invoice.findMany({ take: 50 })  // <- finding
                          return <ul>{invoices.map((invoice) => <li key={invoice.id}>{invoice.total}</li>)}</ul>
                        }
                    """,
                }
            ),
        ),
        Bad(
            "the check stands two folders above, the read in a function that asks nobody",
            app(
                {
                    "app/admin/layout.tsx": LAYOUT,
                    "lib/users.ts": """
                        import { prisma } from './prisma'
                        export const findUser = (id: string) => prisma.user.findUnique({ where: { id } })
                    """,
                    "app/admin/users/[id]/page.tsx": """
                        import { findUser } from '../../../../lib/users'

                        export default async function Page({ params }) {
                          const { id } = await params
                          const user = await findUser(id)  // <- finding
                          return <h1>{user?.email}</h1>
                        }
                    """,
                }
            ),
        ),
        Good(
            "the function that reads asks as well",
            app(
                {
                    "app/invoices/layout.tsx": LAYOUT,
                    "lib/invoices.ts": """
                        import { redirect } from 'next/navigation'
                        import { auth } from './auth'
                        import { prisma } from './prisma'
                        export async function invoices() {
                          const session = await auth()
                          if (!session?.user) redirect('/sign-in')
                          return prisma.invoice.findMany({ where: { ownerId: session.user.id } })
                        }
                    """,
                    "app/invoices/page.tsx": """
                        import { invoices } from '../../lib/invoices'
                        export default async function Page() {
                          return <p>{(await invoices()).map((invoice) => invoice.total)}</p>
                        }
                    """,
                }
            ),
        ),
        Good(
            "the page reads first, and asks before it shows anything",
            app(
                {
                    "app/invoices/layout.tsx": LAYOUT,
                    "app/invoices/page.tsx": """
                        import { redirect } from 'next/navigation'
                        import { auth } from '../../lib/auth'
                        import { prisma } from '../../lib/prisma'

                        export default async function Page() {
                          const [session, invoices] = await Promise.all([auth(), prisma.invoice.findMany({ take: 50 })])
                          if (!session?.user) redirect('/sign-in')
                          return <p>{invoices.map((invoice) => invoice.total)}</p>
                        }
                    """,
                }
            ),
        ),
        Good(
            "a layout that lets everybody in, and a page for everybody",
            app(
                {
                    "app/blog/layout.tsx": """
                        export default function Layout({ children }) {
                          return <main>{children}</main>
                        }
                    """,
                    "app/blog/page.tsx": """
                        import { prisma } from '../../lib/prisma'
                        export default async function Page() {
                          const posts = await prisma.post.findMany({ where: { published: true } })
                          return <ul>{posts.map((post) => <li key={post.id}>{post.title}</li>)}</ul>
                        }
                    """,
                }
            ),
        ),
        Good(
            "a page that reads nothing",
            app(
                {
                    "app/invoices/layout.tsx": LAYOUT,
                    "app/invoices/page.tsx": "export default function Page() { return <p>Nothing yet</p> }",
                }
            ),
        ),
        KnownMiss(
            "a component that the page renders reads",
            app(
                {
                    "app/invoices/layout.tsx": LAYOUT,
                    "app/invoices/list.tsx": """
                        import { prisma } from '../../lib/prisma'
                        export async function List() {
                          const invoices = await prisma.invoice.findMany({ take: 50 })
                          return <p>{invoices.map((invoice) => invoice.total)}</p>
                        }
                    """,
                    "app/invoices/page.tsx": """
                        import { List } from './list'
                        export default function Page() { return <List /> }
                    """,
                }
            ),
        ),
    ),
)
