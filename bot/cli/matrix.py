"""`preship matrix`: who may read and change what."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from preship.bot.cli.complaints import plainly
from preship.bot.options import (
    ApplicationArgument,
    CommitOption,
    Exit,
    GitDirOption,
    MatrixFormat,
    OnlyOption,
    OutputOption,
    QuietOption,
)
from preship.bot.output import progress, write


def matrix(
    path: ApplicationArgument = Path("."),
    git_dir: GitDirOption = None,
    commit: CommitOption = None,
    only: OnlyOption = None,
    format_: Annotated[MatrixFormat, typer.Option("--format", help="How it is written.")] = MatrixFormat.MARKDOWN,
    output_file: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show who may read and change what by each action, page and route handler, and which check decides that.

    A member is whoever has a session; an other member has one and sends the ids of somebody else's records. What each
    role may do is asked for as the code calls it. Three answers: yes, no, could not see. What keeps visitors from a
    page says nothing of the actions that it uses.
    """
    from preship.bot.local import matrix_of
    from preship.bot.report.matrix_format import as_text

    with plainly(), progress(quiet) as watch:
        found = matrix_of(path, git_dir, commit, only or (), watch)
    text = as_text(found, format_)
    if output_file is None:
        sys.stdout.write(text)
    else:
        write(output_file, text)
    raise typer.Exit(Exit.INCOMPLETE if found.failures else Exit.CLEAN)
