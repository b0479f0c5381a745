"""A comment for Preship declares something, and nothing follows from it.

## What it does
Finds `// preship: …` comments in files with Server Actions that have no effect: without a reason, with a word or a rule
that does not exist, that ignore a rule which finds nothing there, or that stand above no action. It also finds
`// preship: public` above an action that refuses anonymous callers all the same.

## Why this is bad
Whoever reads the comment takes the action for reviewed. One with a misspelt rule, or one that has outlived its fault,
waits for the next fault of that rule and then hides it; `public` above an action that asks who calls hides the day on
which somebody removes the check.

## Use instead
Write a word that there is, the rule's id where one is ignored, and the reason behind two hyphens, right above the
action; or above the line that is meant, where only that is to be ignored:

```ts
// preship: public -- anybody may write to us
export async function sendMessage(form: FormData) {

// preship: ignore missing-ownership-check -- drafts are shared by the whole team
export async function saveDraft(id: string, text: string) {
```

Delete it once it is not needed any more.

## How it is decided
A comment counts for the action that begins on the next line, with nothing but other such comments in between, or for
the findings on its own line and on the next one. An ignored rule is used where it finds something there at the commit
that is read. A declaration takes effect once it stands on the base branch; until then it is shown and not obeyed, which
is no fault.

## When it is intended
Never: a declaration without effect says something that is not so.

## References
- CWE-1116: Inaccurate Comments, https://cwe.mitre.org/data/definitions/1116.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Finding,
    Good,
    Idle,
    Idleness,
    KnownMiss,
    Rule,
    Severity,
    actions,
)

SAYS = {
    Idleness.UNKNOWN_WORD: "It is none of the words that mean something here, `public` and `ignore RULE`",
    Idleness.NO_REASON: "It gives no reason, so it is not obeyed",
    Idleness.NO_RULE: "It does not say which rule is ignored, so none is",
    Idleness.UNKNOWN_RULE: "There is no such rule, so none is ignored",
    Idleness.UNUSED: "The rule finds nothing here, so there is nothing to ignore",
    Idleness.NOT_ABOVE: "It stands above no action, so none is declared public",
    Idleness.GUARDED: "The action refuses anonymous callers all the same, and the declaration would hide the day it "
    "stops to",
}

REMEDIES = {
    Idleness.NO_REASON: "Write the reason behind two hyphens: `-- why`.",
    Idleness.NO_RULE: "Name the rule: `preship: ignore RULE -- why`.",
    Idleness.UNUSED: "Delete the comment.",
    Idleness.NOT_ABOVE: "Move it to the line right above the action, or delete it.",
    Idleness.GUARDED: "Delete the comment.",
}


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report each declaration that has no effect."""
    for idle in action.idle_declarations:
        yield at_its_place(
            idle,
            RULE.of_whole(
                action, claim=claim(idle), message=f"{SAYS[idle.why]}.", remedy=remedy(idle), evidence=named(idle)
            ),
        )


def at_its_place(idle: Idle, finding: Finding) -> Finding:
    """The finding, where the comment stands."""
    span = idle.declaration.span
    return replace(finding, path=span.path, line=span.line, end_line=span.end_line)


def named(idle: Idle) -> str:
    """What tells one from another in the same action."""
    return f"{idle.declaration.text}: {idle.why.value}"


def claim(idle: Idle) -> str:
    """What is written there."""
    return f"`preship: {idle.declaration.text}` has no effect"


def remedy(idle: Idle) -> str:
    """What to write instead."""
    if idle.meant:
        return f"Did you mean `{idle.meant}`?"
    return REMEDIES.get(idle.why, "Correct the comment, or delete it; `preship rules` lists the rules.")


RULE = Rule(
    id="idle-declaration",
    title="a declaration without effect",
    severity=Severity.LOW,
    cwe=1116,
    item=None,
    check=check,
    examples=(
        Bad(
            "no reason",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                /* preship: public */ // <- finding
                export async function subscribe(email: string) {
                  await prisma.subscriber.create({ data: { email } })
                }
            """),
        ),
        Bad(
            "a word that means nothing",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                /* preship: pubic -- a newsletter */ // <- finding
                export async function subscribe(email: string) {
                  await prisma.subscriber.create({ data: { email } })
                }
            """),
        ),
        Bad(
            "above something else",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                /* preship: public -- a newsletter */ // <- finding
                const MONTH = 30

                export async function subscribe(email: string) {
                  await prisma.subscriber.create({ data: { email, days: MONTH } })
                }
            """),
        ),
        Good(
            "a word and a reason, right above the action",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                // preship: public -- a newsletter
                // preship: ignore unvalidated-input -- the table takes anything
                export async function subscribe(email: string) {
                  await prisma.subscriber.create({ data: { email } })
                }
            """),
        ),
        Good(
            "one rule, on the line that is meant",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function subscribe(email: string) {
                  // preship: ignore missing-authentication -- a newsletter
                  await prisma.subscriber.create({ data: { email } })
                }
            """),
        ),
        KnownMiss(
            "in a file without actions",
            {
                "lib/subscribers.ts": """
                    // preship: public
                    export const SUBSCRIBERS = 'subscribers'
                """,
                "app/actions.ts": """
                    'use server'
                    import { SUBSCRIBERS } from '../lib/subscribers'

                    export async function name() {
                      return SUBSCRIBERS
                    }
                """,
            },
        ),
    ),
)
