"""The text of one commit or work tree, as the analysis asks for it: by path, in batches, lazily."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from preship.analyzers.source.spelling import Test


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of one file."""

    id: str
    """Names the content: equal ids, equal bytes. git's object id, or a hash of the bytes."""

    content: bytes


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a change does to one file, as git's diff tells it."""

    path: str
    """In the new tree; in the old one for a deleted file."""

    old_path: str | None
    """In the old tree; None for an added file."""

    is_deleted: bool = False
    added: tuple[int, ...] = ()
    """Lines of the new file that the change adds, ascending from 1."""

    removed: tuple[int, ...] = ()
    """Lines of the old file that the change deletes, ascending from 1."""

    seams: tuple[int, ...] = ()
    """For each stretch of deleted lines, the line of the new file behind which it stood (0 = before the first)."""


class Files(Protocol):
    """All files of one commit or work tree. Symbolic links, submodules and files above the size limit have no text."""

    def paths(self) -> Sequence[str]:
        """Every regular file, sorted, from the root, with forward slashes."""
        ...

    def fetch(self, paths: Iterable[str]) -> None:
        """Bring the text of these files within reach, in one round trip; does nothing where it is so already."""
        ...

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The text of these files, in one round trip; paths without text are left out."""
        ...

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test, sorted."""
        ...

    def refusals(self) -> Mapping[str, str]:
        """What was met so far and has no text, and why: a short phrase such as `larger than 2 MB`.

        The name of a folder that could not be opened ends with a slash.
        """
        ...


SIZE_LIMIT_BYTES = 2 * 1024 * 1024
"""Larger files have no text: in 36 applications only bundles and one picture kept as code are."""

SUBMODULE = "a submodule"
"""The refusal of another repository's commit."""


class Link(StrEnum):
    """The refusals of symbolic links."""

    READ = "a symbolic link"
    """To what is read at its own place."""

    ELSEWHERE = "a symbolic link that leads out of what is read"
    NOWHERE = "a symbolic link that leads nowhere"
    CIRCLE = "a symbolic link that leads in a circle"
    UNFOLLOWED = "a symbolic link that cannot be followed"


LINKS = frozenset(Link)


TOO_LARGE = "larger than 2 MB"
"""The refusal of a file above `SIZE_LIMIT_BYTES`."""
