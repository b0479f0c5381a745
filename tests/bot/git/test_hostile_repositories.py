"""Somebody else's checkout on a laptop: `preship scan` and `preship review` read it, and nothing of it runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.git.commit_files import GitFiles
from preship.bot.git.directory_files import DirectoryFiles
from preship.bot.git.errors import GitError, UnknownCommit
from preship.bot.git.ownership import foreign_part, is_trusted
from preship.bot.git.place import Place
from preship.bot.git.process import Repository, resolve_commit
from preship.bot.options import Exit
from tests.git_http import GitServer, make_bare, serve_git
from tests.git_repository import GitRepository

BEFORE = "'use server'\nimport { db } from '@/lib/db'\nexport async function drop(id: string) {\n%s}\n"
FILES = {
    "app/actions.ts": BEFORE % "",
    "lib/db.ts": "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n",
    "schema.prisma": "model Post {\n  id String @id\n}\n",
    ".gitattributes": "* diff=evil filter=evil merge=evil\n*.ts diff=evil filter=evil text eol=crlf ident\n",
}
AFTER = {"app/actions.ts": BEFORE % "  await db.post.delete({ where: { id } })\n"}

PROGRAMS = (
    "core.sshCommand",
    "core.fsmonitor",
    "core.gitProxy",
    "core.askPass",
    "core.pager",
    "core.editor",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "gpg.program",
    "interactive.diffFilter",
    "pager.diff",
    "pager.ls-files",
    "remote.origin.uploadpack",
    "sequence.editor",
    "trailer.evil.command",
    "uploadpack.packObjectsHook",
)
"""Keys whose value git starts as a program."""

COMMANDS = ("diff", "ls-files", "ls-tree", "cat-file", "rev-parse", "rev-list", "merge-base", "fetch", "config")
HOOKS = ("reference-transaction", "post-index-change", "post-checkout", "pre-auto-gc", "fsmonitor-watchman", "update")


class Hostile:
    """A repository that touches a file when git runs anything of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.source = GitRepository(tmp_path / "source")
        self.source.commit(FILES)
        self.source.git("checkout", "--quiet", "-b", "change")
        self.source.commit(AFTER)
        self.mark = tmp_path / "ran"
        self.program = tmp_path / "evil.sh"
        self.program.write_text(f"#!/bin/sh\necho ran > {self.mark}\nexit 1\n")
        self.program.chmod(0o755)
        self.checkout = tmp_path / "checkout"

    def clone(self, url: str, *options: str) -> None:
        self.source.git("clone", "--quiet", "--no-checkout", *options, url, str(self.checkout))
        self._git("config", "protocol.ext.allow", "always")
        self._git("config", "protocol.file.allow", "always")
        # Without their texts, as an archive that somebody sends may be.
        (self.checkout / "app").mkdir()
        (self.checkout / "app" / "actions.ts").write_text(AFTER["app/actions.ts"])
        (self.checkout / ".gitattributes").write_text(FILES[".gitattributes"])

    def set(self, key: str, value: str) -> None:
        self._git("config", key, value)

    def read_every_way(self) -> list[int]:
        """The exit codes of every command that reads a repository."""
        place = str(self.checkout)
        return [
            run(["scan", place]),
            run(["scan", "--git-dir", place, "--commit", "origin/change"]),
            run(["review", place, "--base", "origin/main", "--head", "origin/change"]),
            run(["scan", place, "--explain", "app/actions.ts:drop"]),
            run(["check-config", place]),
        ]

    def ran(self) -> bool:
        return self.mark.exists()

    def _git(self, *arguments: str) -> None:
        self.source.git("-C", str(self.checkout), *arguments)


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    return Hostile(tmp_path)


@pytest.fixture
def served(hostile: Hostile, tmp_path: Path) -> Iterator[GitServer]:
    """The source behind HTTP, and a clone of it without a single text."""
    bare = make_bare(tmp_path / "served" / "o" / "app.git")
    hostile.source.git("push", "--quiet", str(bare), "main", "change")
    with serve_git(tmp_path / "served") as server:
        hostile.clone(server.clone_url("o/app"), "--filter=blob:none")
        yield server


@pytest.mark.parametrize("key", PROGRAMS)
def test_no_program_of_a_repository_is_run(hostile: Hostile, served: GitServer, key: str) -> None:
    hostile.set(key, str(hostile.program))
    codes = hostile.read_every_way()
    assert not hostile.ran()
    # It is read all the same: the open delete is found on disk, in the commit, and in the change.
    assert codes[:3] == [Exit.FINDINGS] * 3


