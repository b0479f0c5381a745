"""`preship review` of what is not committed yet: the work tree, the index, or commits alone, on real repositories."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from preship.bot.options import Exit
from tests.bot.test_cli import GUARD, GUARDED, OPEN, report, told
from tests.git_repository import GitRepository

LIBRARY = {
    "package.json": '{"dependencies": {"next": "16", "next-auth": "5", "@prisma/client": "6"}}',
    "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    **GUARDED,
}


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    """Guarded on `main`; the branch `change` is checked out and has a commit without any action."""
    made = GitRepository(tmp_path / "app")
    made.commit(LIBRARY)
    made.git("checkout", "--quiet", "-b", "change")
    made.commit({"README.md": "# Notes\n"})
    return made


def statuses(page: dict) -> list[tuple[str, str]]:
    """The findings of a review about who is calling, by the file that they stand in."""
    found = [(a["path"], f) for a in page["actions"] for f in a["findings"]]
    return [(path, f["status"]) for path, f in found if f["rule"] == "missing-authentication"]


def test_an_uncommitted_removal_of_a_guard_is_found(capsys, repository):
    repository.write(OPEN)
    before = repository.git("status", "--porcelain"), repository.git("count-objects", "-v")
    code, page = report(capsys, "review", repository.path)
    assert (code, statuses(page)) == (Exit.FINDINGS, [("app/actions.ts", "introduced")])
    assert [(c["path"], c["side"], c["line"]) for c in page["review"]["comments"]] == [("app/actions.ts", "LEFT", 8)]
    assert (page["commit"], page["compared"]) == (
        None,
        {"what": "uncommitted", "base": "main", "merge_base": repository.git("rev-parse", "main")},
    )
    assert (repository.git("status", "--porcelain"), repository.git("count-objects", "-v")) == before


def test_the_first_line_says_what_is_reviewed(capsys, repository):
    parted = repository.git("rev-parse", "--short=12", "main")
    repository.write(OPEN)
    lines = {
        ("--base", "main"): f"Reviewing uncommitted changes against main, which parted at {parted}",
        ("--staged",): f"Reviewing staged changes against main, which parted at {parted}",
        ("--committed",): f"Reviewing commits against main, which parted at {parted}",
        ("--head", "change"): f"Reviewing commits against main, which parted at {parted}",
    }
    for arguments, line in lines.items():
        assert told(capsys, "review", repository.path, *arguments)[1].splitlines()[0] == line


def test_without_anything_that_is_not_committed_the_first_line_says_so(capsys, repository):
    parted = repository.git("rev-parse", "--short=12", "main")
    _, page = report(capsys, "review", repository.path)
    assert (page["commit"], page["compared"]["what"]) == (repository.git("rev-parse", "HEAD"), "committed")
    first = told(capsys, "review", repository.path)[1].splitlines()[0]
    assert first == f"Reviewing commits against main, which parted at {parted}"
    repository.git("checkout", "--quiet", "main")
    first = told(capsys, "review", repository.path)[1].splitlines()[0]
    assert first == "Nothing differs from main: `preship scan` judges all that stands"


def test_staged_and_committed_choose_what_is_seen(capsys, repository):
    repository.write(OPEN)
    assert report(capsys, "review", repository.path, "--staged")[0] == Exit.CLEAN
    assert report(capsys, "review", repository.path, "--committed")[0] == Exit.CLEAN
    repository.git("add", "app/actions.ts")
    repository.write(GUARDED)
    code, page = report(capsys, "review", repository.path, "--staged")
    assert (code, statuses(page)) == (Exit.FINDINGS, [("app/actions.ts", "introduced")])
    assert page["compared"]["what"] == "staged"
    assert report(capsys, "review", repository.path)[0] == Exit.CLEAN
    repository.git("commit", "--quiet", "--message", "open")
    assert report(capsys, "review", repository.path, "--committed")[0] == Exit.FINDINGS
    assert report(capsys, "review", repository.path)[0] == Exit.CLEAN


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "sarif", "github"])
def test_every_format_tells_of_uncommitted_changes(capsys, repository, format_):
    repository.write(OPEN)
    code, out, err = told(capsys, "review", repository.path, "--format", format_)
    assert (code, err) == (Exit.FINDINGS, "")
    assert "missing-authentication" in out


def test_new_files_are_reviewed_unless_git_ignores_them(capsys, repository):
    repository.write({".gitignore": "drafts/\n", "app/new.ts": OPEN["app/actions.ts"], "drafts/a.ts": "'use server'\n"})
    _, page = report(capsys, "review", repository.path)
    assert statuses(page) == [("app/new.ts", "introduced")]
    assert [action["path"] for action in page["actions"]] == ["app/new.ts"]


def test_renamed_deleted_and_retyped_files_are_seen_as_they_stand(capsys, repository):
    repository.write({"app/moved.ts": OPEN["app/actions.ts"], "app/actions.ts": None, "lib/prisma.ts": None})
    repository.write({"lib/prisma.ts/index.ts": LIBRARY["lib/prisma.ts"]})
    _, page = report(capsys, "review", repository.path)
    assert statuses(page) == [("app/moved.ts", "introduced")]


def test_a_repository_without_a_default_branch_is_compared_with_its_last_commit(capsys, repository):
    repository.git("branch", "--quiet", "-D", "main")
    repository.write(OPEN)
    code, page = report(capsys, "review", repository.path)
    assert (code, page["compared"]["base"]) == (Exit.FINDINGS, "HEAD")
    code, _, err = told(capsys, "review", repository.path, "--committed")
    assert code == Exit.USAGE
    assert "no branch `main` or `master`" in err
    assert "say with `--base` what to compare with" in err


def test_the_default_branch_of_the_remote_comes_first_and_what_the_branch_follows_last(capsys, repository, tmp_path):
    repository.git("branch", "--quiet", "--move", "main", "trunk")
    repository.git("config", "branch.change.remote", ".")
    repository.git("config", "branch.change.merge", "refs/heads/trunk")
    assert report(capsys, "review", repository.path, "--committed")[1]["compared"]["base"] == "trunk"
    repository.git("checkout", "--quiet", "trunk")
    repository.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = GitRepository(tmp_path / "clone")
    clone.write(OPEN)
    code, page = report(capsys, "review", clone.path)
    assert (code, page["compared"]["base"]) == (Exit.FINDINGS, "origin/HEAD")


def test_a_repository_without_a_commit_says_so(capsys, tmp_path):
    made = GitRepository(tmp_path / "empty")
    made.write(OPEN)
    code, _, err = told(capsys, "review", made.path)
    assert (code, err) == (Exit.USAGE, f"preship: there is no commit yet in {made.path}/.git to compare with\n")


def test_a_bare_repository_has_only_commits(capsys, repository, tmp_path):
    repository.commit(OPEN)
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    bare = tmp_path / "bare.git"
    for arguments in (("--git-dir", bare), (bare,)):
        code, page = report(capsys, "review", *arguments, "--base", "main")
        assert (code, page["compared"]["what"]) == (Exit.FINDINGS, "committed")
    code, _, err = told(capsys, "review", bare, "--staged")
    assert (code, err) == (Exit.USAGE, f"preship: {bare} has no work tree, only commits\n")


def test_a_merge_under_way_is_reviewed_as_its_files_stand(capsys, repository):
    repository.commit({"app/actions.ts": OPEN["app/actions.ts"].replace("String(text)", "text")})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"app/actions.ts": GUARDED["app/actions.ts"].replace("String(text)", "text.trim()")})
    repository.git("checkout", "--quiet", "change")
    # It stops at the conflict, but not before it knows who merges.
    merge = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "merge", "--quiet", "main"]
    subprocess.run(merge, cwd=repository.path, capture_output=True, check=False)
    repository.write(OPEN)
    code, page = report(capsys, "review", repository.path)
    assert (code, statuses(page)) == (Exit.FINDINGS, [("app/actions.ts", "introduced")])
    code, _, err = told(capsys, "review", repository.path, "--staged")
    assert (code, err) == (Exit.USAGE, "preship: the index holds conflicts that are not resolved yet\n")


def test_a_base_that_is_cut_off_is_named_with_what_brings_it(capsys, repository, tmp_path):
    repository.commit(OPEN)
    repository.git(
        "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository.path}", str(tmp_path / "c")
    )
    clone = tmp_path / "c"
    code, _, err = told(capsys, "review", clone, "--base", "origin/main")
    assert code == Exit.USAGE
    assert "have no commit in common" in err
    assert "`git fetch --unshallow` brings the rest" in err


def with_submodule(repository: GitRepository, tmp_path: Path) -> GitRepository:
    """The repository with a submodule at `vendor/auth`, which has a commit more by now."""
    inner = GitRepository(tmp_path / "inner")
    inner.commit({"guard.ts": "export const guard = true\n"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "vendor/auth")
    repository.git("commit", "--quiet", "--message", "submodule")
    repository.git("checkout", "--quiet", "-B", "main")
    repository.git("checkout", "--quiet", "-b", "moves")
    moved = GitRepository(repository.path / "vendor" / "auth")
    moved.commit({"guard.ts": "export const guard = false\n"})
    return repository


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_submodule_that_moved_is_named_and_not_dropped(capsys, repository, tmp_path, is_committed):
    made = with_submodule(repository, tmp_path)
    if is_committed:
        made.git("commit", "--quiet", "--all", "--message", "move")
    arguments = ["--committed"] if is_committed else []
    code, page = report(capsys, "review", made.path, *arguments, "--fail-on", "never")
    assert (code, page["failures"]) == (
        Exit.INCOMPLETE,
        [{"path": "vendor/auth", "reason": "a submodule, which is changed here and not read"}],
    )
    assert "could not read  vendor/auth" in told(capsys, "review", made.path, *arguments)[1]


def test_nothing_of_a_submodules_configuration_runs(capsys, repository, tmp_path):
    made = with_submodule(repository, tmp_path)
    marker = tmp_path / "ran"
    submodule = GitRepository(made.path / "vendor" / "auth")
    submodule.git("config", "core.fsmonitor", f"touch {marker}; false")
    submodule.write({"guard.ts": "export const guard = 1\n"})
    assert report(capsys, "review", made.path)[0] == Exit.INCOMPLETE
    assert not marker.exists()


def test_a_repository_inside_of_the_work_tree_is_named(capsys, repository):
    GitRepository(repository.path / "other").commit({"a.ts": "export const a = 1\n"})
    code, page = report(capsys, "review", repository.path)
    assert (code, page["failures"]) == (
        Exit.INCOMPLETE,
        [{"path": "other/", "reason": "another repository, which is not read"}],
    )


def test_a_guard_that_is_weakened_but_not_committed_reaches_the_actions_that_call_it(capsys, repository):
    helper = "import { auth } from '@/auth'\nexport async function member() {\n%s}\n"
    action = OPEN["app/actions.ts"].replace("import { auth } from '@/auth'", "import { member } from '@/lib/member'")
    action = action.replace("  await prisma", "  await member()\n  await prisma")
    repository.git("checkout", "--quiet", "main")
    repository.commit({"lib/member.ts": helper % GUARD, "app/actions.ts": action})
    repository.write({"lib/member.ts": helper % "  await auth()\n"})
    code, page = report(capsys, "review", repository.path)
    assert code == Exit.FINDINGS
    assert [action["path"] for action in page["actions"]] == ["app/actions.ts"]


def test_a_checkout_of_its_own_has_its_own_work_tree(capsys, repository, tmp_path):
    repository.git("worktree", "add", "--quiet", "-b", "third", str(tmp_path / "third"), "main")
    (tmp_path / "third" / "app" / "actions.ts").write_text(OPEN["app/actions.ts"])
    assert report(capsys, "review", tmp_path / "third")[0] == Exit.FINDINGS
    assert report(capsys, "review", repository.path)[0] == Exit.CLEAN
    shutil.rmtree(tmp_path / "third")
