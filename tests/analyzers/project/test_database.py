"""SQL files are read as the database would run them, as far as its tables, policies and functions go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzers.project.database import database_of, in_order
from analyzers.project.memory import MemoryFiles
from analyzers.project.project import Project
from analyzers.project.sql_statements import statements


def test_a_statement_ends_at_a_semicolon_outside_of_quotes_comments_and_bodies() -> None:
    text = """
        -- first; a note
        INSERT INTO "Notes" VALUES ('a;''b'); /* ; */
        CREATE FUNCTION f() RETURNS int AS $body$ SELECT 1; $body$
    """
    assert list(statements(text)) == [
        ("insert", "into", "Notes", "values", "(", "'a;'", "'b'", ")"),
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
