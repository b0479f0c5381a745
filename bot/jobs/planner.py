"""Turns an analysis into a plan, with what this service knows: its marker key, its addresses, what it said before."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from preship.analyzers.analysis import Analysis, Finding
from preship.bot.jobs.contexts import Reading
from preship.bot.review.dismissal import lapsed_prints, without_dismissed
from preship.bot.review.history import History, said, told_once
from preship.bot.review.plan import plan_review
from preship.bot.review.policy import WORST_FIRST, as_asked, is_new
from preship.bot.review.pull_request import Comparison, Found, PullRequest, ReviewPlan, Seen
from preship.bot.review.threads import turns

_MOST_UNSEEN = 200
"""Of what a page lists; the review itself counts all."""


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
        self, reading: Reading, comparison: Comparison, pull_request: PullRequest, history: History
    ) -> ReviewPlan:
        """What to post on the pull request."""
        number, head = pull_request.number, pull_request.head_sha
        analysis = as_asked(without_dismissed(reading.analysis, history.dismissals), reading.policy.persona)
        plan = plan_review(
            analysis,
            comparison,
            number,
            head,
            marker_key=self.marker_key,
            policy=reading.policy,
            notes=reading.notes,
            rules_url=self.rules_url,
            source_url=f"{self.web_url}/{pull_request.repository.full_name}/blob/{head}",
            said=said(history, number, self.marker_key, lapsed_prints(analysis)),
        )
        threads = turns(history, analysis, comparison.merge_base_sha, number, self.marker_key)
        in_comments = {told.fingerprint for told in plan.told} | told_once(history, number, self.marker_key)
        return replace(
            plan,
            seen=seen_under(analysis, in_comments),
            resolved=threads.resolve,
            reopened=threads.reopen,
            found=tuple(found_in(analysis)),
            unseen=tuple(dict.fromkeys(unseen_in(analysis)))[:_MOST_UNSEEN],
        )


def found_in(analysis: Analysis) -> Iterator[Found]:
    """What stands in all that a change touches: what it is to blame for first, and of that the worst."""
    touched = [
        (finding, subject) for subject in analysis.subjects if subject.touch is not None for finding in subject.findings
    ]
    for finding, subject in sorted(touched, key=lambda each: _order(each[0])):
        yield Found(
            finding.fingerprint,
            finding.rule,
            finding.severity.value,
            finding.status.value,
            finding.path,
            finding.line,
            subject.name,
            finding.ignored,
        )


def _order(finding: Finding) -> tuple[bool, int]:
    return not (is_new(finding) and finding.ignored is None), WORST_FIRST.index(finding.severity)


def unseen_in(analysis: Analysis) -> Iterator[str]:
    """What could not be judged of what a change touches, and why."""
    for unjudged in analysis.unjudged:
        yield f"{unjudged.path}: {unjudged.reason}"
    for action in analysis.actions:
        for unseen in action.unseen if action.touch is not None else ():
            yield f"{unseen.path}:{unseen.line}: {unseen.why}"
    for failure in analysis.failures:
        yield f"{failure.path}: {failure.reason}"


def seen_under(analysis: Analysis, fingerprints: Collection[str]) -> tuple[Seen, ...]:
    """What is done under these findings, as far as they stand."""
    return tuple(
        Seen(finding.fingerprint, subject.operations)
        for subject in analysis.subjects
        for finding in subject.findings
        if finding.fingerprint in fingerprints
    )
