"""What is said of a decision that somebody wants to hold for its kind: on our pull request, and to whoever asked.

The words of whoever asked come into titles and messages of commits only where they can do nothing there: a `fixes #1`
in a message that is merged would close an issue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from preship.bot.review.links import Links
from preship.bot.review.markdown import code, fenced, prose
from preship.bot.review.policy import CONFIGURATION
from preship.bot.review.proposal import Proposed

_TITLE_PATTERN = re.compile(r"[\w./*?()\[\]-]{1,120}")

NOT_GRANTED = (
    "I cannot propose that myself: for a branch of its own, the app would need to be granted `contents: write` here."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants what."""

    who: str
    number: int
    """The pull request on which it was asked for."""

    rule: str
    actions: str
    reason: str


def title(asked: Asked) -> str:
    """Of the pull request."""
    where = f" in {asked.actions}" if _TITLE_PATTERN.fullmatch(asked.actions) else ""
    return f"Ignore {asked.rule}{where}"


def message(asked: Asked) -> str:
    """Of the commit."""
    return f"Ignore findings of {asked.rule}, as asked for on pull request {asked.number}"


def body(asked: Asked, branch: str, links: Links) -> str:
    """Of the pull request."""
    return f"""\
{code(asked.who)} asked for this on #{asked.number}: findings of {links.rule(asked.rule)} in \
{code(asked.actions, 300)} are meant to stand.

> {prose(asked.reason)}

Once it is merged, reviews of changes of {code(branch)} show such findings with this reason and count them for \
nothing, those of actions to come as well. Closing it leaves everything as it is."""


def proposed(proposal: Proposed, branch: str) -> str:
    """To whoever asked."""
    what = "I propose that in" if proposal.is_new else "That is proposed already, in"
    return f"{what} #{proposal.number}. It counts once somebody has merged it into {code(branch)}."


def refused(reason: str) -> str:
    """The forge did not take it."""
    return f"GitHub did not let me propose that: {prose(reason)}"


def by_hand(why: str, yaml: str) -> str:
    """To whoever asked for what we cannot do, with what to write where."""
    return f"{why}\n\nThis says it in `{CONFIGURATION}` of the default branch:\n\n{fenced(yaml, 'yaml')}"
