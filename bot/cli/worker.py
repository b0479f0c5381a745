"""`preship worker`: reviews, apart from the process that takes webhooks in."""

from __future__ import annotations

from preship.bot.cli.complaints import configured
from preship.bot.cli.loading import loading


def worker() -> None:
    """Post reviews that another process's webhook took in, until stopped."""
    with loading():
        from preship.bot.app import work

    with configured() as settings:
        work(settings)
