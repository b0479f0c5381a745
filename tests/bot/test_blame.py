"""`preship blame`: since when a fault stands, through renames, helpers and merges of the main line."""

from __future__ import annotations

from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.git.history import Change
from preship.bot.options import Exit
from tests.git_repository import GitRepository

GUARD = """\
import { auth } from '../auth'

export async function requireUser() {
  const session = await auth()
  if (!session?.user) throw new Error('Not signed in')
  return session.user
}
"""

OPEN_GUARD = GUARD.replace("  if (!session?.user) throw new Error('Not signed in')\n", "").replace(
    "session.user\n}", "session?.user\n}"
)

ACTION = """\
'use server'
import { requireUser } from '../lib/guard'
import { prisma } from '../lib/prisma'

export async function addTag(name: string) {
  await requireUser()
  await prisma.tag.create({ data: { name: String(name) } })
}
"""

UNGUARDED = ACTION.replace("  await requireUser()\n", "")

APPLICATION = {
    "package.json": '{"dependencies": {"next": "16.4.1", "next-auth": "5", "@prisma/client": "6"}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/guard.ts": GUARD,
}


class Dated(GitRepository):
    """A repository whose commits say what they do, on a fixed day."""

    def change(self, subject: str, files: dict[str, str | None]) -> str:
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path) -> Dated:
    made = Dated(tmp_path / "app")
    made.commit(APPLICATION)
    return made


def blamed(capsys: pytest.CaptureFixture[str], repository: Dated, what: str = "app/actions.ts") -> list[str]:
    """What is printed, with dates left out."""
    assert run(["blame", what, str(repository.path)]) == Exit.CLEAN
    lines = capsys.readouterr().out.splitlines()
    return [line.replace(date_of(repository), "DAY") for line in lines]


def date_of(repository: Dated) -> str:
    return repository.git("log", "-1", "--format=%cs").strip()


def test_the_commit_is_named_that_took_the_check_out_of_the_action(
    repository: Dated, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.change("Add tags", {"app/actions.ts": ACTION})
    for number in range(4):
        repository.change(f"Unrelated {number}", {"app/actions.ts": f"{ACTION}// {number}\n"})
    opened = repository.change("Tidy up (#83)", {"app/actions.ts": UNGUARDED})
    for number in range(4):
        repository.change(f"Later {number}", {"app/actions.ts": f"{UNGUARDED}// {number}\n"})
    assert blamed(capsys, repository) == [
        "app/actions.ts:6  high  missing-authentication  addTag",
        f"  opened DAY by {opened[:12]}, pull request #83: Tidy up (#83)",
    ]


def test_a_helper_that_is_weakened_elsewhere_is_found_although_the_action_never_changed(
    repository: Dated, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.change("Add tags", {"app/actions.ts": ACTION})
    repository.change("Words", {"README.md": "# Tags\n"})
    opened = repository.change("Quieter guard", {"lib/guard.ts": OPEN_GUARD})
    repository.change("More words", {"README.md": "# Tags!\n"})
    assert blamed(capsys, repository)[1] == f"  opened DAY by {opened[:12]}: Quieter guard"


def test_a_file_that_the_action_ran_only_while_it_was_guarded_is_looked_at_too(
    repository: Dated, capsys: pytest.CaptureFixture[str]
) -> None:
    index = {"lib/index.ts": "export { requireUser } from './guard'\n"}
    repository.change("Add tags", {"app/actions.ts": ACTION.replace("../lib/guard", "../lib"), **index})
    loose = "export async function requireUser() {\n  return null\n}\n"
    opened = repository.change("Stub the guard", {"lib/index.ts": loose})
    repository.change("Say so", {"app/actions.ts": f"{ACTION.replace('../lib/guard', '../lib')}// tags\n"})
    assert blamed(capsys, repository)[1] == f"  opened DAY by {opened[:12]}: Stub the guard"


def test_a_fault_that_came_with_its_action_is_put_down_to_that(
    repository: Dated, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = repository.change("Add tags", {"app/actions.ts": UNGUARDED})
    repository.change("Say so", {"app/actions.ts": f"{UNGUARDED}// tags\n"})
    assert blamed(capsys, repository)[1] == f"  came with the action DAY by {opened[:12]}: Add tags"


def test_a_hole_that_was_called_otherwise_before_is_the_same_hole(
    repository: Dated, capsys: pytest.CaptureFixture[str]
) -> None:
    erase = "await prisma.tag.delete({ where: { id: String(id) } })"
    head = ACTION.partition("export")[0]
    opened = repository.change(
        "Erase tags", {"app/actions.ts": f"{head}export async function erase(id: string) {{\n  {erase}\n}}\n"}
    )
    late = f"{head}export async function erase(id: string) {{\n  {erase}\n  await requireUser()\n}}\n"
    repository.change("Ask who is calling, too late", {"app/actions.ts": late})
    lines = blamed(capsys, repository)
    assert "late-authentication" in lines[0]
    assert lines[1] == f"  came with the action DAY by {opened[:12]}: Erase tags"


def test_a_file_is_followed_to_where_it_stood_before(repository: Dated, capsys: pytest.CaptureFixture[str]) -> None:
    repository.change("Add tags", {"src/tags.ts": ACTION.replace("../lib", "../lib")})
    opened = repository.change("Tidy up", {"src/tags.ts": UNGUARDED})
    repository.change("Move", {"src/tags.ts": None, "app/actions.ts": UNGUARDED})
    assert blamed(capsys, repository)[1] == f"  opened DAY by {opened[:12]}: Tidy up"


def test_a_merge_of_the_main_line_is_named_and_not_a_commit_of_its_branch(
    repository: Dated, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.change("Add tags", {"app/actions.ts": ACTION})
    repository.git("checkout", "-q", "-b", "tidy")
    repository.change("Tidy up", {"app/actions.ts": UNGUARDED})
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge pull request #7 from ada/tidy", "tidy")
    opened = repository.git("rev-parse", "HEAD").strip()
    assert blamed(capsys, repository)[1] == (
        f"  opened DAY by {opened[:12]}, pull request #7: Merge pull request #7 from ada/tidy"
    )


def test_where_nothing_is_at_fault_that_is_said(repository: Dated, capsys: pytest.CaptureFixture[str]) -> None:
    repository.change("Add tags", {"app/actions.ts": ACTION})
    assert blamed(capsys, repository) == ["no faults"]


def test_an_action_that_is_not_there_is_a_complaint(repository: Dated, capsys: pytest.CaptureFixture[str]) -> None:
    repository.change("Add tags", {"app/actions.ts": ACTION})
    assert run(["blame", "app/actions.ts:nobody", str(repository.path)]) == Exit.USAGE
    assert capsys.readouterr().err == "preship: There is no Server Action app/actions.ts:nobody.\n"


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Merge pull request #12 from ada/tags", 12),
        ("Add tags (#34)", 34),
        ("Merged in ada/tags (pull request #56)", 56),
        ("Fix #78", None),
        ("Add tags (#34) again", None),
    ],
)
def test_a_pull_request_is_read_off_the_subject(subject: str, number: int | None) -> None:
    assert Change("c0ffee", "2026-11-30", subject).pull_request == number
