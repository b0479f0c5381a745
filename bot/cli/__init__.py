"""The command line: one file for each command, named after it."""

from preship.bot.cli.running import main, run

__all__ = ["main", "run"]
