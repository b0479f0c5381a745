"""Whose words the text of a failure holds: the program's, a service's for its callers, a driver's for operators."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.failures import Wording
from preship.analyzers.rule import STACK
from tests.analyzers.running import run

FILES = {
    **STACK,
    "lib/wrapped.ts": """
        export const wrapped = (run) => async (...args) => {
          try {
            return { data: await run(...args) }
          } catch (error) {
            return { error: error instanceof Error ? error.message : 'Failed' }
          }
        }
    """,
    "lib/signed-in.ts": """
        import { auth } from './auth'
        export async function signedIn() {
          const session = await auth()
          if (!session?.user) throw new Error('Not signed in')
          return session.user
        }
    """,
}


def texts(body: str, export: str = "export async function act(id)") -> list[tuple[Wording, tuple[str, ...], bool]]:
    """What the failures say that an action hands out, with what fails so and whether anybody reads it."""
    code = f"""
        'use server'
        import {{ exec }} from 'node:child_process'
        import {{ promisify }} from 'node:util'
        import {{ readFile }} from 'node:fs/promises'
        import {{ z }} from 'zod'
        import {{ send }} from '@acme/bus'
        import {{ prisma }} from '../lib/prisma'
        import {{ admin, supabase }} from '../lib/supabase'
        import {{ signedIn }} from '../lib/signed-in'
        import {{ wrapped }} from '../lib/wrapped'

        {export} {body}
    """
    facts = run({"app/actions.ts": code, **FILES})["act"]
    told = [handed.told for handed in facts.caught_messages() if handed.told is not None]
    return [(each.wording, tuple(effect.what for effect in each.causes), each.is_open) for each in told]


BY_DRIVERS = {
    "a query": "{ await signedIn(); try { await prisma.post.count() } catch (e) { return e.message } }",
    "a query of a function": """{
        const user = await signedIn()
        const count = async () => prisma.post.count()
        try { return await count() } catch (e) { return { error: String(e) } }
    }""",
    "a promise": "{ await signedIn(); return prisma.post.count().catch((e) => ({ error: e.message })) }",
    "a promise that goes on": """{
        await signedIn()
        return prisma.post.count().then((count) => ({ count })).catch((e) => ({ error: e.toString() }))
    }""",
    "thrown on as it came": """{
        await signedIn()
        try {
          try { await prisma.post.count() } catch (e) { console.error(e); throw e }
        } catch (outer) { return `Failed: ${outer.message}` }
    }""",
    "its text in another one": """{
        await signedIn()
        try {
          try { await prisma.post.count() } catch (e) { throw new Error(`Not counted: ${e.message}`) }
        } catch (outer) { return outer.message }
    }""",
}


@pytest.mark.parametrize("body", BY_DRIVERS.values(), ids=BY_DRIVERS.keys())
def test_what_a_driver_throws_was_written_for_operators(body: str) -> None:
    assert (Wording.FOR_OPERATORS, ("prisma.post.count",), False) in texts(body)


BY_THE_CODE = {
    "constants": "{ try { if (!id) throw new Error('No id') } catch (e) { return e.message } }",
    "a query whose failure gets words of ours": """{
        await signedIn()
        try {
          try { await prisma.post.count() } catch { throw new Error('Not counted') }
        } catch (e) { return e.message }
    }""",
    "a query outside": """{
        const user = await signedIn()
        const found = await prisma.post.count()
        try { JSON.parse(id) } catch (e) { return e.message }
    }""",
    "a schema": "{ try { z.string().parse(id) } catch (e) { return e.message } }",
}


@pytest.mark.parametrize("body", BY_THE_CODE.values(), ids=BY_THE_CODE.keys())
def test_where_nothing_else_fails_the_words_are_the_programs_own(body: str) -> None:
    assert {wording for wording, _, _ in texts(body)} <= {Wording.OWN}


def test_a_wrapper_says_what_fails_behind_it_and_not_what_was_caught_there() -> None:
    assert texts("wrapped(async (id) => { await signedIn(); return prisma.post.count() })", "export const act =") == [
        (Wording.FOR_OPERATORS, ("prisma.post.count",), False)
    ]
    within = "wrapped(async (id) => { await signedIn(); return prisma.post.count().catch(() => 0) })"
    assert [wording for wording, _, _ in texts(within, "export const act =")] == [Wording.OWN]


def test_the_error_of_a_result_was_written_for_callers() -> None:
    body = "{ const { error } = await admin.from('notes').delete().eq('id', id); return error?.message }"
    assert texts(body) == [(Wording.FOR_CALLERS, ("supabase.notes.delete",), True)]
    assert texts("{ await signedIn(); " + body[1:]) == [(Wording.FOR_CALLERS, ("supabase.notes.delete",), False)]
    thrown = "{ try { const { error } = await admin.from('notes').delete().eq('id', id); if (error) throw error }"
    assert texts(thrown + " catch (e) { return e.message } }") == [
        (Wording.FOR_CALLERS, ("supabase.notes.delete",), True)
    ]
    throws = "{ try { await admin.from('notes').delete().eq('id', id).throwOnError() } catch (e) { return e.message } }"
    assert texts(throws) == [(Wording.FOR_OPERATORS, ("supabase.notes.delete",), True)]


def test_a_signed_in_caller_is_known_where_it_fails_and_not_where_it_is_caught() -> None:
    body = "{ try { await signedIn(); await prisma.post.count() } catch (e) { return e.message } }"
    assert texts(body) == [(Wording.FOR_OPERATORS, ("prisma.post.count",), False)]


def test_files_and_processes_speak_to_operators_and_unread_code_says_what_nobody_has_seen() -> None:
    read = "{ try { return await readFile('/srv/data.json', 'utf8') } catch (e) { return e.message } }"
    assert [wording for wording, _, _ in texts(read)] == [Wording.FOR_OPERATORS]
    unread = "{ try { await send(id) } catch (e) { return e.message } }"
    assert [wording for wording, _, _ in texts(unread)] == [Wording.UNSEEN]


def test_a_stack_is_for_operators_whatever_failed() -> None:
    assert [wording for wording, _, _ in texts("{ try { JSON.parse(id) } catch (e) { return e.stack } }")] == [
        Wording.FOR_OPERATORS
    ]


def test_an_exception_that_is_returned_as_it_is_loses_its_text_on_the_way() -> None:
    assert texts("{ try { await prisma.post.count() } catch (error) { return { error } } }") == []
    assert texts("{ try { await prisma.post.count() } catch (error) { return { error: `${error}` } } }") != []
    answered = "{ const { error } = await admin.from('notes').delete().eq('id', id); return { error } }"
    assert [wording for wording, _, _ in texts(answered)] == [Wording.FOR_CALLERS]


def test_a_service_that_is_called_as_the_caller_speaks_to_callers() -> None:
    files = {
        "app/actions.ts": """
            'use server'
            import Medusa from '@medusajs/js-sdk'
            const sdk = new Medusa({ baseUrl: process.env.BACKEND })
            export async function act(city: string, headers: Record<string, string>) {
              return sdk.store.customer.createAddress({ city }, {}, headers)
                .then(() => ({ error: null }))
                .catch((error) => ({ error: error.toString() }))
            }
        """
    }
    told = [handed.told for handed in run(files)["act"].caught_messages()]
    assert [(each.wording, each.is_open) for each in told if each is not None] == [(Wording.FOR_CALLERS, False)]
