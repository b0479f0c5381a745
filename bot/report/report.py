"""What a command of the command line has to tell, before it is written in any format."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from preship.analyzers.analysis import Analysis, Finding
from preship.bot.review.notes import SILENT, ConfigurationNotes
from preship.bot.review.policy import ReviewPolicy
from preship.bot.review.pull_request import ReviewPlan


class Compared(StrEnum):
    """What a review compares with its base."""

    UNCOMMITTED = "uncommitted"
    """The work tree, with the commits that it stands on."""

    STAGED = "staged"
    """The index, with these commits."""

    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was reviewed, and against what."""

    what: Compared
    base: str
    """As it was asked for, or found."""

    merge_base: str
    """The commit where both parted."""

    is_change: bool = True
    """Whether any file differs."""

    is_posted: bool = False
    """Whether the review stands where it is to be read, and is not merely planned."""


@dataclass(frozen=True, slots=True)
class Report:
    """One scan or one review."""

    analysis: Analysis
    """What was found and what could not be read, as it is told to its readers (see `as_asked`)."""

    commit: str | None
    """The commit that was read; None for files on disk, which no commit names."""

    plan: ReviewPlan | None = None
    """What a review would post; None for a scan."""

    whole: Analysis | None = None
    """The same analysis with the nuances marked as such, where that differs."""

    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    """By whose choices a command fails."""

    notes: ConfigurationNotes = SILENT
    """What there is to say of the configuration."""

    reviewed: Reviewed | None = None
    """What was compared; None for a scan."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of every action and file, those that are fixed included."""
        return tuple(finding for action in self.analysis.subjects for finding in (*action.findings, *action.fixed))
