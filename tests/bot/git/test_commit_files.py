import os
from pathlib import Path

import pytest

from preship.analyzers.project import files as port
from preship.analyzers.source.spelling import may_spell
from preship.bot.git.commit_files import SIZE_LIMIT_BYTES, GitFiles
from preship.bot.git.directory_files import DirectoryFiles
from preship.bot.git.errors import GitError, NotARepository, UnknownCommit
from preship.bot.git.process import Repository, resolve_commit
from tests.git_repository import GitRepository

ODD_NAMES = (
    "with space.ts",
    'quote".ts',
    "tab\t.ts",
    "new\nline.ts",
    "émoji 🦊.ts",
    "-dash.ts",
    ":(top)magic.ts",
    "*.ts",
)


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "repository")


def files_at(repository: GitRepository, commit: str = "HEAD") -> GitFiles:
    return GitFiles(Repository.at(repository.path), commit)


def test_a_commit_is_read_as_it_was_whatever_the_work_tree_says(repository: GitRepository) -> None:
    first = repository.commit({"a.ts": "one", "b/c.ts": "two"})
    repository.commit({"a.ts": "changed"})
    repository.write({"a.ts": "not committed"})
    with files_at(repository, first) as files:
        assert files.paths() == ("a.ts", "b/c.ts")
        assert {path: blob.content for path, blob in files.read(["a.ts", "b/c.ts", "none.ts"]).items()} == {
            "a.ts": b"one",
            "b/c.ts": b"two",
        }


def test_every_odd_name_is_listed_and_read(repository: GitRepository) -> None:
    repository.commit({name: f"text of {name}" for name in ODD_NAMES})
    with files_at(repository) as files:
        assert set(files.paths()) == set(ODD_NAMES)
        assert {blob.content.decode() for blob in files.read(ODD_NAMES).values()} == {f"text of {n}" for n in ODD_NAMES}


def test_many_large_files_are_read_in_one_call(repository: GitRepository) -> None:
    texts = {f"src/{number}.ts": f"{number}\n" * 20_000 for number in range(60)}
    repository.commit(texts)
    with files_at(repository) as files:
        blobs = files.read(texts)
        assert all(blobs[path].content == text.encode() for path, text in texts.items())


def test_links_submodules_and_oversized_files_have_no_text_but_a_reason(repository: GitRepository) -> None:
    repository.write({"a.ts": "x", "big.ts": "x" * (SIZE_LIMIT_BYTES + 1), "just.ts": "x" * SIZE_LIMIT_BYTES})
    os.symlink("/etc/passwd", repository.path / "link.ts")
    repository.git("add", "--all")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lib")
    repository.git("commit", "--quiet", "--message", "odd things")
    with files_at(repository) as files:
        assert files.paths() == ("a.ts", "big.ts", "just.ts")
        assert set(files.read([*files.paths(), "link.ts", "vendor/lib"])) == {"a.ts", "just.ts"}
        assert files.refusals() == {
            "big.ts": "larger than 2 MB",
            "link.ts": "a symbolic link that leads out of what is read",
            "vendor/lib": "a submodule",
        }


def test_a_name_that_is_not_utf8_is_refused_by_a_printable_name(repository: GitRepository) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", stdin=b"x")
    tree = repository.git("mktree", "-z", stdin=f"100644 blob {blob}\t".encode() + b"caf\xe9.ts\0")
    commit = repository.git("commit-tree", tree, "-m", "latin")
    with files_at(repository, commit) as files:
        assert files.paths() == ()
        assert files.refusals() == {"caf\\xe9.ts": "a name that is not UTF-8"}


def test_bytes_are_searched_for_binary_files_included(repository: GitRepository) -> None:
    repository.commit({"a.ts": "'use server'", "b.ts": b"\0\0'use server'", "c.ts": "'use client'"})
    with files_at(repository) as files:
        assert files.matching(may_spell("use server"), files.paths()) == ["a.ts", "b.ts"]
        assert files.matching(may_spell("use server"), ["c.ts", "a.ts"]) == ["a.ts"]


