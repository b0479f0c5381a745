"""The server calls an address that the caller chooses.

## What it does
Follows the caller's words to the beginning of the addresses that `fetch`, axios, ky, got and their kind call.

## Why this is bad
The server stands inside the network: it reaches metadata services, databases and admin pages that nobody outside can.
And what it sends along, a key above all, goes to whoever was named.

```
curl -X POST https://example.com/preview -H 'Next-Action: 60c2…' --data '["http://169.254.169.254/latest/meta-data/"]'
```

## Use instead
Write the host into the code (`https://api.example.com/${encodeURIComponent(id)}`), or compare `new URL(address).host`
with a list. Where any address must do, resolve it and refuse private networks, on every redirect again.

## How it is decided
The address begins with an input, or ends its host with one, and the path compares neither the address nor a part of it
with what the code knows. That a schema took it for a URL says nothing of where it leads.

## When it is intended
Where an egress proxy refuses private networks, say so: `// preship: ignore server-side-request-forgery -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are whatever the request says, and TypeScript's types are gone by then.

## References
- CWE-918: Server-Side Request Forgery, https://cwe.mitre.org/data/definitions/918.html
- OWASP API7:2023, https://owasp.org/API-Security/editions/2023/en/0xa7-server-side-request-forgery/
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.rule import (
    ActionFacts,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    KnownMiss,
    Rule,
    Severity,
    actions,
    named,
    sinks,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report requests whose host the caller chooses."""
    for found in action.written(sinks.addresses):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} calls the address in {named(found.named_by)} (`{found.effect.what}`). "
            "Whoever sends the request chooses the host, and reaches from here what only the server "
            "can: internal services, metadata, localhost.",
            remedy="Write the host into the code, or compare `new URL(address).host` with a list of hosts "
            "before this line.",
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
        )


RULE = Rule(
    id="server-side-request-forgery",
    title="a request to the caller's host",
    severity=Severity.HIGH,
    cwe=918,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "a preview of any link",
            actions("""
                'use server'
                export async function preview(link: string) {
                  const response = await fetch(link)  // <- finding
                  return (await response.text()).slice(0, 500)
                }
            """),
        ),
        Bad(
            "a URL, says the schema, and the server's key goes along",
            actions("""
                'use server'
                import { z } from 'zod'
                const schema = z.object({ downloadUrl: z.string().url() })

                export async function download(input: unknown) {
                  const { downloadUrl } = schema.parse(input)
                  await fetch(`${downloadUrl}?client_id=${process.env.UNSPLASH_KEY}`)  // <- finding
                }
            """),
        ),
        Good(
            "the host is the code's",
            actions("""
                'use server'
                export async function weather(city: string) {
                  const response = await fetch(`https://api.weather.example/v1/${encodeURIComponent(city)}`)
                  return response.json()
                }
            """),
        ),
        Good(
            "the host is one of a list",
            actions("""
                'use server'
                const HOSTS = ['images.example.com', 'cdn.example.com']

                export async function mirror(link: string) {
                  const url = new URL(link)
                  if (!HOSTS.includes(url.host)) return { error: 'Not one of ours' }
                  const response = await fetch(url)
                  return { type: response.headers.get('content-type') }
                }
            """),
        ),
        KnownMiss(
            "a host that was stored by an earlier request",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'
                export async function ping(id: string) {
                  const hook = await prisma.webhook.findUnique({ where: { id } })
                  await fetch(hook.url, { method: 'POST' })
                }
            """),
        ),
    ),
)
