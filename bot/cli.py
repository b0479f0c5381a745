"""The command line: what is asked for, where the answer goes, and the exit code that tells how it went.

Every command imports what it needs when it runs, so that `preship --version` starts at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from bot.local import Watch
    from bot.report.report import Report
    from bot.settings import Settings

app = typer.Typer(
    help="Find security holes in Next.js Server Actions before they ship.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Exit(IntEnum):
    """How a command ended."""

    CLEAN = 0
    """Nothing at or above `--fail-on`, and everything was read."""

    FINDINGS = 1
    """Findings at or above `--fail-on`, or something that was not judged where the repository fails for that."""

    USAGE = 2
    """Wrong arguments or configuration: nothing was judged."""

    INCOMPLETE = 3
    """No such findings, but something could not be read or seen in full: not the same as clean."""


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"


class FailOn(StrEnum):
    """The mildest severity that makes a command fail."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"


class Reader(StrEnum):
    """Who reads a report: everybody, or those who ask for every nuance."""

    REGULAR = "regular"
    PEDANTIC = "pedantic"


class Complaint(Exception):
    """Wrong arguments or configuration, told in one sentence; further ones are lines that say where."""


FormatOption = Annotated[Format, typer.Option("--format", help="How the report is written.")]
FailOnOption = Annotated[
    FailOn | None, typer.Option("--fail-on", help="The mildest severity that exits with 1; else as configured.")
]
PersonaOption = Annotated[
    Reader | None, typer.Option("--persona", help="Who reads the report; pedantic ones are told every nuance.")
]
GitDirOption = Annotated[Path | None, typer.Option("--git-dir", help="A repository, bare or not, read by commit.")]


def main() -> None:
    """The entry point `preship`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; what is wrong is one sentence on stderr."""
    try:
        return app(list(arguments), prog_name="preship", standalone_mode=False) or Exit.CLEAN
    except TyperException as error:
        return _complain(error.format_message())
    except Complaint as error:
        return _complain(*error.args)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        # The reader has seen enough (`preship scan | head`); without this Python complains while it exits.
        sys.stderr.close()
        return Exit.CLEAN


def _complain(sentence: str, *places: str) -> int:
    from bot.review.characters import on_one_line, spelled

    print(f"preship: {on_one_line(sentence)}", *(spelled(place) for place in places), sep="\n", file=sys.stderr)
    return Exit.USAGE


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from bot.report.version import tool_version

        print(f"preship {tool_version()}")
        raise typer.Exit


@app.callback()
def preship(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find security holes in Next.js Server Actions before they ship."""


@app.command()
def scan(
    path: Annotated[Path, typer.Argument(help="The folder to scan.")] = Path("."),
    git_dir: GitDirOption = None,
    commit: Annotated[str | None, typer.Option("--commit", help="The commit to scan; nothing is checked out.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this file or folder (repeatable).")] = None,
    format_: FormatOption = Format.TEXT,
    fail_on: FailOnOption = None,
    persona: PersonaOption = None,
    explain_: Annotated[
        str | None,
        typer.Option("--explain", metavar="PATH:NAME", help="Show what an action does, and what held where it did."),
    ] = None,
) -> None:
    """Judge every Server Action of a folder or a commit."""
    from bot.local import Wishes, explain_action, scan_commit, scan_directory
    from bot.review.characters import spelled

    if explain_ is not None:
        with _plainly():
            lines = explain_action(path, git_dir, commit, explain_)
        typer.echo("\n".join(spelled(line, "") for line in lines))
        return
    wishes = Wishes(fail_on, persona)
    with _plainly(), _progress() as watch:
        if git_dir or commit:
            report = scan_commit(git_dir or path, commit or "HEAD", only or (), watch, wishes)
        else:
            report = scan_directory(path, only or (), watch, wishes)
    _tell(report, format_)
    raise typer.Exit(_verdict(report))


@app.command()
def review(
    base: Annotated[
        str | None,
        typer.Option("--base", help="What the change is compared with: a branch or commit; else the default branch."),
    ] = None,
    head: Annotated[str | None, typer.Option("--head", help="The change, as a branch or commit.")] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Review what is staged.")] = False,
    committed: Annotated[bool, typer.Option("--committed", help="Review commits only.")] = False,
    path: Annotated[Path, typer.Argument(help="The repository, or a folder in it.")] = Path("."),
    git_dir: GitDirOption = None,
    format_: FormatOption = Format.TEXT,
    fail_on: FailOnOption = None,
    persona: PersonaOption = None,
) -> None:
    """Judge what a change does to the Server Actions it touches, and show the review; nothing is posted.

    The change is what stands in the work tree, or else what is staged or committed.
    """
    from bot.local import Wishes, review_commits, review_uncommitted
    from bot.report.report import Compared

    if staged and (committed or head or git_dir):
        raise Complaint("`--staged` is not for commits: leave out `--committed`, `--head` and `--git-dir`")
    wishes = Wishes(fail_on, persona)
    with _plainly(), _progress() as watch:
        if committed or head or git_dir:
            report = review_commits(git_dir or path, base, head or "HEAD", watch, wishes)
        else:
            what = Compared.STAGED if staged else Compared.UNCOMMITTED
            report = review_uncommitted(path, base, what, watch, wishes)
    _tell(report, format_)
    raise typer.Exit(_verdict(report))


@app.command()
def serve() -> None:
    """Answer GitHub's webhooks and post reviews, until stopped."""
    from bot.app import serve as serve_app

    with _configured() as settings:
        serve_app(settings)


@app.command()
def worker() -> None:
    """Post reviews that another process's webhook took in, until stopped."""
    from bot.app import work

    with _configured() as settings:
        work(settings)


@app.command()
def rules() -> None:
    """List the rules."""
    from bot.report.rule_page import rule_lines

    print("\n".join(rule_lines()))


@app.command()
def explain(rule: Annotated[str, typer.Argument(help="The rule's id, such as missing-authentication.")]) -> None:
    """Show a rule's page: what it finds, why that is bad, what to use instead."""
    from analyzers.rulebook import rules_like
    from bot.report.rule_page import rule_page

    page = rule_page(rule)
    if page is None:
        meant = rules_like(rule)
        hint = f"did you mean {' or '.join(meant)}?" if meant else "`preship rules` lists them."
        raise Complaint(f"there is no rule {rule!r}; {hint}")
    if not sys.stdout.isatty():
        print(page)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))


