"""Row-level security counts for a query of the caller's own client, where the repository shows what it asks."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.knowledge.row_security import judged_by, judged_by_function
from preship.analyzers.project.database import database_of
from tests.analyzers.knowledge.test_supabase import FILES
from tests.analyzers.running import run

ON = "CREATE TABLE notes (id uuid, owner uuid); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
DELETE = EffectKind.DELETE
MEMBER = """
    CREATE FUNCTION private.is_member(team uuid) RETURNS boolean LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT EXISTS (SELECT 1 FROM members m WHERE m.team_id = team AND m.user_id = auth.uid()) $$;
"""
CLAIMED = """
    CREATE FUNCTION my_role() RETURNS text LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT raw_user_meta_data ->> 'role' FROM auth.users WHERE id = auth.uid() $$;
"""
SIGNED = "CREATE FUNCTION public.is_signed_in() RETURNS boolean LANGUAGE sql AS $$ SELECT auth.uid() IS NOT NULL $$;"


@pytest.mark.parametrize(
    ("sql", "client"),
    [
        (f"{ON} CREATE POLICY own ON notes FOR DELETE USING ((SELECT auth.uid()) = owner);", Client.CALLER),
        (f"{ON} CREATE POLICY own ON notes USING (owner::text = (auth.jwt() ->> 'sub'));", Client.CALLER),
        (f"{ON} {MEMBER} CREATE POLICY team ON notes FOR ALL USING (private.is_member(team_id));", Client.CALLER),
        (f"{ON}", Client.CALLER),
        (f"{ON} CREATE POLICY service ON notes TO service_role USING (true);", Client.CALLER),
        (f"{ON} CREATE POLICY any ON notes FOR DELETE TO authenticated USING (true);", Client.SIGNED_IN),
        (f"{ON} CREATE POLICY any ON notes USING ((SELECT auth.uid() AS uid) IS NOT NULL);", Client.SIGNED_IN),
        (f"{ON} CREATE POLICY any ON notes USING (auth.role() = 'authenticated');", Client.SIGNED_IN),
        (f"{ON} CREATE POLICY team ON notes USING (may_edit(id));", Client.UNSEEN),
        (f"{ON} CREATE POLICY all ON notes FOR DELETE USING (true);", Client.SERVER),
        (
            f"{ON} CREATE POLICY own ON notes USING (auth.uid() = owner);"
            "CREATE POLICY drafts ON notes TO anon USING (status = 'draft');",
            Client.SERVER,
        ),
        (
            f"{ON} CREATE POLICY own ON notes FOR SELECT USING (auth.uid() = owner);"
            "CREATE POLICY any ON notes FOR DELETE USING (true);",
            Client.CALLER,
        ),
        (
            f"{ON} CREATE POLICY read ON notes FOR SELECT USING (true);"
            "CREATE POLICY any ON notes FOR DELETE TO anon, authenticated USING (true);",
            Client.SERVER,
        ),
        (f"{ON} CREATE POLICY own ON notes USING (owner = auth.uid() OR status = 'open');", Client.SERVER),
        (f"{ON} CREATE POLICY own ON notes USING (owner = auth.uid() OR auth.uid() IS NOT NULL);", Client.SIGNED_IN),
        (f"{ON} CREATE POLICY own ON notes USING ((owner = auth.uid()) OR public.is_admin());", Client.CALLER),
        (f"{ON} CREATE POLICY own ON notes USING (owner = auth.uid() OR owner IS NULL);", Client.CALLER),
        (f"{ON} CREATE POLICY own ON notes USING (owner = auth.uid() OR deleted_at IS NULL);", Client.SERVER),
        (f"{ON} CREATE POLICY none ON notes TO anon, authenticated USING (false) WITH CHECK (false);", Client.CALLER),
        (f"{ON} CREATE POLICY own ON notes USING (tenant = current_setting('app.tenant')::uuid);", Client.UNSEEN),
        (f"{ON} CREATE POLICY own ON notes USING (status = 'open' AND auth.uid() = owner);", Client.CALLER),
        (f"{ON} CREATE POLICY own ON notes USING ((auth.jwt() -> 'app_metadata' ->> 'role') = 'a');", Client.CALLER),
        (f"{ON} CREATE POLICY own ON notes USING (auth.jwt() -> 'user_metadata' ->> 'r' = 'a');", Client.SIGNED_IN),
        (f"{ON} {CLAIMED} CREATE POLICY own ON notes USING (my_role() = 'admin');", Client.SIGNED_IN),
        (f"{ON} {SIGNED} CREATE POLICY own ON notes USING ((SELECT public.is_signed_in()));", Client.SIGNED_IN),
        (
            f"{ON} CREATE POLICY own ON notes USING "
            "(EXISTS (SELECT 1 FROM public.profiles p WHERE p.id = (SELECT auth.uid())));",
            Client.SIGNED_IN,
        ),
        (
            f"{ON} CREATE POLICY own ON notes USING "
            "(EXISTS (SELECT 1 FROM profiles WHERE id = auth.uid() AND role = 'editor'));",
            Client.CALLER,
        ),
        (
            f"{ON} CREATE POLICY own ON notes USING "
            "(team_id IN (SELECT t.id FROM teams t WHERE t.is_open OR t.lead = auth.uid()));",
            Client.SERVER,
        ),
        (
            f"{ON} CREATE POLICY own ON notes USING (auth.uid() = owner);"
            "DROP POLICY own ON notes; CREATE POLICY any ON notes USING (true);",
            Client.SERVER,
        ),
        (
            f"{ON} CREATE POLICY own ON notes USING (auth.uid() = owner);ALTER TABLE notes DISABLE ROW LEVEL SECURITY;",
            Client.SERVER,
        ),
        (
            f"{ON} CREATE POLICY all ON notes FOR DELETE USING (true);"
            "CREATE POLICY own ON notes AS RESTRICTIVE USING (auth.uid() = owner);",
            Client.CALLER,
        ),
        ("CREATE TABLE notes (id uuid);", Client.SERVER),
        ("CREATE TABLE notes (id uuid); DO $$ BEGIN EXECUTE secured('row level security'); END $$;", Client.UNSEEN),
        ("CREATE TABLE others (id uuid);", Client.UNSEEN),
    ],
)
def test_the_weakest_policy_that_lets_a_caller_delete_decides(sql: str, client: Client) -> None:
    assert judged_by(database_of([sql]), "notes", DELETE) is client


def test_no_condition_is_too_deep_and_no_functions_call_each_other_for_ever() -> None:
    ask = "CREATE FUNCTION {}() RETURNS boolean LANGUAGE sql AS $$ SELECT {}() $$;"
    circle = ask.format("one", "other") + ask.format("other", "one")
    policy = "CREATE POLICY p ON notes USING ({});"
    assert judged_by(database_of([ON, circle, policy.format("one()")]), "notes", DELETE) is Client.SERVER
    deep = f"{'(a OR ' * 3_000}auth.uid() = owner{')' * 3_000}"
    assert judged_by(database_of([ON, policy.format(deep)]), "notes", DELETE) is Client.CALLER


def test_rows_that_a_policy_shows_to_everybody_are_meant_for_everybody() -> None:
    database = database_of([f"{ON} CREATE POLICY read ON notes FOR SELECT USING (true);"])
    assert judged_by(database, "notes", EffectKind.READ) is Client.CALLER


def test_a_row_that_is_made_is_judged_by_the_check() -> None:
    database = database_of([f"{ON} CREATE POLICY own ON notes USING (true) WITH CHECK (auth.uid() = owner);"])
    assert judged_by(database, "notes", EffectKind.INSERT) is Client.CALLER
    assert judged_by(database, "notes", EffectKind.WRITE) is Client.SERVER


def test_a_table_that_the_code_does_not_name_may_be_the_weakest() -> None:
    policy = "CREATE POLICY own ON notes USING (auth.uid() = owner);"
    assert judged_by(database_of([ON + policy]), None, DELETE) is Client.CALLER
    assert judged_by(database_of([ON + policy, "CREATE TABLE logs (id int)"]), None, DELETE) is Client.SERVER
    assert judged_by(database_of([]), None, DELETE) is Client.UNSEEN


def test_a_function_with_its_owners_rights_must_ask_who_is_calling() -> None:
    policy = "CREATE POLICY own ON notes USING (auth.uid() = owner);"
    wipe = "CREATE OR REPLACE FUNCTION wipe(n uuid) RETURNS void AS $$ DELETE FROM notes WHERE id = n $$ LANGUAGE sql"
    assert judged_by_function(database_of([ON, policy, wipe]), "wipe", DELETE) is Client.CALLER
    assert judged_by_function(database_of([ON, policy, f"{wipe} SECURITY DEFINER"]), "wipe", DELETE) is Client.SERVER
    own = wipe.replace("id = n", "id = n AND owner = auth.uid()")
    assert judged_by_function(database_of([ON, policy, f"{own} SECURITY DEFINER"]), "wipe", DELETE) is Client.CALLER
    assert judged_by_function(database_of([ON]), "wipe", DELETE) is Client.UNSEEN


ACTIONS = """
    'use server'
    import { createClient } from '../lib/server'

    export async function removeNote(id: string) {
      const supabase = await createClient()
      await supabase.from('notes').delete().eq('id', id)
    }
    export async function addNote(title: string) {
      const supabase = await createClient()
      const { error } = await supabase.from('notes').insert({ title })
      return { ok: !error }
    }
