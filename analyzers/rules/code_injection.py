"""The caller writes code that the server runs.

## What it does
Follows the caller's words into `eval`, `new Function` and `node:vm`, into templates of engines that compile them to
code (EJS, Pug, Nunjucks, Eta), and into files that are imported afterwards.

## Why this is bad
What runs there runs with all that the server may do: it reads the environment and the database. `node:vm` is no fence
(<https://nodejs.org/api/vm.html> says so itself).

```
curl -X POST https://example.com/formula -H 'Next-Action: 60c2…' --data '["process.env.DATABASE_URL"]'
```

## Use instead
Parse what is meant: `JSON.parse` for values, a parser of expressions for formulas, a table of functions for names.

## How it is decided
The code that is evaluated holds an input that the path compares with nothing the code knows.

## When it is intended
A playground that runs code in a sandbox of its own can say so: `// preship: ignore code-injection -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are whatever the request says, and TypeScript's types are gone by then.

## References
- CWE-94: Code Injection, https://cwe.mitre.org/data/definitions/94.html
- Node.js, vm, https://nodejs.org/api/vm.html
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
    """Report code into which the caller writes."""
    for found in action.written(sinks.code):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {how(found.effect)} {named(found.named_by)} as code (`{found.effect.what}`). "
            "Whoever sends the request runs what they like on the server, with its environment at hand.",
            remedy="Parse what is meant instead of running it: `JSON.parse`, a parser of expressions, or a "
            "table of functions.",
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
        )


def how(effect: Effect) -> str:
    """What it does with the caller's words."""
    return "writes to a file and runs" if effect.kind is EffectKind.LOAD else "runs"


RULE = Rule(
    id="code-injection",
    title="code from the caller",
    headline="whoever calls {action} can run code on the server",
    severity=Severity.CRITICAL,
    cwe=94,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "a formula",
            actions("""
                'use server'
                export async function calculate(formula: string) {
                  return eval(formula)  // <- finding
                }
            """),
        ),
        Bad(
            "a function made of text",
            actions("""
                'use server'
                export async function applyFilter(condition: string) {
                  const test = new Function('row', `return ${condition}`)  // <- finding
                  return [1, 2, 3].filter(row => test(row))
                }
            """),
        ),
        Good(
            "a table of functions",
            actions("""
                'use server'
                const OPERATIONS = { double: (n: number) => n * 2, square: (n: number) => n * n }

                export async function calculate(name: string, n: number) {
                  const operation = OPERATIONS[name]
                  if (!operation) throw new Error('Unknown operation')
                  return operation(n)
                }
            """),
        ),
        Good(
            "a script of the code's own",
            actions("""
                'use server'
                import vm from 'node:vm'
                export async function answer() {
                  return vm.runInNewContext('6 * 7')
                }
            """),
        ),
        KnownMiss(
            "a package evaluates what it is given",
            actions("""
                'use server'
                import { evaluate } from '@acme/formulas'

                export async function calculate(formula: string) {
                  return evaluate(formula)
                }
            """),
        ),
    ),
)
