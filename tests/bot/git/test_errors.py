"""What is known of an error by what caused it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from preship.bot.git.errors import GitError, NoSpace, is_about_space
from preship.bot.git.process import Repository
from tests.git_http import make_bare


def test_a_full_disk_is_known_by_what_the_system_says() -> None:
    with pytest.raises(OSError, match="No space left on device") as caught:
        Path("/dev/full").write_bytes(b"x" * 10_000)
    assert is_about_space(caught.value)
    assert is_about_space(f"fatal: write error: {os.strerror(caught.value.errno or 0)}")
    assert not is_about_space(FileNotFoundError(2, "No such file or directory"))
    assert not is_about_space("fatal: not a git repository")


def test_git_that_cannot_write_says_that_the_disk_is_full(tmp_path: Path) -> None:
    repository = Repository(make_bare(tmp_path / "app.git"), tmp_path / "app.git" / "objects", None)
    tree = repository.git("mktree").output.decode().strip()
    with pytest.raises(NoSpace):
        repository.git("archive", "--format=tar", "--output=/dev/full", tree)
    with pytest.raises(GitError) as caught:
        repository.git("cat-file", "-e", "HEAD")
    assert not isinstance(caught.value, NoSpace)
