"""Why a job was given up: the kinds that the status page and the metrics tell apart, with no name of anybody's code."""

from __future__ import annotations

from enum import StrEnum

from preship.bot.git.errors import GitError
from preship.bot.jobs.contexts import CannotReview
from preship.bot.review.forge import Refused, Unavailable


class Cause(StrEnum):
    """What made a job give up."""

    FORGE_AWAY = "forge-away"
    REFUSED = "refused"
    GIT = "git"
    CANNOT_REVIEW = "cannot-review"
    LOST = "lost"
    """The job is gone without a word, after a crash say."""

    OWN_ERROR = "own-error"


def cause_of(error: Exception) -> Cause:
    """The kind of a failure."""
    match error:
        case Unavailable():
            return Cause.FORGE_AWAY
        case Refused():
            return Cause.REFUSED
        case GitError():
            return Cause.GIT
        case CannotReview():
            return Cause.CANNOT_REVIEW
    return Cause.OWN_ERROR
