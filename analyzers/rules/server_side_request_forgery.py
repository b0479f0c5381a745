"""The server calls an address that the caller chooses.

## What it does
Follows the caller's words to the beginning of the addresses that `fetch`, axios, ky, got and their kind call, and to
the hosts that mail, database, shell, socket and MCP clients, headless browsers and readers of feeds connect to. And to
the paths of addresses that are called with a key of the server's.

## Why this is bad
The server stands inside the network: it reaches metadata services, databases and admin pages that nobody outside can.
And what it sends along, a key above all, goes to whoever was named. Where the host is fixed and only a part of the path
is the caller's, `../` in it leads to any other endpoint of that service, and the key opens it.

```
curl -X POST https://example.com/preview -H 'Next-Action: 60c2…' --data '["http://169.254.169.254/latest/meta-data/"]'
```

## Use instead
Write the host into the code (`https://api.example.com/${encodeURIComponent(id)}`), or compare `new URL(address).host`
with a list. Where any address must do, resolve it and refuse private networks, on every redirect again.

## How it is decided
The address begins with an input, or ends its host with one, and the path compares neither its host nor its beginning
with what the code knows. That a schema took it for a URL, or that it begins with `https:`, says nothing of where it
leads. Where the address, or what its host resolves to, was held against the private networks before, it is left alone.

A path is the caller's where an input stands in it as text, in front of the query, and something that only the server
has goes along: a key in a header or in the address. Numbers, encoded parts, and ids that a schema or a pattern holds to
their form lead nowhere; neither does what was compared, or shown to be the caller's. Services that are called with the
caller's own credentials judge for themselves.

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

from preship.analyzers.rule import (
    STACK,
    ActionFacts,
    Advice,
    Bad,
    Confidence,
    EffectKind,
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
            message=f"{action.label} {LEADS[found.effect.kind]} {named(found.named_by)} (`{found.effect.what}`). "
            "Whoever sends the request chooses the host, and reaches from here what only the server "
            "can: internal services, metadata, localhost.",
            remedy="Write the host into the code, or compare `new URL(address).host` with a list of hosts "
            "before this line.",
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
        )
    for found in action.written(sinks.segments):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} puts {named(found.named_by)} into the path of an address "
            f"{RIGHTS[sinks.shows_a_key(found.effect)]} (`{found.effect.what}`). With `../` in it, whoever sends the "
            "request reaches any other endpoint of that service.",
            remedy=Advice(
                "Encode it, `encodeURIComponent(id)`, or refuse what is no id before this line.",
                calls=("encodeURIComponent",),
            ),
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
            severity=Severity.MEDIUM,
        )


RIGHTS = {True: "that it calls with a key of the server's", False: "that only the server reaches"}
"""What the request has that its sender has not, by whether it shows a key."""

LEADS = {EffectKind.FETCH: "calls the address in", EffectKind.DIAL: "connects to the host in"}
"""What an action does with the caller's words, in front of their name."""


RULE = Rule(
    id="server-side-request-forgery",
    title="a request to the caller's host",
    headline="whoever calls {action} can choose what the server requests",
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
        Bad(
            "a mail server, to try the settings",
            actions("""
                'use server'
                import { ImapFlow } from 'imapflow'
                import { auth } from '../lib/auth'

                export async function testConnection(input: { host: string; user: string; pass: string }) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const client = new ImapFlow({  // <- finding
                    host: input.host, port: 993, secure: true, auth: { user: input.user, pass: input.pass },
                  })
                  await client.connect()
                  await client.logout()
                  return { ok: true }
                }
            """),
        ),
        Bad(
            "an id in the path, and a key beside it",
            actions("""
                'use server'
                import { auth } from '../lib/auth'

                export async function place(placeId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const response = await fetch(`https://places.example.com/v1/places/${placeId}`, {  // <- finding
                    headers: { 'X-Api-Key': process.env.PLACES_API_KEY! },
                  })
                  const { name } = await response.json()
                  return { name }
                }
            """),
        ),
        Good(
            "an id of a known form in the path",
            actions("""
                'use server'
                import { z } from 'zod'
                const Place = z.object({ placeId: z.string().regex(/^[A-Za-z0-9_-]{10,250}$/) })

                export async function place(input: unknown) {
                  const { placeId } = Place.parse(input)
                  const response = await fetch(`https://places.example.com/v1/places/${placeId}`, {
                    headers: { 'X-Api-Key': process.env.PLACES_API_KEY! },
                  })
                  const { name } = await response.json()
                  return { name }
                }
            """),
        ),
        Good(
            "the caller's own token goes along",
            actions("""
                'use server'
                import { cookies } from 'next/headers'

                export async function order(id: string) {
                  const token = (await cookies()).get('token')?.value
                  const response = await fetch(`${process.env.SHOP_URL}/orders/${id}`, {
                    headers: { Authorization: `Bearer ${token}`, 'X-Shop-Key': process.env.SHOP_KEY! },
                  })
                  return { ok: response.ok }
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
        Bad(
            "only the protocol is looked at",
            actions("""
                'use server'
                export async function preview(link: string) {
                  const url = new URL(link)
                  if (url.protocol !== 'https:') return { error: 'Only https' }
                  const response = await fetch(url)  // <- finding
                  return { type: response.headers.get('content-type') }
                }
            """),
        ),
        Good(
            "what the host resolves to is held against private networks",
            {
                "app/actions.ts": """
                    'use server'
                    import nodemailer from 'nodemailer'
                    import { auth } from '../lib/auth'
                    import { publicAddress } from '../lib/addresses'

                    export async function tryServer(host: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const address = await publicAddress(host)
                      return nodemailer.createTransport({ host: address, tls: { servername: host } }).verify()
                    }
                """,
                "lib/addresses.ts": """
                    import { lookup } from 'node:dns/promises'
                    const PRIVATE = [/^127\\./, /^10\\./, /^192\\.168\\./, /^169\\.254\\./, /^172\\.(1[6-9]|2\\d|3)/]

                    export async function publicAddress(host: string) {
                      if (process.env.ALLOW_PRIVATE_HOSTS === 'true') return host
                      const found = await lookup(host, { all: true, family: 4 })
                      if (found.some(({ address }) => PRIVATE.some((network) => network.test(address)))) {
                        throw new Error('Not a public host')
                      }
                      return found[0].address
                    }
                """,
                **STACK,
            },
        ),
        KnownMiss(
            "what the check of the networks says stops nobody",
            actions("""
                'use server'
                import { isPrivate } from 'ip'

                export async function preview(link: string) {
                  if (isPrivate(new URL(link).hostname)) console.warn('A private address', link)
                  const response = await fetch(link)
                  return { type: response.headers.get('content-type') }
                }
            """),
        ),
        KnownMiss(
            "the key is among what an instance sends with all its requests",
            actions("""
                'use server'
                import axios from 'axios'
                const api = axios.create({
                  baseURL: 'https://crm.example.com/v1/', headers: { 'X-Api-Key': process.env.CRM_API_KEY! },
                })

                export async function company(id: string) {
                  const { data } = await api.get(`companies/${id}`)
                  return { name: data.name }
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