def test_equal_contents_have_equal_ids_in_a_commit_and_in_a_directory(repository: GitRepository) -> None:
    repository.commit({"a.ts": "same", "b.ts": "same"})
    with files_at(repository) as files:
        committed = files.read(["a.ts", "b.ts"])
    on_disk = DirectoryFiles(repository.path).read(["a.ts"])
    assert committed["a.ts"].id == committed["b.ts"].id == on_disk["a.ts"].id


def test_a_bare_repository_without_configuration_is_read(repository: GitRepository, tmp_path: Path) -> None:
    repository.commit({"a.ts": "x"})
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    (tmp_path / "bare" / "config").unlink()
    with GitFiles(Repository.at(tmp_path / "bare"), "main") as files:
        assert files.paths() == ("a.ts",)


def test_a_further_work_tree_is_read(repository: GitRepository, tmp_path: Path) -> None:
    repository.commit({"a.ts": "x"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    found = Repository.at(tmp_path / "second")
    with GitFiles(found, "HEAD") as files:
        assert files.read(["a.ts"])["a.ts"].content == b"x"
    assert found.work_tree == tmp_path / "second"


@pytest.mark.parametrize("name", ["nothing", "--help", "", "a\nb", "HEAD~9", "-", "HEAD:a.ts"])
def test_a_name_that_is_no_commit_is_said_to_be_unknown(repository: GitRepository, name: str) -> None:
    repository.commit({"a.ts": "x"})
    with pytest.raises(UnknownCommit):
        resolve_commit(Repository.at(repository.path), name)


def test_a_directory_without_git_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotARepository, match="is not in a git repository"):
        Repository.at(tmp_path / "plain")
    with pytest.raises(NotARepository, match="is no directory"):
        Repository.at(tmp_path / "none")


def test_what_a_repository_configures_is_never_run(repository: GitRepository, tmp_path: Path) -> None:
    commit = repository.commit({"a.ts": "x", ".gitattributes": "*.ts diff=evil filter=evil\n"})
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "core.pager",
    ):
        repository.git("config", key, str(script))
    with files_at(repository, commit) as files:
        files.read(files.paths())
    DirectoryFiles(repository.path).read(["a.ts"])
    assert not (tmp_path / "ran").exists()


def test_both_kinds_of_files_have_the_limit_of_the_port() -> None:
    assert SIZE_LIMIT_BYTES == port.SIZE_LIMIT_BYTES


def test_a_directory_is_read_with_uncommitted_and_without_ignored_files(repository: GitRepository) -> None:
    repository.commit({"a.ts": "x", "gone.ts": "x", ".gitignore": "generated/\n", "émoji.ts": "x"})
    repository.write({"new file.ts": "y", "generated/g.ts": "z", "gone.ts": None})
    files = DirectoryFiles(repository.path)
    assert files.paths() == (".gitignore", "a.ts", "new file.ts", "émoji.ts")
    assert files.matching(may_spell("y"), files.paths()) == ["new file.ts"]


def test_a_directory_without_git_is_read_without_what_is_installed_or_built(tmp_path: Path) -> None:
    for name in ("app/a.ts", "node_modules/p/i.js", "app/node_modules/q/i.js", ".next/server/x.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert DirectoryFiles(tmp_path).paths() == ("app/a.ts",)


@pytest.mark.parametrize("with_git", [True, False])
def test_links_lead_out_of_no_directory(tmp_path: Path, with_git: bool) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.ts").write_text("secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    if with_git:
        repository = GitRepository(inside)
        repository.commit({"folder/secret.ts": "tracked", "a.ts": "x"})
        (inside / "folder" / "secret.ts").unlink()
        (inside / "folder").rmdir()
    else:
        (inside / "a.ts").write_text("x")
    os.symlink(tmp_path / "outside", inside / "folder")
    os.symlink(tmp_path / "outside" / "secret.ts", inside / "link.ts")
    files = DirectoryFiles(inside)
    assert files.paths() == ("a.ts",)
    assert not files.read(["folder/secret.ts", "link.ts", "../outside/secret.ts"])
    assert files.refusals()["link.ts"] == "a symbolic link that leads out of what is read"


def test_a_fifo_never_blocks_a_directory(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ts")
    assert DirectoryFiles(tmp_path).paths() == ()


def test_no_directory_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="is no directory"):
        DirectoryFiles(tmp_path / "none")
