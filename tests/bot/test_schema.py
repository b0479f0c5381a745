"""`preship schema`: the graph as it is printed, and how `owners` in the configuration change what is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.options import Exit
from tests.git_repository import GitRepository

SCHEMA = """\
model User {
  id       String @id
  email    String
  password String
}

model Member {
  user   User @relation(fields: [userId], references: [id])
  userId String
  team   Team @relation(fields: [teamId], references: [id])
  teamId String
}

model Team {
  id String @id
}

model Folder {
  id        String  @id
  team      Team    @relation(fields: [teamId], references: [id])
  teamId    String
  isPublic  Boolean
}

model Note {
  id       String @id
  folder   Folder @relation(fields: [folderId], references: [id])
  folderId String
  label    Label  @relation(fields: [labelId], references: [id])
  labelId  String
}

model Label {
  id        String @id
  createdBy User   @relation(fields: [createdById], references: [id])
  createdById String
}
"""

TEXT = """\
Folder  (prisma/schema.prisma:19)
  belongs to Team: teamId → Team
  may be for everybody: isPublic
Label  (prisma/schema.prisma:34)
  reference data: nobody owns its rows
  who did something, and not whose it is: createdById
Member  (prisma/schema.prisma:9)
  a membership; belongs to Team: teamId → Team
Note  (prisma/schema.prisma:26)
  belongs to Team: folderId → Folder, teamId → Team
Team  (prisma/schema.prisma:15)
  a tenant
User  (prisma/schema.prisma:2)
  an account
  opens something: password
  only for its owner: email
"""

ACTION = """\
'use server'

import { auth } from '../auth'
import { prisma } from '../lib/prisma'

export async function addNote(teamId: string, labelId: string) {
  const session = await auth()
  if (!session?.user) throw new Error('Not signed in')
  const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
  if (!member) throw new Error('Not found')
  const folder = await prisma.folder.findFirst({ where: { teamId } })
  await prisma.note.create({ data: { folderId: folder.id, labelId } })
}
"""

APPLICATION = {
    "package.json": '{"dependencies": {"next": "16", "next-auth": "5", "@prisma/client": "6"}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "prisma/schema.prisma": SCHEMA,
}

CONFIGURATION = ".github/preship.yml"
LABELS_ARE_OWNED = "owners:\n  - table: Label\n    column: createdById\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    """An application without actions on `main`, and a branch `change` that adds one."""
    made = GitRepository(tmp_path / "app")
    made.commit(APPLICATION)
    return made


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_graph_is_printed_table_by_table(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "schema", repository.path) == (Exit.CLEAN, TEXT, "")
    assert printed(capsys, "schema", "--git-dir", repository.path, "--commit", "main") == (Exit.CLEAN, TEXT, "")


def test_the_graph_is_data_where_a_program_asks(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = printed(capsys, "schema", repository.path, "--format", "json")
    tables = {table.pop("table"): table for table in json.loads(out)["tables"]}
    assert tables["Note"] == {
        "path": "prisma/schema.prisma",
        "line": 26,
        "owner": "Team",
        "by": ["folderId → Folder", "teamId → Team"],
        "account": False,
        "tenant": False,
        "membership": False,
        "reference": False,
        "passed_over": [],
        "secret_columns": [],
        "personal_columns": [],
        "published": None,
        "corrected": False,
    }
    assert (tables["User"]["secret_columns"], tables["User"]["personal_columns"]) == (["password"], ["email"])


def test_a_person_corrects_the_graph(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit({CONFIGURATION: LABELS_ARE_OWNED})
    _, out, _ = printed(capsys, "schema", repository.path)
    before = TEXT[TEXT.index("Label") : TEXT.index("Member")]
    after = "Label  (prisma/schema.prisma:34)\n  belongs to User: createdById → User, as the configuration says\n"
    assert out == TEXT.replace(before, after)


def test_without_a_schema_it_is_said_that_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "schema", tmp_path) == (Exit.CLEAN, "No schema was found.\n", "")


MISTAKES = {
    "  - table: Label\n": "2:5: owned rows need 'column': which one names what a row belongs to",
    "  - table: Label\n    rows: tenant\n    column: teamId\n": "2:5: 'column' and 'of' are only for owned rows",
    "  - table: Label\n    rows: nobodys\n": (
        "3:11: 'nobodys' is none of owned, tenant, account, reference and published"
    ),
    "  - table: Lable\n    column: createdById\n": "2:12: the schema has no table 'Lable'; did you mean 'Label'?",
    "  - table: Label\n    column: createdBy_id\n": (
        "3:13: 'Label' has no column 'createdBy_id'; did you mean 'createdById'?"
    ),
    "  - table: Label\n    column: createdById\n    of: Usr\n": (
        "4:9: the schema has no table 'Usr'; did you mean 'User'?"
    ),
}


@pytest.mark.parametrize(("owners", "says"), MISTAKES.items(), ids=list(MISTAKES.values()))
def test_what_is_wrong_with_a_correction_is_said_at_its_place(
    repository: GitRepository, capsys: pytest.CaptureFixture[str], owners: str, says: str
) -> None:
    repository.commit({CONFIGURATION: f"owners:\n{owners}"})
    code, _, err = printed(capsys, "check-config", repository.path)
    assert (code, err) == (Exit.USAGE, f"{repository.path / CONFIGURATION}:{says}\n")


def findings(capsys: pytest.CaptureFixture[str], repository: GitRepository) -> list[tuple[str, int]]:
    """What a review of the branch `change` finds of ownership, by rule and line."""
    _, out, _ = printed(
        capsys,
        "review",
        "--base",
        "main",
        "--head",
        "change",
        repository.path,
        "--format",
        "json",
        "--select",
        "missing-ownership-check",
    )
    return [(each["rule"], each["line"]) for action in json.loads(out)["actions"] for each in action["findings"]]


@pytest.mark.parametrize(
    ("at_base", "in_change", "expected"),
    [
        ("", "", []),
        (LABELS_ARE_OWNED, "", [("missing-ownership-check", 12)]),
        ("", LABELS_ARE_OWNED, []),
        (LABELS_ARE_OWNED, "owners:\n  - {table: Label, rows: reference}\n", [("missing-ownership-check", 12)]),
    ],
    ids=["the schema", "corrected at base", "corrected in the change", "corrected at base and again in the change"],
)
def test_a_correction_at_base_changes_what_is_judged(
    repository: GitRepository,
    capsys: pytest.CaptureFixture[str],
    at_base: str,
    in_change: str,
    expected: list[tuple[str, int]],
) -> None:
    if at_base:
        repository.commit({CONFIGURATION: at_base})
    repository.git("checkout", "--quiet", "-b", "change")
    repository.commit({"app/actions.ts": ACTION, **({CONFIGURATION: in_change} if in_change else {})})
    assert findings(capsys, repository) == expected
