"""What a repository teaches of its own packages, by the same rows as the model files."""

from __future__ import annotations

import textwrap

import pytest

from preship.analyzers.actions import sinks
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.declared import Declared
from preship.analyzers.models.files import read
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, files_of

AUTH = """
- packages: ['@acme/auth']
  calls:
    currentUser: {session: Acme}
    requireUser: {guard: Acme}
    requireRole: {guard: Acme, role: editor}
    assertOwner: {guard: Acme, owns: 1}
    mayEdit: {asks: Acme, owns: 0}
    sessionNow: {session: Acme, now: true}
    withUser: {wrapper: Acme, passes: [session, arguments]}
"""

DIRECT = """
- packages: ['@acme/db']
  members: {db: acme#db}
- things: [acme#db]
  methods:
    find: {query: read, table: path, key: 0, finds: first}
    list: {query: read, table: path, key: 0.where}
    save: {query: write, table: path, key: 0, data: 1}
    remove: {query: delete, table: path, key: 0}
"""

BUILDER = """
- packages: ['@acme/db']
  members: {db: acme#db}
- things: [acme#db]
  calls:
    from: {makes: acme#query, table: 0}
- things: [acme#query]
  calls:
    where: {does: same, key: 0 = 1}
    match: {does: same, key: 0}
    set: {does: same, data: 0, kind: write}
    remove: {does: same, kind: delete}
    first: {query: read, finds: first}
  when-awaited: {query: read}
"""


def executed(body: str, models: str, imports: str) -> ActionFacts:
    code = f"'use server'\n{imports}\nexport async function act(id, input) {{\n{textwrap.dedent(body)}\n}}\n"
    entries = read(models.encode(), "models.yml")
    tree = codebase_of(MemoryFiles(files_of(code)), Parsed(), Declared(models=entries))
    with deep_recursion():
        (action,) = tree.actions("app/actions.ts")
        return tree.executed(action)


def done(body: str, models: str = DIRECT) -> list[str]:
    imports = "import { db } from '@acme/db'; import * as auth from '@acme/auth'"
    return effects(executed(body, AUTH + models, imports))


def keys(body: str, models: str) -> list[str]:
    facts = executed(body, AUTH + models, "import { db } from '@acme/db'; import * as auth from '@acme/auth'")
    return [f"{e.kind} {e.target} {shown(e.key)} -> {shown(e.data)}" for e in facts.touching_effects()]


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await db.invoices.remove(id)", "delete invoices"),
        ("await auth.requireUser(); await db.invoices.remove(id)", "delete invoices: Authenticated"),
        ("auth.requireUser(); await db.invoices.remove(id)", "delete invoices"),
        ("if (await auth.currentUser()) await db.invoices.remove(id)", "delete invoices: Authenticated"),
        ("await auth.currentUser(); await db.invoices.remove(id)", "delete invoices"),
        ("if (!auth.sessionNow()) return; await db.invoices.remove(id)", "delete invoices: Authenticated"),
        ("await auth.requireRole(); await db.invoices.remove(id)", "delete invoices: Authenticated, Role"),
        ("await auth.assertOwner('x', id); await db.invoices.remove(id)", "delete invoices: Authenticated, Owns"),
        ("if (await auth.mayEdit(id)) await db.invoices.remove(id)", "delete invoices: Authenticated, Owns"),
        ("return auth.withUser((user, x) => db.invoices.remove(x))(id)", "delete invoices: Authenticated"),
    ],
)
def test_sessions_and_guards_of_a_package_are_taught_by_a_row_each(body: str, effect: str) -> None:
    assert done(body) == [effect]


@pytest.mark.parametrize("row", ["{effect: fetch, key: 0, traits: [sends anywhere]}", "{effect: fetch, key: 0}"])
def test_a_client_that_calls_any_address_is_taught_by_a_row(row: str) -> None:
    models = f"- packages: ['@acme/http']\n  calls: {{get: {row}}}"
    facts = executed("await get(id)", models, "import { get } from '@acme/http'")
    found = [origin.parameter for written in facts.written(sinks.addresses) for origin in written.named_by]
    assert found == (["id"] if "traits" in row else [])


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await db.posts.find(id)", "read posts {id: input} -> -"),
        ("await db.posts.list({ where: { slug: input.slug } })", "read posts {slug: input.slug} -> -"),
        ("await db.posts.save(id, { title: input.title })", "write posts {id: input} -> {title: input.title}"),
    ],
)
def test_calls_of_a_store_are_taught_by_a_row_each(body: str, effect: str) -> None:
    assert keys(body.replace("id", "input"), DIRECT) == [effect]


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await db.from('posts').where('id', input).first()", "read posts {id: input} -> -"),
        ("await db.from('posts').match({ id: input })", "read posts {id: input} -> -"),
        ("await db.from('posts').where('id', input).remove()", "delete posts {id: input} -> -"),
        ("await db.from('posts').remove().where('id', input)", "delete posts {id: input} -> -"),
        ("await db.from('posts').set({ a: input.a }).match({ id: 1 })", "write posts {id: 1} -> {a: input.a}"),
    ],
)
def test_a_query_builder_is_taught_by_what_its_steps_keep(body: str, effect: str) -> None:
    assert keys(body, BUILDER) == [effect]


def test_a_query_for_the_callers_own_rows_is_scoped() -> None:
    body = """
        const user = await auth.requireUser()
        const post = await db.from('posts').match({ id, ownerId: user.id }).first()
        if (!post) return
        await db.from('posts').where('id', id).remove()
    """
    assert done(body, BUILDER) == ["read posts: Authenticated", "delete posts: Authenticated, Owns"]


def test_without_a_row_nothing_is_made_up() -> None:
    assert done("await auth.unheardOf(); await db.posts.remove(id)") == ["delete posts"]


def test_a_module_of_the_repository_is_taught_like_a_package() -> None:
    models = AUTH.replace("'@acme/auth'", "lib/auth.ts") + DIRECT
    files = files_of(
        {
            "app/actions.ts": """
                'use server'
                import { db } from '@acme/db'
                import { requireUser } from '../lib/auth'
                export async function act(id) { await requireUser(); await db.posts.remove(id) }
            """,
            "lib/auth.ts": "export async function requireUser() { return eval(process.env.GUARD) }",
        }
    )
    tree = codebase_of(MemoryFiles(files), Parsed(), Declared(models=read(models.encode(), "models.yml")))
    with deep_recursion():
        (action,) = tree.actions("app/actions.ts")
        assert effects(tree.executed(action)) == ["delete posts: Authenticated"]
