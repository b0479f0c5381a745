"""An action redirects to wherever the request says.

## What it does
Follows the caller's words to the beginning of the target of `redirect`, `permanentRedirect` and `Response.redirect`,
and of what an answer calls the next address: `redirectTo`, `callbackUrl`.

## Why this is bad
A link to a page of yours ends on somebody else's, which asks for the password again. With a sign-in form, the target
usually comes out of the page's own query, so that the link alone is enough.

```
curl -X POST https://example.com/login -H 'Next-Action: 60c2…' -F '1_next=https://examp1e.com/login' -F '0=["$K1"]'
```

## Use instead
Take paths only: `redirect(next.startsWith('/') && !next.startsWith('//') ? next : '/')`, or compare the target with a
list.

## How it is decided
The target begins with an input, and the path compares it with nothing the code knows. A target that begins with a path
or a host of the code's own leads where the code says.

## When it is intended
A service that shortens links can say so: `// preship: ignore open-redirect -- reason`.

## What Next.js does give
`redirect` of a Server Action goes to any address, other origins included.

## References
- CWE-601: Open Redirect, https://cwe.mitre.org/data/definitions/601.html
- OWASP, https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Confidence,
    Effect,
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
    """Report redirects whose host the caller chooses."""
    for found in action.written(sinks.redirects):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {how(found.effect)} {named(found.named_by)}, whatever host it names. A link to "
            "this site can carry the target of somebody else's page.",
            remedy="Take paths only (`/…`, not `//…`), or compare the target with a list before this line.",
            confidence=Confidence.MEDIUM if found.is_parsed or is_only_told(found.effect) else Confidence.HIGH,
        )


def is_only_told(effect: Effect) -> bool:
    """Whether the browser is told the address in an answer, and goes there by itself."""
    return effect.kind is EffectKind.RETURN


def how(effect: Effect) -> str:
    """What it does with the address."""
    return "sends its form on to" if is_only_told(effect) else "redirects to"


RULE = Rule(
    id="open-redirect",
    title="a redirect to anywhere",
    headline="{action} redirects to wherever a link says",
    severity=Severity.MEDIUM,
    cwe=601,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "back to where the form says",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function signedIn(data: FormData) {
                  redirect(data.get('next') as string)  // <- finding
                }
            """),
        ),
        Good(
            "a language in front of a path of the code's own, unless it is the usual one",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function confirmed(data: FormData) {
                  const locale = String(data.get('locale') ?? 'en')
                  const prefix = locale === 'en' ? '' : `/${locale}`
                  redirect(`${prefix}/gallery`)
                }
            """),
        ),
        Good(
            "the language of a path of the code's own",
            actions(
                """
                'use server'
                import { redirect } from '../lib/navigation'

                export async function signedOut(locale: string) {
                  redirect({ href: '/login', locale })
                }
            """,
                {
                    "lib/navigation.ts": """
                        import { createNavigation } from 'next-intl/navigation'
                        export const { redirect } = createNavigation({ locales: ['en', 'de'] })
                    """
                },
            ),
        ),
        Bad(
            "a default in place of a check",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function choosePlan(plan: string, returnTo?: string) {
                  redirect(returnTo ?? '/dashboard')  // <- finding
                }
            """),
        ),
        Bad(
            "the form is told where to go",
            actions("""
                'use server'
                import { auth } from '../lib/auth'

                export async function finish(input: { next: string }) {  // <- finding
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  return { ok: true, redirectTo: input.next }
                }
            """),
        ),
        Bad(
            "the answer is a redirect",
            actions("""
                'use server'
                import { NextResponse } from 'next/server'

                export async function finish(next: string) {
                  return NextResponse.redirect(next)  // <- finding
                }
            """),
        ),
        Good(
            "a path of this site",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function openPost(slug: string) {
                  redirect(`/posts/${slug}`)
                }
            """),
        ),
        Good(
            "a path of this site, cut where something else begins",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                function told(path: string, word: string) {
                  const at = path.indexOf('#')
                  return at === -1 ? `${path}?told=${word}` : `${path.substring(0, at)}?told=${word}${path.slice(at)}`
                }

                export async function openPost(slug: string) {
                  redirect(told(`/posts/${slug}`, 'saved'))
                }
            """),
        ),
        Bad(
            "what is left of a path of this site",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function openPost(slug: string) {
                  redirect(`/posts/${slug}`.slice(7))  // <- finding
                }
            """),
        ),
        Good(
            "compared before",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function signedIn(next: string) {
                  redirect(next.startsWith('/') && !next.startsWith('//') ? next : '/')
                }
            """),
        ),
        KnownMiss(
            "a path that begins with two slashes",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'

                export async function signedIn(next: string) {
                  redirect(next.startsWith('/') ? next : '/')
                }
            """),
        ),
    ),
)
