"""Findings that a team has accepted for now, in a file: only what is more than these counts.

A finding is known again by its rule, its action and what the action does, as decisions of people are: lines may move
and names of variables change. Where the action does more by now, the finding counts again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from preship.analyzers.analysis import Analysis, Finding, JudgedAction, JudgedFile, Operation
from preship.bot.review.dismissal import without_dismissed
from preship.bot.review.history import Dismissal

IN_BASELINE = "stands in the baseline"


class BadBaseline(Exception):
    """A file is no baseline; the text is one sentence."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    path: str
    action: str | None
    fingerprint: str
    does: tuple[tuple[str, ...], ...]
    """What the action did: the name of each operation, and what was known of the caller."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    findings: tuple[_Entry, ...]


def baseline_of(analysis: Analysis) -> tuple[str, int]:
    """The text of a file that accepts all that an analysis found, and how many findings that are."""
    entries = sorted(_entries(analysis), key=lambda entry: (entry.path, entry.action or "", entry.rule))
    unique = dict.fromkeys(entries)
    lines = ",\n".join(f"    {json.dumps(entry.model_dump())}" for entry in unique)
    return f'{{\n  "version": 1,\n  "findings": [\n{lines}\n  ]\n}}\n', len(unique)


def read_baseline(path: Path) -> tuple[Dismissal, ...]:
    """What a file accepts. Raises `BadBaseline`."""
    try:
        found = _File.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadBaseline(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise BadBaseline(f"{path} is no baseline; `preship scan --write-baseline {path}` writes one") from error
    return tuple(
        Dismissal(entry.fingerprint, entry.rule, None, IN_BASELINE, _operations(entry), entry.path, entry.action)
        for entry in found.findings
    )


def without_accepted(analysis: Analysis, accepted: Sequence[Dismissal]) -> Analysis:
    """The analysis without what a baseline accepts."""
    if not accepted:
        return analysis
    decided = without_dismissed(analysis, accepted)
    return replace(
        decided,
        actions=tuple(replace(action, findings=_others(action)) for action in decided.actions),
        files=tuple(replace(file, findings=_others(file)) for file in decided.files),
    )


def _others(subject: JudgedAction | JudgedFile) -> tuple[Finding, ...]:
    return tuple(finding for finding in subject.findings if finding.ignored != IN_BASELINE)


def _entries(analysis: Analysis) -> Iterator[_Entry]:
    for subject in analysis.subjects:
        does = tuple(sorted((each.print, *each.behind) for each in subject.operations))
        for finding in subject.findings:
            if finding.ignored is None:
                yield _Entry(
                    rule=finding.rule,
                    path=subject.path,
                    action=subject.name,
                    fingerprint=finding.fingerprint,
                    does=does,
                )


def _operations(entry: _Entry) -> tuple[Operation, ...]:
    return tuple(Operation(each[0], "", each[1:]) for each in entry.does if each)