"""


OF_ALL = "CREATE FUNCTION wipe() AS $$ DELETE FROM notes $$ SECURITY DEFINER"
TAKEN = "REVOKE EXECUTE ON FUNCTION public.wipe(uuid, text) FROM PUBLIC, anon"


@pytest.mark.parametrize(
    ("sql", "client"),
    [
        ([OF_ALL], Client.SERVER),
        ([OF_ALL, TAKEN], Client.SIGNED_IN),
        ([OF_ALL, TAKEN, "GRANT EXECUTE ON FUNCTION public.wipe(uuid, text) TO authenticated"], Client.SIGNED_IN),
        ([OF_ALL, TAKEN, "GRANT EXECUTE ON FUNCTION public.wipe(uuid, text) TO anon"], Client.SERVER),
        ([OF_ALL, *(f"REVOKE ALL ON FUNCTION wipe() FROM {role}" for role in ("anon", "PUBLIC"))], Client.SIGNED_IN),
        ([OF_ALL, "REVOKE EXECUTE ON FUNCTION wipe() FROM anon"], Client.SERVER),
        ([OF_ALL, "REVOKE EXECUTE ON FUNCTION wipe() FROM PUBLIC"], Client.SERVER),
        ([OF_ALL, "REVOKE EXECUTE ON FUNCTION other() FROM PUBLIC, anon"], Client.SERVER),
        ([TAKEN], Client.CALLER),
        ([], Client.UNSEEN),
    ],
)
def test_who_may_execute_a_function_is_who_may_call_it(sql: list[str], client: Client) -> None:
    assert judged_by_function(database_of([ON, *sql]), "wipe", DELETE) is client


def test_an_action_is_judged_with_the_policies_of_its_repository() -> None:
    policies = f"""
        {ON}
        CREATE POLICY own ON notes FOR DELETE USING (auth.uid() = owner);
        CREATE POLICY members ON notes FOR INSERT TO authenticated WITH CHECK (true);
    """
    actions = run({**FILES, "supabase/migrations/1_notes.sql": policies, "app/actions.ts": ACTIONS})
    clients = {name: [e.client for e in facts.effects if e.target == "notes"] for name, facts in actions.items()}
    assert clients == {"removeNote": [Client.CALLER], "addNote": [Client.SIGNED_IN]}
    assert [facts.anonymous_effect() for facts in actions.values()] == [None, None]


def test_a_table_without_row_level_security_is_open_to_anybody() -> None:
    actions = run({**FILES, "supabase/seed.sql": "CREATE TABLE notes (id uuid);", "app/actions.ts": ACTIONS})
    assert all(facts.anonymous_effect() is not None for facts in actions.values())


CONFIRM = """
    CREATE FUNCTION public.confirm_note(p_note uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM notes WHERE id = p_note AND owner = auth.uid()) THEN
        RAISE EXCEPTION 'FORBIDDEN';
      END IF;
      UPDATE notes SET confirmed = true WHERE id = p_note;
    END $$;
