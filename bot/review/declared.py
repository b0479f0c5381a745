"""Declarations as a summary tells them: those that a change adds and that do not count yet, and those it outgrows."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.analysis import JudgedAction
from preship.bot.review.links import Links
from preship.bot.review.markdown import code, prose
from preship.bot.review.words import called

MOST_NAMED = 5
"""Operations of one action that are named."""


def pending_lines(actions: Iterable[JudgedAction], links: Links) -> list[str]:
    """The declarations that the change adds, each once."""
    found = dict.fromkeys(each for action in actions for each in action.pending)
    return [
        f"{code(f'preship: {each.declares}')} at {links.line(each.path, each.line)}: {prose(each.reason, 300)}"
        for each in found
    ]


def goes_beyond(action: JudgedAction) -> bool:
    """Whether an action that is declared public does more than it did when that was declared."""
    return bool(action.beyond_declared)


def beyond_lines(actions: Iterable[JudgedAction], links: Links) -> list[str]:
    """What actions that are declared public do here and did not do on the base branch, a line for each."""
    return [
        f"{called(action)} ({links.line(action.path, action.line)}), {prose(action.public or '', 300)}. New is that it"
        f" {_listed(action)}."
        for action in actions
        if goes_beyond(action)
    ]


def _listed(action: JudgedAction) -> str:
    says = list(dict.fromkeys(each.says for each in action.beyond_declared))
    more = f", and {len(says) - MOST_NAMED} things more" if len(says) > MOST_NAMED else ""
    return prose("; ".join(says[:MOST_NAMED]), 600) + more
