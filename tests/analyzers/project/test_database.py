"""SQL files are read as the database would run them, as far as its tables, policies and functions go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preship.analyzers.project.database import database_of, in_order
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.project.sql_statements import statements


def test_a_statement_ends_at_a_semicolon_outside_of_quotes_comments_and_bodies() -> None:
    text = """
        -- first; a note
        INSERT INTO "Notes" VALUES ('a;''b'); /* ; */
        CREATE FUNCTION f() RETURNS int AS $body$ SELECT 1; $body$
    """
    assert list(statements(text)) == [
        ("insert", "into", "Notes", "values", "(", "'a;''b'", ")"),
        ("create", "function", "f", "(", ")", "returns", "int", "as", "$body$ SELECT 1; $body$"),
    ]


@given(st.text(alphabet="$'\"-/*a(); \n"))
def test_no_text_stops_the_reading(text: str) -> None:
    database_of([text, f"CREATE POLICY p ON t USING ({text}", f"DO $${text}$$"])


def test_a_policy_is_what_its_clauses_say() -> None:
    database = database_of(
        [
            """
            CREATE TABLE public.notes (id uuid);
            ALTER TABLE ONLY "public"."notes" ENABLE ROW LEVEL SECURITY;
            CREATE POLICY "Own; notes" ON "public"."notes" AS RESTRICTIVE FOR UPDATE TO authenticated, "editor"
              USING ((owner = auth.uid())) WITH CHECK (true);
            """
        ]
    )
    table = database.tables["notes"]
    policy = table.policies["Own; notes"]
    assert table.is_secured
    assert (policy.command, policy.roles, policy.is_permissive) == (
        "update",
        frozenset({"authenticated", "editor"}),
        False,
    )
    assert policy.using == ("(", "owner", "=", "auth", ".", "uid", "(", ")", ")")
    assert policy.check == ("true",)


def test_later_statements_undo_earlier_ones() -> None:
    database = database_of(
        [
            "CREATE TABLE notes (id int); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY everything ON notes USING (true); CREATE TABLE drafts (id int);",
            "DROP POLICY IF EXISTS everything ON notes; ALTER TABLE notes RENAME TO memos; DROP TABLE drafts CASCADE;",
        ]
    )
    assert list(database.tables) == ["memos"]
    assert database.tables["memos"].is_secured
    assert database.tables["memos"].policies == {}


def test_statements_inside_of_a_block_are_taken_to_run() -> None:
    database = database_of(
        [
            """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE policyname = 'own') THEN
                CREATE POLICY own ON notes FOR DELETE USING (auth.uid() = owner);
              END IF;
            END $$;
            """
        ]
    )
    assert database.tables["notes"].policies["own"].command == "delete"
    looped = "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t); END $$"
    assert database_of([looped]).is_secured_elsewhere


def test_migrations_come_first_and_neither_tests_nor_ways_back_are_run() -> None:
    paths = ["db/schema.sql", "supabase/migrations/2_b.sql", "supabase/migrations/1_a.sql", "supabase/tests/t.sql"]
    assert in_order([*paths, "supabase/migrations/1_a.down.sql", "notes.md"]) == [
        "supabase/migrations/1_a.sql",
        "supabase/migrations/2_b.sql",
        "db/schema.sql",
    ]


def test_sql_that_was_put_away_is_not_run_unless_there_is_no_other() -> None:
    put_away = ["sql_backup/fix.sql", "supabase/migrations/archive/1.sql"]
    assert in_order([*put_away, "schema.sql"]) == ["schema.sql"]
    assert in_order(put_away) == ["supabase/migrations/archive/1.sql", "sql_backup/fix.sql"]


def test_a_project_reads_its_sql_when_it_is_asked() -> None:
    project = Project(MemoryFiles({"schema.sql": "CREATE TABLE notes (id int)"}))
    assert project.files_read == 0
    assert list(project.database.tables) == ["notes"]
    assert project.files_read == 1


def test_who_writes_policies_has_switched_them_on_unless_a_statement_says_no() -> None:
    policy = "CREATE TABLE notes (id int); CREATE POLICY mine ON notes USING (owner = auth.uid());"
    assert database_of([policy]).tables["notes"].is_secured
    off = "ALTER TABLE notes DISABLE ROW LEVEL SECURITY;"
    assert not database_of([policy + off]).tables["notes"].is_secured
    assert not database_of(["CREATE TABLE notes (id int);"]).tables["notes"].is_secured


NOTES = "CREATE TABLE notes (id uuid); CREATE TABLE tags (id uuid); CREATE TABLE logs (id uuid);"
OLD = "CREATE POLICY old ON notes USING (true); CREATE POLICY older ON notes USING (true);"
OWN = "FOR DELETE USING (owner = auth.uid())"
BLOCKS = {
    "a string": f"EXECUTE 'DROP POLICY IF EXISTS old ON notes; CREATE POLICY own ON notes {OWN}';",
    "a string in dollars, behind a condition": (
        f"IF to_regclass('public.notes') IS NOT NULL THEN EXECUTE $p$CREATE POLICY own ON notes {OWN}$p$; END IF;"
    ),
    "a list that is gone through": (
        f"FOREACH t IN ARRAY ARRAY['notes', 'tags'] LOOP EXECUTE format('CREATE POLICY own ON %I {OWN}', t); END LOOP;"
    ),
    "a list of its own name": (
        "DECLARE names text[] := ARRAY['notes', 'tags']; t text; BEGIN FOREACH t IN ARRAY names LOOP "
        f"EXECUTE format('CREATE POLICY %I ON %I {OWN}', 'own', t); END LOOP;"
    ),
    "texts with signs between": (
        "FOR t IN SELECT unnest(ARRAY['notes', 'tags']) LOOP "
        f"EXECUTE 'CREATE POLICY own ON public.' || quote_ident(t) || ' {OWN}'; END LOOP;"
    ),
    "places by number": (
        f"FOR t IN VALUES ('notes'), ('tags') LOOP EXECUTE format('CREATE POLICY \"own\" ON %1$s {OWN}', t); END LOOP;"
    ),
    "every table that there is": (
        "FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('logs') LOOP "
        f"EXECUTE format('CREATE POLICY own ON public.%I {OWN}', t); END LOOP;"
    ),
    "tables that are named to the catalogue": (
        "FOR r IN SELECT table_name FROM information_schema.tables WHERE table_name IN ('notes', 'tags') LOOP "
        f"EXECUTE format('CREATE POLICY own ON %I {OWN}', r.table_name); END LOOP;"
    ),
}


@pytest.mark.parametrize("body", BLOCKS.values(), ids=BLOCKS.keys())
def test_what_a_block_puts_together_is_run(body: str) -> None:
    database = database_of([NOTES, f"DO $$ BEGIN {body} END $$;"])
    policies = {name: [(n, p.command) for n, p in table.policies.items()] for name, table in database.tables.items()}
    assert policies["notes"] == [("own", "delete")]
    assert policies["logs"] == []


@pytest.mark.parametrize(
    "loop",
    [
        "SELECT policyname FROM pg_policies WHERE tablename = 'notes' LOOP "
        "EXECUTE format('DROP POLICY IF EXISTS %I ON notes', p.policyname)",
        "SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP "
        "EXECUTE 'DROP POLICY \"' || p.policyname || '\" ON ' || p.tablename",
    ],
)
def test_policies_that_a_block_looks_up_are_dropped(loop: str) -> None:
    database = database_of([NOTES, OLD, f"DO $$ DECLARE p record; BEGIN FOR p IN {loop}; END LOOP; END $$;"])
    assert database.tables["notes"].policies == {}


def test_what_a_block_puts_together_of_what_is_not_known_is_not_run_and_said_to_be_there() -> None:
    loop = "FOR t IN SELECT name FROM settings LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);"
    database = database_of([NOTES, f"DO $$ BEGIN {loop} END LOOP; END $$;"])
    assert database.is_secured_elsewhere
    assert not database.tables["notes"].is_secured


def test_a_dump_is_read_behind_the_rows_that_it_holds() -> None:
    dump = """
        \\restrict x;y
        SET row_security = off;
        CREATE TABLE public.notes (id uuid, text text DEFAULT E'it\\'s'::text);
        COPY public.notes (id, text) FROM stdin;
        1\tIt's; CREATE TABLE nothing (id int);
\\.
        CREATE POLICY "Own" ON "public"."notes" TO "authenticated" USING (("auth"."uid"() = "owner"));
        ALTER TABLE "public"."notes" ENABLE ROW LEVEL SECURITY;
    """
    database = database_of([dump])
    assert list(database.tables) == ["notes"]
    assert database.tables["notes"].is_switched_on
    assert database.tables["notes"].policies["Own"].roles == {"authenticated"}
