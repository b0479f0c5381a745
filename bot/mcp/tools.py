"""The four questions that an agent may ask about a project. Nothing is written, and nothing but the project is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, Field

from preship.analyzers.analysis import Analysis, JudgedAction, Wants, is_source, nothing
from preship.bot.local import CannotRead
from preship.bot.mcp.answers import (
    Explained,
    ReviewedChange,
    Scanned,
    Verified,
    findings_of,
    found,
    judged,
    number_left_out,
    suggested,
    unseen_in,
)
from preship.bot.mcp.fixes import judged_fix
from preship.bot.report.faults import told_faults
from preship.bot.report.report import Compared, Report
from preship.bot.report.rule_page import rule_page
from preship.bot.review.characters import spelled
from preship.bot.review.facts import touched_actions
from preship.bot.review.policy import CONFIGURATION, is_told
from preship.bot.review.remarks import Fault
from preship.bot.workspace import Workspace


class ProposedFile(BaseModel):
    """A file as it would stand once a fix is made."""

    path: str = Field(description="From the top of the project.")
    text: str = Field(description="The whole text.")


class Tools:
    """The questions about one project, and what was reported of it so far."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._reported: dict[str, Fault] = {}
        """By id, as last seen: whether it is gone can be asked after the file is edited."""

    def scan_file(self, path: str) -> Scanned:
        """Judge the Server Actions of a file as it is saved, with all that they import."""
        name = self._workspace.name_of(path)
        report = self._scanned([name])
        return Scanned(
            project=str(self._workspace.top),
            path=name,
            actions=judged(report.analysis.actions),
            findings=findings_of(report),
            more_findings=number_left_out(report),
            not_seen=unseen_in(report.analysis),
        )

    def review_changes(self, base: str | None, *, is_staged: bool) -> ReviewedChange:
        """Judge what is not merged yet."""
        what = Compared.STAGED if is_staged else Compared.UNCOMMITTED
        report = self._workspace.review(base, what)
        self._note(report)
        plan, reviewed, analysis = report.plan, report.reviewed, report.analysis
        if plan is None or reviewed is None:
            raise CannotRead("there is no change to review")
        gone = (Fault(subject, finding) for subject in analysis.subjects for finding in subject.fixed)
        return ReviewedChange(
            project=str(self._workspace.top),
            base=reviewed.base,
            merge_base=reviewed.merge_base,
            conclusion=plan.conclusion,
            touched_actions=judged(touched_actions(analysis)),
            findings=findings_of(report),
            more_findings=number_left_out(report),
            fixed=[found(fault) for fault in gone if is_told(fault.finding)],
            not_seen=unseen_in(analysis),
        )

    def explain_finding(self, path: str, finding: str) -> Explained:
        """Everything about a finding of a file as it is saved."""
        name = self._workspace.name_of(path)
        report = self._scanned([name], wants=lambda _, each: each.fingerprint == finding)
        fault = next((each for each in _every_fault(report.analysis) if each.finding.fingerprint == finding), None)
        if fault is None:
            raise CannotRead(f"{name} has no finding {finding!r} as it is saved: `scan_file` lists what it has")
        edit = fault.finding.suggestion
        lines = self._workspace.explain(name, fault.action.name) if isinstance(fault.action, JudgedAction) else ()
        return Explained(
            finding=found(fault),
            executed=[spelled(line, "") for line in lines],
            rule_page=rule_page(fault.finding.rule) or "",
            suggestion=suggested(name, edit) if edit is not None else None,
        )

    def verify_fix(self, finding: str, files: Sequence[ProposedFile]) -> Verified:
        """Whether a finding is gone from the files as they are saved, or with these texts in place of some of them."""
        texts = {self._workspace.name_of(each.path): each.text.encode() for each in files}
        fault = self._reported.get(finding)
        if fault is None:
            raise CannotRead(f"no finding {finding!r} was reported here: ask `scan_file` or `review_changes` first")
        if CONFIGURATION in texts:
            raise CannotRead(f"{CONFIGURATION} is no part of a fix: what may stay as it is, people decide")
        names = list(dict.fromkeys([fault.action.path, *filter(is_source, texts)]))
        self._workspace.look()
        if texts:
            # What stands in the other files already is not what the fix brings.
            self._scanned([name for name in names if self._workspace.has(name)])
        known = frozenset(self._reported)
        report = self._workspace.scan(names, texts)
        verdict, says = judged_fix(fault, report.analysis, known)
        others = [each for each in told_faults(report) if each.finding.fingerprint != finding]
        return Verified(
            verdict=verdict,
            says=says,
            new_findings=[found(each) for each in others if each.finding.fingerprint not in known],
            remaining=[found(each) for each in others if each.finding.fingerprint in known],
            not_seen=unseen_in(report.analysis),
        )

    def _scanned(self, names: Sequence[str], wants: Wants = nothing) -> Report:
        """The files as they are saved now; what is found in them is known from now on."""
        self._workspace.look()
        report = self._workspace.scan(names, wants=wants)
        self._note(report)
        return report

    def _note(self, report: Report) -> None:
        self._reported |= {fault.finding.fingerprint: fault for fault in _every_fault(report.analysis)}


def _every_fault(analysis: Analysis) -> Iterator[Fault]:
    return (Fault(subject, finding) for subject in analysis.subjects for finding in subject.findings)
