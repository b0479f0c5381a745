"""Supabase, as actions call it: who speaks, who is asked, and when a query is sent."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.words import word
from preship.analyzers.actions.world import fields_of
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import Role
from tests.analyzers.running import effects, run

SERVER = """
    import { createServerClient } from '@supabase/ssr'
    import { cookies } from 'next/headers'

    export async function createClient() {
      const cookieStore = await cookies()
      return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
        cookies: {
          getAll() { return cookieStore.getAll() },
          setAll(all) { all.forEach(({ name, value, options }) => cookieStore.set(name, value, options)) },
        },
      })
    }
"""
ADMIN = """
    import { createClient } from '@supabase/supabase-js'
    export const admin = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
"""
FILES = {"lib/server.ts": SERVER, "lib/admin.ts": ADMIN}
POLICIES = """
    CREATE TABLE posts (id uuid, author_id uuid);
    ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON posts USING (auth.uid() = author_id);
"""


def test_row_level_security_judges_the_callers_client_and_nobody_the_service() -> None:
    actions = run(
        {
            **FILES,
            "supabase/migrations/1_posts.sql": POLICIES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                export async function asCaller(id: string) {
                  const supabase = await createClient()
                  await supabase.from('posts').delete().eq('id', id)
                }
                export async function asService(id: string) {
                  await admin.from('posts').delete().eq('id', id)
                }
                export async function never(id: string) {
                  admin.from('posts').delete().eq('id', id)
                }
            """,
        }
    )
    assert effects(actions["asCaller"]) == []
    assert [(e.kind, e.client) for e in actions["asCaller"].effects if e.target == "posts"] == [
        (EffectKind.DELETE, Client.CALLER)
    ]
    assert effects(actions["asService"]) == ["delete posts"]
    assert effects(actions["never"]) == [], "a query that nobody awaits is never sent"


def test_the_user_and_the_error_are_one_answer() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                export async function byUser(id: string) {
                  const supabase = await createClient()
                  const { data: { user } } = await supabase.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  await admin.from('posts').update({ title: 'x' }).eq('id', id).eq('author_id', user.id)
                }
                export async function byError(id: string) {
                  const supabase = await createClient()
                  const { data, error } = await supabase.auth.getUser()
                  if (error) return { error: 'Not signed in' }
                  await admin.from('posts').update({ title: 'x' }).match({ id, author_id: data.user.id })
                }
                export async function byClaims(id: string) {
                  const supabase = await createClient()
                  const { data } = await supabase.auth.getClaims()
                  if (!data?.claims) return { error: 'Not signed in' }
                  await admin.from('posts').delete().eq('id', id).neq('author_id', data.claims.sub)
                }
            """,
        }
    )
    assert effects(actions["byUser"]) == ["write posts: Authenticated"]
    assert list(actions["byUser"].unowned_effects()) == []
    assert effects(actions["byError"]) == ["write posts: Authenticated"]
    assert list(actions["byError"].unowned_effects()) == []
    assert effects(actions["byClaims"]) == ["delete posts: Authenticated"]
    assert [word(o) for u in actions["byClaims"].unowned_effects() for o in u.named_by] == ["id"]


def test_a_session_that_only_the_cookie_tells_of_is_a_claim() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                export async function rename(name: string) {
                  const supabase = await createClient()
                  const { data: { session } } = await supabase.auth.getSession()
                  if (!session) return null
                  await admin.from('profiles').update({ name }).eq('id', session.user.id)
                }
            """,
        }
    )
    assert effects(actions["rename"]) == ["write profiles: Claimed"]


