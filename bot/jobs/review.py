"""One review of one pull request, from its state now to the concluded check run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from preship.bot.jobs.check import cancel, leave_heads, speak
from preship.bot.jobs.contexts import ReviewContext, in_seconds
from preship.bot.jobs.history import history_of
from preship.bot.jobs.posting import plan_as_text, post
from preship.bot.jobs.worker import Later
from preship.bot.review.pull_request import PullRequest
from preship.bot.store.database import StoreError
from preship.bot.store.deliveries import PUSH, State
from preship.bot.store.reviews import Key, Review, Step

_UNSETTLED_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How serving a delivery ended."""

    state: State
    reason: str
    is_reviewed: bool = False
    """Whether a whole review of the newest head stands now."""

    cause: str = ""
    """The kind of thing that made it fail; empty where it did not."""


def review_pull_request(context: ReviewContext) -> Outcome:
    """Bring the review that a delivery asks for to its end, from wherever an earlier run left it.

    Raises `ForgeError`, `GitError`, `StoreError`, `CannotReview` and `Later`.
    """
    pull_request = context.forge.pull_request(context.delivery.number)
    if leave_heads(context, pull_request.head_sha if pull_request.is_open else None):
        # The forge was asked about others meanwhile: what stands on this one is to be seen again.
        pull_request = context.forge.pull_request(context.delivery.number)
    if reason := _no_review(context, pull_request):
        _close_others(context, None)
        return Outcome(State.DONE, reason)
    if _is_superseded(context, pull_request):
        return Outcome(State.SUPERSEDED, "the pull request was pushed to again")
    return _review_head(context, pull_request)


def _no_review(context: ReviewContext, pull_request: PullRequest) -> str:
    """Why this pull request gets no review now; empty if it does."""
    if not pull_request.is_open:
        return "the pull request is closed"
    if pull_request.is_draft and context.delivery.trigger == PUSH and not _wants_drafts(context, pull_request):
        return "the pull request is a draft"
    return ""


def _wants_drafts(context: ReviewContext, pull_request: PullRequest) -> bool:
    """Whether drafts are reviewed: as the repository says, or else as this server does."""
    wanted = context.worker_context.drafts_wanted(context.forge, pull_request)
    return context.worker_context.review_drafts if wanted is None else wanted


def _is_superseded(context: ReviewContext, pull_request: PullRequest) -> bool:
    """Whether another delivery's job will review the newest head. Raises `Later` while that is not known."""
    announced = context.delivery.head_sha
    if announced in (None, pull_request.head_sha):
        return False
    if context.store.deliveries.newer_push(context.delivery.guid):
        return True
    if context.store.deliveries.age_seconds(context.delivery.guid) < context.worker_context.settled_seconds:
        raise Later(in_seconds(_UNSETTLED_WAIT_SECONDS), "the API shows another head than the delivery")
    return False


def _close_others(context: ReviewContext, current: Review | None) -> None:
    """Cancel the check runs of other reviews, of other heads say, that were begun and never ended."""
    key = context.delivery
    for review in context.store.reviews.unfinished(key.repository_id, key.number, key.trigger):
        if current is None or review.id != current.id:
            cancel(context, review)


def _review_head(context: ReviewContext, pull_request: PullRequest) -> Outcome:
    delivery = context.delivery
    reviews = context.store.reviews
    asked = Key(delivery.repository_id, delivery.number, pull_request.head_sha, delivery.trigger)
    key = reviews.in_this_round(asked, pull_request.base_ref)
    review = reviews.begin(key, delivery.repository, pull_request.base_ref)
    _close_others(context, review)
    if review.step is Step.CONCLUDED:
        # Reopened, say: what the commit's check runs say may have left this pull request out.
        speak(context, key.head_sha)
        return Outcome(State.DONE, "this commit is reviewed already", is_reviewed=True)
    try:
        return _carried_on(context, review, pull_request)
    finally:
        # What a page shows must not hide why a run ended.
        with suppress(StoreError):
            reviews.spent(review, context.forge.api_calls)


def _carried_on(context: ReviewContext, review: Review, pull_request: PullRequest) -> Outcome:
    reviews, key = context.store.reviews, review.key
    if review.check_id is None:
        context.may_write()
        check_id = context.forge.start_check(key.head_sha, str(key))
        review = reviews.started_check(review, check_id)
    if review.step is Step.BEGUN:
        review = reviews.planned(review, _plan(context, pull_request))
    if not _is_newest(context, key):
        # The next run sees what there is, closes this review's check run, and leaves the rest to a newer delivery.
        raise Later(in_seconds(0), "the pull request changed meanwhile")
    review = post(context, review)
    return Outcome(State.DONE, f"concluded: {review.conclusion}", is_reviewed=True)


def _is_newest(context: ReviewContext, key: Key) -> bool:
    """Whether nobody pushed while the code was read. Every push is delivered: the forge is asked only after one."""
    if not context.store.deliveries.other_head(context.delivery.guid, key.head_sha):
        return True
    now = context.forge.pull_request(key.number)
    return now.is_open and now.head_sha == key.head_sha


def _plan(context: ReviewContext, pull_request: PullRequest) -> str:
    forge, worker_context = context.forge, context.worker_context
    comparison = forge.comparison(pull_request.base_sha, pull_request.head_sha)
    with context.asking_git():
        reading = worker_context.analyst(forge, pull_request, comparison, worker_context.stopping)
    # Not the forge's own files: it lists 300 at most, and leaves large patches out.
    shown = replace(comparison, files=reading.files, is_complete=True)
    return plan_as_text(worker_context.planner(reading, shown, pull_request, history_of(context)))
