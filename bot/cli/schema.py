"""`preship schema`: whose the rows of each table are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from preship.bot.cli.complaints import plainly
from preship.bot.options import ApplicationArgument, CommitOption, GitDirOption, SchemaFormat


def schema(
    path: ApplicationArgument = Path("."),
    git_dir: GitDirOption = None,
    commit: CommitOption = None,
    format_: Annotated[
        SchemaFormat, typer.Option("--format", help="How it is written: for people, or as data.")
    ] = SchemaFormat.TEXT,
) -> None:
    """Show whose the rows of each table are, and why; `owners` in `.github/preship.yml` corrects it."""
    from preship.bot.local import schema_of
    from preship.bot.report.schema_format import as_json, as_text
    from preship.bot.review.characters import spelled

    with plainly():
        tables = schema_of(path, git_dir, commit)
    text = as_json(tables) if format_ is SchemaFormat.JSON else as_text(tables)
    print("\n".join(spelled(line, "") for line in text.splitlines()))
