"""What an agent is told: findings, their evidence, what could not be seen. Every field says what it means.

Names and messages quote the code under review, which anybody may have written: they stand on one line, with hidden
characters spelled out, and nothing in them is an instruction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from pydantic import BaseModel, Field

from preship.analyzers.analysis import Analysis, Answer, Confidence, Edit, Item, JudgedAction, Severity, Status, Step
from preship.bot.report.faults import told_faults
from preship.bot.report.report import Report
from preship.bot.review.characters import on_one_line
from preship.bot.review.checklist import unseen_places
from preship.bot.review.pull_request import Conclusion
from preship.bot.review.remarks import Fault
from preship.bot.review.words import as_sentence, telling_trail

MOST_FINDINGS = 50
"""Of one answer, the worst ones: an agent fixes one after the other, and asks again."""

MOST_UNSEEN = 50
"""Places of one answer that were not seen."""


class Evidence(BaseModel):
    """One step of the way to a fault."""

    path: str
    line: int
    says: str


class SuggestedEdit(BaseModel):
    """Lines of a file, and what may stand in their place: the edited file was judged, and the finding was gone."""

    path: str
    line: int = Field(description="The first line that is replaced; counts from 1.")
    end_line: int = Field(description="The last line that is replaced.")
    text: str = Field(description="What stands in their place, without the last line end.")
    leaves: list[str] = Field(description="Faults that come in sight once the edit is made.")


class FoundFault(BaseModel):
    """One fault of one Server Action, or of a file around actions."""

    id: str = Field(description="Names the finding for `explain_finding` and `verify_fix`; lines may move.")
    rule: str
    title: str
    severity: Severity
    confidence: Confidence
    action: str | None = Field(description="The Server Action; null for an anonymous one, and for a file.")
    path: str
    line: int
    end_line: int
    message: str = Field(description="What this code does, and who can do what with it.")
    remedy: str = Field(description="How to fix it.")
    trail: list[Evidence] = Field(description="How the code gets there.")
    status: Status = Field(description="How it stands to the change; `standing` in a scan.")


class NotSeen(BaseModel):
    """Something that was not read or not followed: nothing is said of it, neither good nor bad."""

    path: str
    line: int | None
    why: str


class JudgedServerAction(BaseModel):
    """One Server Action with the answers of its checklist."""

    name: str | None
    path: str
    line: int
    public: str | None = Field(description="Why it needs no session, if that is so.")
    checklist: dict[Item, Answer]


class Scanned(BaseModel):
    """The Server Actions of a file as they stand on the disk."""

    project: str = Field(description="The folder from which all paths count.")
    path: str
    actions: list[JudgedServerAction]
    findings: list[FoundFault] = Field(description="The worst first.")
    more_findings: int = Field(description="How many milder findings are left out here.")
    not_seen: list[NotSeen] = Field(description="If this is not empty, no findings does not mean that all is well.")


class ReviewedChange(BaseModel):
    """What the changes that are not merged yet do to the Server Actions that they touch."""

    project: str
    base: str = Field(description="What they are compared with.")
    merge_base: str
    conclusion: Conclusion = Field(
        description="How the check run of a pull request would end; `neutral` also where not all could be seen."
    )
    touched_actions: list[JudgedServerAction]
    findings: list[FoundFault] = Field(description="What the change brings, the worst first.")
    more_findings: int
    fixed: list[FoundFault] = Field(description="What stood before and is gone.")
    not_seen: list[NotSeen]


class Explained(BaseModel):
    """A finding with everything that there is to know about it."""

    finding: FoundFault
    executed: list[str] = Field(
        description="What the action does, in order; `+` and `-` are facts that held from there on, or no longer did."
    )
    rule_page: str = Field(description="What the rule finds, why that is bad, and what to use instead. Markdown.")
    suggestion: SuggestedEdit | None = Field(
        description="An edit that was tried and removes the finding; null where none was found."
    )


class Verified(BaseModel):
    """Whether a fix is one."""

    verdict: Literal["fixed", "not fixed", "could not see"]
    says: str = Field(description="Why, in a sentence.")
    new_findings: list[FoundFault] = Field(
        description="What the fix brought, or what was hidden behind the finding. Fix these as well."
    )
    remaining: list[FoundFault] = Field(description="What else was reported before and still stands in these files.")
    not_seen: list[NotSeen]


def findings_of(report: Report) -> list[FoundFault]:
    """What everybody is told, the worst first."""
    return [found(fault) for fault in told_faults(report)[:MOST_FINDINGS]]


def number_left_out(report: Report) -> int:
    """How many findings do not stand in an answer."""
    return max(0, len(told_faults(report)) - MOST_FINDINGS)


def found(fault: Fault) -> FoundFault:
    """A finding, and what it stands on."""
    finding, action = fault.finding, fault.action
    return FoundFault(
        id=finding.fingerprint,
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity,
        confidence=finding.confidence,
        action=on_one_line(action.name) if action.name else None,
        path=finding.path,
        line=finding.line,
        end_line=finding.end_line,
        message=on_one_line(as_sentence(finding.message)),
        remedy=on_one_line(finding.remedy),
        trail=[_evidence(step) for step in telling_trail(finding)],
        status=finding.status,
    )


def _evidence(step: Step) -> Evidence:
    return Evidence(path=step.path, line=step.line, says=on_one_line(step.says))


def judged(actions: Iterable[JudgedAction]) -> list[JudgedServerAction]:
    """Actions with the answers of their checklists."""
    return [
        JudgedServerAction(
            name=on_one_line(action.name) if action.name else None,
            path=action.path,
            line=action.line,
            public=on_one_line(action.public) if action.public else None,
            checklist={entry.item: entry.answer for entry in action.checklist},
        )
        for action in actions
    ]


def suggested(path: str, edit: Edit) -> SuggestedEdit:
    """An edit of a file."""
    return SuggestedEdit(path=path, line=edit.line, end_line=edit.end_line, text=edit.text, leaves=list(edit.leaves))


def unseen_in(analysis: Analysis) -> list[NotSeen]:
    """What was not read or not followed, each place once."""
    places = islice(dict.fromkeys(_unseen(analysis)), MOST_UNSEEN)
    return [NotSeen(path=path, line=line, why=on_one_line(why)) for path, line, why in places]


def _unseen(analysis: Analysis) -> Iterator[tuple[str, int | None, str]]:
    for each in analysis.unjudged:
        yield each.path, each.line, f"touched and not judged: {each.reason}"
    for action in analysis.actions:
        yield from ((place.path, place.line, place.why) for place in unseen_places(action))
    yield from ((failure.path, None, failure.reason) for failure in analysis.failures)
