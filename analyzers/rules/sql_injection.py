"""The caller writes a part of an SQL statement.

## What it does
Follows the caller's words into the text of statements: `$queryRawUnsafe`, `sql.raw`, `client.query` with a text that
was put together, pieces of a query builder. And into filters that a store reads from a text: `.or()` of Supabase,
formulas of Airtable, filters of PocketBase, GROQ.

## Why this is bad
A statement is code. Whoever writes a part of it reads other tables, changes them, or drops them.

```
curl -X POST https://example.com/posts -H 'Next-Action: 60c2…' -H "Cookie: $ANY_SESSION" \\
  --data '["id; UPDATE users SET role = 1 --"]'
```

## Use instead
Pass values beside the text: a tagged template that binds (`sql`, `$queryRaw`), or `$1` with a list of values. A name of
a column or a direction cannot be bound: take it from a list that the code writes out.

## How it is decided
The text of a statement holds an input, and the path compares it with nothing that the code itself knows: no list, no
pattern. Numbers, literals and ids that a schema admitted are no words. A filter is no statement: it changes nothing and
stays within its table. With the caller's own credentials, or by an administrator, it finds only what is theirs to read,
and the finding is a low one.

## When it is intended
A console for administrators can say so: `// preship: ignore sql-injection -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are whatever the request says, and TypeScript's types are gone by then.

## References
- CWE-89: SQL Injection, https://cwe.mitre.org/data/definitions/89.html
- OWASP, https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html
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
    named,
    sinks,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report statements into which the caller writes."""
    for found in action.written(sinks.statements):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} puts {named(found.named_by)} into the text of an SQL statement "
            f"(`{found.effect.what}`). Whoever sends the request writes a part of the statement: it "
            "can read and change other rows and tables.",
            remedy="Pass it as a bound value, or take names of columns and directions from a list in the code.",
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
        )
    for found in action.written(sinks.filters):
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} puts {named(found.named_by)} into the text of a filter (`{found.effect.what}`), "
            "which the store reads as conditions. Whoever sends the request adds some of their own: they search "
            f"{FOUND_BY[sinks.finds_more(found.effect)]}, and a comma or quote that somebody types breaks it.",
            remedy="Take out what ends a value (commas, brackets, quotes), or pass it beside the text where the "
            "store can bind it.",
            confidence=Confidence.MEDIUM if found.is_parsed else Confidence.HIGH,
            severity=Severity.MEDIUM if sinks.finds_more(found.effect) else Severity.LOW,
        )


FOUND_BY = {
    True: "columns that the answer does not show, and rows that the filter leaves out",
    False: "by any column of the rows that are theirs to read",
}
"""What other conditions find, by whether that is more than their caller may read anyway."""


RULE = Rule(
    id="sql-injection",
    title="SQL from the caller",
    headline="whoever calls {action} can write into its SQL",
    severity=Severity.CRITICAL,
    cwe=89,
    item=Item.INPUT,
    check=check,
    examples=(
        Bad(
            "a search put together as text",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function search(term: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return prisma.$queryRawUnsafe(`SELECT id FROM posts WHERE title LIKE '%${term}%'`)  // <- finding
                }
            """),
        ),
        Bad(
            "the order of a list",
            actions("""
                'use server'
                import { Pool } from 'pg'
                const pool = new Pool()

                export async function listPosts(order: string) {
                  const { rows } = await pool.query('SELECT id, title FROM posts ORDER BY ' + order)  // <- finding
                  return rows
                }
            """),
        ),
        Bad(
            "a search in several columns",
            actions("""
                'use server'
                import { createClient } from '@supabase/supabase-js'
                const supabase = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)

                export async function search(term: string) {
                  const filter = `name.ilike.%${term}%,city.ilike.%${term}%`
                  const { data } = await supabase.from('people').select('id, name').or(filter)  // <- finding
                  return data
                }
            """),
        ),
        Good(
            "what separates conditions is taken out",
            actions("""
                'use server'
                import { createClient } from '@supabase/supabase-js'
                const supabase = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)

                export async function search(input: string) {
                  const term = input.replace(/[%_,.()"\\\\]/g, '')
                  const filter = `name.ilike.%${term}%,city.ilike.%${term}%`
                  const { data } = await supabase.from('people').select('id, name').or(filter)
                  return data
                }
            """),
        ),
        Good(
            "values beside the text",
            actions("""
                'use server'
                import { Pool } from 'pg'
                const pool = new Pool()

                export async function postsOf(author: string) {
                  const { rows } = await pool.query('SELECT id, title FROM posts WHERE author = $1', [author])
                  return rows
                }
            """),
        ),
        Good(
            "a template that binds",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function postsOf(author: string) {
                  return prisma.$queryRaw`SELECT id, title FROM posts WHERE author = ${author}`
                }
            """),
        ),
        Good(
            "the order is one of a list",
            actions("""
                'use server'
                import { Pool } from 'pg'
                const pool = new Pool()

                export async function listPosts(order: string) {
                  if (!['title', 'created_at'].includes(order)) throw new Error('Unknown order')
                  const { rows } = await pool.query(`SELECT id, title FROM posts ORDER BY ${order}`)
                  return rows
                }
            """),
        ),
        KnownMiss(
            "the words were stored by another request",
            actions("""
                'use server'
                import { Pool } from 'pg'
                import { prisma } from '../lib/prisma'
                const pool = new Pool()

                export async function savedList(id: string) {
                  const view = await prisma.view.findUniqueOrThrow({ where: { id } })
                  const { rows } = await pool.query(`SELECT id, title FROM posts ORDER BY ${view.order}`)
                  return rows
                }
            """),
        ),
    ),
)
