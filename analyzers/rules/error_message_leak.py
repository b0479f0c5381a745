"""The caller is told what an exception said.

## What it does
Finds answers that contain the message of a caught exception: returned by a `catch`, by a result's `error`, or by the
error handler of a wrapper around the action.

## Why this is bad
Exceptions are written for those who run the application. Theirs name tables and columns, hosts, files, keys that are
taken, and which of two checks failed.

```
curl -X POST https://example.com/settings -H 'Next-Action: 40be…' --data '["x"]'
# {"error":"Invalid `prisma.user.update()` invocation: Unique constraint failed on the fields: (`email`)"}
```

## Use instead
Log the exception, and return words of your own. Where some messages are meant for the caller, give them a class of
their own and return the message of that class only.

## How it is decided
Something of the answer comes from a caught exception or an error that a library returned. Exceptions that were shown to
be of a class of the project, by `instanceof` or by their name, are its own words; so are a schema's. Codes and names of
kinds say nothing, and what a library says of the fields that were sent (`error.meta`, `error.issues`) is the caller's
own. An exception that leaves the action is masked, whether it is thrown on as it came or a new one repeats its text
(`throw new Error(error.message)`): its users read a digest. A wrapper or another action that catches it and returns the
text is where it is reported. An exception that is returned as the object that it is, React sends without its text.

What may fail where it is caught decides whether it is posted. What a driver says of a query, a file or a command was
written for those who run the program: it is posted where what the caller sends reaches what fails, and so is a part of
an exception that holds the statement, the request or the stack. What a service says in its answers was written for
whoever calls it: it is posted where an anonymous caller makes the server ask with a key of its own, or where the caller
says to which host the server connects; and it is a line of the checklist where the caller's own credentials are judged,
where the caller is signed in or where it says why a sign-in failed. So is a text where only the program's own code
fails, or code that was not read.

## When it is intended
Where the caller is the one who runs the application: `// preship: ignore error-message-leak -- reason`.

## What Next.js does give
An exception that leaves an action uncaught is masked in production: the caller gets a digest. What is caught and
returned is not.

## References
- CWE-209: Generation of Error Message Containing Sensitive Information,
  https://cwe.mitre.org/data/definitions/209.html
- Next.js, Error Handling, https://nextjs.org/docs/app/getting-started/error-handling
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ActionFacts,
    Bad,
    Confidence,
    EffectKind,
    FailureText,
    Finding,
    Good,
    Item,
    Persona,
    Rule,
    Severity,
    Wording,
    actions,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the message of an exception that tells most of those that are handed out."""
    handed_out = [(handed, handed.told) for handed in action.caught_messages() if handed.told is not None]
    for handed, told in sorted(handed_out, key=lambda each: weight(each[1]))[:1]:
        where = f" as `{'.'.join(handed.path)}`" if handed.path else ""
        yield RULE.of_whole(
            action,
            effect=handed.effect,
            message=f"{action.label} returns what a caught exception says{where}{tells(told, action)}",
            remedy="Log the exception, and return a text of your own.",
            evidence=f"message:{'.'.join(handed.path)}",
            confidence=confidence_in(told),
            persona=Persona.REGULAR if is_worth_saying(told) else Persona.PEDANTIC,
            is_shared=True,
        )
        return
    for effect, told in action.messages_in_redirects():
        yield RULE.of_whole(
            action,
            effect=effect,
            message=f"{action.label} puts what a caught exception says into the address that it redirects to. It "
            f"stands in the browser's history and in logs{tells(told, action)}",
            remedy="Log the exception, and send a word of your own: `?error=failed`.",
            evidence="message in a redirect",
            confidence=confidence_in(told),
            persona=Persona.REGULAR if is_worth_saying(told) else Persona.PEDANTIC,
        )
        return


def weight(told: FailureText) -> tuple[bool, int]:
    """What sorts what tells most first."""
    return not is_worth_saying(told), -WORST_LAST.index(told.wording)


WORST_LAST = tuple(Wording)


def is_worth_saying(told: FailureText) -> bool:
    """Whether an author would change it: a driver's words for anybody, a service's for who is not signed in.

    Why a sign-in failed, its service says to those who sign in.
    """
    if not told.is_provoked:
        return False
    if told.wording is Wording.FOR_OPERATORS or told.is_dumped or told.is_a_probe:
        return True
    is_for_callers = told.wording is Wording.FOR_CALLERS and told.is_open
    return is_for_callers and any(effect.kind is not EffectKind.IDENTIFY for effect in told.causes)


def confidence_in(told: FailureText) -> Confidence:
    """Code that could not be read says what nobody has seen."""
    return Confidence.MEDIUM if told.wording is Wording.UNSEEN else Confidence.HIGH


def tells(told: FailureText, action: ActionFacts) -> str:
    """What whoever reads it learns, as the end of a sentence and one more."""
    if told.wording is Wording.UNSEEN:
        return ". What code throws that could not be read, nobody has seen."
    if not told.causes:
        return "."
    cause = told.causes[0]
    reader = "An anonymous caller" if told.is_open else "Whoever makes it fail"
    learned = LEARNED.get(cause.kind, "what was asked of it, and why it refused")
    if cause.kind in OF_A_STORE and told.wording is Wording.FOR_OPERATORS:
        learned += ", and parts of the statement"
    # A method of what the program has made itself is called as the code calls it: `transaction.get`.
    name = cause.what if "." in cause.what else action.quoted(cause.span) or cause.what
    return f". {reader} reads in it what `{name}` says of its failure: {learned}."


