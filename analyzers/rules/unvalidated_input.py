"""What the caller sends is used as it comes, where that does harm.

## What it does
Finds arguments and their parts that reach a query, a write or a payment although nothing has looked at their shape at
run time, and that do harm there: an object where a store reads a condition, money and quantities of any sign, the name
of a stored object, a text that a component renders as HTML. So is what a schema was asked about and nobody heard.

## Why this is bad
TypeScript's types are gone when the code runs, and the arguments of an action are whatever was sent: an `id` may be an
object, and `{ "not": "" }` is a filter that matches every row in Prisma and MongoDB.

```
curl -X POST https://example.com/posts -H 'Next-Action: 40f3…' -H 'Content-Type: text/plain;charset=UTF-8' \\
  --data '[{"not":""}]'   # removeDraft(id: string)
```

## Use instead
Parse first, and use only what the parser gives back: `const { id } = schema.parse(input)`.

## How it is decided
The key or the contents of an effect come straight from the input. Accepted as checks: a schema whose failure ends the
path, and whose result (or the value that it found valid) is used; `typeof`, `Number.isInteger`, comparison with known
values; conversion to a number, a text, a date or an id, as by `String()`, `trim()`, a template or `new ObjectId()`;
`FormData` and search parameters hold texts. A type annotation, `as`, a test for truth, and a schema whose answer nobody
looks at are none. Nor is an ownership check: `{ "not": "" }` finds a record of the caller's own first, and then deletes
all others. Code that could not be read is given the benefit of the doubt.

Where nothing worse than a failure follows, it is a line of the checklist: an id that a builder binds, a unique key of
Prisma and whatever such a key has accepted before, the columns of a record, a filter within what is the caller's own or
by somebody who has a right to every record. A filter in what is only read finds nothing that could not be named one by
one: it is posted where it stands for a secret, or where the id was asked about before (`findFirst({ where: { teamId,
userId } })` finds the caller's own membership, and the next query the notes of all teams). An amount is posted where it
is added or taken away, or in a table of orders, bookings and payments, unless the caller has a role for all of them.

## When it is intended
Where another service checks everything, say so: `// preship: ignore unvalidated-input -- reason`.

## What Next.js does give
Arguments are deserialised and nothing more: any JSON value, `Date`, `Map`, `FormData` may arrive. It is no validation,
no authentication and no authorization.

## References
- CWE-20: Improper Input Validation, https://cwe.mitre.org/data/definitions/20.html
- Next.js, Data Security, https://nextjs.org/docs/app/guides/data-security#validating-client-input
- OWASP, Input Validation, https://cheatsheetseries.owasp.org/cheatsheets/Input_Validation_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preship.analyzers.rule import (
    ActionFacts,
    Advice,
    Bad,
    EffectKind,
    Finding,
    Good,
    Harm,
    Input,
    Item,
    KnownMiss,
    Persona,
    Rule,
    Severity,
    Unvalidated,
    actions,
    described,
    named,
)

CHANGES = frozenset({EffectKind.WRITE, EffectKind.DELETE, EffectKind.PAY})
"""What hits other records, or more of them, where an object stands in the place of an id."""


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first effect that is given what nothing has checked, those first where that does harm."""
    told = {i.parameter for found in action.mass_assigned() for i in found.inputs}
    for found in action.unvalidated():
        inputs = tuple(i for i in found.inputs if i.parameter not in told)
        if not inputs:
            continue
        yield RULE.of_whole(
            action,
            effect=found.effect,
            message=f"{action.label} {described(found.effect)} with {listed(inputs)} as sent. {consequence(found)}",
            remedy=REMEDIES.get(found.harm, PARSE),
            # One cause, whichever arguments it is about: a renamed one brings no new fault.
            evidence=f"{'filter' if found.harm in OF_FILTERS else 'input'}:{found.effect.kind}:{found.effect.target}",
            is_of_a_filter=found.harm in OF_FILTERS,
            severity=severity(found),
            persona=Persona.REGULAR if found.harm is not None else Persona.PEDANTIC,
        )
        return


MOST_NAMED = 4
"""Inputs that a sentence names."""


def listed(inputs: tuple[Input, ...]) -> str:
    """The inputs, of many the first ones."""
    if len(inputs) <= MOST_NAMED:
        return named(inputs)
    first = ", ".join(named((each,)) for each in inputs[: MOST_NAMED - 1])
    return f"{first} and {len(inputs) - MOST_NAMED + 1} more"


PARSE = "Parse the arguments with a schema at the top of the action, and use what it gives back."

REMEDIES: Mapping[Harm | None, str | Advice] = {
    Harm.PRICE: "Take the price from your own records, by the id of what is bought.",
    Harm.UNHEEDED: "End the path where the schema refuses, and write what it gives back.",
    Harm.MARKUP: Advice(
        "Sanitize it before it is stored (`DOMPurify.sanitize(…)`), or render it as a text.",
        calls=("DOMPurify.sanitize",),
    ),
}

OF_FILTERS = frozenset({Harm.CONDITION, Harm.PLACE})
"""Where a caller reaches records of others, as one does who may name any."""


