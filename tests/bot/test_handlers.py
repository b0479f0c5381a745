"""Route handlers, as a scan and a review show them: by their method and path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.options import Exit
from tests.git_repository import GitRepository

ROUTE = "app/api/posts/[id]/route.ts"
GUARDED = """\
import { NextResponse } from 'next/server'
import { auth } from '../../../../auth'
import { prisma } from '../../../../lib/prisma'

export async function DELETE(request, { params }) {
  const session = await auth()
  if (!session?.user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })
  const { id } = await params
  await prisma.post.delete({ where: { id, authorId: session.user.id } })
  return NextResponse.json({ ok: true })
}
"""
OPEN = """\
import { NextResponse } from 'next/server'
import { prisma } from '../../../../lib/prisma'

export async function DELETE(request, { params }) {
  const { id } = await params
  await prisma.post.delete({ where: { id } })
  return NextResponse.json({ ok: true })
}
"""
APPLICATION = {
    "package.json": '{"dependencies": {"next": "16.4.1", "next-auth": "5.0.0", "@prisma/client": "6.0.0"}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "app/do.ts": "'use server'\n\nexport async function ping() {\n  return 'pong'\n}\n",
    ROUTE: GUARDED,
}
MESSAGE = (
    "The route handler `DELETE /api/posts/[id]` deletes from `post` (`prisma.post.delete`), and nothing on the way "
    "asks who is calling."
)


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "app")
    made.commit(APPLICATION)
    return made


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """The exit code, and what is written to the terminal."""
    code = run([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def test_a_scan_tells_of_a_route_handler_by_method_and_path(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({ROUTE: OPEN})
    assert printed(capsys, "scan", repository.path) == (
        Exit.FINDINGS,
        f"{ROUTE}:6  critical  missing-authentication  DELETE /api/posts/[id]\n"
        f"  {MESSAGE}\n"
        "  Fix: Read the session first and end the path when there is none.\n"
        "\n"
        "1 Server Action and 1 route handler in 2 files · 1 finding (1 critical)\n",
    )


def test_a_scan_of_actions_alone_passes_over_route_handlers(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({ROUTE: OPEN, ".github/preship.yml": "scope: actions\n"})
    assert printed(capsys, "scan", repository.path) == (Exit.CLEAN, "1 Server Action in 1 file · no findings\n")


def test_a_comment_above_a_route_handler_declares_it_public(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = OPEN.replace("export async", "// preship: public -- a demonstration\nexport async")
    repository.commit({ROUTE: declared})
    assert printed(capsys, "scan", repository.path)[0] == Exit.CLEAN


def test_the_configuration_declares_a_route_handler_public_by_its_method(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    line = 'public: [{actions: "app/api/posts/*/route.ts:DELETE", reason: a demonstration}]\n'
    repository.commit({ROUTE: OPEN, ".github/preship.yml": line})
    assert printed(capsys, "scan", repository.path)[0] == Exit.CLEAN


def test_programs_are_told_the_address_of_a_route_handler(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({ROUTE: OPEN})
    _, out = printed(capsys, "scan", repository.path, "--format", "json")
    page = json.loads(out)
    told = [(each["form"], each["name"], each["address"]) for each in (*page["routes"], *page["actions"])]
    assert told == [("route", "DELETE", "/api/posts/[id]"), ("module", "ping", None)]
    _, out = printed(capsys, "scan", repository.path, "--format", "sarif")
    [result] = json.loads(out)["runs"][0]["results"]
    assert result["message"]["text"].startswith(MESSAGE)


def test_a_route_handler_is_explained_by_its_method(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({ROUTE: OPEN})
    assert printed(capsys, "scan", repository.path, "--explain", f"{ROUTE}:DELETE") == (
        Exit.CLEAN,
        f"{ROUTE}:4  route handler DELETE /api/posts/[id](request, argument 2)\n"
        f"  {ROUTE}:6  delete post (prisma.post.delete)\n"
        "      key     { id: input params.id }\n"
        f"  {ROUTE}:4  returns {{ status: undefined, body: {{ ok: True }}, cookies: next/headers#cookies, "
        "...some value }\n",
    )


REVIEW = f"""\
# 1 fault to fix in 1 touched route handler: failure

## `{ROUTE}:6`

**Anyone on the internet can delete from `post`.** {MESSAGE}

**Fix:** Read the session first and end the path when there is none.

<sub>`missing-authentication` · critical · certain · Meant to be open? `// preship: public -- why` above the action, \
or answer `/preship ignore missing-authentication -- why`.</sub>

❌ **Before you ship:** 1 fault to fix in 1 touched route handler.

| Route handler | who gets through | before this change | meant for |
| --- | --- | --- | --- |
| `DELETE /api/posts/[id]` `{ROUTE}:4` | **anyone on the internet** \
| signed-in users, with their own records | not known |
"""
CALL = """\
Each line calls a route handler. Who is refused gets the status 401 or 403, or a redirect to sign in. What is sent \
names no record.

```sh
curl -i -X DELETE http://localhost:3000/api/posts/preship-no-such-record -H 'Content-Type: application/json' \
--data-raw '{"id": "preship-no-such-record"}'
```
"""


def test_a_review_comments_on_a_route_handler_where_the_configuration_says_so(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    base = repository.commit({".github/preship.yml": "scope: actions+routes\n"})
    repository.commit({ROUTE: OPEN})
    code, out = printed(capsys, "review", repository.path, "--base", base, "--format", "markdown")
    assert code == Exit.FINDINGS
    assert out.startswith(REVIEW)
    assert CALL in out


def test_a_review_passes_over_route_handlers_unless_it_is_configured(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    base = repository.git("rev-parse", "HEAD").strip()
    repository.commit({ROUTE: OPEN})
    code, out = printed(capsys, "review", repository.path, "--base", base)
    assert code == Exit.CLEAN
    assert "no Server Action touched · no findings\n" in out


def test_a_method_that_a_route_does_not_answer_is_told_with_those_it_does(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", str(repository.path), "--explain", f"{ROUTE}:PUT"]) == Exit.USAGE
    assert capsys.readouterr().err.endswith(f"there is no Server Action {ROUTE}:PUT; did you mean {ROUTE}:DELETE?\n")
