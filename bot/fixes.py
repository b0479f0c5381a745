"""The edits of a review, made in the work tree: each was tried before and seen to remove its finding."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from tempfile import NamedTemporaryFile

from preship.analyzers.analysis import Edit
from preship.bot.git.process import Repository
from preship.bot.report.faults import told_faults
from preship.bot.report.report import Report
from preship.bot.review.characters import spelled
from preship.bot.review.remarks import Fault

MOST_ROUNDS = 10
"""How often what is edited is reviewed again: what hid behind a finding may have an edit too."""


def all_fixed(place: Path, report: Report, agrees: Callable[[str], bool], review: Callable[[], Report]) -> Report:
    """Make the edits of a report to which `agrees` says yes, and those of each review after them; gives the last one.

    Nobody is asked twice about one finding.
    """
    declined: set[str] = set()
    for _ in range(MOST_ROUNDS):
        if not _fixed(place, report, agrees, declined):
            break
        report = review()
    return report


def _fixed(place: Path, report: Report, agrees: Callable[[str], bool], declined: set[str]) -> int:
    """How many edits were made; those that are declined are noted.

    Edits of one file that meet are made in a later round: the second was not tried on top of the first.
    """
    top = Repository.at(place if place.is_dir() else place.parent).work_tree
    if top is None:
        return 0
    made = 0
    for path, faults in _by_file(report).items():
        asked = [fault for fault in _apart(faults) if fault.finding.fingerprint not in declined]
        wanted = [fault for fault in asked if agrees(_question(top / path, fault))]
        declined |= {fault.finding.fingerprint for fault in asked if fault not in wanted}
        if wanted:
            _rewrite(top / path, [_edit_of(fault) for fault in wanted])
        made += len(wanted)
    return made


def _by_file(report: Report) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = defaultdict(list)
    for fault in told_faults(report):
        if fault.finding.suggestion is not None:
            found[fault.finding.path].append(fault)
    return found


def _apart(faults: list[Fault]) -> Iterator[Fault]:
    """The faults of a file whose edits do not meet, from the top of the file."""
    last = 0
    for fault in sorted(faults, key=lambda fault: _edit_of(fault).line):
        edit = _edit_of(fault)
        if edit.line > last:
            yield fault
            last = edit.end_line


def _edit_of(fault: Fault) -> Edit:
    edit = fault.finding.suggestion
    if edit is None:
        raise ValueError("a fault without an edit")
    return edit


def _question(file: Path, fault: Fault) -> str:
    """What is asked: the finding, and the edit as a diff."""
    finding, edit = fault.finding, _edit_of(fault)
    before = file.read_bytes().decode().split("\n")
    after = [*before[: edit.line - 1], *edit.text.split("\n"), *before[edit.end_line :]]
    lines = list(unified_diff(before, after, lineterm="", n=1))[2:]
    said = [f"{finding.path}:{finding.line}  {finding.severity}  {finding.rule}", *lines, "Make this edit?"]
    return "\n".join(spelled(line) for line in said)


def _rewrite(file: Path, edits: list[Edit]) -> None:
    """Put the texts of edits into a file, the last first, so that no line moves before its turn."""
    lines = file.read_bytes().decode().split("\n")
    for edit in sorted(edits, key=lambda each: -each.line):
        lines[edit.line - 1 : edit.end_line] = edit.text.split("\n")
    # In place of the old file at once: nobody is left with half of one.
    with NamedTemporaryFile(dir=file.parent, delete=False) as written:
        written.write("\n".join(lines).encode())
    os.chmod(written.name, file.stat().st_mode)
    os.replace(written.name, file)
