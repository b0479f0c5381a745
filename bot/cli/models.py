"""`preship models`: what is known of libraries, and whether a file of models is right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from preship.bot.cli.complaints import complain
from preship.bot.options import Exit


def models(
    context: typer.Context,
    about: Annotated[str, typer.Option("--about", help="Only packages with this text in their name.")] = "",
) -> None:
    """List what is known of libraries: for each package, how many calls of which kind."""
    from preship.bot.models import listed

    if context.invoked_subcommand is None:
        print("\n".join(listed(about)))


def check_models(
    file: Annotated[Path, typer.Argument(help="A list of models, or a configuration with `models:`.")],
) -> None:
    """Look whether a file of models is right, and try its `examples`: code, and the rules that report its actions."""
    from preship.bot.models import checked, outcome, tried
    from preship.bot.review.characters import spelled

    try:
        found = checked(file.read_bytes())
    except OSError as error:
        raise typer.Exit(complain(f"{file} cannot be read: {error.strerror}.")) from error
    for mistake in found.mistakes:
        print(spelled(f"{file}:{mistake.line}:{mistake.column}: {mistake.says}"), file=sys.stderr)
    if found.mistakes:
        raise typer.Exit(Exit.USAGE)
    results = list(tried(found.entries))
    print(
        "\n".join(spelled(line) for each in results for line in outcome(each)) or "right; it has no `examples` to try"
    )
    raise typer.Exit(Exit.CLEAN if all(each.is_right for each in results) else Exit.FINDINGS)
