"""What an editor shows of a file: each finding where it stands, with the way that leads there; what was not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    Location,
    Range,
)

from preship.analyzers.analysis import JudgedAction, Severity, Step, Unseen
from preship.analyzers.rulebook import rule
from preship.bot.lsp.positions import Lines
from preship.bot.report.faults import told_faults
from preship.bot.report.report import Report
from preship.bot.review.characters import on_one_line, spelled
from preship.bot.review.checklist import unseen_places
from preship.bot.review.remarks import Fault
from preship.bot.review.words import as_sentence, telling_trail

SOURCE = "preship"
UNSEEN = "could-not-see"

SEVERITIES: Mapping[Severity, DiagnosticSeverity] = {
    Severity.CRITICAL: DiagnosticSeverity.Error,
    Severity.HIGH: DiagnosticSeverity.Error,
    Severity.MEDIUM: DiagnosticSeverity.Warning,
    Severity.LOW: DiagnosticSeverity.Information,
}

TRAIL_LIMIT = 20
"""Steps that are shown: nobody follows more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Finds lines of files for an editor."""

    name: str
    """The file that is shown."""

    uri_of: Callable[[str], str]
    lines_of: Callable[[str], Lines]

    def at(self, path: str, line: int, end_line: int) -> Location:
        """Where lines of a file stand."""
        return Location(self.uri_of(path), self.lines_of(path).code(line, end_line))

    def here(self, line: int, end_line: int) -> Range:
        """Where lines of the file that is shown stand."""
        return self.lines_of(self.name).code(line, end_line)


def faults_of(report: Report) -> tuple[Fault, ...]:
    """What is told of a file, in its order."""
    return tuple(sorted(told_faults(report), key=lambda fault: (fault.finding.line, fault.finding.rule)))


def diagnostics_of(report: Report, place: Place) -> list[Diagnostic]:
    """Everything that there is to show of a file."""
    return [*(_of_a_finding(fault, place) for fault in faults_of(report)), *_unseen(report, place)]


def place_in_file(fault: Fault, name: str) -> tuple[int, int]:
    """The lines where a fault is shown in a file: its own, or those of the action where it stands in another file."""
    finding = fault.finding
    return (finding.line, finding.end_line) if finding.path == name else (fault.action.line, fault.action.line)


def not_judged(says: str, place: Place) -> Diagnostic:
    """A file of which nothing is known."""
    return unknown(says, place.here(1, 1))


def unknown(says: str, shown: Range) -> Diagnostic:
    """Something of which nothing is known, neither good nor bad."""
    return Diagnostic(shown, spelled(says), DiagnosticSeverity.Warning, code=UNSEEN, source=SOURCE)


def _of_a_finding(fault: Fault, place: Place) -> Diagnostic:
    finding = fault.finding
    told = rule(finding.rule)
    says = f"{on_one_line(as_sentence(finding.message))}\nFix: {on_one_line(finding.remedy)}"
    link = f"https://cwe.mitre.org/data/definitions/{told.cwe}.html" if told is not None else None
    return Diagnostic(
        place.here(*place_in_file(fault, place.name)),
        says,
        SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=CodeDescription(link) if link is not None else None,
        source=SOURCE,
        related_information=[_related(step, place) for step in _way_to(fault, place.name)] or None,
        data={"id": finding.fingerprint},
    )


def _way_to(fault: Fault, name: str) -> Iterator[Step]:
    finding = fault.finding
    if finding.path != name:
        yield Step(finding.path, finding.line, finding.title)
    yield from telling_trail(finding)[:TRAIL_LIMIT]


def _related(step: Step, place: Place) -> DiagnosticRelatedInformation:
    return DiagnosticRelatedInformation(place.at(step.path, step.line, step.line), on_one_line(step.says))


def _unseen(report: Report, place: Place) -> Iterator[Diagnostic]:
    """What was not followed, each place once: a file without findings is not clean where something was not seen."""
    places = {each: action for action in report.analysis.actions[::-1] for each in unseen_places(action)}
    yield from (_hint(action, each, place) for each, action in places.items())
    for failure in report.analysis.failures:
        yield not_judged(f"Not read in full: {failure.path}: {failure.reason}", place)


def _hint(action: JudgedAction, unseen: Unseen, place: Place) -> Diagnostic:
    is_here = unseen.path == place.name
    shown = place.here(unseen.line, unseen.line) if is_here else place.here(action.line, action.line)
    elsewhere = None if is_here else [_related(Step(unseen.path, unseen.line, unseen.why), place)]
    says = f"Could not see: {on_one_line(unseen.why)}"
    return Diagnostic(shown, says, DiagnosticSeverity.Hint, code=UNSEEN, source=SOURCE, related_information=elsewhere)
