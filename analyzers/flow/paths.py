"""Patterns of paths, as middleware and routers write them: `/teams/:path*`, `/((?!api).*)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.flow.folding import LONGEST_TEXT, compiled, found_in


def matches(pattern: str, address: str) -> bool | None:
    """Whether a pattern of paths (`/teams/:path*`, `/((?!api).*)`) is one of an address; None where nobody can tell.

    https://nextjs.org/docs/app/api-reference/file-conventions/proxy#matcher
    """
    if len(pattern) > LONGEST_TEXT:
        return None
    body = "".join(_parts(pattern.replace("\\\\", "\\")))
    return found_in(compiled(f"^{body}/?$"), address)


_REST = re.compile(r"/\*\w+")
"""`/*path` of path-to-regexp 8: whatever follows."""

_PART = re.compile(r"(?P<slash>/?):(?P<name>\w+)")


def _parts(pattern: str) -> Iterator[str]:
    """A pattern of paths as one of texts: what stands in parentheses is one already."""
    at = 0
    while at < len(pattern):
        if rest := _REST.match(pattern, at):
            yield "/.+"
            at = rest.end()
            continue
        if pattern[at] == "{" and "}" in pattern[at:]:
            # `{/:id}` of path-to-regexp 8 may be left out.
            end = pattern.index("}", at)
            yield f"(?:{''.join(_parts(pattern[at + 1 : end]))})?"
            at = end + 1
            continue
        named = _PART.match(pattern, at)
        if named is None:
            end = _end_of_group(pattern, at) if pattern[at] == "(" else at + 1
            yield pattern[at:end]
            at = end
            continue
        at = named.end()
        own = pattern[at : _end_of_group(pattern, at)] if pattern[at : at + 1] == "(" else ""
        at += len(own)
        often = pattern[at] if pattern[at : at + 1] in ("*", "+", "?") else ""
        at += len(often)
        one = f"{named['slash']}{own or '([^/]+)'}"
        yield {"": one, "?": f"(?:{one})?", "*": f"(?:{named['slash']}.+)?", "+": f"{named['slash']}.+"}[often]


def _end_of_group(pattern: str, start: int) -> int:
    """Where the group that opens at `start` is closed."""
    depth = 0
    for at in range(start, len(pattern)):
        if pattern[at - 1 : at] != "\\":
            depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        if depth == 0:
            return at + 1
    return len(pattern)
