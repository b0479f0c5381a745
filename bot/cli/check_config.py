"""`preship check-config`: whether a configuration is right, and what it comes to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from preship.bot.cli.complaints import plainly
from preship.bot.options import Exit


def check_config(
    path: Annotated[Path, typer.Argument(help="The folder whose `.github/preship.yml` is read, or a file.")] = Path(
        "."
    ),
    schema: Annotated[bool, typer.Option("--schema", help="Print the file's JSON Schema, for editors.")] = False,
) -> None:
    """Look whether a repository's configuration is right, and say what it comes to."""
    from preship.bot.configuration.description import described
    from preship.bot.configuration.model import configuration_schema
    from preship.bot.local import configuration_at
    from preship.bot.review.characters import spelled

    if schema:
        sys.stdout.write(configuration_schema())
        return
    with plainly():
        name, found = configuration_at(path)
    for mistake in found.mistakes:
        print(spelled(f"{name}:{mistake.line}:{mistake.column}: {mistake.says}"), file=sys.stderr)
    if found.mistakes:
        raise typer.Exit(Exit.USAGE)
    print(f"{name}:" if found.is_there else f"there is no {name}; what holds without it:")
    print("\n".join(spelled(f"- {line}") for line in described(found)))
