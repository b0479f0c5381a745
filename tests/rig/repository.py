"""The real bare git repository behind the fake: git itself computes commits, diffs and merge bases."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.git_http import make_bare

# Commits of the same content at the same place are the same in every run, so that golden files may name them.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-01-05T10:00:00Z",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_COMMITTER_DATE": "2026-01-05T10:00:00Z",
}

STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class DiffFile:
    """One file of a diff, as GitHub's API shows it."""

    path: str
    old_path: str | None
    status: str
    blob: str
    patch: str | None
    """From the first `@@` on; None for binary files and changes without text."""

    @property
    def added(self) -> int:
        """Lines that the change adds."""
        return sum(1 for _, side, number in self.lines() if side == "+" and number)

    @property
    def removed(self) -> int:
        """Lines that the change deletes."""
        return sum(1 for _, side, number in self.lines() if side == "-" and number)

    def lines(self) -> Iterator[tuple[int, str, tuple[int, int]]]:
        """Each line: number of its hunk, its mark (`+`, `-` or a space), and (old line, new line)."""
        hunk, old, new = -1, 0, 0
        for line in (self.patch or "").split("\n"):
            if head := _HUNK.match(line):
                hunk, old, new = hunk + 1, int(head[1]), int(head[2])
            elif line[:1] in ("+", "-", " "):
                yield hunk, line[0], (old, new)
                old, new = old + (line[0] != "+"), new + (line[0] != "-")

    def hunk_of(self, side: str, line: int) -> int | None:
        """The hunk in which a comment on this line would stand; None where GitHub refuses it."""
        marks = "-" if side == "LEFT" else "+ "
        index = 0 if side == "LEFT" else 1
        return next((hunk for hunk, mark, at in self.lines() if mark in marks and at[index] == line), None)


class BareRepository:
    """A bare repository on disk, written through git's plumbing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> BareRepository:
        """An empty one that serves partial clones and any commit by its id, as GitHub does."""
        return cls(make_bare(path))

    def commit(self, parent: str | None, files: Mapping[str, str | bytes | None], message: str) -> str:
        """A commit that changes `files` of its parent; None deletes."""
        who = b"Ada <ada@example.com> 1767607200 +0000"
        head = b"commit %s\nmark :1\nauthor %s\ncommitter %s\n%s" % (_IMPORTED, who, who, _counted(f"{message}\n"))
        origin = f"from {parent}\n".encode() if parent else b""
        stream = (head, origin, *(_changed(path, content) for path, content in files.items()), b"\nget-mark :1\n")
        options = ("--quiet", "--force", "--date-format=raw")
        return self.git("fast-import", *options, text=b"".join(stream)).decode().strip()

    def set_ref(self, name: str, commit: str) -> None:
        """Let a full ref name point to a commit."""
        self.git("update-ref", name, commit)

    def resolve(self, name: str) -> str | None:
        """The commit behind a name, if there is one."""
        try:
            return (
                self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
            )
        except subprocess.CalledProcessError:
            return None

    def content(self, name: str, path: str) -> bytes | None:
        """A file of a commit, if it is there."""
        try:
            return self.git("cat-file", "blob", f"{name}:{path}")
        except subprocess.CalledProcessError:
            return None

    def merge_base(self, one: str, other: str) -> str | None:
        """Where two commits parted, if they are related."""
        try:
            return self.git("merge-base", one, other).decode().strip()
        except subprocess.CalledProcessError:
            return None

    def commits(self, base: str, head: str) -> Sequence[str]:
        """Commits of `head` that `base` lacks, oldest first."""
        return self.git("rev-list", "--reverse", f"{base}..{head}").decode().split()

    def diff(self, base: str, head: str) -> Sequence[DiffFile]:
        """What git says has changed, renames found."""
        options = ("--find-renames", "--no-abbrev", "--no-ext-diff", "--no-color")
        raw = self.git("diff", *options, "--raw", "-z", base, head).decode(errors="surrogateescape")
        text = self.git("diff", *options, "--unified=3", base, head).decode(errors="replace")
        sections = re.split(r"^diff --git .*\n", text, flags=re.MULTILINE)[1:]
        return [_diff_file(entry, section) for entry, section in zip(_raw_entries(raw), sections, strict=True)]

    def git(self, *arguments: str, text: bytes | None = None, index: Path | None = None) -> bytes:
        """What git prints."""
        environment = ENVIRONMENT | ({"GIT_INDEX_FILE": str(index)} if index else {})
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=environment, input=text, capture_output=True, check=True
        )
        return done.stdout


# The tip of what was imported last. Nobody offers it.
_IMPORTED = b"refs/rig/imported"


def _changed(path: str, content: str | bytes | None) -> bytes:
    """One change, as `git fast-import` reads it."""
    name = b'"' + path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
    return b"D " + name + b"\n" if content is None else b"M 100644 inline " + name + b"\n" + _counted(content)


def _counted(content: str | bytes) -> bytes:
    text = content.encode() if isinstance(content, str) else content
    return b"data %d\n%s\n" % (len(text), text)


def _raw_entries(raw: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Status letter, blob, path and old path of each file of `git diff --raw -z`."""
    fields = iter(raw.split("\0")[:-1])
    for head in fields:
        _, _, old_blob, new_blob, status = head.split(" ")
        first = next(fields)
        path, old_path = (next(fields), first) if status[0] in "RC" else (first, None)
        yield status[0], old_blob if status[0] == "D" else new_blob, path, old_path


def _diff_file(entry: tuple[str, str, str, str | None], section: str) -> DiffFile:
    status, blob, path, old_path = entry
    start = 0 if section.startswith("@@ ") else section.find("\n@@ ") + 1
    patch = section[start:].rstrip("\n") if start or section.startswith("@@ ") else None
    return DiffFile(path, old_path, STATUSES[status], blob, patch)
