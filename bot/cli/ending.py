"""How a command ends that reads standard input until it hangs up."""

from __future__ import annotations

from preship.bot.options import Exit


def end_when_asked() -> None:
    """End at once at Ctrl-C: a thread that reads what nobody writes would be waited for until it is told more."""
    import os
    import signal

    from preship.bot.git.view import remove_views

    def end(number: int, frame: object) -> None:
        remove_views()
        os._exit(Exit.INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
