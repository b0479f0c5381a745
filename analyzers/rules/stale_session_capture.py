"""An inline action relies on the session of the page that rendered it.

## Why this is bad
An inline action captures variables of the render. Next.js encrypts them, so that they cannot be forged, but they are
old: who was signed out, demoted or removed since can still send the request that the page gave them.

```
curl -X POST https://example.com/team -H 'Next-Action: 6f9e…' -F '1_$ACTION_ID=…'   # copied from a page of yesterday
```

## Use instead
Ask for the session inside the action; capture ids, not rights.

## How it is decided
The page around the inline action had proven who is calling, and the action itself proves nothing before its effect.

## When it is intended
Where an old page may still act, say so: `// preship: public -- reason`.

## What Next.js does give
Action ids are encrypted and change with each build, unused actions are dropped, and the Origin header is compared with
the host. None of it is authentication.

## References
- CWE-613: Insufficient Session Expiration, https://cwe.mitre.org/data/definitions/613.html
- Next.js, Closures and encryption, https://nextjs.org/docs/app/guides/data-security#closures-and-encryption
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ActionFacts,
    AuthenticationFault,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    Rule,
    Severity,
    Step,
    actions,
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the worst effect that only the render's session stands before."""
    found = action.anonymous_effect()
    if found is None or found.fault is not AuthenticationFault.STALE or found.claim is None:
        return
    claim = found.claim
    yield RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and only the page that rendered it asked who is calling. "
        "A session that has ended since still gets through.",
        remedy="Ask for the session inside the action.",
        steps=(Step(claim.by.path, claim.by.line, "the render asks here"),),
        # The captured values are encrypted: only somebody who was let in once can send them.
        confidence=Confidence.LOW,
    )


RULE = Rule(
    id="stale-session-capture",
    title="the session is the render's",
    headline="a session that has ended can still {does}",
    severity=Severity.MEDIUM,
    cwe=613,
    item=Item.AUTHENTICATION,
    is_for_handlers=False,
    check=check,
    examples=(
        Bad(
            "the page asks, the action does not",
            actions(
                "",
                {
                    "app/page.tsx": """
                        import { redirect } from 'next/navigation'
                        import { auth } from '../lib/auth'
                        import { prisma } from '../lib/prisma'

                        export default async function Page() {
                          const session = await auth()
                          if (!session?.user) redirect('/login')
                          async function leave() {
                            'use server'
                            await prisma.member.deleteMany({ where: { userId: session.user.id } })  // <- finding
                          }
                          return <form action={leave}><button>Leave</button></form>
                        }
                    """
                },
            ),
        ),
        Bad(
            "the action tests what the page captured",
            actions(
                "",
                {
                    "app/page.tsx": """
                        import { redirect } from 'next/navigation'
                        import { auth } from '../lib/auth'
                        import { prisma } from '../lib/prisma'

                        export default async function Page() {
                          const session = await auth()
                          if (!session?.user) redirect('/login')
                          const clear = async () => {
                            'use server'
                            if (!session) throw new Error('Not signed in')
                            await prisma.cart.deleteMany({ where: { userId: session.user.id } })  // <- finding
                          }
                          return <form action={clear}><button>Clear</button></form>
                        }
                    """
                },
            ),
        ),
        Good(
            "the action asks again",
            actions(
                "",
                {
                    "app/page.tsx": """
                        import { auth } from '../lib/auth'
                        import { prisma } from '../lib/prisma'

                        export default async function Page() {
                          async function leave() {
                            'use server'
                            const session = await auth()
                            if (!session?.user) throw new Error('Not signed in')
                            await prisma.member.deleteMany({ where: { userId: session.user.id } })
                          }
                          return <form action={leave}><button>Leave</button></form>
                        }
                    """
                },
            ),
        ),
        Good(
            "an exported action captures nothing",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function leave() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.member.deleteMany({ where: { userId: session.user.id } })
                }
            """),
        ),
    ),
)
