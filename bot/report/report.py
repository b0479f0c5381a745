"""What a command of the command line has to tell, before it is written in any format."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzers.analysis import Analysis, Finding
    from bot.review.pull_request import ReviewPlan


@dataclass(frozen=True, slots=True)
class Report:
    """One scan or one review."""

    analysis: Analysis
    """What was found and what could not be read."""

    commit: str | None
    """The commit that was read; None for files on disk, which no commit names."""

    plan: ReviewPlan | None = None
    """What a review would post; None for a scan."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of every action, those that are mended included."""
        return tuple(finding for action in self.analysis.actions for finding in (*action.findings, *action.fixed))


def tool_version() -> str:
    """Preship's own version."""
    return version("preship")
