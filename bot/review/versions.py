"""What a review and a report say of versions that are themselves the hole: one line for each package."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.analysis import Hole, Outdated
from preship.bot.review.markdown import code

WORDS = {
    Hole.CODE: "anybody can run code on the server",
    Hole.SOURCE: "anybody can read the code of actions, and what is written there",
    Hole.FRONT: "anybody can go around the middleware",
    Hole.INSIDE: "anybody can send requests into the server's own network",
    Hole.HALT: "anybody can stop the server",
}


def is_pressing(each: Outdated) -> bool:
    """Whether more than the server's rest is at stake."""
    return any(hole is not Hole.HALT for hole in each.holes)


def version_lines(outdated: Iterable[Outdated]) -> list[str]:
    """A line for each package, whatever the number of advisories."""
    return [_line(each) for each in outdated]


def _line(each: Outdated) -> str:
    asked = f"{code(each.package)} {code(each.version or each.wanted)} ({code(each.path)})"
    if each.version is None:
        return f"{asked}: which version is installed could not be seen, no lock file says it"
    what = " and ".join(WORDS[hole] for hole in each.holes[:2])
    rest = f" and {len(each.advisories) - 1} more" if len(each.advisories) > 1 else ""
    update = f" {code(each.fixed_in)} or later has none of it." if each.fixed_in is not None else ""
    return f"{asked} is a hole itself: {what} ({each.advisories[0]}{rest}, as published by {each.as_of}).{update}"
