"""A secret is written into the code of an action.

## What it does
Finds texts in an action's own code that have the form of a secret: keys and tokens as services issue them, private
keys, addresses of databases with a password in them.

## Why this is bad
The code of an action is not as private as it looks. Versions of React and Next.js before December 2025 answer a crafted
request with the source of any action (CVE-2025-55183): what it reads from `process.env` stays on the server, and what
is written there goes along. The same text is in the repository, in each clone of it, and in every image that is built.

```
curl -X POST https://example.com/ -H 'Next-Action: 40e0…' --data "$WHAT_THE_ADVISORY_DESCRIBES"
```

## Use instead
Read it from the environment, and have the one that was written replaced by a new one: it has been seen.

```ts
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!)
```

## How it is decided
By form alone: what a service documents as the beginning and the length of its secrets. What stands for one
(`sk_live_…`, `your-key`) and addresses of the machine itself are left out. Constants of the module are not looked at,
because the hole shows the code of actions only: a scanner of secrets looks at all files.

## When it is intended
Never with a secret that opens something: `// preship: ignore secret-in-code -- reason` for one that was revoked.

## What Next.js does give
Variables of an inline action that its code captures are encrypted before they reach the browser. Its texts are not, as
long as the version is one of those above.

## References
- CWE-798: Use of Hard-coded Credentials, https://cwe.mitre.org/data/definitions/798.html
- CVE-2025-55183, https://nextjs.org/blog/security-update-2025-12-11
- OWASP, Secrets Management, https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import ActionFacts, Bad, Finding, Good, KnownMiss, Rule, Severity, actions


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report each secret in the action's own code."""
    for secret in action.written_secrets():
        yield RULE.at(
            secret.at,
            claim=f"{action.label} has {secret.what} written into its code",
            message="Whoever reads the code has it: from the repository, or by a version of Next.js that shows the "
            "code of actions.",
            remedy="Read it from `process.env`, and have it replaced by a new one.",
            evidence=f"secret:{secret.what}",
        )


LIVE_KEY = "_".join(("sk", "live", "51Hq8Lm2eZvKYlo2C0aBcDeF"))
"""Of nobody; put together here, so that no scanner of secrets takes this file for a leak."""

RULE = Rule(
    id="secret-in-code",
    title="a secret is written into the code",
    severity=Severity.HIGH,
    cwe=798,
    item=None,
    check=check,
    examples=(
        Bad(
            "a key of a payment service",
            actions(
                """
                'use server'
                import Stripe from 'stripe'

                export async function checkout(priceId: string) {
                  const stripe = new Stripe('LIVE_KEY')  // <- finding
                  return (await stripe.prices.retrieve(priceId)).unit_amount
                }
            """.replace("LIVE_KEY", LIVE_KEY)
            ),
        ),
        Bad(
            "an inline action with the address of the database",
            {
                "app/page.tsx": """
                    import postgres from 'postgres'

                    export default async function Page() {
                      async function count() {
                        'use server'
                        const sql = postgres('postgres://shop:h8Zk2pQ9@db.shop.internal/shop')  // <- finding
                        return (await sql`SELECT count(*) FROM visits`)[0].count
                      }
                      return <form action={count}><button>Count</button></form>
                    }
                """
            },
        ),
        Bad(
            "a bearer in a template",
            actions(
                """
                'use server'

                export async function star(name: string) {
                  await fetch(`https://api.github.com/user/starred/acme/${name}`, {
                    method: 'PUT',
                    headers: { Authorization: `Bearer TOKEN` },  // <- finding
                  })
                }
            """.replace("TOKEN", "_".join(("ghp", "16C7e42F292c6912E7710c838347Ae178B4a")))
            ),
        ),
        Good(
            "the environment has it",
            actions("""
                'use server'
                import Stripe from 'stripe'

                export async function checkout(priceId: string) {
                  const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!)
                  return (await stripe.prices.retrieve(priceId)).unit_amount
                }
            """),
        ),
        Good(
            "a word that stands for one, a key that is for browsers, and a database of the machine itself",
            actions("""
                'use server'
                import postgres from 'postgres'

                export async function count() {
                  const hint = 'set STRIPE_SECRET_KEY to sk_live_xxxxxxxxxxxxxxxxxxxxxxxx'
                  const publishable = 'pk_live_51Hq8Lm2eZvKYlo2C0aBcDeF'
                  const sql = postgres(process.env.URL ?? 'postgres://shop:shop@localhost/shop')
                  return { hint, publishable, count: (await sql`SELECT count(*) FROM visits`)[0].count }
                }
            """),
        ),
        KnownMiss(
            "a password of no form",
            actions("""
                'use server'

                export async function unlock(given: string) {
                  return given === 'correct horse battery staple'
                }
            """),
        ),
    ),
)