def test_a_row_found_by_the_caller_is_membership() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                async function requireMember(teamId: string) {
                  const supabase = await createClient()
                  const { data: { user } } = await supabase.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  const { data: member, error } = await admin
                    .from('members').select('role').eq('team_id', teamId).eq('user_id', user.id).single()
                  if (error) throw new Error('No member')
                  return member
                }
                export async function rename(teamId: string, name: string) {
                  await requireMember(teamId)
                  await admin.from('teams').update({ name }).eq('id', teamId)
                }
                export async function unlooked(teamId: string, name: string) {
                  const supabase = await createClient()
                  const { data: { user } } = await supabase.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  await admin.from('members').select().eq('team_id', teamId).eq('user_id', user.id).maybeSingle()
                  await admin.from('teams').update({ name }).eq('id', teamId)
                }
            """,
        }
    )
    assert effects(actions["rename"]) == ["read members: Authenticated", "write teams: Authenticated, Owns"]
    assert list(actions["rename"].unowned_effects()) == []
    assert [word(o) for u in actions["unlooked"].unowned_effects() for o in u.named_by] == ["teamId"]


@pytest.mark.parametrize(
    "write",
    [
        "insert({ team_id: teamId, user_id: user.id }).select().single()",
        "upsert({ team_id: teamId, user_id: user.id }, { onConflict: 'team_id,user_id' }).select().single()",
        "insert({ team_id: teamId, user_id: user.id }).select()",
    ],
)
def test_a_row_that_was_just_written_proves_nothing_of_what_it_names(write: str) -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": f"""
                'use server'
                import {{ createClient }} from '../lib/server'
                import {{ admin }} from '../lib/admin'

                export async function rename(teamId: string, name: string) {{
                  const {{ data: {{ user }} }} = await (await createClient()).auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  const {{ data, error }} = await admin.from('visits').{write}
                  if (error || !data) throw error
                  await admin.from('teams').update({{ name }}).eq('id', teamId)
                }}
            """,
        }
    )
    assert [u.effect.what for u in actions["rename"].unowned_effects()] == ["supabase.teams.update"]


def test_accounts_are_administered_with_the_service_key_only() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                export async function removeUser(id: string) {
                  await admin.auth.admin.deleteUser(id)
                }
                export async function login(form: FormData) {
                  const supabase = await createClient()
                  const { error } = await supabase.auth.signInWithPassword({
                    email: form.get('email') as string, password: form.get('password') as string,
                  })
                  if (error) return { error: error.message }
                }
                export async function changePassword(password: string) {
                  const supabase = await createClient()
                  const { error } = await supabase.auth.updateUser({ password })
                  if (error) throw error
                }
                export async function upload(path: string, file: File) {
                  const { data, error } = await admin.storage.from('avatars').upload(path, file, { upsert: true })
                  return data?.path
                }
            """,
        }
    )
    assert effects(actions["removeUser"]) == ["delete users"]
    assert actions["login"].public == "it begins a session or proves a credential"
    assert effects(actions["changePassword"]) == []
    assert actions["changePassword"].public is None
    assert effects(actions["upload"]) == ["write avatars"]


def test_queries_are_sent_wherever_they_are_awaited() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { admin } from '../lib/admin'

                export async function all(id: string) {
                  const [posts, comments] = await Promise.all([
                    admin.from('posts').select('*').eq('id', id),
                    admin.from('comments').select('*', { count: 'exact' }).eq('post_id', id).order('created_at'),
                  ])
                  return { posts: posts.data, total: comments.count }
                }
                export async function built(id: string, status?: string) {
                  let query = admin.from('posts').select('id, title')
                  if (status) query = query.eq('status', status)
                  const { data } = await query.limit(10)
                  return data
                }
                export async function returned(name: string) {
                  return admin.from('tags').insert({ name }).select().single()
                }
                export async function then(id: string) {
                  return admin.from('posts').delete().eq('id', id).then(({ error }) => !error)
                }
                export async function called(team: string) {
                  const { data } = await admin.rpc('close_team', { team })
                  return data
                }
            """,
        }
    )
    assert effects(actions["all"]) == ["read posts", "read comments"]
    assert effects(actions["built"]) == ["read posts"]
    assert effects(actions["returned"]) == ["insert tags"]
    assert effects(actions["then"]) == ["delete posts"]
    assert effects(actions["called"]) == ["write close_team"]


def test_the_auth_helpers_speak_as_the_caller() -> None:
    actions = run(
        {
            "supabase/migrations/1_posts.sql": POLICIES,
            "app/actions.ts": """
                'use server'
                import { createServerActionClient } from '@supabase/auth-helpers-nextjs'
                import { cookies } from 'next/headers'

                export async function remove(id: string) {
                  const supabase = createServerActionClient({ cookies })
                  const { data: { user } } = await supabase.auth.getUser()
                  await supabase.from('posts').delete().eq('id', id)
                }
                export async function removeAsService(id: string) {
                  const service = { supabaseKey: process.env.SUPABASE_SERVICE_KEY }
                  const supabase = createServerActionClient({ cookies }, service)
                  await supabase.from('posts').delete().eq('id', id)
                }
            """,
        }
    )
    assert effects(actions["remove"]) == []
    assert effects(actions["removeAsService"]) == ["delete posts"]


def test_a_filter_holds_also_where_nobody_keeps_the_query() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                export async function clear(id: string) {
                  const supabase = await createClient()
                  const { data: { user } } = await supabase.auth.getUser()
                  if (!user) throw new Error('Not signed in')
                  const query = admin.from('posts').delete().eq('id', id)
                  query.eq('author_id', user.id)
                  await query
                }
            """,
        }
    )
    assert effects(actions["clear"]) == ["delete posts: Authenticated"]
    assert list(actions["clear"].unowned_effects()) == []


CLIENTS = [
    ("createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)", "getUser()", False),
    ("createClient(process.env.URL!, process.env.ANON_KEY!, { auth: { persistSession: false } })", "getUser()", False),
    ("createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)", "getUser(token)", True),
    (
        "createClient(process.env.URL!, process.env.ANON_KEY!, { global: { headers: headersOf(token) } })",
        "getUser()",
        True,
    ),
    ("createClient(process.env.URL!, process.env.ANON_KEY!, options)", "getUser()", True),
    ("createClient(process.env.URL!, process.env.ANON_KEY!, { auth: { storage } })", "getUser()", True),
]


