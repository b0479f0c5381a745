"""`preship blame`: since when the faults of a file stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from preship.bot.cli.complaints import plainly
from preship.bot.options import GitDirOption


def blame(
    action: Annotated[
        str,
        typer.Argument(metavar="FILE[:ACTION]", help="The file whose faults are looked at, from the project's top."),
    ],
    path: Annotated[Path, typer.Argument(help="The repository, or a folder of it.")] = Path("."),
    git_dir: GitDirOption = None,
    commit: Annotated[str, typer.Option("--commit", help="The commit whose faults are looked at.")] = "HEAD",
) -> None:
    """Say since when the faults of a file's actions stand: the commit and the pull request that opened each.

    The older commits of the main line are judged again, those alone that change a file which the action executes. A
    fault that was fixed in between and came back may be put down to the wrong one of its openings.
    """
    from preship.bot.blame import blame as blamed
    from preship.bot.blame import lines_of
    from preship.bot.review.characters import spelled

    file, _, name = action.rpartition(":") if ":" in action else (action, "", "")
    with plainly():
        found = blamed(path, git_dir, commit, file, name or None)
    print("\n".join(spelled(line, "") for each in found for line in lines_of(each)) or "no faults")
