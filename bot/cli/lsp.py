"""`preship lsp`: findings in an editor."""

from __future__ import annotations

from preship.bot.cli.ending import end_when_asked
from preship.bot.cli.loading import loading


def lsp() -> None:
    """Show findings in an editor by the Language Server Protocol on standard input and output, until it hangs up."""
    with loading():
        from preship.bot.lsp.server import serve as serve_editor

    end_when_asked()
    serve_editor()
