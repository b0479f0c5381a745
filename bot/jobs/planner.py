"""Turns an analysis into a plan, with what this service knows: its marker key, its addresses, what it said before."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzers.analysis import Analysis
from bot.review.marker import read_marker
from bot.review.plan import plan_review
from bot.review.pull_request import Comparison, PostedComment, PullRequest, ReviewPlan


def marker_key(private_key: str) -> bytes:
    """The key of our hidden marks. It comes from the app's own key, so that every worker has the same."""
    return hmac.new(private_key.encode(), b"preship markers", hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class ReviewPlanner:
    """Plans reviews."""

    marker_key: bytes = field(repr=False)
    web_url: str
    """Where people read repositories: `{web_url}/{owner}/{name}/blob/{sha}`."""

    rules_url: str | None
    """Where the rules' pages stand, if anywhere."""

    def __call__(
        self, analysis: Analysis, comparison: Comparison, pull_request: PullRequest, standing: Sequence[PostedComment]
    ) -> ReviewPlan:
        """What to post on the pull request."""
        head = pull_request.head_sha
        return plan_review(
            analysis,
            comparison,
            pull_request.number,
            head,
            marker_key=self.marker_key,
            rules_url=self.rules_url,
            source_url=f"{self.web_url}/{pull_request.repository.full_name}/blob/{head}",
            said=self._said(standing),
        )

    def _said(self, standing: Sequence[PostedComment]) -> frozenset[str]:
        """Fingerprints of the findings that comments of ours tell already."""
        markers = [read_marker(comment.body, self.marker_key) for comment in standing]
        return frozenset(fingerprint for marker in markers if marker for fingerprint in marker.fingerprints)
