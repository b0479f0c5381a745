"""The command line: its commands, and the exit code that says how one went.

Every command imports what it needs when it runs, so that `preship --version` starts at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from preship.bot.cli.blame import blame
from preship.bot.cli.check_config import check_config
from preship.bot.cli.complaints import complain
from preship.bot.cli.conventions import conventions
from preship.bot.cli.doctor import doctor
from preship.bot.cli.explain import explain
from preship.bot.cli.lsp import lsp
from preship.bot.cli.matrix import matrix
from preship.bot.cli.mcp import mcp
from preship.bot.cli.migrate import migrate
from preship.bot.cli.models import check_models, models
from preship.bot.cli.probe import probe
from preship.bot.cli.review import review
from preship.bot.cli.rules import rules
from preship.bot.cli.scan import scan
from preship.bot.cli.schema import schema
from preship.bot.cli.serve import serve
from preship.bot.cli.worker import worker
from preship.bot.cli.workflow import workflow
from preship.bot.options import Complaint, Exit
from preship.bot.output import Stopped

EXTRAS = {
    name: f"it comes with `preship-bot[{extra}]`"
    for name, extra in (("mcp", "mcp"), ("lsprotocol", "lsp"), ("pygls", "lsp"), ("httpx", "probe"))
}
"""What to install for the libraries that one command alone needs."""

COMMANDS: tuple[Callable[..., None], ...] = (
    scan,
    review,
    probe,
    workflow,
    lsp,
    mcp,
    serve,
    worker,
    migrate,
    rules,
    explain,
    schema,
    blame,
    matrix,
    check_config,
    conventions,
    doctor,
)
"""As `--help` lists them; a function's name is its command's."""


def main() -> None:
    """The entry point `preship`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; what is wrong is one sentence on stderr."""
    try:
        return _app()(list(arguments), prog_name="preship", standalone_mode=False) or Exit.CLEAN
    except TyperException as error:
        return complain(error.format_message())
    except Complaint as error:
        return complain(*error.args)
    except ModuleNotFoundError as error:
        return complain(_not_installed(error))
    except Stopped as error:
        print(f"preship: {error}", file=sys.stderr)
        return Exit.INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough (`preship scan | head`); without this Python complains while it exits.
        sys.stderr.close()
        return Exit.CLEAN


def _app() -> typer.Typer:
    app = typer.Typer(
        help="Find security holes in Next.js Server Actions before they ship.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(preship)
    for command in COMMANDS:
        app.command()(command)
    about_models = typer.Typer(help="What is known of libraries, and whether a file of models is right.")
    about_models.callback(invoke_without_command=True)(models)
    about_models.command("check")(check_models)
    app.add_typer(about_models, name="models")
    return app


def preship(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find security holes in Next.js Server Actions before they ship."""


def _not_installed(error: ModuleNotFoundError) -> str:
    """What to install; a module of our own that is missing is a fault, and no matter of what was installed."""
    name = (error.name or "").partition(".")[0]
    if name in ("", "preship"):
        raise error
    needed = EXTRAS.get(name, "the server needs `preship-bot[serve]`, and a workflow `preship-bot[action]`")
    return f"`{name}` is not installed: {needed}"


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from preship.bot.report.version import tool_version

        print(f"preship {tool_version()}")
        raise typer.Exit
