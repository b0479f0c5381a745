"""`preship matrix`: who may do what, as it is printed, and what a change does to it in the review."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.options import Exit
from tests.git_repository import GitRepository

GUARDS = """\
import { auth } from '../auth'
import { prisma } from './prisma'

export async function requireUser() {
  const session = await auth()
  if (!session?.user) throw new Error('Not signed in')
  return session.user
}

export async function requireAdmin() {
  const user = await requireUser()
  if (user.role !== 'admin') throw new Error('Not allowed')
  return user
}
"""

ACTIONS = """\
'use server'

import { requireAdmin, requireUser } from '../lib/own'
import { prisma } from '../lib/prisma'

export async function deleteTeam(id: string) {
  await requireAdmin()
  await prisma.team.delete({ where: { id } })
}

export async function renameNote(id: string, title: string) {
  const user = await requireUser()
  await prisma.note.update({ where: { id, authorId: user.id }, data: { title: String(title) } })
}

export async function moveNote(id: string, folderId: string) {
  await requireUser()
  return prisma.note.update({ where: { id }, data: { folderId } })
}

export async function latestNews() {
  return prisma.news.findMany({ where: { isPublished: true }, select: { title: true } })
}
"""

APPLICATION = {
    "package.json": '{"dependencies": {"next": "16", "next-auth": "5", "@prisma/client": "6"}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/own.ts": GUARDS,
    "app/do.ts": ACTIONS,
    "app/page.tsx": """\
import { latestNews } from './do'

export default async function Home() {
  return <ul>{(await latestNews()).map((each) => <li>{each.title}</li>)}</ul>
}
""",
    "app/admin/page.tsx": """\
import { requireAdmin } from '../../lib/own'

export default async function Admin() {
  await requireAdmin()
  return <h1>Teams</h1>
}
""",
    "app/api/purge/route.ts": """\
import { prisma } from '../../../lib/prisma'

export async function POST(request: Request) {
  if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) {
    return new Response('no', { status: 401 })
  }
  await prisma.note.deleteMany({ where: { isDeleted: true } })
  return Response.json({ ok: true })
}
""",
}

MARKDOWN = """\
# Who may do what

## Server Actions

| what | where | anonymous | member | other member | admin | checks |
| --- | --- | --- | --- | --- | --- | --- |
| `deleteTeam` | `app/do.ts:6` | no | no | no | yes; changes team | `lib/own.ts:5`, `lib/own.ts:12` |
| `renameNote` | `app/do.ts:11` | no | yes; changes note | no | yes; changes note | `lib/own.ts:5`, `app/do.ts:13` |
| `moveNote` | `app/do.ts:16` | no | yes; changes note | yes; changes note | yes; changes note | `lib/own.ts:5` |
| `latestNews` | `app/do.ts:21` | yes; reads news | yes; reads news | yes; reads news | yes; reads news |  |

## Pages

| what | where | anonymous | member | other member | admin | checks |
| --- | --- | --- | --- | --- | --- | --- |
| `/admin` | `app/admin/page.tsx:1` | no | no | no | yes | `app/admin/page.tsx:4` |
| `/` | `app/page.tsx:1` | yes; reads news | yes; reads news | yes; reads news | yes; reads news |  |

## Route handlers

