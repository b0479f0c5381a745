"""Callers give themselves a role, or whatever else an account must be given.

## What it does
Finds writes of a right (`role`, `isAdmin`, `permissions`; in the caller's own row also `plan`, `verified`, `credits`)
whose value the caller sends, before which no role is asked for: in their own row, in the account that a sign-up makes,
and in accounts, memberships and invitations of others. And roles that are believed although everybody writes their own.

## Why this is bad
The form offers two harmless roles, or none. Whoever sends the request names a third one.

```
curl -X POST https://example.com/welcome -H 'Next-Action: 40c9…' -H "Cookie: $MY_OWN_SESSION" \\
  -H 'Content-Type: text/plain;charset=UTF-8' --data '[{"role":"ADMIN"}]'
```

## Use instead
Let the server say which role an account begins with, and let only those change it who have a role for that. Where
people may choose, admit the harmless words alone: `z.enum(['buyer', 'student'])`.

## How it is decided
The column is called as a right is, and what is written to it is an argument, or a part of one. Where the words that are
admitted are known, one of them must name more than an account (`admin`, `editor`, `pro`). Nothing is reported where a
role or permission was asked for before (see `missing-role-check` for roles above the caller's own), or where what the
right is for was shown to be the caller's own: whoever founded a team says what its members may do. A row of another is
one of accounts, memberships or invitations, with a column that ties it to somebody who signs in.

A role is everybody's to write where it is one of Better Auth's additional fields without `input: false`: who signs up
sends those. What users edit by themselves (Supabase's `user_metadata`, Clerk's `unsafeMetadata`) is no role to any
rule, and what hangs on it counts as open to any signed-in user.

## When it is intended
Where accounts choose this themselves and nothing hangs on it: `// preship: ignore self-granted-privilege -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are the caller's choice, whatever the form offers.

## References
- CWE-269: Improper Privilege Management, https://cwe.mitre.org/data/definitions/269.html
- OWASP API3:2023 Broken Object Property Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/
- Better Auth, https://www.better-auth.com/docs/concepts/database#extending-core-schema
- Supabase, https://supabase.com/docs/guides/database/postgres/row-level-security#authjwt
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preship.analyzers.rule import (
    STACK,
    ActionFacts,
    Bad,
    Confidence,
    Effect,
    EffectKind,
    Finding,
    Good,
    Item,
    KnownMiss,
    Question,
    Rule,
    SelfDeclared,
    SelfGranted,
    Severity,
    Step,
    Whose,
    actions,
    all_roles,
    described,
    named,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first right that is written as the caller says, and the first that is believed because they say so."""
    for granted in action.self_granted():
        yield written(action, granted)
        return
    for declared in action.self_declared():
        yield believed(action, declared)
        return


def written(action: ActionFacts, found: SelfGranted) -> Finding:
    """A right that the caller writes."""
    return RULE.finding(
        action,
        found.effect,
        claim=f"{WHO[found.whose]} `{found.column}`: {action.label} takes it from {named(found.chosen_by)}, "
        f"{how(found.effect)}, and asks for no role before",
        remedy="Let the server say which one it is, or ask for a role that may grant it, before this line.",
        confidence=Confidence.HIGH if found.is_right_table else Confidence.MEDIUM,
        idiom=action.idiom(Question.RIGHT) if found.whose is Whose.ANOTHER else None,
    )


def how(effect: Effect) -> str:
    """What is done with a right, in the middle of a sentence."""
    return f"signs up (`{effect.what}`)" if effect.kind is EffectKind.IDENTIFY else described(effect)


WHO = {
    Whose.OWN: "Any signed-in user sets their own",
    Whose.NEW_ACCOUNT: "Anyone signs up with any",
    Whose.ANOTHER: "Any signed-in user gives any account any",
}


def believed(action: ActionFacts, found: SelfDeclared) -> Finding:
    """A role that stands where its owner writes it."""
    return RULE.finding(
        action,
        found.effect,
        claim=f"Any signed-in user makes themselves `{all_roles(found.role.any_of)}`: {action.label} "
        f"{described(found.effect)} for whoever has it in `{found.part}`, which each user writes "
        "without asking the application",
        remedy=KEPT.get(found.provider, "Keep it in a table that only the server writes."),
        steps=(Step(found.role.by.path, found.role.by.line, f"believes `{found.part}`"),),
    )


KEPT = {
    "Better Auth": "Give the additional field `input: false`, and let only the server set it.",
}
"""Where a role is safe, by who keeps the account."""

SIGNED_IN = """
    'use server'
    import { z } from 'zod'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireUser() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return session.user
    }
"""


def with_better_auth(role: str, marked: str = "") -> Mapping[str, str]:
    """An action for admins, and where their role stands."""
    return {
        "lib/auth.ts": f"""
            import {{ betterAuth }} from 'better-auth'
            export const auth = betterAuth({{ user: {{ additionalFields: {{ role: {role} }} }} }})
        """,
        "lib/prisma.ts": STACK["lib/prisma.ts"],
        "app/actions.ts": f"""
            'use server'
            import {{ headers }} from 'next/headers'
            import {{ auth }} from '../lib/auth'
            import {{ prisma }} from '../lib/prisma'

            export async function clearCoupons() {{
              const session = await auth.api.getSession({{ headers: await headers() }})
              if (session?.user.role !== 'admin') throw new Error('Admins only')
              await prisma.coupon.deleteMany({{}}){marked}
            }}
        """,
    }