"""
CONFIRMS = """
    'use server'
    import {{ PrismaClient }} from '@prisma/client'
    import {{ createClient }} from '../lib/server'
    const db = new PrismaClient()
    export async function confirm(id: string, other: string) {{
      const supabase = await createClient()
      const {{ data: {{ user }} }} = await supabase.auth.getUser()
      if (!user) throw new Error('no')
      {call}
      await db.reminder.deleteMany({{ where: {{ noteId: id }} }})
    }}
"""
CALL = "const { error } = await supabase.rpc('confirm_note', { p_note: id })"


@pytest.mark.parametrize(
    ("call", "sql", "is_theirs"),
    [
        (f"{CALL}\nif (error) throw new Error('no')", CONFIRM, True),
        ("await supabase.rpc('confirm_note', { p_note: id }).throwOnError()", CONFIRM, True),
        (CALL, CONFIRM, False),
        (f"{CALL}\nif (!error) throw new Error('no')", CONFIRM, False),
        (f"{CALL.replace(': id', ': other')}\nif (error) throw new Error('no')", CONFIRM, False),
        (f"{CALL}\nif (error) throw new Error('no')", CONFIRM.replace("AND owner = auth.uid()", ""), False),
        (f"{CALL}\nif (error) throw new Error('no')", CONFIRM.replace("RAISE EXCEPTION", "RAISE NOTICE"), False),
    ],
    ids=["thrown", "throws", "ignored", "inverted", "another", "asks nobody", "refuses nobody"],
)
def test_what_a_function_that_refuses_callers_has_accepted_is_theirs(call: str, sql: str, *, is_theirs: bool) -> None:
    files = {**FILES, "supabase/migrations/1.sql": ON + sql, "app/actions.ts": CONFIRMS.format(call=call)}
    found = [u.effect.what for u in run(files)["confirm"].unowned_effects()]
    assert (found == []) is is_theirs


ARCHIVES = """
    'use server'
    import {{ PrismaClient }} from '@prisma/client'
    import {{ createClient }} from '../lib/server'
    import {{ admin }} from '../lib/admin'
    const db = new PrismaClient()

    async function mustSee(table: string, id: string) {{
      const supabase = await createClient()
      const {{ data }} = await supabase.from('notes').select('id').eq('id', id).maybeSingle()
      if (!data) throw new Error('Not found')
    }}
    export async function archive(id: string, other: string) {{
      const supabase = await createClient()
      const {{ data: {{ user }} }} = await supabase.auth.getUser()
      if (!user) throw new Error('Not signed in')
      {gate}
      await {write}
    }}
