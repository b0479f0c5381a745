"""`/preship review` in a comment: who may ask, and how the comment is answered with reactions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from bot.jobs.desk import Desk
from bot.jobs.review import Outcome
from bot.review.forge import Refused
from bot.store.deliveries import State

SEEN, DONE, NOT_DONE = "eyes", "+1", "-1"

_MAY_ASK = frozenset({"admin", "maintain", "write"})
_PREFIX = "comment:"


def trigger_of_comment(comment_id: int) -> str:
    """The trigger of a review that a comment asks for."""
    return f"{_PREFIX}{comment_id}"


def is_command(desk: Desk) -> bool:
    """Whether a comment asks for this review."""
    return desk.delivery.trigger.startswith(_PREFIX)


def obey(desk: Desk, review: Callable[[Desk], Outcome]) -> Outcome:
    """Run the review if its asker may ask, and answer with reactions."""
    if not _may_ask(desk):
        react(desk, NOT_DONE)
        return Outcome(State.DONE, "the commenter may not ask for a review")
    react(desk, SEEN)
    outcome = review(desk)
    react(desk, DONE if outcome.is_reviewed else NOT_DONE)
    return outcome


def _may_ask(desk: Desk) -> bool:
    """Those who may write, and the pull request's author. GitHub's `author_association` says less than it seems."""
    actor = desk.delivery.actor
    if desk.forge.pull_request(desk.delivery.number).author == actor:
        return True
    return desk.forge.permission(actor) in _MAY_ASK


def react(desk: Desk, content: str) -> None:
    """Answer the comment. GitHub keeps one reaction of a kind, so that a repeated one changes nothing."""
    desk.may_write()
    # The comment may be deleted, or the conversation locked: the review matters, its thumb does not.
    with suppress(Refused):
        desk.forge.react(int(desk.delivery.trigger.removeprefix(_PREFIX)), content)
