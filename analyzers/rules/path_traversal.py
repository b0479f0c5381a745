"""The caller writes a part of a path on the server.

## What it does
Follows the caller's words into the paths that `fs` reads, writes and deletes.

## Why this is bad
`../` leads out of every folder. Whoever writes a part of the path reads `.env`, or overwrites the code.

```
curl -X POST https://example.com/files -H 'Next-Action: 60c2…' --data '["../../.env"]'
```

## Use instead
Name files yourself (`randomUUID()`), keep the caller's name in the database, or take the last part alone:
`path.basename(name)`. Where folders are needed, resolve the path and compare its beginning with the folder.

## How it is decided
The path of a call of `fs` holds an input that the path of execution compares with nothing the code knows. Digests,
numbers, ids that a schema admitted, and `basename` lead nowhere.

## When it is intended
A tool that runs on its user's own machine can say so: `// preship: ignore path-traversal -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are whatever the request says, and TypeScript's types are gone by then.

## References
- CWE-22: Path Traversal, https://cwe.mitre.org/data/definitions/22.html
- OWASP, Path Traversal, https://owasp.org/www-community/attacks/Path_Traversal
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
    """Report paths into which the caller writes."""
    for found in action.written(sinks.paths):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} puts {named(found.named_by)} into the path of a file "
            f"(`{found.effect.what}`). With `../` in it, whoever sends the request reaches files "
            "outside of the folder that is meant.",
            remedy=Advice(
                "Choose the name on the server, or keep only its last part: `path.basename(name)`.",
                calls=("path.basename",),
            ),
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
        )


RULE = Rule(
    id="path-traversal",
    title="a path from the caller",
    headline="whoever calls {action} can reach other files of the server",
    severity=Severity.HIGH,
    cwe=22,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "a template that the caller names",
            actions("""
                'use server'
                import { readFile } from 'node:fs/promises'
                import path from 'node:path'

                export async function template(name: string) {
                  return readFile(path.join(process.cwd(), 'templates', name), 'utf8')  // <- finding
                }
            """),
        ),
        Bad(
            "an upload under its own name",
            actions("""
                'use server'
                import fs from 'fs'

                export async function upload(data: FormData) {
                  const file = data.get('file') as File
                  fs.writeFileSync(`./uploads/${file.name}`, Buffer.from(await file.arrayBuffer()))  // <- finding
                }
            """),
        ),
        Good(
            "the last part of the name",
            actions("""
                'use server'
                import { readFile } from 'node:fs/promises'
                import path from 'node:path'

                export async function template(name: string) {
                  return readFile(path.join(process.cwd(), 'templates', path.basename(name)), 'utf8')
                }
            """),
        ),
        Good(
            "a name of the server's",
            actions("""
                'use server'
                import { writeFile } from 'node:fs/promises'
                import { randomUUID } from 'node:crypto'

                export async function upload(data: FormData) {
                  const file = data.get('file') as File
                  await writeFile(`./uploads/${randomUUID()}.png`, Buffer.from(await file.arrayBuffer()))
                }
            """),
        ),
        KnownMiss(
            "the path was stored by another request",
            actions("""
                'use server'
                import { readFile } from 'node:fs/promises'
                import { prisma } from '../lib/prisma'

                export async function download(id: string) {
                  const upload = await prisma.upload.findUniqueOrThrow({ where: { id } })
                  return readFile(`./uploads/${upload.fileName}`, 'utf8')
                }
            """),
        ),
    ),
)
