"""Addresses that a review points to: the rules' pages and the code as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from preship.bot.review.markdown import NAME_LIMIT, code, link


@dataclass(frozen=True, slots=True)
class Links:
    """Where things can be read; without an address their name stands alone."""

    rules_url: str | None = None
    """The page of a rule is `{rules_url}/{rule}`."""

    source_url: str | None = None
    """The head commit's file is `{source_url}/{path}`: `https://github.com/acme/shop/blob/{sha}`."""

    def rule(self, rule: str) -> str:
        """A rule by its id."""
        return link(code(rule), f"{self.rules_url}/{quote(rule)}") if self.rules_url else code(rule)

    def line(self, path: str, line: int) -> str:
        """A line of the head commit."""
        return self._file(path, f"{path}:{line}", f"#L{line}")

    def file(self, path: str) -> str:
        """A file of the head commit."""
        return self._file(path, path, "")

    def _file(self, path: str, name: str, fragment: str) -> str:
        if self.source_url is None or len(path) > NAME_LIMIT:
            return code(name)
        return link(code(name), f"{self.source_url}/{quote(path)}{fragment}")
