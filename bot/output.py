"""Where a report goes: a terminal, a file, a workflow's page; and what a person sees while they wait."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from preship.bot.options import Complaint, Exit, Format

if TYPE_CHECKING:
    from preship.analyzers.analysis import Watch
    from preship.bot.report.report import Report

SUMMARY_LIMIT_BYTES = 1_000_000
"""GitHub drops a job's summary above 1 MiB.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a report is to be handed over."""

    format: Format | None = None
    """None: text, or what GitHub's workflows understand inside of one."""

    file: Path | None = None
    is_quiet: bool = False
    allows_unseen: bool = False

    @property
    def as_format(self) -> Format:
        """The format that counts."""
        if self.format is not None:
            return self.format
        return Format.GITHUB if is_workflow() and self.file is None else Format.TEXT


class Stopped(Exception):
    """Somebody pressed Ctrl-C; the text says how far it came."""


def is_workflow() -> bool:
    """Whether this is a step of a workflow of GitHub's."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


@contextmanager
def progress(is_quiet: bool) -> Iterator[Watch]:
    """Show on a terminal's stderr how many files with actions are judged, of how many. Raises `Stopped`."""
    reached: list[tuple[int, int]] = []
    try:
        with _display(is_quiet) as show:

            def watch(done: int, total: int) -> None:
                reached[:] = [(done, total)]
                show(done, total)

            yield watch
    except KeyboardInterrupt:
        raise Stopped(_how_far(*reached[-1]) if reached else "stopped before anything was judged") from None


def _how_far(done: int, total: int) -> str:
    files = "file" if total == 1 else "files"
    return f"stopped: {done} of {total} {files} with Server Actions were judged, and nothing is said of the rest"


@contextmanager
def _display(is_quiet: bool) -> Iterator[Watch]:
    if is_quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("reading", total=None)

        def show(done: int, total: int) -> None:
            said = f"judged {done} of {total} files with Server Actions"
            display.update(task, description=said, completed=done, total=total)

        yield show


def hand_over(report: Report, wanted: Wanted) -> None:
    """Put a report where it is wanted, and on the page of a workflow's job."""
    if wanted.file is not None:
        write(wanted.file, _text(report, wanted))
    elif wanted.as_format is Format.TEXT:
        _print(report, wanted)
    else:
        sys.stdout.write(_text(report, wanted))
    sys.stdout.flush()
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if is_workflow() and summary:
        _append_summary(report, Path(summary))


def in_width(line: str, indent: int = 8) -> str:
    """A line in as many as a person's terminal needs; elsewhere it is one."""
    if not sys.stdout.isatty():
        return line
    from shutil import get_terminal_size
    from textwrap import fill

    width = get_terminal_size().columns
    return fill(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _text(report: Report, wanted: Wanted) -> str:
    """A report in any format, as a file holds it."""
    if wanted.as_format is Format.JSON:
        from preship.bot.report.json_format import as_json

        return as_json(report)
    if wanted.as_format is Format.MARKDOWN:
        from preship.bot.report.markdown_format import as_markdown

        return as_markdown(report)
    if wanted.as_format is Format.SARIF:
        from preship.bot.report.sarif_format import as_sarif

        return as_sarif(report)
    if wanted.as_format is Format.GITHUB:
        from preship.bot.report.github_format import as_commands

        return as_commands(report)
    from rich.console import Console

    from preship.bot.report.text_format import print_report

    page = StringIO()
    print_report(report, Console(file=page, highlight=False, force_terminal=False), only_findings=wanted.is_quiet)
    return page.getvalue()


def _print(report: Report, wanted: Wanted) -> None:
    from rich.console import Console

    from preship.bot.report.text_format import print_report

    print_report(report, Console(highlight=False), only_findings=wanted.is_quiet)


def write(file: Path, text: str) -> None:
    """Write a file that somebody asked for. Raises `Complaint`."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Complaint(f"{file} cannot be written: {error.strerror}") from error


def _append_summary(report: Report, file: Path) -> None:
    from preship.bot.report.markdown_format import as_markdown

    page = as_markdown(report).encode()
    if len(page) > SUMMARY_LIMIT_BYTES:
        whole_lines = page[:SUMMARY_LIMIT_BYTES].rpartition(b"\n")[0]
        page = whole_lines + b"\n\nThe rest does not fit here: `--output-file` has it all.\n"
    with file.open("ab") as open_file:
        open_file.write(page)


def verdict(report: Report, wanted: Wanted) -> Exit:
    """The exit code that a report comes to."""
    from preship.bot.report.threshold import blamed, fails_unseen, is_read_in_full

    if blamed(report) or fails_unseen(report):
        return Exit.FINDINGS
    return Exit.CLEAN if wanted.allows_unseen or is_read_in_full(report) else Exit.INCOMPLETE