@pytest.mark.parametrize(
    "url",
    [
        "ext::{program} %S",
        "ssh://127.0.0.1:1/o/app",
        "evil@127.0.0.1:o/app",
        "git://127.0.0.1:1/o/app",
        "file://{source}",
        "{source}",
        "-oProxyCommand={program}",
        "ssh://-oProxyCommand={program}/o/app",
        "https://127.0.0.1:1/o/app",
        "evil::{program}",
    ],
)
def test_no_address_of_a_repository_starts_a_program(hostile: Hostile, served: GitServer, url: str) -> None:
    hostile.set("remote.origin.url", url.format(program=hostile.program, source=hostile.source.path))
    for key in ("core.sshCommand", "core.gitProxy", "core.askPass", "credential.helper", "remote.origin.uploadpack"):
        hostile.set(key, str(hostile.program))
    hostile.source.git("config", "uploadpack.packObjectsHook", str(hostile.program))
    codes = hostile.read_every_way()
    assert not hostile.ran()
    # What is on the disk is judged; what would have to be fetched is said to be missing.
    assert (codes[0], Exit.CLEAN in codes[1:3]) == (Exit.FINDINGS, False)


def test_no_other_address_stands_in_for_the_remote(hostile: Hostile, served: GitServer) -> None:
    hostile.set(f"url.ext::{hostile.program} .insteadOf", served.url)
    hostile.set("http.proxy", "http://127.0.0.1:1")
    assert hostile.read_every_way()[:3] == [Exit.FINDINGS] * 3
    assert not hostile.ran()


@pytest.mark.parametrize("key", ["include.path", "includeIf.gitdir:/**.path", "includeIf.onbranch:**.path"])
def test_no_included_file_counts(hostile: Hostile, served: GitServer, tmp_path: Path, key: str) -> None:
    included = tmp_path / "included"
    for section, _, name in [key.rpartition(".") for key in PROGRAMS]:
        head, dot, rest = section.partition(".")
        title = f'{head} "{rest}"' if dot else head
        with included.open("a") as file:
            file.write(f"[{title}]\n\t{name} = {hostile.program}\n")
    hostile.set(key, str(included))
    assert hostile.read_every_way()[:3] == [Exit.FINDINGS] * 3
    assert not hostile.ran()


