"""`preship conventions`: what names are taken for."""

from __future__ import annotations

from typing import Annotated

import typer


def conventions(
    about: Annotated[str, typer.Option("--about", help="Only those with this text in their id or meaning.")] = "",
) -> None:
    """List the conventions for names that stand in for meaning, each with names that follow it and names that do not.

    A repository says otherwise under `conventions:` in its configuration.
    """
    from preship.bot.conventions import listed

    print("\n".join(listed(about)))
