"""An action believes an identity that the client could have made up.

## Why this is bad
A session read from a cookie without asking the server that issued it, a token that is decoded but not verified, a
header that names a user: the client writes all of them.

```
curl -X POST https://example.com/notes -H 'Next-Action: 7f21…' -H 'x-user-id: your-user-id' --data '[]'
```

## Use instead
Ask for the verified identity: `getUser()` or `getClaims()` of Supabase instead of `getSession()`, `jwtVerify` instead
of `decodeJwt`, a session's token instead of a user's id.

## How it is decided
An effect is reached where the only identity on the path, in its key or in what it sends is one that nothing has
verified, and the store is spoken to with the server's own rights; or what was read is handed out by such an identity.
So is an action whose answer is a header that says who is calling (`x-user-id`): whoever asks it believes the client.

## When it is intended
Where a proxy in front of the application sets the header and removes the client's, say so:
`// preship: public -- reason`.

## What Next.js does give
Action ids are encrypted and change with each build, unused actions are dropped, and the Origin header is compared with
the host. None of it is authentication.

## References
- CWE-345: Insufficient Verification of Data Authenticity, https://cwe.mitre.org/data/definitions/345.html
- Supabase, `getSession` on the server, https://supabase.com/docs/reference/javascript/auth-getsession
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
    """Report the worst effect, or the answer, that relies on an identity which nothing has verified."""
    found = action.anonymous_effect() or action.header_given_as_identity()
    if found is None or found.fault is not AuthenticationFault.UNVERIFIED or found.claim is None:
        return
    claim = found.claim
    yield RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)} for an identity from {claim.source} that nothing has "
        "verified. A client can send any other.",
        remedy="Read the identity from a source that verifies it, and end the path when there is none.",
        steps=(Step(claim.by.path, claim.by.line, "the identity is taken from here"),),
        confidence=Confidence.LOW if found.is_doubtful else Confidence.HIGH,
    )


RULE = Rule(
    id="unverified-session",
    title="the session is not verified",
    headline="anyone can {does} under somebody else's name",
    severity=Severity.HIGH,
    cwe=345,
    item=Item.AUTHENTICATION,
    check=check,
    examples=(
        Bad(
            "the cookie's session feeds an admin client",
            actions("""
                'use server'
                import { supabase, admin } from '../lib/supabase'

                export async function removeNotes() {
                  const { data: { session } } = await (await supabase()).auth.getSession()
                  if (!session) throw new Error('Not signed in')
                  await admin.from('notes').delete().eq('user_id', session.user.id)  // <- finding
                }
            """),
        ),
        Bad(
            "a header names the user",
            actions("""
                'use server'
                import { headers } from 'next/headers'
                import { prisma } from '../lib/prisma'

                export async function rename(name: string) {
                  const userId = (await headers()).get('x-user-id')
                  if (!userId) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: userId }, data: { name } })  // <- finding
                }
            """),
        ),
        Bad(
            "what was read is compared with an identity that the client could have made up",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'
                import { supabase } from '../lib/supabase'

                export async function openNote(id: string) {
                  const { data } = await (await supabase()).auth.getSession()
                  const userId = data.session?.user.id
                  const note = await prisma.note.findUnique({ where: { id } })  // <- finding
                  if (userId && note?.userId !== userId) return null
                  return note
                }
            """),
        ),
        Bad(
            "a helper that tells everybody who is calling, by a header",
            actions("""
                'use server'
                import { headers } from 'next/headers'

                export async function currentUserId() {  // <- finding
                  return (await headers()).get('x-user-id')
                }
            """),
        ),
        Bad(
            "the session is a cookie that anybody can write",
            actions(
                """
                'use server'
                import { requireAdmin } from '../lib/session'
                import { prisma } from '../lib/prisma'

                export async function removeMatch(id: string) {
                  await requireAdmin()
                  await prisma.match.delete({ where: { id } })  // <- finding
                }
                """,
                {
                    "lib/session.ts": """
                        import { cookies } from 'next/headers'

                        export async function getSession(): Promise<{ role: string } | null> {
                          const raw = (await cookies()).get('auth_session')?.value
                          if (!raw) return null
                          try {
                            return JSON.parse(decodeURIComponent(raw))
                          } catch {
                            return null
                          }
                        }

                        export async function requireAdmin() {
                          const session = await getSession()
                          if (!session || session.role !== 'admin') throw new Error('Not allowed')
                          return session
                        }
                    """
                },
            ),
        ),
        Good(
            "the server is asked",
            actions("""
                'use server'
                import { supabase, admin } from '../lib/supabase'

                export async function removeNotes() {
                  const { data: { user } } = await (await supabase()).auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  await admin.from('notes').delete().eq('user_id', user.id)
                }
            """),
        ),
        Good(
            "an unguessable token names the session",
            actions("""
                'use server'
                import { cookies } from 'next/headers'
                import { prisma } from '../lib/prisma'

                export async function rename(name: string) {
                  const token = (await cookies()).get('session_token')?.value
                  const session = token ? await prisma.session.findUnique({ where: { token } }) : null
                  if (!session) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: session.userId }, data: { name } })
                }
            """),
        ),
    ),
)