def test_an_include_that_never_ends_holds_nobody_up(hostile: Hostile, served: GitServer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (hostile.checkout / ".git" / "config").open("a") as config:
        config.write(f"[include]\n\tpath = {tmp_path / 'pipe'}\n")
    assert hostile.read_every_way()[:3] == [Exit.FINDINGS] * 3


def test_a_configuration_that_is_no_configuration_changes_nothing(hostile: Hostile, served: GitServer) -> None:
    hostile.set("extensions.evil", "true")
    with (hostile.checkout / ".git" / "config").open("a") as config:
        config.write("[core\n\tbroken")
    assert run(["scan", str(hostile.checkout)]) == Exit.FINDINGS


@pytest.mark.parametrize("command", COMMANDS)
def test_no_alias_stands_in_for_a_command(hostile: Hostile, served: GitServer, command: str) -> None:
    hostile.set(f"alias.{command}", f"!{hostile.program}")
    assert hostile.read_every_way()[:3] == [Exit.FINDINGS] * 3
    assert not hostile.ran()


@pytest.mark.parametrize("is_moved", [False, True])
def test_no_hook_is_run(hostile: Hostile, served: GitServer, tmp_path: Path, is_moved: bool) -> None:
    hooks = tmp_path / "hooks" if is_moved else hostile.checkout / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in HOOKS:
        (hooks / hook).write_text(hostile.program.read_text())
        (hooks / hook).chmod(0o755)
    if is_moved:
        hostile.set("core.hooksPath", str(hooks))
    assert hostile.read_every_way()[:3] == [Exit.FINDINGS] * 3
    assert not hostile.ran()


def test_a_configuration_of_one_checkout_counts_as_little(hostile: Hostile, served: GitServer) -> None:
    hostile.set("extensions.worktreeConfig", "true")
    for key in PROGRAMS:
        hostile.source.git("-C", str(hostile.checkout), "config", "--worktree", key, str(hostile.program))
    assert hostile.read_every_way()[:3] == [Exit.FINDINGS] * 3
    assert not hostile.ran()


def test_a_repository_inside_of_the_checkout_is_no_better(hostile: Hostile, served: GitServer) -> None:
    inner = GitRepository(hostile.checkout / "vendor" / "lib")
    inner.commit({"app/actions.ts": AFTER["app/actions.ts"]})
    for key in PROGRAMS:
        inner.git("config", key, str(hostile.program))
    hostile.read_every_way()
    assert run(["scan", str(inner.path)]) == Exit.FINDINGS
    assert not hostile.ran()


def test_borrowed_objects_are_not_read_and_the_user_hears_why(hostile: Hostile, tmp_path: Path) -> None:
    hostile.clone(str(hostile.source.path), "--shared")
    hostile.set("core.alternateRefsCommand", str(hostile.program))
    with pytest.raises(UnknownCommit, match="objects that it borrows from another repository are not read"):
        resolve_commit(Repository.at(hostile.checkout), "origin/main")
    assert run(["scan", str(hostile.checkout)]) == Exit.FINDINGS
    assert not hostile.ran()


def test_a_bare_clone_by_reference_is_read_with_what_it_borrows(hostile: Hostile, tmp_path: Path) -> None:
    hostile.source.git("clone", "--quiet", "--bare", "--shared", ".", str(tmp_path / "borrowing.git"))
    assert run(["scan", "--git-dir", str(tmp_path / "borrowing.git"), "--commit", "main"]) == Exit.CLEAN
    assert not hostile.ran()


def test_a_graph_that_lies_about_history_is_not_believed(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "app")
    first = repository.commit({"a.ts": "1"})
    second = repository.commit({"a.ts": "2"})
    (repository.path / ".git" / "info").mkdir(exist_ok=True)
    (repository.path / ".git" / "info" / "grafts").write_text(f"{second}\n")
    repository.git("replace", first, second)
    with GitFiles(Repository.at(repository.path), first) as files:
        assert files.read(["a.ts"])["a.ts"].content == b"1"
    assert Repository.at(repository.path).git("rev-list", second).output.split()[1:] == [first.encode()]


AS_ROOT = () if os.geteuid() == 0 else ("sudo", "-n")
"""Only root can give a folder to somebody else."""


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    """A repository of another user."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SUDO_UID", raising=False)
    (tmp_path / "home").mkdir()
    repository = GitRepository(tmp_path / "foreign")
    repository.commit(FILES | AFTER)
    subprocess.run([*AS_ROOT, "chown", "-R", "12345", str(repository.path)], check=True)
    return repository


def test_a_repository_of_another_user_is_refused_as_git_refuses_it(
    foreign: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", str(foreign.path)]) == Exit.USAGE
    assert capsys.readouterr().err == (
        f"preship: {foreign.path} belongs to another user; if you trust it:"
        f" git config --global --add safe.directory {foreign.path}\n"
    )


@pytest.mark.parametrize("trusted", ["*", "{path}", "{parent}/*", "~/../foreign"])
def test_a_repository_of_another_user_is_read_where_git_was_told_to_trust_it(
    foreign: GitRepository, trusted: str
) -> None:
    value = trusted.format(path=foreign.path, parent=foreign.path.parent)
    subprocess.run(["git", "config", "--global", "safe.directory", value], check=True)
    assert run(["scan", str(foreign.path)]) == Exit.FINDINGS


def test_trust_can_be_taken_back(foreign: GitRepository) -> None:
    for value in ("*", ""):
        subprocess.run(["git", "config", "--global", "--add", "safe.directory", value], check=True)
    assert run(["scan", str(foreign.path)]) == Exit.USAGE


def test_a_repository_cannot_vouch_for_itself(foreign: GitRepository) -> None:
    foreign.git("config", "--file", ".git/config", "safe.directory", "*")
    with pytest.raises(GitError, match="belongs to another user"):
        DirectoryFiles(foreign.path)


def test_a_part_that_another_user_owns_makes_the_whole_foreign(tmp_path: Path) -> None:
    other = Path("/") if os.geteuid() else tmp_path / "other"
    if not os.geteuid():
        other.mkdir()
        os.chown(other, 12345, 12345)
    own = tmp_path / "own"
    own.mkdir()
    assert foreign_part(Place(own, own, own)) is None
    assert foreign_part(Place(own, other, own)) == foreign_part(Place(own, own, None, other)) == other


@pytest.mark.parametrize(
    ("values", "is_so"),
    [
        ([], False),
        (["/srv/app"], True),
        (["/srv/app/"], True),
        (["/srv/ap"], False),
        (["/srv/*"], True),
        (["/sr/*"], False),
        (["*", ""], False),
        (["", "*"], True),
    ],
)
def test_trust_is_what_git_takes_for_it(values: list[str], is_so: bool) -> None:
    place = Place(Path("/srv/app/.git"), Path("/srv/app/.git"), Path("/srv/app"))
    assert is_trusted(place, values) is is_so
