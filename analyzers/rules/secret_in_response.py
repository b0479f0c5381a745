"""A secret of the server is in the answer.

## What it does
Finds answers that contain a setting of the environment which opens something: a key, a token, a password.

## Why this is bad
What an action returns is sent to whoever calls it. A key that was in one answer is in every cache, log and browser that
saw it, and works until it is replaced.

```
curl -X POST https://example.com/upload -H 'Next-Action: 40d1…' -H "Cookie: $MY_OWN_SESSION" --data '[]'
# {"key":"sk_live_…"}
```

## Use instead
Keep the call that needs the secret on the server, or hand out something short-lived that was made with it: a signed
address, a token for one upload.

## How it is decided
A part of the answer is the value of `process.env.NAME`, unchanged, where the name says that it opens something and not
that it is public. What was computed from a secret (a signature, a digest) is none.

## When it is intended
Where the service gives the key out to be printed into pages, name it so: `NEXT_PUBLIC_…`.

## What Next.js does give
Only `NEXT_PUBLIC_` settings are put into the browser's code. What an action returns is not looked at.

## References
- CWE-200: Exposure of Sensitive Information to an Unauthorized Actor,
  https://cwe.mitre.org/data/definitions/200.html
- Next.js, Environment Variables, https://nextjs.org/docs/app/guides/environment-variables
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import ActionFacts, Bad, Finding, Good, Item, KnownMiss, Rule, Severity, actions


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first secret that is handed out."""
    for handed in action.secrets():
        yield RULE.of_whole(
            action,
            message=f"{action.label} returns `{handed.name}`. Whoever gets an answer holds the secret itself and can "
            "use it until it is replaced.",
            remedy="Make the call that needs the secret on the server, and return its result. Replace the secret if "
            "this has run in production.",
            evidence=f"secret:{handed.name}",
        )
        return


RULE = Rule(
    id="secret-in-response",
    title="a secret is returned",
    headline="{action} returns a secret",
    severity=Severity.CRITICAL,
    cwe=200,
    item=Item.DATA_ACCESS,
    check=check,
    examples=(
        Bad(
            "the key of a payment service",
            actions("""
                'use server'
                import { auth } from '../lib/auth'

                export async function paymentKey() {  // <- finding
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return { key: process.env.STRIPE_SECRET_KEY }
                }
            """),
        ),
        Bad(
            "one of several settings, from another module",
            actions(
                """
                    'use server'
                    import { config } from '../lib/config'

                    export async function mapSettings() {  // <- finding
                      return { zoom: 4, ...config }
                    }
                """,
                {"lib/config.ts": "export const config = { token: process.env.MAPBOX_SECRET_TOKEN }"},
            ),
        ),
        Good(
            "a public key",
            actions("""
                'use server'

                export async function paymentKey() {
                  return { key: process.env.STRIPE_PUBLISHABLE_KEY }
                }
            """),
        ),
        Good(
            "whether it is set, and what was made with it",
            actions("""
                'use server'
                import { createHmac } from 'node:crypto'

                export async function widget() {
                  const signature = createHmac('sha256', process.env.WIDGET_SECRET).update('widget').digest('hex')
                  return { isConfigured: !!process.env.WIDGET_SECRET, signature }
                }
            """),
        ),
        Good(
            "how long it is",
            actions("""
                'use server'

                export async function checkKey() {
                  const key = Buffer.from(process.env.SIGNING_SECRET, 'base64')
                  return key.length === 32 ? { ok: true } : { error: `The key has ${key.length} bytes.` }
                }
            """),
        ),
        KnownMiss(
            "the secret inside a text",
            actions("""
                'use server'

                export async function feed() {
                  return { url: `https://feeds.example.com/${process.env.FEED_NAME}?key=${process.env.FEED_KEY}` }
                }
            """),
        ),
    ),
)
