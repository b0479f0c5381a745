"""The report for other tools: JSON, as `schema.json` beside this file describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TypeAlias

from preship.analyzers.analysis import (
    Analysis,
    Challenge,
    ChecklistEntry,
    Edit,
    Finding,
    JudgedAction,
    JudgedFile,
    Outdated,
    Unjudged,
)
from preship.bot.report.report import Report
from preship.bot.report.version import tool_version
from preship.bot.review.notes import ConfigurationNotes
from preship.bot.review.pull_request import ReviewPlan

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"

PHASES = ("parse", "resolve", "execute", "judge")
"""Phases that are always told, so that a reader need not ask whether they are there."""


def as_json(report: Report) -> str:
    """The whole report, on one indented page that ends with a newline."""
    analysis = report.whole or report.analysis
    page: dict[str, Json] = {
        "tool": {"name": "preship", "version": tool_version()},
        "commit": report.commit,
        "actions": [_action(each) for each in analysis.actions if not each.address],
        "routes": [_action(each) for each in analysis.actions if each.address],
        "files": [_file(file) for file in analysis.files],
        "failures": [{"path": failure.path, "reason": failure.reason} for failure in analysis.failures],
        "unjudged": [_unjudged(each) for each in analysis.unjudged],
        "left_out": list(analysis.left_out),
        "unbuilt": list(analysis.unbuilt),
        "outdated": [_outdated(each) for each in analysis.outdated],
        "challenge": _challenge(analysis.challenge) if analysis.challenge is not None else None,
        "configuration": _configuration(report.notes),
        "stats": _stats(analysis),
    }
    if report.plan is not None:
        page["review"] = _review(report.plan)
    if report.reviewed is not None:
        page["compared"] = {
            "what": str(report.reviewed.what),
            "base": report.reviewed.base,
            "merge_base": report.reviewed.merge_base,
        }
    return json.dumps(page, indent=2) + "\n"


def schema() -> str:
    """The JSON Schema of the report."""
    return files("preship.bot.report").joinpath("schema.json").read_text(encoding="utf-8")


def _action(action: JudgedAction) -> Json:
    return {
        "path": action.path,
        "name": action.name,
        "line": action.line,
        "end_line": action.end_line,
        "form": action.form,
        "address": action.address or None,
        "public": action.public,
        "role": action.role,
        "checklist": {str(entry.item): str(entry.answer) for entry in action.checklist},
        "evidence": {str(entry.item): _evidence(entry) for entry in action.checklist},
        "unseen": [{"why": unseen.why, "path": unseen.path, "line": unseen.line} for unseen in action.unseen],
        "pending": [
            {"declares": each.declares, "reason": each.reason, "path": each.path, "line": each.line}
            for each in action.pending
        ],
        "beyond_declared": list(dict.fromkeys(each.says for each in action.beyond_declared)),
        "findings": [_finding(finding) for finding in (*action.findings, *action.fixed)],
    }


def _file(file: JudgedFile) -> Json:
    return {"path": file.path, "findings": [_finding(finding) for finding in (*file.findings, *file.fixed)]}


def _unjudged(each: Unjudged) -> Json:
    return {"path": each.path, "name": each.name, "line": each.line, "reason": each.reason}


def _evidence(entry: ChecklistEntry) -> Json:
    return {"says": entry.evidence, "path": entry.path, "line": entry.line}


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "persona": str(finding.persona),
        "path": finding.path,
        "line": finding.line,
        "end_line": finding.end_line,
        "message": finding.message,
        "trail": [{"path": step.path, "line": step.line, "says": step.says} for step in finding.trail],
        "fingerprint": finding.fingerprint,
        "status": str(finding.status),
        "ignored": finding.ignored,
        "lapsed": finding.lapsed.reason if finding.lapsed else None,
        "suggestion": _edit(finding.suggestion) if finding.suggestion else None,
    }


def _edit(edit: Edit) -> Json:
    return {"line": edit.line, "end_line": edit.end_line, "text": edit.text, "leaves": list(edit.leaves)}


def _configuration(notes: ConfigurationNotes) -> Json:
    return {
        "is_changed": notes.is_changed,
        "believed": list(notes.believed),
        "mistakes": [{"line": each.line, "column": each.column, "says": each.says} for each in notes.mistakes],
    }


def _stats(analysis: Analysis) -> Json:
    spent: Mapping[str, int] = dict.fromkeys(PHASES, 0) | dict(analysis.stats.milliseconds)
    return {
        "files_read": analysis.stats.files_read,
        "bytes_read": analysis.stats.bytes_read,
        "milliseconds": dict(spent),
    }


def _review(plan: ReviewPlan) -> Json:
    return {
        "body": plan.body,
        "comments": [
            {
                "path": comment.path,
                "line": comment.line,
                "side": str(comment.side),
                "start_line": comment.start_line,
                "body": comment.body,
                "fingerprint": comment.fingerprint,
            }
            for comment in plan.comments
        ],
        "conclusion": str(plan.conclusion),
    }


def _outdated(each: Outdated) -> Json:
    return {
        "package": each.package,
        "wanted": each.wanted,
        "version": each.version,
        "path": each.path,
        "advisories": list(each.advisories),
        "holes": list(each.holes),
        "fixed_in": each.fixed_in,
        "as_of": each.as_of,
    }


def _challenge(found: Challenge) -> Json:
    return {
        "flipped": found.flipped,
        "unflipped": [
            {"path": each.path, "name": each.name, "line": each.line, "item": each.entry.item}
            for each in found.unflipped
        ],
        "left": found.left,
    }
