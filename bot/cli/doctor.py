"""`preship doctor`: whether this machine has what Preship needs."""

from __future__ import annotations

import typer

from preship.bot.options import Exit


def doctor() -> None:
    """Look whether this machine has what Preship needs."""
    from preship.bot.doctor import examine
    from preship.bot.output import in_width

    checks = []
    for check in examine():
        checks.append(check)
        print(in_width(f"{'ok    ' if check.is_well else 'not ok'}  {check.name}: {check.says}"), flush=True)
    raise typer.Exit(Exit.CLEAN if all(check.is_well for check in checks) else Exit.USAGE)
