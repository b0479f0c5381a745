"""How check runs end: each speaks for its commit, and so for the worst of the open pull requests with this head.

Whoever concludes a check run holds the commit's lock, looks at what the reviews of the commit say, and brings every
run of theirs up to date that shows something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress

import structlog

from preship.bot.intake.events import MERGE_GROUP
from preship.bot.jobs.contexts import ReviewContext
from preship.bot.review.commit import Verdict, joint
from preship.bot.review.forge import Gone, Refused
from preship.bot.review.pull_request import Conclusion
from preship.bot.store.reviews import Review
from preship.bot.store.verdicts import VerdictRow

log = structlog.get_logger()

_SUPERSEDED = ("Superseded", "The pull request changed before this commit was reviewed.")


def conclude(context: ReviewContext, review: Review, conclusion: Conclusion, title: str, summary: str) -> None:
    """Note what a review says of its commit, and let the commit's check runs say so. Raises `Busy`."""
    context.store.verdicts.note(review.id, conclusion, title, summary)
    speak(context, review.key.head_sha)


def give_up(context: ReviewContext, review: Review, reason: str) -> None:
    """Conclude the check run of a review that could not be made. One whose commit is gone has none."""
    with suppress(Refused):
        review = _with_check(context, review)
        conclude(context, review, Conclusion.NEUTRAL, "Not reviewed", reason)
    context.store.reviews.failed(review, Conclusion.NEUTRAL, reason)


def cancel(context: ReviewContext, review: Review) -> None:
    """End the check run of a review that is overtaken; where others have the same head, it goes on to speak of them."""
    with suppress(Refused):
        review = _with_check(context, review)
        if review.check_id is not None:
            _end_overtaken(context, review, review.check_id)
    context.store.reviews.superseded(review)


def _end_overtaken(context: ReviewContext, review: Review, check_id: int) -> None:
    head = review.key.head_sha
    with context.store.database.sole_holder(_lock_name(context, head)):
        others = _standing(context, context.store.verdicts.of(review.key.repository_id, head), head, with_own=False)
        said = _joint(others) if others else Verdict(review.key.number, Conclusion.CANCELLED, *_SUPERSEDED)
        context.may_write()
        context.forge.conclude_check(check_id, said.conclusion, said.title, said.summary)


def speak(context: ReviewContext, head_sha: str, *, with_own: bool = True) -> None:
    """Bring the check runs of a commit up to date; `with_own`: the delivery's pull request still has it as its head.

    Raises `Busy` while another process does so.
    """
    with context.store.database.sole_holder(_lock_name(context, head_sha)) as lock:
        rows = context.store.verdicts.of(context.delivery.repository_id, head_sha)
        standing = _standing(context, rows, head_sha, with_own=with_own)
        if not standing:
            return
        said = _joint(standing)
        shown = _digest(said)
        # The runs of those that are closed, too: which of several the forge takes for the newest is not ours to say.
        for row in rows:
            if row.check_id is None or row.shown == shown:
                continue
            lock.ensure()
            _show(context, row, said)
            context.store.verdicts.show(row.id, shown)


def leave_heads(context: ReviewContext, head_sha: str | None) -> bool:
    """Let check runs of other pull requests speak of this one no more where it has another head, or is closed (None).

    Gives whether there was any.
    """
    verdicts, delivery = context.store.verdicts, context.delivery
    heads = verdicts.left_heads(delivery.repository_id, delivery.number, head_sha)
    for left in heads:
        speak(context, left, with_own=False)
        verdicts.leave(delivery.repository_id, delivery.number, left)
    return bool(heads)


def _show(context: ReviewContext, row: VerdictRow, said: Verdict) -> None:
    context.may_write()
    try:
        context.forge.conclude_check(row.check_id or 0, said.conclusion, said.title, said.summary)
    except Refused as refusal:
        if row.number == context.delivery.number:
            raise
        log.warning("the check run of another pull request could not be updated", reason=refusal.reason)


def _standing(context: ReviewContext, rows: Sequence[VerdictRow], head_sha: str, *, with_own: bool) -> list[VerdictRow]:
    """The verdicts that count. The forge is only asked about other pull requests, which commits seldom have."""
    own = context.delivery.number
    return [row for row in rows if (with_own if row.number == own else _has_head(context, row.number, head_sha))]


def _has_head(context: ReviewContext, number: int, head_sha: str) -> bool:
    """Whether a pull request is open with this head. The commit of a merge queue's group has been made for it alone."""
    if number == MERGE_GROUP:
        return True
    try:
        now = context.forge.pull_request(number)
    except Gone:
        return False
    return now.is_open and now.head_sha == head_sha


def _joint(rows: Sequence[VerdictRow]) -> Verdict:
    return joint([Verdict(row.number, Conclusion(row.conclusion), row.check_title, row.check_summary) for row in rows])


def _with_check(context: ReviewContext, review: Review) -> Review:
    """The review with its check run. A run that was killed, or got no answer, between start and note has left one
    whose id nobody knows.
    """
    if review.check_id is None:
        check_id = context.forge.find_check(review.key.head_sha, str(review.key))
        if check_id is not None:
            return context.store.reviews.started_check(review, check_id)
    return review


def _lock_name(context: ReviewContext, head_sha: str) -> str:
    return f"commit:{context.delivery.repository_id}:{head_sha}"


def _digest(said: Verdict) -> str:
    text = "\0".join((said.conclusion, said.title, said.summary))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
