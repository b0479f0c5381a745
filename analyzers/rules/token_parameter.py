"""A session's token arrives as an argument.

## What it does
Finds actions that take an access token, a session id or a bearer as an argument and show it to a store or a service.

## Why this is bad
A token that scripts pass as an argument is one that scripts can read: any injected script, any browser extension, and
every log of requests has it. A cookie with `HttpOnly` is out of their reach, and it can be compared with nothing else
that the request says.

```
curl -X POST https://example.com/files -H 'Next-Action: 40e0…' --data '["a-token-from-a-log"]'
```

## Use instead
Read the session from its cookie or from the `Authorization` header inside the action.

## How it is decided
An argument, or a part of one, has the name of a session's token (`accessToken`, `sessionToken`, `sessionId`, `jwt`),
and chooses a record or is sent to another service. Tokens that are used once (an invitation, a reset, a confirmation)
have other names and are meant to be arguments. To store a token that another service gave is no finding.

## When it is intended
Where another party's token is what the action is about: `// preship: ignore token-parameter -- reason`.

## What Next.js does give
Arguments travel in the body of a POST. Nothing keeps them out of scripts and logs.

## References
- CWE-598: Use of GET Request Method With Sensitive Query Strings, https://cwe.mitre.org/data/definitions/598.html
- OWASP, Session Management, https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
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
    described,
    named,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first effect that a session's token reaches as an argument."""
    for found in action.session_tokens():
        yield RULE.of_whole(
            action,
            effect=found.effect,
            message=f"{action.label} takes {named(found.inputs)} as an argument and {described(found.effect)} with it. "
            "Whoever reads it from a script, an extension or a log acts as its owner.",
            remedy="Read the session from its cookie or from the `Authorization` header inside the action.",
            evidence=f"token:{found.effect.what}",
            confidence=Confidence.MEDIUM,
        )
        return


RULE = Rule(
    id="token-parameter",
    title="a session's token is an argument",
    headline="{action} takes a session's token as an argument",
    severity=Severity.MEDIUM,
    cwe=598,
    item=Item.INPUT,
    is_for_handlers=False,
    check=check,
    examples=(
        Bad(
            "the session is looked up by an argument",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function listFiles(sessionToken: string) {
                  const session = await prisma.session.findUnique({ where: { sessionToken } })  // <- finding
                  if (!session) throw new Error('Not signed in')
                  return prisma.file.findMany({ where: { userId: session.userId }, select: { name: true } })
                }
            """),
        ),
        Bad(
            "the bearer comes from the client",
            actions("""
                'use server'

                export async function listFiles({ accessToken }: { accessToken: string }) {
                  const response = await fetch('https://files.example.com/mine', {  // <- finding
                    headers: { Authorization: `Bearer ${accessToken}` },
                  })
                  return (await response.json()).names
                }
            """),
        ),
        Good(
            "the bearer comes from a cookie",
            actions("""
                'use server'
                import { cookies } from 'next/headers'

                export async function listFiles() {
                  const accessToken = (await cookies()).get('access_token')?.value
                  const response = await fetch('https://files.example.com/mine', {
                    headers: { Authorization: `Bearer ${accessToken}` },
                  })
                  return (await response.json()).names
                }
            """),
        ),
        Good(
            "a lesson has sessions, too",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function checkIn(sessionId: string, memberId: string) {
                  const lesson = await prisma.session.findUnique({ where: { id: sessionId } })
                  if (!lesson) return { error: 'No such lesson' }
                  await fetch(`https://club.example.com/sessions/${sessionId}/check-ins`, {
                    method: 'POST',
                    body: JSON.stringify({ sessionId, memberId }),
                  })
                }
            """),
        ),
        Good(
            "an invitation is used once",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function acceptInvitation(token: string) {
                  const invitation = await prisma.invitation.findUnique({ where: { token } })
                  if (!invitation) return { error: 'The invitation has expired' }
                  await prisma.invitation.delete({ where: { token } })
                }
            """),
        ),
        KnownMiss(
            "a name of its own",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function listFiles(ticket: string) {
                  const session = await prisma.session.findUnique({ where: { sessionToken: ticket } })
                  if (!session) throw new Error('Not signed in')
                  return prisma.file.findMany({ where: { userId: session.userId }, select: { name: true } })
                }
            """),
        ),
    ),
)
