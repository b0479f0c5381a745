"""`preship mcp`: answers for a coding agent."""

from __future__ import annotations

from pathlib import Path

from preship.bot.cli.complaints import plainly
from preship.bot.cli.ending import end_when_asked
from preship.bot.cli.loading import loading
from preship.bot.options import ProjectArgument


def mcp(project: ProjectArgument = Path(".")) -> None:
    """Answer a coding agent by the Model Context Protocol on standard input and output, until it hangs up."""
    with loading():
        from preship.bot.mcp.server import serve as serve_agent

    end_when_asked()
    with plainly():
        serve_agent(project)
