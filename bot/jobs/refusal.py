"""What becomes of a review that the forge refuses for its lines: no comment is lost, or moved further than need be.

One comment outside the diff makes GitHub refuse the whole review with 422, and the answer does not say which. A refusal
creates nothing, so that trying again is safe.
"""

from __future__ import annotations

from dataclasses import replace

from preship.bot.jobs.contexts import ReviewContext, in_seconds
from preship.bot.jobs.worker import Later
from preship.bot.review.forge import Refused
from preship.bot.review.placement import bears, diff_of
from preship.bot.review.pull_request import FileComment, InlineComment, ReviewPlan

UNPROCESSABLE = 422

APART_LIMIT = 10
"""Comments that are tried one by one, the worst first: each is a request of its own. The summary tells the others."""


def is_about_lines(refusal: Refused, plan: ReviewPlan) -> bool:
    """Whether another try with other comments may be taken."""
    return refusal.status == UNPROCESSABLE and bool(plan.comments)


def replanned(context: ReviewContext, plan: ReviewPlan) -> ReviewPlan:
    """The plan without what made the forge refuse it. Raises `Later` where the pull request has another head by now.

    First the forge's own diff is asked which comments are outside of it; they move to their files. If it vouches for
    all, every comment is tried apart from the review and from the others.
    """
    number = context.delivery.number
    if context.forge.pull_request(number).head_sha != plan.head_sha:
        raise Later(in_seconds(0), "the pull request changed before its review was posted")
    shown = diff_of(context.forge.comparison(plan.base_sha, plan.head_sha))
    inside = tuple(comment for comment in plan.comments if bears(shown, comment))
    if inside != plan.comments:
        moved = tuple(on_the_file(comment) for comment in plan.comments if comment not in inside)
        return replace(plan, comments=inside, file_comments=(*plan.file_comments, *moved))
    return replace(plan, comments=(), apart=plan.comments[:APART_LIMIT])


def on_the_file(comment: InlineComment) -> FileComment:
    """The same words on the file as a whole."""
    return FileComment(comment.path, comment.body, comment.fingerprint)