"""
ONE = "const { data: note } = await supabase.from('notes').select('id, title').eq('id', id).single()"
GATES = {
    "one row": f"{ONE}\nif (!note) return null",
    "its error": (
        "const { error } = await supabase.from('notes').select('id').eq('id', id).single()\nif (error) throw error"
    ),
    "a list": (
        "const { data: notes } = await supabase.from('notes').select('*').eq('id', id).limit(1)\n"
        "if (!notes?.length) return null"
    ),
    "a number": (
        "const { count } = await supabase.from('notes').select('id', { count: 'exact', head: true }).eq('id', id)\n"
        "if (!count) return null"
    ),
    "a function of its own": "await mustSee('notes', id)",
    "a change that was refused": (
        "const { data: changed } = await supabase.from('notes').update({ done: true }).eq('id', id)"
        ".select('id').single()\nif (!changed) return null"
    ),
}
WRITES = {
    "the service": "admin.from('notes').delete().eq('id', id)",
    "another library": "db.reminder.deleteMany({ where: { noteId: id } })",
}
KEPT = "CREATE POLICY own ON notes USING ((SELECT auth.uid()) = owner);"
TEAMS = MEMBER + "CREATE POLICY team ON notes FOR ALL TO authenticated USING (private.is_member(team_id));"


def unowned(gate: str, write: str, policy: str) -> list[str]:
    """What an action does on records that are not shown to be the caller's."""
    actions = ARCHIVES.format(gate=gate, write=write)
    found = run({**FILES, "supabase/migrations/1.sql": ON + policy, "app/actions.ts": actions})
    return [u.effect.what for u in found["archive"].unowned_effects()]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("policy", [KEPT, TEAMS], ids=["own rows", "a team's rows"])
@pytest.mark.parametrize("gate", GATES.values(), ids=GATES.keys())
def test_a_row_that_policies_gave_to_the_caller_is_theirs_for_another_client(
    gate: str, policy: str, write: str
) -> None:
    assert unowned(gate, write, policy) == []


OPEN = {
    "shown to everybody": "CREATE POLICY read ON notes FOR SELECT USING (true);",
    "shown to all who are signed in": "CREATE POLICY read ON notes FOR SELECT TO authenticated USING (true);",
    "published, or own": "CREATE POLICY read ON notes FOR SELECT USING (published OR auth.uid() = owner);",
    "own, and once more for everybody": f"{KEPT} CREATE POLICY read ON notes FOR SELECT USING (true);",
    "switched off again": f"{KEPT} ALTER TABLE notes DISABLE ROW LEVEL SECURITY;",
    "dropped": f"{KEPT} DROP POLICY own ON notes; CREATE POLICY any ON notes USING (true);",
    "by a role that users give themselves": (
        "CREATE POLICY staff ON notes USING (auth.jwt() -> 'user_metadata' ->> 'role' = 'staff');"
    ),
}


@pytest.mark.parametrize("policy", OPEN.values(), ids=OPEN.keys())
def test_a_row_that_others_are_shown_as_well_is_nobodys_for_another_client(policy: str) -> None:
    write = WRITES["the service"]
    assert unowned(GATES["one row"], write, policy) == ["supabase.notes.delete"]


