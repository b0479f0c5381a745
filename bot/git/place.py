"""Where a repository lies: found by looking at names alone, so that nothing of its configuration counts on the way.

https://git-scm.com/docs/gitrepository-layout
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_GITFILE_LIMIT_BYTES = 8192
_MANIFEST = "package.json"
_HEAD = re.compile(rb"^(?:ref:\s*refs/|[0-9a-f]{40})")


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one repository."""

    git_dir: Path
    """What belongs to this checkout: its HEAD and its index."""

    common_dir: Path
    """What all checkouts of the repository share: objects, refs and the configuration."""

    work_tree: Path | None
    """The top of the checkout; None for a bare repository."""

    git_file: Path | None = None
    """The file that named `git_dir`, where `.git` is a file."""

    @property
    def parts(self) -> tuple[Path, ...]:
        """Everything whose owner decides what git finds here."""
        named = (self.work_tree, self.git_file, self.git_dir, self.common_dir)
        return tuple(part for part in named if part is not None)

    @property
    def name(self) -> Path:
        """The folder that people call the repository."""
        return self.work_tree or self.git_dir


def place_of(path: Path | str) -> Place | None:
    """The repository at `path`, or the one that `path` lies in. As git does, the search ends at a mount point."""
    start = Path(os.path.realpath(path))
    device = start.stat().st_dev
    for folder in (start, *start.parents):
        if folder.stat().st_dev != device:
            return None
        if found := _at(folder):
            return found
    return None


def project_around(folder: Path | str) -> Path | None:
    """The top of the project that a folder lies in: of the checkout, or else the next folder above with a manifest.

    None where the folder is that itself.
    """
    start = Path(os.path.realpath(folder))
    place = place_of(start) if start.is_dir() else None
    if place is not None:
        return place.work_tree if place.work_tree not in (None, start) else None
    if (start / _MANIFEST).exists():
        return None
    return next((above for above in start.parents if (above / _MANIFEST).exists()), None)


def _at(folder: Path) -> Place | None:
    inner = folder / ".git"
    if inner.is_file():
        git_dir = _named_by(inner)
        return Place(git_dir, _common(git_dir), folder, inner) if git_dir else None
    for git_dir, work_tree in ((inner, folder), (folder, None)):
        if _is_git_dir(git_dir):
            return Place(git_dir, _common(git_dir), work_tree)
    return None


def _named_by(git_file: Path) -> Path | None:
    """The folder that a `.git` file points to, as those of submodules and of further checkouts do."""
    said = head_of(git_file, _GITFILE_LIMIT_BYTES)
    if not said.startswith(b"gitdir: "):
        return None
    named = Path(os.path.realpath(git_file.parent / os.fsdecode(said.removeprefix(b"gitdir: ").rstrip(b"\r\n"))))
    return named if _is_git_dir(named) else None


def _is_git_dir(folder: Path) -> bool:
    """What git takes for a repository: a HEAD that names something, objects, and refs."""
    if not _HEAD.match(head_text(folder)):
        return False
    common = _common(folder)
    return (common / "objects").is_dir() and (common / "refs").is_dir()


def _common(git_dir: Path) -> Path:
    said = head_of(git_dir / "commondir", _GITFILE_LIMIT_BYTES).rstrip(b"\r\n")
    return Path(os.path.realpath(git_dir / os.fsdecode(said))) if said else git_dir


def head_text(git_dir: Path) -> bytes:
    """What HEAD says; in old repositories it is a symbolic link."""
    head = git_dir / "HEAD"
    if head.is_symlink():
        return b"ref: " + os.fsencode(os.readlink(head))
    return head_of(head, _GITFILE_LIMIT_BYTES)


def head_of(path: Path, limit_bytes: int) -> bytes:
    """The first bytes of a regular file; empty for anything else, so that a pipe blocks nobody."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(limit_bytes)
    except (OSError, ValueError):
        return b""
