"""The check run that a merge queue waits for: what its group of pull requests brings, judged together.

Nothing is said but in the check run: every pull request of the group has had its own review.
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

from __future__ import annotations

from dataclasses import replace

from preship.bot.jobs.contexts import ReviewContext
from preship.bot.jobs.history import dismissals_in
from preship.bot.jobs.inbox import GROUPS, MERGE_GROUP, Group
from preship.bot.jobs.posting import plan_as_text, post
from preship.bot.jobs.review import Outcome
from preship.bot.review.history import History
from preship.bot.review.pull_request import PullRequest, ReviewPlan
from preship.bot.store.deliveries import State
from preship.bot.store.reviews import Key, Step

NOBODY = ""


def is_merge_group(context: ReviewContext) -> bool:
    """Whether a merge queue asks."""
    return context.delivery.trigger == MERGE_GROUP


def review_merge_group(context: ReviewContext) -> Outcome:
    """Bring the check run of a group to its end, from wherever an earlier run left it. Raises as a review does."""
    delivery, reviews = context.delivery, context.store.reviews
    key = Key(delivery.repository_id, delivery.number, str(delivery.head_sha), delivery.trigger)
    review = reviews.begin(key, delivery.repository)
    if review.step is Step.CONCLUDED:
        return Outcome(State.DONE, "this group is judged already", is_reviewed=True)
    if review.check_id is None:
        context.may_write()
        review = reviews.started_check(review, context.forge.start_check(key.head_sha, str(key)))
    if review.step is Step.BEGUN:
        review = reviews.planned(review, plan_as_text(_plan(context)))
    review = post(context, review)
    return Outcome(State.DONE, f"concluded: {review.conclusion}", is_reviewed=True)


def _plan(context: ReviewContext) -> ReviewPlan:
    """What a review of the group would say, less everything that has no place but the check run."""
    change = _as_pull_request(context, GROUPS.validate_json(context.delivery.request))
    comparison = context.forge.comparison(change.base_sha, change.head_sha)
    with context.asking_git():
        reading = context.worker_context.analyst(context.forge, change, comparison, context.worker_context.stopping)
    # What somebody dismissed on its pull request stops no queue.
    rows = context.store.history.dismissals_of_all(context.delivery.repository_id)
    history = History(dismissals=dismissals_in(rows))
    shown = replace(comparison, files=reading.files, is_complete=True)
    plan = context.worker_context.planner(reading, shown, change, history)
    return ReviewPlan(
        head_sha=plan.head_sha,
        body="",
        comments=(),
        file_comments=(),
        summary=None,
        conclusion=plan.conclusion,
        check_title=plan.check_title,
        check_summary=plan.check_summary,
        base_sha=plan.base_sha,
    )


def _as_pull_request(context: ReviewContext, group: Group) -> PullRequest:
    return PullRequest(
        repository=context.forge.repository,
        number=context.delivery.number,
        head_sha=str(context.delivery.head_sha),
        base_sha=group.base_sha,
        base_ref=group.base_ref.removeprefix("refs/heads/"),
        author=NOBODY,
        is_draft=False,
        is_open=True,
        is_fork=False,
        head_ref=group.head_ref,
    )
