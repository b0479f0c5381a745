"""The report as commands of a GitHub workflow: annotations that stand on the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preship.analyzers.analysis import Analysis, Severity
from preship.bot.report.faults import cause_of, place_shown, told_faults
from preship.bot.report.report import Report
from preship.bot.report.text_format import closing, visible
from preship.bot.review.characters import spelled
from preship.bot.review.facts import other_failures
from preship.bot.review.remarks import Fault
from preship.bot.review.words import as_sentence

LEVELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}

SHOWN = 10
"""GitHub shows so many annotations of each level for one step of a workflow: the worst come first."""


def as_commands(report: Report) -> str:
    """One command a line, the worst finding first, and a last line for whoever reads the log."""
    faults = told_faults(report)
    lines = [*(_finding(fault) for fault in faults), *_unread(report.analysis)]
    return "\n".join([*lines, *_closing(report, len(faults))]) + "\n"


def _finding(fault: Fault) -> str:
    finding = fault.finding
    path, line, end_line = place_shown(fault)
    properties = {
        "file": path,
        "line": str(line),
        "endLine": str(end_line),
        "title": f"{as_sentence(str(finding.severity))}: {visible(finding.title)} ({finding.rule})",
    }
    exposed = f"Exposed by this line: {visible(finding.path)}:{finding.line}. " if cause_of(fault) else ""
    text = f"{exposed}{visible(as_sentence(finding.message))}\nFix: {visible(finding.remedy)}"
    return _command(LEVELS[finding.severity], properties, text)


def _unread(analysis: Analysis) -> Iterator[str]:
    """What was not judged, and what was not read in full."""
    for each in analysis.unjudged:
        line = {"line": str(each.line)} if each.line else {}
        properties = {"file": each.path, **line, "title": "Touched and not judged"}
        yield _command("warning", properties, visible(as_sentence(each.reason)))
    for failure in other_failures(analysis):
        properties = {"file": failure.path, "title": "Not read in full"}
        yield _command("warning", properties, visible(as_sentence(failure.reason)))


def _closing(report: Report, count: int) -> Iterator[str]:
    yield closing(report).plain
    if count > SHOWN:
        yield f"GitHub shows {SHOWN} annotations of each level for a step; the log has them all."


def _command(name: str, properties: Mapping[str, str], text: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_escaped(text)}"


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    """As the runner undoes it: https://github.com/actions/toolkit, `packages/core/src/command.ts`."""
    return spelled(text, "\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
