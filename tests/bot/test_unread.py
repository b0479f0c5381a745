"""What cannot be read is named and never dropped: the exit code says so, whatever fails or does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from preship.bot.options import Exit
from tests.bot.test_cli import GUARDED, OPEN, report, told
from tests.bot.test_uncommitted import LIBRARY
from tests.bot.test_uncommitted import repository as repository
from tests.git_repository import GitRepository

UNSEEN = (
    "'use server'\nimport { guard } from 'somewhere'\nexport async function run(id: string) {\n  await guard(id)\n}\n"
)


@pytest.fixture(params=["private/", "private/nested/"])
def closed(repository: GitRepository, request: pytest.FixtureRequest) -> Iterator[str]:
    """A folder of the work tree that nobody may open; its name."""
    folder = repository.path / request.param
    folder.mkdir(parents=True)
    (folder / "actions.ts").write_text(OPEN["app/actions.ts"])
    folder.chmod(0)
    yield request.param
    folder.chmod(0o700)


def as_anybody(*arguments: object) -> tuple[int, str]:
    """Exit code and stdout of a command of a user whom modes of files bind, as they do not bind root."""
    command = [str(Path(sys.executable).parent / "preship"), *map(str, arguments)]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        assert setpriv is not None, "root needs setpriv (util-linux) to become somebody whom the modes of files bind"
        command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", *command]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("command", ["scan", "review"])
def test_a_folder_that_cannot_be_opened_is_named(repository: GitRepository, closed: str, command: str) -> None:
    code, out = as_anybody(command, repository.path, "--format", "json", "--fail-on", "never")
    assert (code, json.loads(out)["failures"]) == (Exit.INCOMPLETE, [{"path": closed, "reason": "permission denied"}])


def test_a_folder_outside_of_git_that_cannot_be_opened_is_named(repository: GitRepository, closed: str) -> None:
    shutil.rmtree(repository.path / ".git")
    code, out = as_anybody("scan", repository.path, "--fail-on", "never")
    assert code == Exit.INCOMPLETE
    assert f"could not read  {closed}  permission denied" in out.splitlines()


def test_a_tracked_file_in_a_closed_folder_and_one_that_is_closed_itself_are_named(repository: GitRepository) -> None:
    repository.write({"app/hidden.ts": OPEN["app/actions.ts"], "shut/a.ts": OPEN["app/actions.ts"]})
    repository.git("add", "--all")
    repository.write({"app/hidden.ts": "// longer by now\n" + OPEN["app/actions.ts"]})
    (repository.path / "app/hidden.ts").chmod(0)
    (repository.path / "shut").chmod(0)
    try:
        for command in ("scan", "review"):
            code, out = as_anybody(command, repository.path, "--format", "json", "--fail-on", "never")
            page = json.loads(out)
            assert code == Exit.INCOMPLETE
            assert {(f["path"], f["reason"]) for f in page["failures"]} >= {
                ("app/hidden.ts", "permission denied"),
                ("shut/a.ts", "permission denied"),
            }
        assert [each["path"] for each in page["unjudged"]] == ["app/hidden.ts", "shut/a.ts"]
    finally:
        (repository.path / "shut").chmod(0o700)


LINKS = {
    "app/circle.ts": ("circle.ts", "a symbolic link that leads in a circle"),
    "app/out.ts": ("../../outside.ts", "a symbolic link that leads out of what is read"),
    "app/gone.ts": ("nowhere.ts", "a symbolic link that leads nowhere"),
    "loop": ("loop", "a symbolic link that leads in a circle"),
}


@pytest.mark.parametrize("is_committed", [True, False])
def test_links_that_lead_to_nothing_that_is_read_are_named(capsys, repository, is_committed):
    (repository.path.parent / "outside.ts").write_text(OPEN["app/actions.ts"])
    for name, (target, _) in {**LINKS, "app/same.ts": ("actions.ts", ""), "docs": ("lib", "")}.items():
        (repository.path / name).symlink_to(target)
    if is_committed:
        repository.commit({})
    arguments = ("--git-dir", repository.path, "--commit", "HEAD") if is_committed else (repository.path,)
    code, page = report(capsys, "scan", *arguments)
    assert code == Exit.INCOMPLETE
    assert {f["path"]: f["reason"] for f in page["failures"]} == {name: why for name, (_, why) in LINKS.items()}


def test_a_scan_names_submodules(capsys, repository):
    inner = GitRepository(repository.path / "vendor")
    inner.commit({"a.ts": "export const a = 1\n"})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{inner.git('rev-parse', 'HEAD')},vendor")
    repository.git("commit", "--quiet", "--message", "submodule")
    for arguments in ((repository.path,), ("--git-dir", repository.path)):
        code, page = report(capsys, "scan", *arguments)
        assert (code, page["failures"]) == (
            Exit.INCOMPLETE,
            [{"path": "vendor", "reason": "a submodule, which is not read"}],
        )


def test_a_blob_that_is_gone_is_named(capsys, repository):
    repository.commit(OPEN)
    blob = repository.git("rev-parse", "HEAD:app/actions.ts")
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    code, page = report(capsys, "scan", "--git-dir", repository.path)
    assert (code, page["failures"]) == (
        Exit.INCOMPLETE,
        [{"path": "app/actions.ts", "reason": "not in the object store"}],
    )


def test_an_action_that_was_not_seen_in_full_is_not_clean(capsys, repository):
    repository.write({"app/unseen.ts": UNSEEN})
    for command in ("scan", "review"):
        for arguments in ((), ("--fail-on", "never")):
            assert told(capsys, command, repository.path, *arguments)[0] == Exit.INCOMPLETE


def test_a_question_that_nobody_can_answer_is_not_clean(capsys, repository):
    asks_a_package = OPEN["app/actions.ts"].replace(
        "'use server'\n", "'use server'\nimport { ask } from 'unheard-of'\n"
    )
    text = asks_a_package.replace("  await prisma", "  if (!(await ask())) return\n  await prisma", 1)
    repository.commit({"app/actions.ts": text})
    code, out, _ = told(capsys, "scan", repository.path)
    line = text.split("\n").index("  if (!(await ask())) return") + 1
    assert code == Exit.INCOMPLETE
    assert f"could not see  app/actions.ts:{line}  authentication: perhaps by ask() of unheard-of\n" in out
    assert out.endswith(" · 1 action not seen in full\n")


def test_the_repository_may_fail_reviews_that_could_not_judge_everything(capsys, repository):
    repository.git("checkout", "--quiet", "main")
    repository.commit({".github/preship.yml": "unseen: failure\nfail-on: never\n"})
    repository.write({"app/unseen.ts": UNSEEN})
    code, page = report(capsys, "review", repository.path)
    assert (code, page["review"]["conclusion"]) == (Exit.FINDINGS, "failure")
    assert "what could not be judged fails" in told(capsys, "check-config", repository.path)[1]


def test_a_touched_file_that_is_too_large_is_named_as_not_judged(capsys, repository):
    repository.write({"app/big.ts": OPEN["app/actions.ts"] + "// long\n" * 300_000})
    code, out, _ = told(capsys, "review", repository.path)
    assert code == Exit.INCOMPLETE
    assert "not judged  app/big.ts  larger than 2 MB" in out.splitlines()
    code, page = report(capsys, "review", repository.path)
    assert page["unjudged"] == [{"path": "app/big.ts", "name": None, "line": None, "reason": "larger than 2 MB"}]


@pytest.mark.parametrize("with_git", [True, False])
def test_a_scan_of_a_folder_finds_the_project_around_it(capsys, tmp_path, with_git):
    folder = tmp_path / "app"
    made = GitRepository(folder)
    made.commit({**LIBRARY, "other/actions.ts": OPEN["app/actions.ts"]})
    if not with_git:
        shutil.rmtree(folder / ".git")
    code, page = report(capsys, "scan", folder / "app")
    assert (code, [(action["path"], action["findings"]) for action in page["actions"]]) == (
        Exit.CLEAN,
        [("app/actions.ts", [])],
    )
    assert report(capsys, "scan", folder / "app", "--only", "actions.ts")[0] == Exit.CLEAN
    assert report(capsys, "scan", folder / "other")[0] == Exit.FINDINGS
    assert "guarded" not in GUARDED
    code, out, _ = told(capsys, "scan", folder / "app", "--explain", "actions.ts:createNote")
    assert "createNote" in out


def test_a_folder_that_git_ignores_is_scanned_by_itself(capsys, repository):
    repository.write({".gitignore": "build/\n", "build/actions.ts": OPEN["app/actions.ts"]})
    _, page = report(capsys, "scan", repository.path / "build")
    assert [action["path"] for action in page["actions"]] == ["actions.ts"]
