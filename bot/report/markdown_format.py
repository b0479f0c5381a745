"""The report as Markdown: a review as it would stand on the pull request, a scan as a page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.bot.report.faults import faults_in_order
from preship.bot.report.report import Report
from preship.bot.review.checklist import checklist_table
from preship.bot.review.links import Links
from preship.bot.review.markdown import code, prose
from preship.bot.review.marker import without_markers
from preship.bot.review.pull_request import InlineComment, ReviewPlan, Side
from preship.bot.review.remarks import Remark
from preship.bot.review.summary import ignored_lines
from preship.bot.review.versions import version_lines
from preship.bot.review.words import comment_body, counted, counted_actions

_SUGGESTION = re.compile(r"^(`{3,})suggestion$", re.MULTILINE)


def as_markdown(report: Report) -> str:
    """The whole report; ends with a newline."""
    blocks = _scan(report) if report.plan is None else _review(report.plan)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _scan(report: Report) -> Iterator[str]:
    analysis = report.analysis
    faults = faults_in_order(report)
    yield f"# {counted_actions(analysis.actions)}, {counted(len(faults), 'finding')}"
    if analysis.actions:
        yield checklist_table(analysis.actions, Links(), len(analysis.actions))
    for fault in faults:
        yield f"## {code(f'{fault.finding.path}:{fault.finding.line}')}"
        yield comment_body(Remark(None, (fault,)), Links(), "")
    places = dict.fromkeys(place for action in analysis.actions for place in action.unseen)
    unseen = [f"- {code(f'{place.path}:{place.line}')}: {prose(place.why)}" for place in places]
    unseen += [f"- {code(failure.path)}: {prose(failure.reason)}" for failure in analysis.failures]
    if unseen:
        yield "\n".join(["## Could not see", "", *unseen])
    if ignored := ignored_lines(analysis.subjects, Links()):
        yield "\n".join(["## Ignored", "", *(f"- {line}" for line in ignored)])
    if versions := version_lines(analysis.outdated):
        yield "\n".join(["## Versions", "", *(f"- {line}" for line in versions)])
    if analysis.unbuilt:
        yield "\n".join(["## Not part of the build", "", *(f"- {code(path)}" for path in analysis.unbuilt)])
    if analysis.left_out:
        yield "\n".join(["## Left out by the configuration", "", *(f"- {code(path)}" for path in analysis.left_out)])


def _review(plan: ReviewPlan) -> Iterator[str]:
    """What would be posted, as it reads where nothing can be clicked and no line of the diff stands beside it."""
    yield f"# {prose(plan.check_title)}: {plan.conclusion}"
    for comment in plan.comments:
        yield f"## {_place(comment)}"
        yield _shown_edit(without_markers(comment.body), comment)
    for on_file in plan.file_comments:
        yield f"## {code(on_file.path)}"
        yield without_markers(on_file.body)
    yield without_markers(plan.summary or "")


def _place(comment: InlineComment) -> str:
    when = ", before the change" if comment.side is Side.LEFT else ""
    return f"{code(f'{comment.path}:{_lines(comment)}')}{when}"


def _lines(comment: InlineComment) -> str:
    return f"{comment.start_line}-{comment.line}" if comment.start_line else f"{comment.line}"


def _shown_edit(body: str, comment: InlineComment) -> str:
    """A body whose suggestion is code to put in place of the lines, which only GitHub's diff would do by a click."""
    lines = f"lines {_lines(comment)}" if comment.start_line else f"line {comment.line}"
    return _SUGGESTION.sub(rf"In place of {lines}:\n\n\1ts", body)