@pytest.mark.parametrize(
    "gate",
    ["", ONE, f"{ONE}\nif (!note) console.log('gone')", f"{ONE.replace(', id)', ', other)')}\nif (!note) return"],
    ids=["none", "not looked at", "looked at in vain", "another row"],
)
def test_a_row_that_was_not_asked_for_in_earnest_is_no_gate(gate: str) -> None:
    assert unowned(gate, WRITES["the service"], KEPT) == ["supabase.notes.delete"]


ACCOUNTS = "CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), name text);"
SHARED = {
    "an address book": ("CREATE TABLE notes (id uuid, title text);", 0),
    "what somebody has made": (
        "CREATE TABLE notes (id uuid, title text, created_by uuid REFERENCES profiles (id));",
        1,
    ),
    "what somebody owns": ("CREATE TABLE notes (id uuid, owner uuid NOT NULL REFERENCES profiles (id));", 1),
}


@pytest.mark.parametrize(("table", "number"), SHARED.values(), ids=SHARED.keys())
def test_what_is_nobodys_is_shared_where_a_policy_says_so(table: str, number: int) -> None:
    policy = (
        f"{ACCOUNTS} {table} ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY staff ON notes FOR ALL TO authenticated USING (true);"
    )
    actions = run({**FILES, "supabase/migrations/1_notes.sql": policy, "app/actions.ts": ACTIONS})
    assert len(list(actions["removeNote"].unowned_effects())) == number


PORTAL = """
    CREATE TABLE projects (id uuid PRIMARY KEY, title text);
    CREATE TABLE shared (project_id uuid REFERENCES projects (id), user_id uuid REFERENCES auth.users (id));
    ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
    CREATE POLICY seen ON projects FOR SELECT USING (
      id IN (SELECT project_id FROM shared WHERE user_id = auth.uid())
    );
"""
SIGNS = """
    'use server'
    import { createClient } from '../lib/server'
    import { admin } from '../lib/admin'

    export async function act(projectId: string, file: File) {
      const supabase = await createClient()
      const { data: { user } } = await supabase.auth.getUser()
      if (!user) throw new Error('Not signed in')
      ASKS
      await admin.DOES
    }
"""
READS_IT = """
      const { data: project } = await supabase.from('projects').select('id').eq('id', projectId).maybeSingle()
      if (!project) throw new Error('Not found')
"""
FUNCTION = """
      const { data: allowed } = await supabase.rpc('client_has_portal_access', { project: projectId })
      if (!allowed) throw new Error('Not found')
"""
UPLOAD = "storage.from('files').upload(`${projectId}/notes/${file.name}`, file)"
REMOVE = "storage.from('files').remove([`${projectId}/notes/${file.name}`])"


@pytest.mark.parametrize(
    ("asks", "does", "is_theirs"),
    [
        (READS_IT, UPLOAD, True),
        (READS_IT, REMOVE, True),
        (FUNCTION, UPLOAD, True),
        ("", UPLOAD, False),
        (FUNCTION.replace("client_has", "set_has"), UPLOAD, False),
        (READS_IT, UPLOAD.replace("${projectId}/notes", "notes"), False),
    ],
)
def test_a_file_in_the_folder_of_what_is_theirs_is_theirs(asks: str, does: str, *, is_theirs: bool) -> None:
    code = SIGNS.replace("ASKS", asks).replace("DOES", does)
    actions = run({**FILES, "supabase/migrations/1_projects.sql": PORTAL, "app/actions.ts": code})
    assert (list(actions["act"].unowned_effects()) == []) is is_theirs


def test_what_the_policies_give_to_a_caller_needs_no_role_that_others_ask_for() -> None:
    signs = SIGNS.replace("ASKS", READS_IT).replace(
        "DOES", "from('projects').update({ title: 'x' }).eq('id', projectId)"
    )
    others = "".join(
        f"""
    export async function other{number}(projectId: string) {{
      const supabase = await createClient()
      const {{ data: {{ user }} }} = await supabase.auth.getUser()
      const {{ data: me }} = await supabase.from('profiles').select('role').eq('id', user?.id).single()
      if (me?.role !== 'admin') throw new Error('Admins only')
      await admin.from('projects').update({{ title: 'y' }}).eq('id', projectId)
    }}"""
        for number in range(4)
    )
    files = {**FILES, "supabase/migrations/1_projects.sql": PORTAL}
    asked = run({**files, "app/actions.ts": signs + others})["act"]
    assert list(asked.role_bound_effects()) == []
    unasked = run({**files, "app/actions.ts": signs.replace(READS_IT, "") + others})["act"]
    assert [e.effect.what for e in unasked.role_bound_effects()] != [] or list(unasked.unowned_effects()) != []