@pytest.mark.parametrize(("client", "question", "is_somebody"), CLIENTS)
def test_a_client_that_was_given_no_session_has_nobody_to_ask_about(
    client: str, question: str, is_somebody: bool
) -> None:
    actions = run(
        f"""
        'use server'
        import {{ createClient }} from '@supabase/supabase-js'
        import {{ headersOf, options, storage }} from '@acme/session'
        import {{ prisma }} from '../lib/prisma'

        export async function clear(token: string) {{
          const client = {client}
          const {{ data: {{ user }} }} = await client.auth.{question}
          if (user) await prisma.post.deleteMany({{ where: {{ authorId: user.id }} }})
        }}
        """
    )
    assert bool(effects(actions["clear"])) is is_somebody


def test_what_a_function_of_the_database_gives_the_service_is_read_for_whoever_asks() -> None:
    actions = run(
        {
            **FILES,
            "app/actions.ts": """
                'use server'
                import { createClient } from '../lib/server'
                import { admin } from '../lib/admin'

                export async function payslips(companyId: string) {
                  const { data } = await admin.rpc('get_payslips', { p_company_id: companyId })
                  return data
                }
                export async function mine() {
                  const client = await createClient()
                  const { data } = await client.rpc('get_payslips')
                  return data
                }
                export async function count(companyId: string) {
                  await admin.rpc('get_payslips', { p_company_id: companyId })
                }
            """,
        }
    )
    found = {name: facts.anonymous_effect() for name, facts in actions.items()}
    assert {name: each.effect.target for name, each in found.items() if each} == {"payslips": "get_payslips"}


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (".ilike('email', email)", ["email"]),
        (".ilike('email', email.trim().toLowerCase())", ["email"]),
        (".ilike('email', `%${email}%`)", []),
        (".ilike('title', email)", []),
        (".like('slug', email)", ["slug"]),
    ],
)
def test_a_name_of_which_there_is_one_is_looked_up_in_capitals_or_not(call: str, key: list[str]) -> None:
    code = f"""
        'use server'
        import {{ admin }} from '../lib/admin'
        export async function find(email: string) {{
          const {{ data }} = await admin.from('profiles').select('id'){call}.maybeSingle()
          return Boolean(data)
        }}
    """
    (read,) = [e for e in run({**FILES, "app/actions.ts": code})["find"].effects if e.kind is EffectKind.READ]
    assert [name for name, _ in fields_of(read.key)] == key


def rights_at_the_change(check: str) -> list[str]:
    """The roles that were shown where an action deletes with the service key, after the caller's client was asked."""
    code = f"""
        'use server'
        import {{ admin }} from '../lib/admin'
        import {{ createClient }} from '../lib/server'
        export async function remove(id: string, other: string) {{
          const supabase = await createClient()
          const {{ data: {{ user }} }} = await supabase.auth.getUser()
          if (!user) throw new Error('no')
          {check}
          await admin.from('posts').delete().eq('id', id)
        }}
    """
    (change,) = [e for e in run({**FILES, "app/actions.ts": code})["remove"].effects if e.kind is EffectKind.DELETE]
    return sorted(" or ".join(fact.any_of) for fact in change.facts if isinstance(fact, Role))


@pytest.mark.parametrize(
    ("check", "role"),
    [
        ("const { data } = await supabase.rpc('is_admin'); if (!data) throw new Error('no')", "is_admin"),
        ("const { data, error } = await supabase.rpc('is_admin'); if (error || data !== true) return", "is_admin"),
        ("const { data } = await supabase.rpc('has_role', { role: 'admin' }); if (!data) return", "has_role"),
        ("const { data } = await supabase.rpc('get_my_role'); if (data !== 'admin') return", "admin"),
        ("const { data } = await supabase.rpc('current_user_role'); if (!['a', 'b'].includes(data)) return", "a or b"),
        ("if (!(await supabase.rpc('user_is_staff').then(({ data }) => data))) return", "user_is_staff"),
    ],
)
def test_a_function_of_the_database_that_is_called_after_a_right_answers_for_the_caller(check: str, role: str) -> None:
    assert role in rights_at_the_change(check)


@pytest.mark.parametrize(
    "check",
    [
        "await supabase.rpc('is_admin')",
        "const { data } = await supabase.rpc('is_admin'); if (data) throw new Error('no')",
        "const { data } = await supabase.rpc('is_admin', { uid: other }); if (!data) throw new Error('no')",
        "const { data } = await supabase.rpc('is_open'); if (!data) throw new Error('no')",
        "const { data } = await admin.rpc('is_admin'); if (!data) throw new Error('no')",
        "const { data } = await supabase.rpc('set_role'); if (data !== 'admin') throw new Error('no')",
        "const { data } = await supabase.rpc('get_tagline'); if (data !== 'admin') throw new Error('no')",
    ],
)
def test_a_function_that_is_not_asked_or_asks_something_else_proves_no_right(check: str) -> None:
    assert rights_at_the_change(check) == []
