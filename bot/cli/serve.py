"""`preship serve`: the service that answers GitHub."""

from __future__ import annotations

from preship.bot.cli.complaints import configured
from preship.bot.cli.loading import loading


def serve() -> None:
    """Answer GitHub's webhooks and post reviews, until stopped."""
    with loading():
        from preship.bot.app import serve as serve_app

    with configured() as settings:
        serve_app(settings)