RULE = Rule(
    id="self-granted-privilege",
    title="rights that callers give themselves",
    severity=Severity.HIGH,
    cwe=269,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        Bad(
            "the role of the own account, one of two",
            actions(
                SIGNED_IN
                + """
    const Choice = z.object({ role: z.enum(['READER', 'EDITOR']) })

    export async function chooseRole(input: unknown) {
      const user = await requireUser()
      const { role } = Choice.parse(input)
      await prisma.user.update({ where: { id: user.id }, data: { role } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "the schema of a profile admits the role",
            actions(
                SIGNED_IN
                + """
    const Profile = z.object({ name: z.string(), role: z.string() })

    export async function saveProfile(input: unknown) {
      const user = await requireUser()
      await prisma.user.update({ where: { id: user.id }, data: Profile.parse(input) })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "a sign-up takes the role from the form",
            actions("""
                'use server'
                import { hash } from 'bcryptjs'
                import { prisma } from '../lib/prisma'

                export async function signUp(formData: FormData) {
                  const email = String(formData.get('email'))
                  const password = await hash(String(formData.get('password')), 12)
                  const role = formData.get('role') as Role
                  await prisma.user.create({ data: { email, password, role } })  // <- finding
                }
            """),
        ),
        Bad(
            "anybody with an account makes accounts of any kind",
            actions(
                SIGNED_IN
                + """
    export async function addEmployee(email: string, password: string, role: Role) {
      await requireUser()
      await prisma.user.create({ data: { email, password, role } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "any member of a team invites its next owner",
            actions(
                SIGNED_IN
                + """
    export async function invite(teamId: string, email: string, role: string) {
      const user = await requireUser()
      const member = await prisma.member.findFirst({ where: { teamId, userId: user.id } })
      if (!member) throw new Error('Not found')
      await prisma.invitation.create({ data: { teamId, email, role } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "a plan that nobody has paid for",
            actions(
                SIGNED_IN
                + """
    export async function changePlan(plan: string) {
      const user = await requireUser()
      await prisma.user.update({ where: { id: user.id }, data: { plan } })  // <- finding
    }
"""
            ),
        ),
        Good(
            "harmless roles alone are admitted",
            actions(
                SIGNED_IN
                + """
    const Choice = z.object({ role: z.enum(['BUYER', 'STUDENT']) })

    export async function chooseRole(input: unknown) {
      const user = await requireUser()
      const { role } = Choice.parse(input)
      await prisma.user.update({ where: { id: user.id }, data: { role } })
    }
"""
            ),
        ),
        Good(
            "the server says which role an account begins with",
            actions("""
                'use server'
                import { hash } from 'bcryptjs'
                import { prisma } from '../lib/prisma'

                export async function signUp(formData: FormData) {
                  const email = String(formData.get('email'))
                  const password = await hash(String(formData.get('password')), 12)
                  await prisma.user.create({ data: { email, password, role: 'USER' } })
                }
            """),
        ),
        Good(
            "an admin says who is what",
            actions(
                SIGNED_IN
                + """
    export async function changeRole(userId: string, role: Role) {
      const user = await requireUser()
      if (user.role !== 'ADMIN') throw new Error('Admins only')
      await prisma.user.update({ where: { id: userId }, data: { role } })
    }
"""
            ),
        ),
        Good(
            "whoever founded a team says what its members may do",
            actions(
                SIGNED_IN
                + """
    export async function invite(teamId: string, email: string, role: string) {
      const user = await requireUser()
      const team = await prisma.team.findFirst({ where: { id: teamId, ownerId: user.id } })
      if (!team) throw new Error('Not found')
      await prisma.invitation.create({ data: { teamId, email, role } })
    }
"""
            ),
        ),
        Good(
            "what somebody does in the team that a page presents",
            actions(
                SIGNED_IN
                + """
    export async function present(name: string, role: string, picture: string) {
      const user = await requireUser()
      await prisma.teamMember.create({ data: { name, role, picture, siteId: user.siteId } })
    }
"""
            ),
        ),
        Bad(
            "a role that whoever signs up sends",
            with_better_auth("{ type: 'string', defaultValue: 'member' }", "  // <- finding"),
        ),
        Good(
            "a role that nobody sends",
            with_better_auth("{ type: 'string', defaultValue: 'member', input: false }"),
        ),
        Good(
            "the role stands where only the server writes it",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'
                import { supabase } from '../lib/supabase'

                export async function clearCoupons() {
                  const { data } = await (await supabase()).auth.getUser()
                  if (data.user?.app_metadata.role !== 'admin') throw new Error('Admins only')
                  await prisma.coupon.deleteMany({})
                }
            """),
        ),
        KnownMiss(
            "a role that everybody writes into their own account",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'
                import { supabase } from '../lib/supabase'

                export async function clearCoupons() {
                  const { data } = await (await supabase()).auth.getUser()
                  if (data.user?.user_metadata.role !== 'admin') throw new Error('Admins only')
                  await prisma.coupon.deleteMany({})
                }
            """),
        ),
        KnownMiss(
            "the right has a name of its own",
            actions(
                SIGNED_IN
                + """
    export async function saveProfile(clearance: number) {
      const user = await requireUser()
      await prisma.user.update({ where: { id: user.id }, data: { clearance } })
    }
"""
            ),
        ),
    ),
)
