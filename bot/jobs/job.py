"""The job that serves one delivery: runs the review, and decides what each failure means for it."""

from __future__ import annotations

import time
from typing import Protocol

import structlog

from preship.bot.git.errors import GitError, GitMissing, NoSpace, RemoteAway, RemoteRefused, is_about_space
from preship.bot.jobs.check import give_up
from preship.bot.jobs.command import deny, is_command, may_write, obey
from preship.bot.jobs.contexts import CannotReview, ReviewContext, WorkerContext, in_seconds
from preship.bot.jobs.cooldown import standing_answer
from preship.bot.jobs.failures import Cause, cause_of
from preship.bot.jobs.inventory import count_entrances, is_inventory
from preship.bot.jobs.merge_group import is_merge_group, review_merge_group
from preship.bot.jobs.moved import has_moved
from preship.bot.jobs.review import Outcome, review_pull_request
from preship.bot.jobs.worker import Later
from preship.bot.review.forge import ForgeError, RateLimited, Refused, Unavailable
from preship.bot.review.markdown import prose
from preship.bot.review.pull_request import Repository
from preship.bot.store.database import Busy, LockLost, StoreUnavailable
from preship.bot.store.deliveries import PUSH, Delivery, State
from preship.bot.store.queue import lock_name
from preship.bot.store.reviews import StepTaken

log = structlog.get_logger()

_SOON_SECONDS = 5.0
_LONGEST_WAIT_SECONDS = 600.0

_AWAY_TIMES = 6
"""So many times the wait after a first failure is waited for a forge, or a disk, that fails every job."""

_PATIENCE_SECONDS = 24 * 3600.0


class Observer(Protocol):
    """Counts what jobs do."""

    def worked(self, outcome: str, seconds: float) -> None:
        """Note a try of a job, and how it ended."""
        ...

    def failed(self, event: str, cause: str) -> None:
        """Note that a job was given up."""
        ...


def serve_delivery(worker_context: WorkerContext, guid: str, observer: Observer) -> None:
    """Serve a delivery, and note what became of it. Raises `Later` if it has to run again."""
    started = time.monotonic()
    outcome = "error"
    try:
        delivery = worker_context.store.deliveries.get(guid)
        with structlog.contextvars.bound_contextvars(
            delivery=guid, repository=delivery.repository, pull_request=delivery.number, head=delivery.head_sha
        ):
            try:
                result = _locked(worker_context, delivery)
            except Later as later:
                outcome = "later"
                log.info("job runs again", at=later.at.isoformat(), reason=later.reason)
                raise
            outcome = result.state.value
            worker_context.store.deliveries.finish(guid, result.state, result.reason, result.cause)
            if result.state is State.FAILED:
                log.error("a job failed for good", cause=result.cause, reason=result.reason)
                observer.failed(delivery.event, result.cause)
            else:
                log.info("job ended", state=outcome, reason=result.reason)
    except StoreUnavailable as error:
        raise Later(in_seconds(_SOON_SECONDS), str(error)) from error
    finally:
        structlog.contextvars.unbind_contextvars("api_calls")
        observer.worked(outcome, time.monotonic() - started)


def _locked(worker_context: WorkerContext, delivery: Delivery) -> Outcome:
    """Serve a delivery as the only process that works on its pull request."""
    try:
        with worker_context.store.database.sole_holder(_lock_name(delivery)) as lock:
            context = ReviewContext(
                worker_context, delivery, worker_context.forge_of(_repository(worker_context, delivery)), lock
            )
            try:
                return _tried(context)
            finally:
                structlog.contextvars.bind_contextvars(api_calls=context.forge.api_calls)
    except (Busy, LockLost, StepTaken) as error:
        # Another run is at work, or was: the next one sees how far it came.
        raise Later(in_seconds(_SOON_SECONDS), str(error)) from error


def _lock_name(delivery: Delivery) -> str:
    return lock_name(delivery.repository_id, delivery.number, delivery.trigger)


