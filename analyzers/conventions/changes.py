"""What a repository says of the names that it uses: which follow a convention as well, and which do not after all.

They hold while its analysis runs. Patterns are compared without regard to case and to what parts words, because
conventions are asked about `is_listed`, `isListed` and `posts.isListed` alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property


@dataclass(frozen=True)
class Change:
    """What a repository says of one convention."""

    convention: str
    """The id of the convention."""

    also: tuple[str, ...] = ()
    """Patterns of names that follow it here; `*` stands for any letters."""

    never: tuple[str, ...] = ()
    """Patterns of names that do not, whatever the convention says."""

    def says(self, name: str) -> bool | None:
        """Whether a name follows the convention here; None where nothing is said of it."""
        spoken = {plain(name), plain(name.rpartition(".")[2])}
        if any(map(self._never.fullmatch, spoken)):
            return False
        return True if any(map(self._also.fullmatch, spoken)) else None

    @cached_property
    def _also(self) -> re.Pattern[str]:
        return any_of(self.also)

    @cached_property
    def _never(self) -> re.Pattern[str]:
        return any_of(self.never)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """What matches a plain name that one of the patterns means."""
    return re.compile("|".join(translate(plain(each)) for each in patterns) or "(?!)")


def plain(name: str) -> str:
    """A name, or a pattern of names, in small letters and without what parts its words."""
    return _PARTS.sub("", name.casefold())


_PARTS = re.compile(r"[^\w*]|_")

Changes = Mapping[str, Change]
"""By the id of the convention."""

_in_force: ContextVar[Changes] = ContextVar("conventions")


def change_of(convention: str) -> Change | None:
    """What the repository under analysis says of a convention."""
    return _in_force.get(_NONE).get(convention)


_NONE: Changes = {}


@contextmanager
def in_force(changes: tuple[Change, ...]) -> Iterator[None]:
    """Let these hold while a tree is analysed."""
    token = _in_force.set({each.convention: each for each in changes})
    try:
        yield
    finally:
        _in_force.reset(token)
