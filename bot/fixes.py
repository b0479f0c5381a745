"""The edits of a report, made in the files on disk: each was tried before and seen to remove its finding."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from tempfile import NamedTemporaryFile

from preship.analyzers.analysis import Edit
from preship.bot.git.process import Repository
from preship.bot.local import CannotRead
from preship.bot.report.faults import told_faults
from preship.bot.report.report import Report
from preship.bot.review.characters import on_one_line, spelled
from preship.bot.review.remarks import Fault
from preship.bot.review.words import counted

MARK = "// Calls Server Actions as those who must be refused"
"""Stands in each test that we have written."""

MOST_ROUNDS = 10
"""How often what is edited is reviewed again: what hid behind a finding may have an edit too."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of the files."""

    report: Report
    """Of the files as they are now."""

    made: tuple[Fault, ...]
    """What was edited away, in order."""

    declined: frozenset[str]
    """The fingerprints of those whose edit nobody wanted."""


def all_fixed(top: Path, report: Report, agrees: Callable[[str], bool], again: Callable[[], Report]) -> Fixed:
    """Make the edits of a report to which `agrees` says yes, and those of each report after them.

    Paths count from `top`. Nobody is asked twice about one finding.
    """
    made: list[Fault] = []
    declined: set[str] = set()
    for _ in range(MOST_ROUNDS):
        fixed = tuple(_fixed(top, report, agrees, declined))
        if not fixed:
            break
        made += fixed
        report = again()
    return Fixed(report, tuple(made), frozenset(declined))


def in_words(fixed: Fixed) -> Iterator[str]:
    """What was edited, a line each, and what is left without an edit."""
    for fault in fixed.made:
        finding = fault.finding
        name = on_one_line(fault.action.name or "")
        yield f"edited  {on_one_line(finding.path)}:{finding.line}  {finding.rule}  {name}".rstrip()
    files = len({fault.finding.path for fault in fixed.made})
    made = f"{counted(len(fixed.made), 'edit')} made in {counted(files, 'file')}" if fixed.made else "no edit made"
    rest = [fault for fault in told_faults(fixed.report) if fault.finding.fingerprint not in fixed.declined]
    left = f"; for {counted(len(rest), 'finding')} no edit is known that removes it" if rest else ""
    yield made + left


def written_tests(place: Path, report: Report) -> Iterator[str]:
    """Write the tests of a report beside the code that they are for; gives the paths. Raises `CannotRead`.

    What stands there already stays, unless it is such a test.
    """
    top = Repository.at(place if place.is_dir() else place.parent).work_tree
    if top is None:
        return
    for test in report.analysis.tests:
        file = top / test.path
        if file.is_symlink() or (file.exists() and MARK not in file.read_text(encoding="utf-8", errors="replace")):
            raise CannotRead(f"{test.path} is there already, and is no test of ours")
        try:
            file.write_text(test.text, encoding="utf-8")
        except OSError as error:
            raise CannotRead(f"{test.path} cannot be written: {error.strerror}") from error
        yield test.path


def _fixed(top: Path, report: Report, agrees: Callable[[str], bool], declined: set[str]) -> Iterator[Fault]:
    """The faults that are edited away; those that are declined are noted.

    Edits of one file that meet are made in a later round: the second was not tried on top of the first.
    """
    for path, faults in _by_file(report).items():
        asked = [fault for fault in _apart(faults) if fault.finding.fingerprint not in declined]
        wanted = [fault for fault in asked if agrees(_question(top / path, fault))]
        declined |= {fault.finding.fingerprint for fault in asked if fault not in wanted}
        if wanted:
            _rewrite(top / path, [_edit_of(fault) for fault in wanted])
        yield from wanted


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
