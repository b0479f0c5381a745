"""A convention: how people name what means the same in one application after another.

A name is the last resort. Where the schema, a type or the flow of values says what something is, that is asked first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from preship.analyzers.conventions.changes import change_of


class Where(StrEnum):
    """Where in a name the pattern stands."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    INSIDE = "inside"


class Case(StrEnum):
    """How names are spelled when a convention is asked about them."""

    ANY = "any"
    AS_WRITTEN = "as written"
    """Capital letters tell words apart."""

    CANONICAL = "canonical"
    """In small letters and without separators: `created_by` and `createdBy` as `createdby`."""


@dataclass(frozen=True)
class Convention:
    """One kind of name."""

    id: str
    """What it is called in the configuration."""

    means: str
    """What the names stand for, as a sentence."""

    pattern: str
    """A regular expression. https://docs.python.org/3/library/re.html#regular-expression-syntax"""

    examples: tuple[str, ...]
    """Names that follow it."""

    others: tuple[str, ...]
    """Names that look like it, and do not follow it."""

    used_in: tuple[str, ...]
    """The modules that ask about it, without the suffix."""

    where: Where = Where.WHOLE
    case: Case = Case.ANY
    source: str = ""
    """Where the names are documented (URLs), if they are."""

    def matches(self, name: str) -> bool:
        """Whether a name follows the convention, by what the repository says of it, or else by its pattern."""
        change = change_of(self.id)
        said = change.says(name) if change is not None else None
        return self._find(name) is not None if said is None else said

    def word_in(self, name: str) -> str | None:
        """What the first group of the pattern stands for in a name; all of it where the repository adds the name."""
        found = self._find(name)
        if not self.matches(name):
            return None
        return found[1] if found is not None else name

    @cached_property
    def _find(self) -> Callable[[str], re.Match[str] | None]:
        expression = re.compile(self.pattern, re.IGNORECASE if self.case is Case.ANY else 0)
        find = {
            Where.WHOLE: expression.fullmatch,
            Where.BEGINNING: expression.match,
            Where.INSIDE: expression.search,
        }[self.where]
        return lru_cache(maxsize=1024)(find)