def _tried(context: ReviewContext) -> Outcome:
    try:
        return _served(context)
    except RateLimited as error:
        raise Later(error.until, str(error)) from error
    except (Refused, RemoteRefused) as error:
        return _looked_for(context, error)
    except (CannotReview, GitMissing) as error:
        return _given_up(context, str(error), cause_of(error))
    except (Unavailable, GitError) as error:
        _wait_while_it_is_so(context, error)
        return _once_more(context, error)
    except (Later, Busy, LockLost, StepTaken, StoreUnavailable):
        raise
    except Exception as error:
        if isinstance(error, OSError) and is_about_space(error):
            _wait_while_it_is_so(context, NoSpace("the disk is full"))
        # A fault of ours: the author of the pull request is told, and the log has the rest.
        log.exception("job failed")
        return _given_up(context, "Preship met an error of its own; its log has the details.", Cause.OWN_ERROR)


def _wait_while_it_is_so(context: ReviewContext, error: Exception) -> None:
    """Let the job run again where nothing is the matter with it: the disk is full, or the forge or its git is away.

    That costs it none of its tries. For a day: what was asked for before that nobody waits for any more.
    """
    if not (isinstance(error, NoSpace | RemoteAway) or (isinstance(error, Unavailable) and _is_away(context))):
        return
    if context.store.deliveries.age_seconds(context.delivery.guid) < _PATIENCE_SECONDS:
        wait = min(_AWAY_TIMES * context.worker_context.retry_seconds, _LONGEST_WAIT_SECONDS)
        raise Later(in_seconds(wait), str(error)) from error


def _is_away(context: ReviewContext) -> bool:
    """Whether the forge does not answer what it answers for every repository, either."""
    try:
        context.forge.full_name()
    except Unavailable:
        return True
    except ForgeError:
        return False
    return False


def _served(context: ReviewContext) -> Outcome:
    if is_inventory(context):
        return count_entrances(context)
    if (standing := standing_answer(context)) is not None:
        return standing
    if is_command(context):
        return obey(context, review_pull_request)
    if is_merge_group(context):
        return review_merge_group(context)
    if context.delivery.trigger != PUSH and not may_write(context):
        return Outcome(State.DONE, "not obeyed: only people with write access may ask for another run")
    return review_pull_request(context)


def _looked_for(context: ReviewContext, error: Exception) -> Outcome:
    """Give up what was refused, unless it was asked of a name that the repository has no more."""
    try:
        moved = has_moved(context.worker_context, context.forge)
    except RateLimited as limit:
        raise Later(limit.until, str(limit)) from limit
    except ForgeError:
        # It is not reached by its id either: its owner may be another one, of which a delivery will tell.
        return _once_more(context, error)
    if moved:
        raise Later(in_seconds(0), "the repository has another name") from error
    return _given_up(context, str(error), cause_of(error))


def _once_more(context: ReviewContext, error: Exception) -> Outcome:
    """Try again with growing waits, a bounded number of times."""
    worker_context = context.worker_context
    failures = worker_context.store.deliveries.count_failure(context.delivery.guid)
    if failures >= worker_context.attempts:
        return _given_up(context, f"{error} ({failures} tries)", cause_of(error))
    wait = min(worker_context.retry_seconds * 2 ** (failures - 1), _LONGEST_WAIT_SECONDS)
    raise Later(in_seconds(wait), str(error)) from error


def _given_up(context: ReviewContext, reason: str, cause: Cause) -> Outcome:
    """Say on the pull request that there is no review, and why; where the forge is away, reconciliation will."""
    try:
        _conclude_neutral(context, reason)
        if is_command(context):
            deny(context, f"It did not work: {prose(reason)}")
    except RateLimited as error:
        raise Later(error.until, str(error)) from error
    except ForgeError as error:
        log.warning("the pull request could not be told", reason=reason, error=str(error))
    return Outcome(State.FAILED, reason, cause=cause)


def _conclude_neutral(context: ReviewContext, reason: str) -> None:
    delivery = context.delivery
    unfinished = context.store.reviews.unfinished(delivery.repository_id, delivery.number, delivery.trigger)
    # Groups of a merge queue have no number that would keep them apart.
    own = [review for review in unfinished if not is_merge_group(context) or review.key.head_sha == delivery.head_sha]
    for review in own:
        give_up(context, review, reason)


def _repository(worker_context: WorkerContext, delivery: Delivery) -> Repository:
    """The repository under its name of now, which may have changed since the delivery came."""
    heard = worker_context.store.repositories.address(delivery.repository_id)
    full_name, installation = (
        (heard.full_name, heard.installation) if heard else (delivery.repository, delivery.installation)
    )
    owner, _, name = full_name.partition("/")
    return Repository(delivery.repository_id, owner, name, installation)