| what | where | anonymous | member | other member | admin | checks |
| --- | --- | --- | --- | --- | --- | --- |
| `POST /api/purge` | `app/api/purge/route.ts:3` | no | no | no | no | `app/api/purge/route.ts:4` |
"""


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "app")
    made.commit(APPLICATION)
    return made


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_each_entrance_is_a_row_and_each_kind_of_caller_a_column(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, "matrix", repository.path) == (Exit.CLEAN, MARKDOWN, "")


def test_programs_get_a_line_for_each_kind_of_caller(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = printed(capsys, "matrix", repository.path, "--only", "app/do.ts", "--format", "csv")
    lines = list(csv.reader(io.StringIO(out)))
    assert [line for line in lines if line[1] in ("name", "renameNote")] == [
        ["kind", "name", "path", "line", "caller", "answer", "reads", "changes", "could not see", "decided at"],
        ["action", "renameNote", "app/do.ts", "11", "anonymous", "no", "", "", "", "lib/own.ts:5"],
        ["action", "renameNote", "app/do.ts", "11", "member", "yes", "", "note", "", "lib/own.ts:5"],
        ["action", "renameNote", "app/do.ts", "11", "other member", "no", "", "", "", "app/do.ts:13"],
        ["action", "renameNote", "app/do.ts", "11", "admin", "yes", "", "note", "", "lib/own.ts:5"],
    ]
    _, out, _ = printed(capsys, "matrix", repository.path, "--only", "app/do.ts", "--format", "json")
    document = json.loads(out)
    assert document["failures"] == []
    assert document["entrances"][0]["access"][3] == {
        "caller": "admin",
        "answer": "yes",
        "reads": [],
        "changes": ["team"],
        "unseen": [],
        "by": {"path": "lib/own.ts", "line": 12, "says": "needs `admin`"},
    }


def test_the_page_for_a_browser_shows_hostile_names_as_text(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"app/<b>/page.tsx": "export default async function Page() {\n  return <p />\n}\n"})
    _, out, _ = printed(capsys, "matrix", repository.path, "--only", "app/<b>", "--format", "html")
    cells = '<td class="yes">yes</td>' * 3
    assert f"<tr><td>/&lt;b&gt;</td><td>app/&lt;b&gt;/page.tsx:1</td>{cells}<td></td></tr>" in out


@pytest.mark.parametrize(
    ("name", "old", "new", "lines"),
    [
        (
            "a role is asked for no more",
            "  if (user.role !== 'admin') throw new Error('Not allowed')\n",
            "",
            ["`deleteTeam`: `admin` → **any signed-in user** (changes `team`)"],
        ),
        (
            "one more role is enough",
            "if (user.role !== 'admin')",
            "if (user.role !== 'admin' && user.role !== 'editor')",
            ["`deleteTeam`: `admin` → **`admin` and `editor`** (changes `team`)"],
        ),
        (
            "only a crash is left in the way",
            "  if (!session?.user) throw new Error('Not signed in')\n",
            "",
            [
                "`renameNote`: signed-in users, for what is their own → **could not see** (changes `note`)",
                "`moveNote`: any signed-in user → **could not see** (changes `note`)",
            ],
        ),
        (
            "whoever has no session is somebody as well",
            "throw new Error('Not signed in')",
            "return { id: 'guest', role: 'guest' }",
            [
                "`renameNote`: signed-in users, for what is their own → **anyone** (changes `note`)",
                "`moveNote`: any signed-in user → **anyone** (changes `note`)",
            ],
        ),
        ("nothing that matters", "Not allowed", "Admins only", []),
    ],
)
def test_a_change_of_a_helper_shows_exactly_the_rows_that_it_changes(
    repository: GitRepository, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, lines: list[str]
) -> None:
    repository.git("checkout", "-q", "-b", "change")
    repository.commit({"lib/own.ts": GUARDS.replace(old, new)})
    _, out, _ = printed(capsys, "review", repository.path, "--committed", "--base", "main", "--format", "markdown")
    _, found, rest = out.partition("#### Who may do what, changed\n\n")
    assert rest.partition("\n\n")[0].splitlines() == [f"- {line}" for line in lines]
    assert bool(found) == bool(lines)


def test_what_a_change_adds_is_named_as_new(repository: GitRepository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.git("checkout", "-q", "-b", "change")
    added = "\nexport async function exportUsers() {\n  await requireAdmin()\n  return prisma.user.findMany()\n}\n"
    repository.commit({"app/do.ts": ACTIONS + added})
    _, out, _ = printed(capsys, "review", repository.path, "--committed", "--base", "main", "--format", "markdown")
    rest = out.partition("#### Who may do what, changed\n\n")[2]
    assert rest.partition("\n\n")[0] == "- new: `exportUsers`, `admin` (reads `user`)"