def severity(found: Unvalidated) -> Severity:
    """What an attacker gets."""
    if found.harm is Harm.CONDITION:
        return Severity.HIGH if found.effect.kind in CHANGES else Severity.MEDIUM
    if found.harm is Harm.MARKUP:
        return Severity.HIGH
    if found.harm in {Harm.AMOUNT, Harm.PRICE}:
        return Severity.HIGH if found.effect.kind is EffectKind.PAY else Severity.MEDIUM
    return Severity.MEDIUM if found.harm is not None else Severity.LOW


def consequence(found: Unvalidated) -> str:
    """What a caller can do with it."""
    first = named(found.inputs[:1])
    if found.harm is Harm.CONDITION and found.effect.conditions is not None:
        return (
            f"Types are gone at run time: sent as `{found.effect.conditions.matches_all}`, {first} is a filter "
            f"and matches every `{found.effect.target}`."
        )
    if found.harm is Harm.MARKUP and found.rendered is not None:
        return (
            f"`{found.rendered.path}:{found.rendered.line}` renders it as HTML: a script in {first} runs in the "
            "browser of whoever reads it."
        )
    return CONSEQUENCES[found.harm].format(first)


CONSEQUENCES = {
    Harm.PRICE: "The caller names the price: whoever sends the request pays what they like.",
    Harm.AMOUNT: "Nothing says that {} is a number above zero: a negative amount takes where it should give.",
    Harm.UNHEEDED: "A schema is asked about {} before, and this is written whatever it has answered.",
    Harm.PLACE: "Whoever sends the request names any other object of that store in place of {}.",
    None: "It is taken as a value only: where a request carries an object in place of {}, the call fails.",
}


RULE = Rule(
    id="unvalidated-input",
    title="input is not validated",
    headline="{action} uses what is sent unchecked",
    severity=Severity.MEDIUM,
    cwe=20,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "a type is no check",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeDraft(id: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const draft = await prisma.draft.findFirst({ where: { id } })
                  if (draft?.authorId !== session.user.id) throw new Error('Not yours')
                  await prisma.draft.deleteMany({ where: { id } })  // <- finding
                }
            """),
        ),
        Bad(
            "the schema's answer is not looked at",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Transfer = z.object({ amount: z.number().positive() })

                export async function transfer(input: { amount: number }) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  Transfer.safeParse(input)
                  await prisma.account.update({  // <- finding
                    where: { userId: session.user.id },
                    data: { balance: { decrement: input.amount } },
                  })
                }
            """),
        ),
        Bad(
            "a text that is rendered as HTML",
            actions(
                """
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function comment(formData: FormData) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const body = String(formData.get('body')).trim()
                  await prisma.comment.create({ data: { body, authorId: session.user.id } })  // <- finding
                }
                """,
                {
                    "app/comments.tsx": """
                        export const Comments = ({ comments }) =>
                          comments.map((comment) => <p dangerouslySetInnerHTML={{ __html: comment.body }} />)
                    """
                },
            ),
        ),
        Bad(
            "a filter outlasts the membership that was asked for",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function notes(teamId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
                  if (!member) throw new Error('Not a member')
                  return prisma.note.findMany({ where: { teamId }, select: { title: true } })  // <- finding
                }
            """),
        ),
        Bad(
            "a filter in place of a token",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function verifyEmail(token: string) {
                  const found = await prisma.emailToken.findFirst({ where: { token } })  // <- finding
                  if (!found) return { error: 'Unknown link' }
                  await prisma.user.update({ where: { id: found.userId }, data: { verifiedAt: new Date() } })
                }
            """),
        ),
        Bad(
            "the schema says nothing about the id",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Draft = z.object({ title: z.string().min(1) })

                export async function rename(input: { id: string; title: string }) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const { id, ...changes } = input
                  const data = Draft.parse(changes)
                  await prisma.draft.updateMany({ where: { id }, data })  // <- finding
                }
            """),
        ),
        Good(
            "a form holds texts, and an address has them",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function find(formData: FormData) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const page = new URL(String(formData.get('page'))).searchParams.get('p')
                  return prisma.page.findMany({ where: { slug: formData.get('slug'), page }, select: { id: true } })
                }
            """),
        ),
        Good(
            "what the schema gave back is used",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Name = z.object({ name: z.string().min(1) })

                export async function rename(formData: FormData) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const parsed = Name.safeParse({ name: formData.get('name') })
                  if (!parsed.success) return { error: 'Enter a name' }
                  await prisma.user.update({ where: { id: session.user.id }, data: { name: parsed.data.name } })
                }
            """),
        ),
        Good(
            "a test of the type",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeDraft(id: unknown) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  if (typeof id !== 'string') return { error: 'Unknown draft' }
                  await prisma.draft.deleteMany({ where: { id } })
                }
            """),
        ),
        Good(
            "the client's schema runs before the body",
            actions("""
                'use server'
                import { createSafeActionClient } from 'next-safe-action'
                import { z } from 'zod'
                import { prisma } from '../lib/prisma'

                export const search = createSafeActionClient()
                  .inputSchema(z.object({ term: z.string().max(80) }))
                  .action(async ({ parsedInput }) => {
                    const where = { title: { contains: parsedInput.term } }
                    return prisma.page.findMany({ where, select: { id: true } })
                  })
            """),
        ),
        KnownMiss(
            "a schema that admits anything",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function removeDraft(input: unknown) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const { id } = z.object({ id: z.any() }).parse(input)
                  await prisma.draft.deleteMany({ where: { id, authorId: session.user.id } })
                }
            """),
        ),
    ),
)