@app.command("check-config")
def check_config(
    path: Annotated[Path, typer.Argument(help="The folder whose `.github/preship.yml` is read, or a file.")] = Path(
        "."
    ),
    schema: Annotated[bool, typer.Option("--schema", help="Print the file's JSON Schema, for editors.")] = False,
) -> None:
    """Look whether a repository's configuration is right, and say what it comes to."""
    from bot.configuration.description import described
    from bot.configuration.model import configuration_schema
    from bot.local import configuration_at
    from bot.review.characters import spelled

    if schema:
        sys.stdout.write(configuration_schema())
        return
    with _plainly():
        name, found = configuration_at(path)
    for mistake in found.mistakes:
        print(spelled(f"{name}:{mistake.line}:{mistake.column}: {mistake.says}"), file=sys.stderr)
    if found.mistakes:
        raise typer.Exit(Exit.USAGE)
    print(f"{name}:" if found.is_there else f"there is no {name}; what holds without it:")
    print("\n".join(spelled(f"- {line}") for line in described(found)))


@app.command()
def doctor() -> None:
    """Look whether this machine has what Preship needs."""
    from bot.doctor import examine

    checks = []
    for check in examine():
        checks.append(check)
        print(f"{'ok    ' if check.is_well else 'not ok'}  {check.name}: {check.says}", flush=True)
    raise typer.Exit(Exit.CLEAN if all(check.is_well for check in checks) else Exit.USAGE)


@contextmanager
def _configured() -> Iterator[Settings]:
    """The service's settings; whatever is wrong with them is told at once, as one complaint."""
    from bot.settings import SettingsError, load_settings

    try:
        yield load_settings()
    except SettingsError as error:
        raise Complaint("; ".join(error.problems)) from error


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what cannot be read into a complaint."""
    from bot.local import CannotRead, WrongConfiguration

    try:
        yield
    except WrongConfiguration as error:
        raise Complaint(f"{error}, so nothing was judged", *error.lines) from error
    except CannotRead as error:
        raise Complaint(str(error)) from error


@contextmanager
def _progress() -> Iterator[Watch]:
    """Show on a terminal's stderr how many files were read so far; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("read {task.completed} files"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("scan", total=None)
        yield lambda count: display.advance(task, count)


def _tell(report: Report, format_: Format) -> None:
    if format_ is Format.JSON:
        from bot.report.json_format import as_json

        sys.stdout.write(as_json(report))
    elif format_ is Format.MARKDOWN:
        from bot.report.markdown_format import as_markdown

        sys.stdout.write(as_markdown(report))
    elif format_ is Format.SARIF:
        from bot.report.sarif_format import as_sarif

        sys.stdout.write(as_sarif(report))
    elif format_ is Format.GITHUB:
        from bot.report.github_format import as_commands

        sys.stdout.write(as_commands(report))
    else:
        from rich.console import Console

        from bot.report.text_format import print_report

        print_report(report, Console(highlight=False))
    sys.stdout.flush()


def _verdict(report: Report) -> Exit:
    from bot.report.threshold import blamed, fails_unseen, is_read_in_full

    if blamed(report) or fails_unseen(report):
        return Exit.FINDINGS
    return Exit.CLEAN if is_read_in_full(report) else Exit.INCOMPLETE
