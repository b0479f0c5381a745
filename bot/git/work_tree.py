"""What is not committed yet, as a commit: the index, or the work tree with everything that git does not ignore.

The commit and what is new in it lie in a folder of ours. Nothing is written into the repository, and nothing of its
submodules' configuration is read: of one, only the commit that it stands at counts.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preship.bot.git.errors import GitError, NotARepository
from preship.bot.git.place import place_of
from preship.bot.git.process import Ended, Repository, environment, last_line, resolve_commit, run
from preship.bot.git.view import overlay_of

_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Preship"), ("EMAIL", "preship@localhost"), ("DATE", "2000-01-01T00:00:00Z"))
}

_CLOSED_FOLDER = re.compile(r"^warning: could not open directory '(.*/)': (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """What stands in the index or the work tree."""

    repository: Repository
    """Has the commit, besides all that the repository has."""

    commit: str
    refusals: Mapping[str, str] = field(default_factory=dict)
    """What could not be read of it, and why; a folder's name ends with a slash."""

    is_new: bool = True
    """Whether the last commit differs, or something could not be read."""


def staged(repository: Repository) -> Uncommitted:
    """The index that is about to be committed.

    Raises `NotARepository` for a bare repository, `GitError` where the index holds conflicts.
    """
    return _committed(_Checkout.of(repository, _index_of_the_hook(repository)), {})


def _index_of_the_hook(repository: Repository) -> Path | None:
    """The index that git names to its hooks: that of `git commit --all` and of `git commit FILE` is none that stays.

    One that lies elsewhere than in this repository is that of another. https://git-scm.com/docs/githooks
    """
    named = os.environ.get("GIT_INDEX_FILE")
    if not named or repository.place is None or repository.work_tree is None:
        return None
    index = (repository.work_tree / named).resolve()
    return index if index.parent == repository.place.git_dir.resolve() and index.is_file() else None


def work_tree(repository: Repository) -> Uncommitted:
    """The work tree, untracked files included. Raises `NotARepository` for a bare repository."""
    checkout = _Checkout.of(repository)
    others = checkout.run("ls-files", "-z", "--others", "--exclude-standard")
    refusals = closed_folders(others)
    names = checkout.names("--unmerged") | checkout.names("--modified", "--deleted") | _names(others.output)
    added = [name for name in sorted(names) if _is_to_be_added(checkout, name, refusals)]
    checkout.run("update-index", "-z", "--add", "--remove", "--stdin", stdin=b"".join(name + b"\0" for name in added))
    return _committed(checkout, refusals)


def closed_folders(listed: Ended) -> dict[str, str]:
    """The folders that git could not open while it listed files, and why not."""
    return {name: why.lower() for name, why in _CLOSED_FOLDER.findall(listed.errors)}


@dataclass(frozen=True, slots=True)
class _Checkout:
    """A work tree with an index and new objects of our own."""

    repository: Repository
    top: Path

    @staticmethod
    def of(repository: Repository, index: Path | None = None) -> _Checkout:
        if repository.work_tree is None:
            raise NotARepository(f"{repository.name} has no work tree, only commits")
        overlay = overlay_of(repository.git_dir)
        index = index or repository.git_dir / "index"
        if index.exists():
            shutil.copyfile(index, overlay / "index")
        made = Repository(overlay, overlay / "objects", repository.work_tree, repository.place)
        return _Checkout(made, repository.work_tree)

    def run(self, *arguments: str, stdin: bytes = b"") -> Ended:
        """Run git in the work tree. Raises `GitError`."""
        given = ["-C", os.fspath(self.top), f"--git-dir={self.repository.git_dir}", f"--work-tree={self.top}"]
        ended = run([*given, *arguments], stdin=stdin, variables=environment() | _WHO)
        if ended.status:
            raise GitError(f"git {arguments[0]} failed: {last_line(ended.errors)}")
        return ended

    def names(self, *which: str) -> set[bytes]:
        """Names of files, from the top."""
        return _names(self.run("ls-files", "-z", *which).output)


def _names(listing: bytes) -> set[bytes]:
    """The names of a listing, with or without what stands in front of them."""
    return {line.rpartition(b"\t")[2] for line in listing.split(b"\0") if line}


def _is_to_be_added(checkout: _Checkout, name: bytes, refusals: dict[str, str]) -> bool:
    """Whether git is to take a file as it is; what cannot be read stays as it was, and the reason is noted."""
    path, place = name.decode(errors="backslashreplace"), os.path.join(os.fsencode(checkout.top), name)
    try:
        mode = os.lstat(place).st_mode
        if stat.S_ISDIR(mode):
            return _takes_folder(checkout, path, refusals)
        if stat.S_ISREG(mode):
            os.close(os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)))
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        refusals[path] = (error.strerror or "could not be opened").lower()
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _takes_folder(checkout: _Checkout, path: str, refusals: dict[str, str]) -> bool:
    """Put the commit of a submodule into the index, and take a file out that has become a folder; gives False."""
    folder = checkout.top / path
    place = place_of(folder)
    if place is None or place.work_tree != folder:
        checkout.run("update-index", "--force-remove", "--", path)
    elif path.endswith("/"):
        refusals[path] = "another repository, which is not read"
    else:
        commit = resolve_commit(Repository.at(folder), "HEAD")
        checkout.run("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
    return False


def _committed(checkout: _Checkout, refusals: Mapping[str, str]) -> Uncommitted:
    """A commit of what the index holds by now."""
    if checkout.names("--unmerged"):
        raise GitError("the index holds conflicts that are not resolved yet")
    tree = checkout.run("write-tree").output.decode().strip()
    commit = checkout.run("commit-tree", "-m", "uncommitted", tree).output.decode().strip()
    return Uncommitted(checkout.repository, commit, refusals, bool(refusals) or tree != _last_tree(checkout))


def _last_tree(checkout: _Checkout) -> str:
    """What the last commit holds; empty where there is none yet."""
    found = checkout.repository.git("rev-parse", "--verify", "--quiet", "HEAD^{tree}", accept=(0, 1))
    return found.output.decode().strip()
