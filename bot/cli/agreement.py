"""What a command does only after somebody agreed: the edits of `--fix`, and what `probe` sends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from preship.bot.options import Complaint

if TYPE_CHECKING:
    from preship.bot.report.report import Report


def require_an_answer(fix: bool, yes: bool) -> None:
    """Whether somebody is there who agrees to edits, or has agreed. Raises `Complaint`."""
    if fix and not yes and not sys.stdin.isatty():
        raise Complaint("`--fix` asks before each edit, and nobody can answer here: `--yes` makes them all")


def fixed(top: Path, report: Report, again: Callable[[], Report], *, says_yes: bool, is_quiet: bool) -> Report:
    """The report of the files once they are edited; what was edited is said."""
    from preship.bot.fixes import all_fixed, in_words

    edited = all_fixed(top, report, (lambda question: True) if says_yes else agrees, again)
    if not is_quiet:
        print("\n".join(in_words(edited)), file=sys.stderr)
    return edited.report


def agrees(question: str) -> bool:
    """Whether somebody says yes to a question on stderr."""
    return typer.confirm(question, err=True)
