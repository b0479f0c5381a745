"""From an analysis to what a review would post: chosen, placed, worded and concluded, but not posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from preship.analyzers.analysis import Analysis
from preship.bot.review.declared import beyond_lines
from preship.bot.review.facts import ReviewFacts, conclude, headline, touched_actions, touched_subjects
from preship.bot.review.links import Links
from preship.bot.review.marker import Kind, Marker, write_marker
from preship.bot.review.notes import SILENT, ConfigurationNotes, configuration_lines
from preship.bot.review.placement import Place, diff_of
from preship.bot.review.policy import ReviewPolicy, as_asked
from preship.bot.review.pull_request import Comparison, FileComment, InlineComment, ReviewPlan, Told
from preship.bot.review.remarks import Fault, Remark, new_faults, remarks, unsaid
from preship.bot.review.summary import empty_summary_body, hole_line, summary_body, unjudged_lines, unread_lines
from preship.bot.review.words import comment_body, counted

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
    is_obeying: bool = True,
) -> ReviewPlan:
    """Everything that a review of this head commit would post.

    `policy` and `notes` are what the repository decides, and what there is to say of where it does so.
    `rules_url` and `source_url` are where the rules' pages and the head commit's files can be read (see `Links`).
    `said` are the fingerprints that comments of ours on this pull request carry already: they are not said again.
    `is_obeying`: somebody listens to the commands that people write.
    """
    policy = policy or ReviewPolicy()
    analysis = as_asked(analysis, policy.persona)
    links = Links(rules_url, source_url)

    def mark(kind: Kind, fingerprints: tuple[str, ...] = ()) -> str:
        return write_marker(Marker(kind, pull_request_number, head_sha, fingerprints), marker_key)

    faults, diff = new_faults(touched_subjects(analysis)), diff_of(comparison)
    facts = ReviewFacts(analysis, remarks(faults, diff, policy.same_rule_limit), policy, notes, is_obeying)
    told = remarks(unsaid(faults, said), diff, policy.same_rule_limit)
    posted = _posted(told, policy.inline_limit)
    bodies = [
        (place, remark, comment_body(remark, links, mark(Kind.COMMENT, remark.fingerprints), is_obeying=is_obeying))
        for place, remark in posted
    ]
    summary_mark = mark(Kind.SUMMARY)
    # A change of what is reviewed is to be seen by reviewers, whatever else the change touches.
    has_summary = bool(touched_actions(analysis) or faults or analysis.unjudged) or notes.is_changed
    return ReviewPlan(
        head_sha=head_sha,
        body=_body(len(told) - len(posted), mark(Kind.REVIEW)) if told else "",
        comments=tuple(
            InlineComment(place.path, place.line, place.side, place.start_line, body, remark.fingerprint)
            for place, remark, body in bodies
            if place.line
        ),
        file_comments=tuple(
            FileComment(place.path, body, remark.fingerprint) for place, remark, body in bodies if not place.line
        ),
        summary=summary_body(facts, head_sha, links, summary_mark) if has_summary else None,
        conclusion=conclude(facts),
        check_title=headline(facts),
        check_summary=_check_summary(facts),
        empty_summary="" if has_summary else empty_summary_body(facts, head_sha, links, summary_mark),
        base_sha=comparison.merge_base_sha,
        told=tuple(_told(fault) for _, remark in posted for fault in remark.faults),
    )


def _posted(told: Sequence[Remark], limit: int) -> list[tuple[Place, Remark]]:
    """The remarks that become comments, the worst first."""
    return [(remark.place, remark) for remark in told if remark.place][:limit]


def _told(fault: Fault) -> Told:
    return Told(fault.finding.fingerprint, fault.finding.rule, fault.action.path, fault.action.name)


def _body(left: int, marker: str) -> str:
    """The review's own few words: the comments and the summary say the rest."""
    sentences = [
        "What is to fix stands at its lines, and what was checked in *Before you ship*.",
        f"{counted(left, 'more fault')} found no line of the diff or no room, and {'is' if left == 1 else 'are'} listed"
        " there."
        if left
        else "",
    ]
    return "\n\n".join([" ".join(sentence for sentence in sentences if sentence), marker])


def _check_summary(facts: ReviewFacts) -> str:
    """A few lines for the checks page."""
    analysis, holes = facts.analysis, facts.holes
    lines = [f"- {hole_line(facts, hole, Links())}" for hole in holes[:CHECK_LINES]]
    lines += [f"- … and {len(holes) - CHECK_LINES} more" if len(holes) > CHECK_LINES else ""]
    lines += [f"- {line}" for line in beyond_lines(touched_actions(analysis), Links())[:CHECK_LINES]]
    lines += [f"- {line}" for line in unjudged_lines(analysis, Links())[:CHECK_LINES]]
    lines += [f"- {line}" for line in unread_lines(analysis, Links())[:CHECK_LINES]]
    configured = configuration_lines(facts.notes, analysis.left_out, analysis.unbuilt, Links())
    lines += [f"- {line}" for line in configured[:CHECK_LINES]]
    closing = (
        "The whole checklist stands in *Before you ship* on the pull request." if touched_actions(analysis) else ""
    )
    listed = "\n".join(filter(None, lines))
    return "\n\n".join(part for part in (f"{headline(facts)}.", listed, closing) if part)
