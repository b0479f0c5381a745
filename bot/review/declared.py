"""What authors declare about their actions, as a summary tells it: what is ignored, and what does not count yet."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.analysis import JudgedAction, JudgedFile
from bot.review.links import Links
from bot.review.markdown import NAME_LIMIT, code, prose
from bot.review.words import called


def ignored_lines(actions: Iterable[JudgedAction | JudgedFile], links: Links) -> list[str]:
    """The findings that are meant to stand, each with its reason."""
    return [
        f"{prose(found.title, NAME_LIMIT)} in {called(action)} ({links.line(found.path, found.line)},"
        f" {links.rule(found.rule)}): {prose(found.ignored, 300)}"
        for action in actions
        for found in action.findings
        if found.ignored is not None
    ]


def pending_lines(actions: Iterable[JudgedAction], links: Links) -> list[str]:
    """The declarations that the change adds, each once."""
    found = dict.fromkeys(each for action in actions for each in action.pending)
    return [
        f"{code(f'preship: {each.declares}')} at {links.line(each.path, each.line)}: {prose(each.reason, 300)}"
        for each in found
    ]