OF_A_STORE = frozenset({EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE, EffectKind.SQL})

LEARNED = {
    **dict.fromkeys(OF_A_STORE, "tables, columns and checks"),
    EffectKind.FILE: "paths on the server",
    EffectKind.RUN: "the command and what it printed",
    EffectKind.FETCH: "hosts and answers of other services",
}


RULE = Rule(
    id="error-message-leak",
    title="an exception's message is returned",
    headline="{action} shows its callers the text of exceptions",
    severity=Severity.LOW,
    cwe=209,
    item=Item.OUTPUT,
    check=check,
    examples=(
        Bad(
            "the catch returns the message",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function rename(name: string) {
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  try {
                    await prisma.user.update({ where: { id: session.user.id }, data: { name } })
                  } catch (error) {  // <- finding
                    return { error: error instanceof Error ? error.message : 'Unknown error' }
                  }
                }
            """),
        ),
        Bad(
            "the error of a result is passed on",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function addNote(text: string) {
                  const client = await supabase()
                  const { error } = await client.from('notes').insert({ text })  // <- finding
                  return error ? { error: error.message } : { ok: true }
                }
            """),
        ),
        Bad(
            "the wrapper returns it for every action behind it",
            actions(
                """
                    'use server'
                    import { action } from '../lib/action'
                    import { prisma } from '../lib/prisma'

                    export const countPosts = action(async () => prisma.post.count())  // <- finding
                """,
                {
                    "lib/action.ts": """
                        export const action = (run) => async (...args) => {
                          try {
                            return { data: await run(...args) }
                          } catch (error) {
                            return { error: error.message }
                          }
                        }
                    """
                },
            ),
        ),
        Bad(
            "the message goes into the address of a redirect",
            actions("""
                'use server'
                import { redirect } from 'next/navigation'
                import { supabase } from '../lib/supabase'

                export async function addNote(text: string) {
                  const client = await supabase()
                  const { error } = await client.from('notes').insert({ text })
                  if (error) redirect(`/notes?error=${encodeURIComponent(error.message)}`)  // <- finding
                }
            """),
        ),
        Good(
            "words of its own",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function rename(name: string) {
                  const session = await auth()
                  if (!session?.user) return { error: 'Not signed in' }
                  try {
                    await prisma.user.update({ where: { id: session.user.id }, data: { name } })
                  } catch (error) {
                    console.error(error)
                    return { error: 'Could not save the name' }
                  }
                }
            """),
        ),
        Good(
            "messages of a class that is meant for callers",
            actions(
                """
                    'use server'
                    import { createSafeActionClient } from 'next-safe-action'
                    import { PublicError } from '../lib/errors'
                    import { prisma } from '../lib/prisma'

                    const client = createSafeActionClient({
                      handleServerError: (error) =>
                        error instanceof PublicError ? error.message : 'Something went wrong',
                    })
                    export const countPosts = client.action(async () => prisma.post.count())
                """,
                {"lib/errors.ts": "export class PublicError extends Error {}"},
            ),
        ),
        Good(
            "the message becomes that of a new exception, which Next.js masks as well",
            actions("""
                'use server'
                import { supabase } from '../lib/supabase'

                export async function addNote(text: string) {
                  const client = await supabase()
                  const { error } = await client.from('notes').insert({ text })
                  if (error) throw new Error(`Could not save: ${error.message}`)
                }
            """),
        ),
        Good(
            "a plain throw, which Next.js masks",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function countPosts() {
                  try {
                    return await prisma.post.count()
                  } catch (error) {
                    console.error(error)
                    throw error
                  }
                }
            """),
        ),
        Good(
            "the name of the column that is taken",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                export async function addTag(name: string) {
                  try {
                    await prisma.tag.create({ data: { name } })
                  } catch (error) {
                    if (error.code !== 'P2002') throw error
                    return { error: `There is a tag with this ${error.meta?.target?.[0] ?? 'name'} already` }
                  }
                }
            """),
        ),
        Good(
            "a new exception of a function that the action only calls",
            actions(
                """
                    'use server'
                    import { countPosts } from '../lib/posts'

                    export async function postCount() {
                      return { count: await countPosts() }
                    }
                """,
                {
                    "lib/posts.ts": """
                        import { prisma } from './prisma'

                        export async function countPosts() {
                          try {
                            return await prisma.post.count()
                          } catch (error) {
                            throw new Error(`Could not count: ${error.message}`)
                          }
                        }
                    """
                },
            ),
        ),
        Good(
            "a new exception that stays on the server",
            actions("""
                'use server'
                import { prisma } from '../lib/prisma'

                async function count() {
                  try {
                    return await prisma.post.count()
                  } catch (error) {
                    throw new Error(`Could not count: ${error.message}`)
                  }
                }

                export async function countPosts() {
                  try {
                    return { count: await count() }
                  } catch {
                    return { error: 'Could not count the posts' }
                  }
                }
            """),
        ),
    ),
)
