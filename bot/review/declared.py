"""What a change declares about its own actions, as a summary tells it: that does not count yet."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.analysis import JudgedAction
from bot.review.links import Links
from bot.review.markdown import code, prose


def pending_lines(actions: Iterable[JudgedAction], links: Links) -> list[str]:
    """The declarations that the change adds, each once."""
    found = dict.fromkeys(each for action in actions for each in action.pending)
    return [
        f"{code(f'preship: {each.declares}')} at {links.line(each.path, each.line)}: {prose(each.reason, 300)}"
        for each in found
    ]
