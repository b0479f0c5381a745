"""The report as SARIF 2.1.0, of which GitHub's code scanning and editors read the parts that are written here.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote

from preship.analyzers.analysis import Finding, Severity, Step
from preship.analyzers.rulebook import RULES, Rule
from preship.bot.report.faults import cause_of, place_shown, told_faults
from preship.bot.report.report import Report
from preship.bot.report.version import tool_version
from preship.bot.review.characters import spelled
from preship.bot.review.facts import other_failures
from preship.bot.review.remarks import Fault
from preship.bot.review.words import as_sentence, called

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

SIZES = (5_000, 2_500, 1_000, 500, 100)
"""How many findings are written, the most that fit. GitHub shows 5,000 of a run, the worst ones."""

UPLOAD_LIMIT_BYTES = 10_000_000
"""GitHub refuses larger uploads, which are compressed with gzip: it says 10 MB."""

TRAIL_LIMIT = 100
"""Steps of evidence: GitHub shows 1,000 over all, and nobody follows a hundred."""

LEVELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

SECURITY_SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
}
"""The middle of what GitHub calls by the same word: above 9.0, 7.0 to 8.9, 4.0 to 6.9, and below."""


def as_sarif(report: Report) -> str:
    """The whole report, on one indented page that ends with a newline."""
    faults = told_faults(report)
    text = ""
    for size in SIZES:
        text = json.dumps(_log(report, faults, size), indent=2) + "\n"
        if len(gzip.compress(text.encode(), compresslevel=6)) <= UPLOAD_LIMIT_BYTES:
            break
    return text


def _log(report: Report, faults: Sequence[Fault], size: int) -> Json:
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Preship",
                        "semanticVersion": tool_version(),
                        "rules": [_rule(rule) for rule in RULES],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": list(_notifications(report, len(faults) - size)),
                    }
                ],
                "results": list(_results(faults[:size])),
            }
        ],
    }


def _rule(rule: Rule) -> Json:
    lead = " ".join(rule.page.partition("\n\n")[0].split())
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": as_sentence(rule.title)},
        "fullDescription": {"text": lead},
        "helpUri": f"https://cwe.mitre.org/data/definitions/{rule.cwe}.html",
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "security-severity": SECURITY_SEVERITIES[rule.severity],
            "tags": ["security", f"external/cwe/cwe-{rule.cwe:03}"],
        },
    }


def _notifications(report: Report, left_out: int) -> Iterator[Json]:
    """What a reader must know besides the findings: what was not read, and what is not written here."""
    for each in report.analysis.unjudged:
        yield {
            "level": "error",
            "message": {"text": f"Touched and not judged: {_plain(each.reason)}"},
            "locations": [_location(each.path, each.line, each.line) if each.line else _file(each.path)],
        }
    for failure in other_failures(report.analysis):
        yield {
            "level": "warning",
            "message": {"text": f"Not read in full: {_plain(failure.reason)}"},
            "locations": [_file(failure.path)],
        }
    if left_out > 0:
        words = f"{left_out} more findings are not written here: GitHub shows no more. `--format json` has them all."
        yield {"level": "warning", "message": {"text": words}}


def _results(faults: Iterable[Fault]) -> Iterator[Json]:
    numbers = {rule.id: number for number, rule in enumerate(RULES)}
    seen: Counter[str] = Counter()
    for fault in faults:
        finding = fault.finding
        seen[finding.fingerprint] += 1
        result: dict[str, Json] = {
            "ruleId": finding.rule,
            "ruleIndex": numbers[finding.rule],
            "level": LEVELS[finding.severity],
            "message": {"text": _message(fault)},
            "locations": [_location(*place_shown(fault))],
            "partialFingerprints": _fingerprints(finding, seen[finding.fingerprint]),
            "properties": {"severity": str(finding.severity), "confidence": str(finding.confidence)},
        }
        if related := list(_related(fault)):
            result["relatedLocations"] = related
        if finding.trail:
            result["codeFlows"] = [_code_flow(finding.trail)]
        yield result


def _related(fault: Fault) -> Iterator[Json]:
    """Where else a reader wants to look: at an action that the change exposes, and at shared code that is at fault."""
    finding = fault.finding
    if cause_of(fault) is not None:
        says = f"{called(fault.action)}, which this change exposes"
        yield _told_location(1, finding.path, finding.line, finding.end_line, says)
    elif finding.shared is not None and (finding.shared.path, finding.shared.line) != (finding.path, finding.line):
        yield _told_location(1, finding.shared.path, finding.shared.line, finding.shared.line, finding.shared.says)


def _told_location(number: int, path: str, line: int, end_line: int, says: str) -> Json:
    return {"id": number, **_location(path, line, end_line), "message": {"text": _plain(says)}}


def _message(fault: Fault) -> str:
    """GitHub shows the first sentence where there is room for one only."""
    finding = fault.finding
    said = f"{as_sentence(finding.message)} Fix: {finding.remedy}"
    return _plain(said if fault.action.name else f"{as_sentence(called(fault.action))}: {said}")


def _fingerprints(finding: Finding, occurrence: int) -> Json:
    """GitHub reads the first alone, and takes it for the hash of a line and its number among equal ones."""
    return {
        "primaryLocationLineHash": f"{finding.fingerprint}:{occurrence}",
        "preshipFingerprint/v1": finding.fingerprint,
    }


def _code_flow(trail: Sequence[Step]) -> Json:
    steps: list[Json] = [
        {"location": {**_location(step.path, step.line, step.line), "message": {"text": _plain(step.says)}}}
        for step in trail[:TRAIL_LIMIT]
    ]
    return {"threadFlows": [{"locations": steps}]}


def _location(path: str, line: int, end_line: int) -> dict[str, Json]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(path),
            "region": {"startLine": line, "endLine": end_line},
        }
    }


def _file(path: str) -> dict[str, Json]:
    return {"physicalLocation": {"artifactLocation": _artifact(path)}}


def _artifact(path: str) -> Json:
    """A file, from the root of the repository, as an address: `app/%5Bid%5D/actions.ts`."""
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _plain(text: str) -> str:
    """A text in which nothing is a link: `[words](1)` is one for a reader of SARIF."""
    return spelled(text).replace("](", "]\u200b(")
