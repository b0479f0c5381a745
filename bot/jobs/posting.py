"""Everything that a plan posts, each thing once: what stands already is looked for before anything is written.

A killed run is continued by another that knows the plan and the last step noted. What the killed one posted after that
note is found by its marker. https://docs.github.com/en/rest has no way to make a POST happen once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

import structlog
from pydantic import TypeAdapter

from preship.bot.jobs.check import conclude
from preship.bot.jobs.contexts import ReviewContext
from preship.bot.jobs.history import remember_seen, remember_told
from preship.bot.jobs.refusal import UNPROCESSABLE, is_about_lines, on_the_file, replanned
from preship.bot.review.forge import Gone, Refused
from preship.bot.review.marker import Kind, Marker, read_marker
from preship.bot.review.pull_request import FileComment, InlineComment, PostedComment, ReviewPlan
from preship.bot.store.reviews import FoundRow, Review, Step

log = structlog.get_logger()

_PLANS = TypeAdapter(ReviewPlan)


def plan_as_text(plan: ReviewPlan) -> str:
    """The plan, to be written down."""
    return _PLANS.dump_json(plan).decode()


def _plan(review: Review) -> ReviewPlan:
    """The plan that was written down."""
    return _PLANS.validate_json(review.plan or "")


def post(context: ReviewContext, review: Review) -> Review:
    """Carry a planned review on to its concluded check run, from wherever it stands."""
    if review.step is Step.PLANNED:
        # Before anything is written: what stands was just seen, and is not asked for once more.
        _turn_threads(context, review, _plan(review))
        review = _post_review(context, review, _plan(review))
    # Read again: posting the review may have replaced the plan.
    plan = _plan(review)
    if review.step is Step.REVIEWED:
        review = _post_others(context, review, plan)
    if review.step is Step.COMMENTED:
        review = _post_summary(context, review, plan)
    return _conclude(context, review, plan)


def _turn_threads(context: ReviewContext, review: Review, plan: ReviewPlan) -> None:
    """Resolve what is fixed, and open again what is back; whatever somebody turned or answered meanwhile stays."""
    if not (plan.resolved or plan.reopened):
        return
    repository, number, history = review.key.repository_id, review.key.number, context.store.history
    still = {t.id: t.is_resolved for t in context.forge.own_threads(number) if not t.is_answered}
    resolve = [id_ for id_ in plan.resolved if still.get(id_) is False]
    reopen = [id_ for id_ in plan.reopened if still.get(id_) is True]
    if not (resolve or reopen):
        return
    context.may_write()
    # Noted first: a thread that is noted and stands open does no harm, one that we resolved and forgot would never
    # be opened again.
    history.resolve(repository, number, resolve)
    try:
        context.forge.turn_threads(resolve, reopen)
    except Refused as refusal:
        log.warning("threads could not be turned", reason=refusal.reason)
        reopen = resolve
    history.reopen(repository, number, reopen)


def _post_review(context: ReviewContext, review: Review, plan: ReviewPlan) -> Review:
    reviews = context.store.reviews
    if not plan.posts_review:
        return reviews.reviewed(review, None)
    standing = _standing_review(context, review)
    if standing is not None:
        return _reviewed(context, review, plan, standing)
    context.may_write()
    try:
        posted = context.forge.post_review(review.key.number, plan.head_sha, plan.body, plan.comments)
    except Refused as refusal:
        if not is_about_lines(refusal, plan):
            raise
        plan = replanned(context, plan)
        review = reviews.replanned(review, plan_as_text(plan))
        return _post_review(context, review, plan)
    return _reviewed(context, review, plan, posted)


def _reviewed(context: ReviewContext, review: Review, plan: ReviewPlan, posted: int) -> Review:
    remember_told(context, plan)
    return context.store.reviews.reviewed(review, posted)


def _standing_review(context: ReviewContext, review: Review) -> int | None:
    """The review that a killed run of ours posted and could not note; another trigger's review is not it."""
    noted = context.store.reviews.posted_for_others(review)
    for standing in context.forge.own_reviews(review.key.number):
        marker = read_marker(standing.body, context.worker_context.marker_key)
        is_ours = marker is not None and marker.kind is Kind.REVIEW and marker.head_sha == review.key.head_sha
        if is_ours and standing.id not in noted:
            return standing.id
    return None


def _post_others(context: ReviewContext, review: Review, plan: ReviewPlan) -> Review:
    """The comments that are no part of the review: on lines one by one, and on whole files."""
    others: tuple[InlineComment | FileComment, ...] = (*plan.apart, *plan.file_comments)
    standing = _comment_markers(context, review) if others else set()
    for comment in others:
        if read_marker(comment.body, context.worker_context.marker_key) not in standing:
            _post_apart(context, review, comment)
    return context.store.reviews.commented(review)


def _post_apart(context: ReviewContext, review: Review, comment: InlineComment | FileComment) -> None:
    number, head = review.key.number, review.key.head_sha
    context.may_write()
    try:
        if isinstance(comment, InlineComment):
            context.forge.post_line_comment(number, head, comment)
        else:
            context.forge.post_file_comment(number, head, comment.path, comment.body)
    except Refused as refusal:
        if refusal.status != UNPROCESSABLE:
            raise
        # A file outside the diff bears no comment at all; the summary lists every finding.
        if isinstance(comment, InlineComment):
            _post_apart(context, review, on_the_file(comment))


def _comment_markers(context: ReviewContext, review: Review) -> set[Marker]:
    key = context.worker_context.marker_key
    markers = [read_marker(thread.comment.body, key) for thread in context.forge.own_threads(review.key.number)]
    return {marker for marker in markers if marker is not None}


def _post_summary(context: ReviewContext, review: Review, plan: ReviewPlan) -> Review:
    if summary := plan.summary or plan.empty_summary:
        comment_id = _edited_summary(context, review, summary)
        if comment_id is None and plan.summary is not None:
            context.may_write()
            comment_id = context.forge.post_comment(review.key.number, summary)
        if comment_id is not None:
            context.store.reviews.remember_summary(review.key.repository_id, review.key.number, comment_id)
    return context.store.reviews.summarised(review)


def _edited_summary(context: ReviewContext, review: Review, summary: str) -> int | None:
    """The sticky comment, brought up to date; None if there is none, or somebody deleted it."""
    known = context.store.reviews.summary_id(review.key.repository_id, review.key.number)
    if known is None:
        known = _marked_summary(context, context.forge.own_conversation_comments(review.key.number))
    if known is None:
        return None
    context.may_write()
    try:
        context.forge.edit_comment(known, summary)
    except Gone:
        return None
    return known


def _marked_summary(context: ReviewContext, comments: Sequence[PostedComment]) -> int | None:
    for comment in comments:
        marker = read_marker(comment.body, context.worker_context.marker_key)
        if marker is not None and marker.kind is Kind.SUMMARY:
            return comment.id
    return None


def _conclude(context: ReviewContext, review: Review, plan: ReviewPlan) -> Review:
    remember_seen(context, plan)
    rows = [FoundRow(*astuple(found)) for found in plan.found]
    context.store.reviews.found(review, rows, plan.unseen)
    conclude(context, review, plan.conclusion, plan.check_title, plan.check_summary)
    return context.store.reviews.concluded(review, plan.conclusion)
