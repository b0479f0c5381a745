"""From an analysis to what a review would post: chosen, placed, worded and concluded, but not posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analyzers.analysis import Analysis
from bot.review.declared import beyond_lines, goes_beyond
from bot.review.links import Links
from bot.review.markdown import code
from bot.review.marker import Kind, Marker, write_marker
from bot.review.notes import SILENT, ConfigurationNotes, configuration_lines
from bot.review.placement import Place, diff_of
from bot.review.policy import ReviewPolicy, as_asked, is_at_least
from bot.review.pull_request import Comparison, Conclusion, FileComment, InlineComment, ReviewPlan, Told
from bot.review.remarks import Fault, Remark, new_faults, remarks, unsaid
from bot.review.summary import (
    empty_summary_body,
    fault_line,
    headline,
    is_partly_unseen,
    other_failures,
    summary_body,
    touched_actions,
    touched_subjects,
    unjudged_lines,
)
from bot.review.words import comment_body, counted, counted_bearers

CHECK_LINES = 50
"""Faults and files that the check run lists: its summary may have 65,535 characters, and the comments have them all."""


def plan_review(
    analysis: Analysis,
    comparison: Comparison,
    pull_request_number: int,
    head_sha: str,
    *,
    marker_key: bytes,
    policy: ReviewPolicy | None = None,
    notes: ConfigurationNotes = SILENT,
    rules_url: str | None = None,
    source_url: str | None = None,
    said: Collection[str] = (),
) -> ReviewPlan:
    """Everything that a review of this head commit would post.

    `policy` and `notes` are what the repository decides, and what there is to say of where it does so.
    `rules_url` and `source_url` are where the rules' pages and the head commit's files can be read (see `Links`).
    `said` are the fingerprints that comments of ours on this pull request carry already: they are not said again.
    """
    policy = policy or ReviewPolicy()
    analysis = as_asked(analysis, policy.persona)
    links = Links(rules_url, source_url)

    def mark(kind: Kind, fingerprints: tuple[str, ...] = ()) -> str:
        return write_marker(Marker(kind, pull_request_number, head_sha, fingerprints), marker_key)

    faults = new_faults(touched_subjects(analysis))
    told = remarks(unsaid(faults, said), diff_of(comparison), policy.same_rule_limit)
    posted = _posted(told, policy.inline_limit)
    bodies = [
        (place, remark, comment_body(remark, links, mark(Kind.COMMENT, remark.fingerprints)))
        for place, remark in posted
    ]
    summary_mark = mark(Kind.SUMMARY)
    # A change of what is reviewed is to be seen by reviewers, whatever else the change touches.
    has_summary = bool(touched_actions(analysis) or faults or analysis.unjudged) or notes.is_changed
    return ReviewPlan(
        head_sha=head_sha,
        body=_body(told, len(posted), mark(Kind.REVIEW)) if told else "",
        comments=tuple(
            InlineComment(place.path, place.line, place.side, place.start_line, body, remark.fingerprint)
            for place, remark, body in bodies
            if place.line
        ),
        file_comments=tuple(
            FileComment(place.path, body, remark.fingerprint) for place, remark, body in bodies if not place.line
        ),
        summary=summary_body(analysis, head_sha, links, summary_mark, notes) if has_summary else None,
        conclusion=conclude(analysis, faults, policy, notes),
        check_title=headline(analysis, notes),
        check_summary=_check_summary(analysis, faults, notes),
        empty_summary="" if has_summary else empty_summary_body(analysis, head_sha, links, summary_mark, notes),
        base_sha=comparison.merge_base_sha,
        told=tuple(_told(fault) for _, remark in posted for fault in remark.faults),
    )


def conclude(
    analysis: Analysis, faults: Sequence[Fault], policy: ReviewPolicy, notes: ConfigurationNotes = SILENT
) -> Conclusion:
    """Failure for new faults that are bad enough, and for what was not seen where the repository wants that.

    Success only if everything that is touched was read as configured.
    """
    if any(is_at_least(fault.finding.severity, policy.fail_on) for fault in faults):
        return Conclusion.FAILURE
    if policy.fails_unseen and is_partly_unseen(analysis):
        return Conclusion.FAILURE
    is_outgrown = any(map(goes_beyond, touched_actions(analysis)))
    is_whole = not is_partly_unseen(analysis) and not notes.mistakes and not notes.believed and not is_outgrown
    return Conclusion.SUCCESS if is_whole else Conclusion.NEUTRAL


def _posted(told: Sequence[Remark], limit: int) -> list[tuple[Place, Remark]]:
    """The remarks that become comments, the worst first."""
    return [(remark.place, remark) for remark in told if remark.place][:limit]


def _told(fault: Fault) -> Told:
    return Told(fault.finding.fingerprint, fault.finding.rule, fault.action.path, fault.action.name)


def _body(told: Sequence[Remark], posted: int, marker: str) -> str:
    """The review's own few words: the comments and the summary say the rest."""
    faults = [fault for remark in told for fault in remark.faults]
    worst = told[0].worst.finding.severity
    sentences = [
        f"This change brings **{counted(len(faults), 'fault')}** into {counted_bearers(faults)};"
        f" the worst is of {worst} severity.",
        f"{counted(len(told) - posted, 'more remark')} found no line of the diff or no room."
        if len(told) > posted
        else "",
        "The whole checklist stands in *Before you ship*.",
    ]
    return "\n\n".join([" ".join(sentence for sentence in sentences if sentence), marker])


def _check_summary(analysis: Analysis, faults: Sequence[Fault], notes: ConfigurationNotes) -> str:
    """A few lines for the checks page."""
    lines = [f"- {fault_line(fault, Links())}" for fault in faults[:CHECK_LINES]]
    lines += [f"- … and {len(faults) - CHECK_LINES} more"] if len(faults) > CHECK_LINES else []
    lines += [f"- {line}" for line in beyond_lines(touched_actions(analysis), Links())[:CHECK_LINES]]
    lines += [f"- not judged: {line}" for line in unjudged_lines(analysis, Links())[:CHECK_LINES]]
    lines += [f"- could not read {code(failure.path)}" for failure in other_failures(analysis)[:CHECK_LINES]]
    configured = configuration_lines(notes, analysis.left_out, analysis.unbuilt, Links())
    lines += [f"- {line}" for line in configured[:CHECK_LINES]]
    closing = (
        "The whole checklist stands in *Before you ship* on the pull request." if touched_actions(analysis) else ""
    )
    return "\n\n".join(part for part in (f"{headline(analysis, notes)}.", "\n".join(lines), closing) if part)
