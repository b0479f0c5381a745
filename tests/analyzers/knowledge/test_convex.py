"""Convex: functions of the repository are run as they stand, with the caller's token or without."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.actions.failures import Wording
from preship.analyzers.flow.effects import Client
from tests.analyzers.running import effects, run

ACTIONS = """
    'use server'
    import { fetchMutation, fetchQuery } from 'convex/nextjs'
    import { ConvexHttpClient } from 'convex/browser'
    import { convexAuthNextjsToken } from '@convex-dev/auth/nextjs/server'
    import { auth } from '@clerk/nextjs/server'
    import { api } from '@/convex/_generated/api'
    const client = new ConvexHttpClient(process.env.NEXT_PUBLIC_CONVEX_URL!)
"""
NOTES = """
    import { mutation, query } from './_generated/server'
    import { getAuthUserId } from '@convex-dev/auth/server'
    import { internal } from './_generated/api'

    export const remove = mutation({ handler: async (ctx, { id }) => { await ctx.db.delete(id) } })
    export const removeOwn = mutation({ handler: async (ctx, { id }) => {
      const who = await ctx.auth.getUserIdentity()
      if (!who) throw new Error('Sign in first')
      const note = await ctx.db.get(id)
      if (note?.ownerId !== who.subject) throw new Error('Not yours')
      await ctx.db.delete(id)
    } })
    export const removeMine = mutation(async (ctx, { id }) => {
      const userId = await getAuthUserId(ctx)
      if (userId === null) return
      await ctx.runMutation(internal.notes.remove, { id })
    })
    export const mine = query({ handler: async (ctx, { ownerId }) =>
      ctx.db.query('notes').withIndex('by_owner', (q) => q.eq('ownerId', ownerId)).collect() })
    export const title = query({ handler: async (ctx, { id }) => {
      const note = await ctx.db.query('notes').filter((q) => q.eq(q.field('_id'), id)).first()
      return note?.title
    } })
"""
TEAMS = """
    import { mutation } from './_generated/server'

    async function signedIn(ctx) {
      const who = await ctx.auth.getUserIdentity()
      if (!who) throw new Error('Sign in first')
      return who
    }
    export const join = mutation({ handler: async (ctx, { code }) => {
      const who = await signedIn(ctx)
      const invite = await ctx.db.query('invites').withIndex('by_token', (q) => q.eq('token', code)).unique()
      if (!invite) throw new Error('No such invite')
      const team = await ctx.db.query('teams').withIndex('by_slug', (q) => q.eq('slug', invite.team)).unique()
      const member = await ctx.db.query('members')
        .withIndex('by_both', (q) => q.eq('userId', who.subject).eq('teamId', team._id)).unique()
      if (member) return
      await ctx.db.patch(invite._id, { uses: invite.uses + 1 })
      await ctx.db.insert('members', { userId: who.subject, teamId: team._id, role: invite.role })
    } })
    export const rename = mutation({ handler: async (ctx, { slug, name }) => {
      await signedIn(ctx)
      const team = await ctx.db.query('teams').withIndex('by_slug', (q) => q.eq('slug', slug)).unique()
      await ctx.db.patch(team._id, { name })
    } })
    export const rank = mutation({ handler: async (ctx, { id, name }) => {
      await signedIn(ctx)
      await ctx.db.patch('teams', id, { name })
    } })
    export const drop = mutation({ handler: async (ctx, { id }) => {
      await signedIn(ctx)
      if (await ctx.db.get('teams', id)) await ctx.db.delete('teams', id)
    } })
"""
GENERATED = {
    "convex/_generated/api.js": "import { anyApi } from 'convex/server'\n"
    "export const api = anyApi\nexport const internal = anyApi",
    "convex/_generated/server.js": "import { mutationGeneric, queryGeneric } from 'convex/server'\n"
    "export const mutation = mutationGeneric\nexport const query = queryGeneric",
}
CONFIG = {"tsconfig.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./*"] } } }'}


def act(body: str, *, is_generated: bool = False) -> ActionFacts:
    more = GENERATED if is_generated else {}
    code = f"{ACTIONS}\n    export async function act(id) {{ {body} }}"
    return run({"app/actions.ts": code, "convex/notes.ts": NOTES, "convex/teams.ts": TEAMS, **CONFIG, **more})["act"]


@pytest.mark.parametrize("is_generated", [True, False])
def test_a_function_that_asks_nobody_does_what_the_caller_says(is_generated: bool) -> None:
    facts = act("await fetchMutation(api.notes.remove, { id })", is_generated=is_generated)
    assert effects(facts) == ["delete a document"]
    assert facts.anonymous_effect() is not None


def test_a_function_that_asks_who_calls_is_told_by_a_token_only() -> None:
    with_token = act(
        "const token = await convexAuthNextjsToken(); await fetchMutation(api.notes.removeOwn, { id }, { token })"
    )
    assert effects(with_token)[-1] == "delete a document: Authenticated, Owns"
    assert list(with_token.unowned_effects()) == []
    assert effects(act("await fetchMutation(api.notes.removeOwn, { id })")) == []
    assert effects(act("client.setAuth(id); await client.mutation(api.notes.removeMine, { id })")) == [
        "delete a document: Authenticated"
    ]


def test_what_a_function_gives_is_what_its_code_returns() -> None:
    checked = "const { userId } = await auth(); if (!userId) throw new Error('no');"
    whole = act(f"{checked} return client.query(api.notes.mine, {{ ownerId: userId }})")
    assert [handed.name for handed in whole.raw_records()] == ["`notes`"]
    column = act(f"{checked} return client.query(api.notes.title, {{ id }})")
    assert list(column.raw_records()) == []


def test_a_function_that_is_not_in_the_repository_judges_its_caller_by_itself() -> None:
    facts = act("await fetchMutation(api.elsewhere.remove, { id })")
    assert [(e.target, e.client) for e in facts.effects if e.target] == [("elsewhere.remove", Client.CALLER)]


def test_what_a_function_throws_arrives_without_its_text() -> None:
    facts = act("try { await fetchMutation(api.notes.remove, { id }) } catch (e) { return e.message }")
    assert [handed.told.wording for handed in facts.caught_messages() if handed.told is not None] == [Wording.OWN]


def told(call: str) -> ActionFacts:
    """What a call of one of the functions does that is told who is calling."""
    return act(f"const token = await convexAuthNextjsToken(); await fetchMutation(api.teams.{call}, {{ token }})")


@pytest.mark.parametrize(
    ("call", "done"),
    [
        ("rename, { slug: id, name: 'a' }", ["read teams: Authenticated", "write teams: Authenticated"]),
        ("rank, { id, name: 'a' }", ["write teams: Authenticated"]),
        ("drop, { id }", ["read teams: Authenticated", "delete teams: Authenticated"]),
    ],
)
def test_a_document_is_of_the_table_that_is_named_or_from_which_its_id_was_read(call: str, done: list[str]) -> None:
    assert effects(told(call)) == done
    assert [found.effect.target for found in told(call).unowned_effects()] == ["teams"]


def test_an_invitation_that_is_found_by_its_token_opens_what_it_is_for() -> None:
    assert [found.effect.target for found in told("join, { code: id }").unowned_effects()] == []
