"""Which inputs reach the world unchecked: what a schema says nothing about is not checked by it."""

from __future__ import annotations

import pytest

from analyzers.actions.validation import unvalidated
from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import run


def unchecked(body: str) -> list[str]:
    """The inputs of the action `save` that reach the world as they were sent, each by its name."""
    head = "'use server'\nimport { z } from 'zod'\nimport { prisma } from '../lib/prisma'\n"
    action = run({"app/actions.ts": head + body, **LIBRARY})["save"]
    return [".".join((o.parameter, *o.path)) for found in unvalidated(action.effects) for o in found.inputs]


@pytest.mark.parametrize(
    ("parse", "found"),
    [
        ("const { id, ...rest } = input; Post.parse(rest)", ["input.id"]),
        ("Post.parse(input)", ["input.id"]),
        ("if (!Post.nullable().safeParse(input).success) return", ["input.id"]),
        ("if (!Post.or(z.object({ body: z.string() })).safeParse(input).success) return", ["input.id"]),
        ("Post.extend({ id: z.string() }).parse(input)", []),
        ("Post.passthrough().parse(input)", []),
        ("Post.and(z.record(z.string())).parse(input)", []),
    ],
)
def test_a_schema_checks_the_parts_that_it_names(parse: str, found: list[str]) -> None:
    code = f"""
        const Post = z.object({{ title: z.string() }})
        export async function save(input) {{
          {parse}
          await prisma.post.update({{ where: {{ id: input.id }}, data: {{ title: input.title }} }})
        }}
    """
    assert unchecked(code) == found


def test_a_schema_of_a_form_checks_no_field_that_it_does_not_name() -> None:
    code = """
        const Post = z.object({ title: z.string() })
        export async function save(form: FormData) {
          const { title } = Post.parse(Object.fromEntries(form))
          await prisma.post.update({ where: { id: form.get('id') }, data: { title } })
        }
    """
    assert unchecked(code) == ["form.id"]


def test_filters_that_a_query_gets_step_by_step_are_all_seen() -> None:
    code = """
        import { createClient } from '@supabase/supabase-js'
        const client = createClient(process.env.URL!, process.env.KEY!)

        export async function save(filters) {
          let query = client.from('posts').select('id')
          for (const name in filters) {
            if (name === 'state') query = query.eq('state', filters[name])
          }
          if (typeof filters.page === 'number') query = query.range(filters.page, filters.page + 9)
          const { data } = await query
          return data
        }
    """
    assert unchecked(code) == ["filters"]


SIGNS_IN = """
    import { createClient } from '@supabase/supabase-js'
    const client = createClient(process.env.URL!, process.env.KEY!)
"""


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("input", ["input"]),
        ("{ email: input.email, password: input.password }", ["input.email", "input.password"]),
        ("{ email: String(input.email), password: String(input.password) }", []),
        ("z.object({ email: z.string(), password: z.string() }).parse(input)", []),
    ],
)
def test_credentials_are_checked_before_a_service_judges_them(argument: str, found: list[str]) -> None:
    body = f"export async function save(input) {{ await client.auth.signInWithPassword({argument}) }}"
    assert unchecked(SIGNS_IN + body) == found


def test_credentials_of_appwrite_come_one_by_one() -> None:
    code = """
        import { Account, Client } from 'node-appwrite'
        const account = new Account(new Client().setKey(process.env.KEY!))
        export async function save({ email, password }) {
          await account.createEmailPasswordSession(email, password)
        }
    """
    assert [name.split(".")[-1] for name in unchecked(code)] == ["email", "password"]


def test_what_auth_js_is_given_becomes_texts() -> None:
    code = """
        import NextAuth from 'next-auth'
        const { signIn } = NextAuth({ providers: [] })
        export async function save(input) {
          await signIn('credentials', { email: input.email, redirectTo: input.next })
        }
    """
    assert unchecked(code) == []


def guarded(schema: str) -> str:
    """An action whose client looks up what the input names before its schema has parsed it."""
    return f"""
        import {{ createSafeActionClient }} from 'next-safe-action'
        const client = createSafeActionClient().use(async ({{ next, clientInput }}) => {{
          const team = await prisma.team.findUnique({{ where: {{ id: clientInput.teamId }}, select: {{ id: true }} }})
          return next({{ ctx: {{ team }} }})
        }})
        export const save = client.inputSchema({schema}).action(async ({{ parsedInput }}) => {{
          await prisma.post.create({{ data: {{ title: parsedInput.title }} }})
        }})
    """


def test_what_a_middleware_reads_by_is_refused_by_the_schema_behind_it() -> None:
    assert unchecked(guarded("z.object({ teamId: z.string(), title: z.string() })")) == []


def test_what_no_schema_names_is_refused_by_none() -> None:
    assert unchecked(guarded("z.object({ title: z.string() })")) == ["input.teamId"]
