"""The command line: what is asked for, where the answer goes, and the exit code that tells how it went.

Every command imports what it needs when it runs, so that `preship --version` starts at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from typer.exceptions import TyperException

from preship.bot.options import (
    AllowUnseenOption,
    BaselineOption,
    ChallengeOption,
    Complaint,
    Exit,
    FailOn,
    FailOnOption,
    FixOption,
    Format,
    FormatOption,
    GitDirOption,
    IgnoreOption,
    MatrixFormat,
    OutputOption,
    PersonaOption,
    ProfileOption,
    ProjectArgument,
    QuietOption,
    SchemaFormat,
    SelectOption,
    YesOption,
    no_rule,
    rules_beginning,
    rules_named,
)
from preship.bot.output import Stopped, Wanted, hand_over, progress, verdict, write

if TYPE_CHECKING:
    from preship.bot.local import Wishes
    from preship.bot.report.report import Report
    from preship.bot.settings import Settings

EXTRAS = {
    name: f"it comes with `preship-bot[{extra}]`"
    for name, extra in (("mcp", "mcp"), ("lsprotocol", "lsp"), ("pygls", "lsp"), ("httpx", "probe"))
}
"""What to install for the libraries that one command alone needs."""

app = typer.Typer(
    help="Find security holes in Next.js Server Actions before they ship.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    except ModuleNotFoundError as error:
        return _complain(_not_installed(error))
    except Stopped as error:
        print(f"preship: {error}", file=sys.stderr)
        return Exit.INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough (`preship scan | head`); without this Python complains while it exits.
        sys.stderr.close()
        return Exit.CLEAN


def _not_installed(error: ModuleNotFoundError) -> str:
    """What to install; a module of our own that is missing is a fault, and no matter of what was installed."""
    name = (error.name or "").partition(".")[0]
    if name in ("", "preship"):
        raise error
    needed = EXTRAS.get(name, "the server needs `preship-bot[serve]`, and a workflow `preship-bot[action]`")
    return f"`{name}` is not installed: {needed}"


def _complain(sentence: str, *places: str) -> int:
    from preship.bot.review.characters import on_one_line, spelled

    print(f"preship: {on_one_line(sentence)}", *(spelled(place) for place in places), sep="\n", file=sys.stderr)
    return Exit.USAGE


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from preship.bot.report.version import tool_version

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
    paths: Annotated[list[Path] | None, typer.Argument(help="The folder to scan, or files.")] = None,
    git_dir: GitDirOption = None,
    commit: Annotated[str | None, typer.Option("--commit", help="The commit to scan; nothing is checked out.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this file or folder (repeatable).")] = None,
    format_: FormatOption = None,
    output_file: OutputOption = None,
    quiet: QuietOption = False,
    profile: ProfileOption = None,
    fail_on: FailOnOption = None,
    allow_unseen: AllowUnseenOption = False,
    persona: PersonaOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    baseline: BaselineOption = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", metavar="FILE", help="Write what is found into a file for `--baseline`."),
    ] = None,
    fix: FixOption = False,
    yes: YesOption = False,
    challenge: ChallengeOption = False,
    explain_: Annotated[
        str | None,
        typer.Option("--explain", metavar="PATH:NAME", help="Show what an action does, and what held where it did."),
    ] = None,
) -> None:
    """Judge every Server Action and route handler of a folder, of files or of a commit."""
    from preship.bot.local import explain_action, scan_commit, scan_directory, top_of
    from preship.bot.profiling import profiled
    from preship.bot.review.characters import spelled

    asked = paths or [Path(".")]
    if explain_ is not None:
        with _plainly():
            lines = explain_action(asked[0], git_dir, commit, explain_)
        typer.echo("\n".join(spelled(line, "") for line in lines))
        return
    if fix and (git_dir or commit):
        raise Complaint("`--fix` edits files on disk: leave out `--git-dir` and `--commit`")
    _can_ask(fix, yes)
    wishes = replace(_wishes(fail_on, persona, select, ignore, baseline), challenges=challenge)

    def judged() -> Report:
        with progress(quiet) as watch:
            if git_dir or commit:
                return scan_commit(git_dir or asked[0], commit or "HEAD", only or (), watch, wishes)
            return scan_directory(asked, only or (), watch, wishes, has_edits=fix)

    with _plainly(), profiled(profile):
        report = judged()
        if fix:
            report = _fixed(top_of(asked), report, judged, says_yes=yes, is_quiet=quiet)
    if write_baseline is not None:
        _write_baseline(write_baseline, report)
        return
    wanted = Wanted(format_, output_file, quiet, allow_unseen)
    hand_over(report, wanted)
    raise typer.Exit(verdict(report, wanted))


@app.command()
def review(
    base: Annotated[
        str | None,
        typer.Option("--base", help="What the change is compared with: a branch or commit; else the default branch."),
    ] = None,
    head: Annotated[str | None, typer.Option("--head", help="The change, as a branch or commit.")] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Review what is staged.")] = False,
    committed: Annotated[bool, typer.Option("--committed", help="Review commits only.")] = False,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="The repository or a folder in it; of files, only their change counts.")
    ] = None,
    git_dir: GitDirOption = None,
    format_: FormatOption = None,
    output_file: OutputOption = None,
    quiet: QuietOption = False,
    profile: ProfileOption = None,
    fail_on: FailOnOption = None,
    allow_unseen: AllowUnseenOption = False,
    persona: PersonaOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    baseline: BaselineOption = None,
    fix: FixOption = False,
    yes: YesOption = False,
    challenge: ChallengeOption = False,
    tests: Annotated[
        bool, typer.Option("--tests", help="Write the tests that fail for what the change opens, beside the code.")
    ] = False,
    probe_: Annotated[
        Path | None, typer.Option("--probe", metavar="FILE", help="The transcript of `preship probe`, as proof.")
    ] = None,
) -> None:
    """Judge what a change does to the Server Actions it touches, and show the review; nothing is posted.

    The change is what stands in the work tree, or else what is staged or committed.
    """
    from preship.bot.local import review_commits, review_uncommitted, work_tree_of
    from preship.bot.profiling import profiled
    from preship.bot.report.report import Compared

    is_commits = bool(committed or head or git_dir)
    if staged and is_commits:
        raise Complaint("`--staged` is not for commits: leave out `--committed`, `--head` and `--git-dir`")
    if (fix or tests) and (staged or is_commits):
        asked_for = "`--fix` edits" if fix else "`--tests` writes into"
        raise Complaint(f"{asked_for} the work tree: leave out `--staged`, `--committed`, `--head` and `--git-dir`")
    _can_ask(fix, yes)
    wishes = replace(_wishes(fail_on, persona, select, ignore, baseline), challenges=challenge)
    wishes = _with_proof(wishes, probe_)
    asked, what = paths or [Path(".")], Compared.STAGED if staged else Compared.UNCOMMITTED

    def judged() -> Report:
        with progress(quiet) as watch:
            if is_commits:
                return review_commits([git_dir] if git_dir else asked, base, head or "HEAD", watch, wishes)
            return review_uncommitted(asked, base, what, watch, wishes)

    with _plainly(), profiled(profile):
        report = judged()
        if fix:
            report = _fixed(work_tree_of(asked), report, judged, says_yes=yes, is_quiet=quiet)
    if tests:
        _write_tests(asked[0], report)
    wanted = Wanted(format_, output_file, quiet, allow_unseen)
    hand_over(report, wanted)
    raise typer.Exit(verdict(report, wanted))


@app.command()
def probe(
    url: Annotated[str, typer.Option("--url", help="The running application, such as http://localhost:3000.")],
    build_dir: Annotated[Path, typer.Option("--build-dir", help="The output of its build.")] = Path(".next"),
    host: Annotated[
        str | None, typer.Option("--host", help="Confirms that a host other than this machine is yours to probe.")
    ] = None,
    cookie_file: Annotated[
        Path | None, typer.Option("--cookie-file", help="A user's cookies: of a browser, or `name=value`.")
    ] = None,
    other_cookie_file: Annotated[
        Path | None, typer.Option("--other-cookie-file", help="Those of another user, who is to get nothing of theirs.")
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option("--database-url", envvar="PRESHIP_PROBE_DATABASE", help="Its Postgres, which is only watched."),
    ] = None,
    user_id: Annotated[
        str | None, typer.Option("--user-id", help="The first user's id in the database, to find records of theirs.")
    ] = None,
    record: Annotated[
        list[str] | None,
        typer.Option("--record", metavar="TABLE=KEY", help="A record of the first user's (repeatable)."),
    ] = None,
    allow_writes: Annotated[
        bool,
        typer.Option("--allow-writes", help="The database is disposable: call what writes, with ids of real records."),
    ] = False,
    transcript: Annotated[
        Path, typer.Option("--transcript", metavar="FILE", help="Where all that was sent and seen is kept.")
    ] = Path("preship-probe.jsonl"),
    rate: Annotated[float, typer.Option("--rate", min=0.1, max=1000, help="Requests a second, at most.")] = 5.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print every request, and send none.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Send them without asking.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Call every Server Action of a running build as nobody, with forged sessions and as another user.

    Arguments are made up so that they name no record. What would write all the same is not called, unless the database
    is disposable. With a database, its log (`logging_collector=on`, `log_destination=jsonlog`, `log_statement=all`)
    proves what was read and written. `preship review --probe FILE` takes the transcript for item G of the checklist.
    """
    from preship.bot.probe.printing import closing, dry_lines, exit_of, proven_line
    from preship.bot.probe.run import Asked, plans, prepared, probed
    from preship.bot.review.characters import spelled

    records = dict(each.split("=", 1) for each in record or () if "=" in each)
    if len(records) != len(record or ()):
        raise Complaint("`--record` is given as TABLE=KEY")
    asked = Asked(
        url, build_dir, host, cookie_file, other_cookie_file, database_url, user_id, records, allow_writes, rate
    )
    with _plainly():
        ready = prepared(asked)
    planned = list(plans(ready))
    if dry_run:
        print("\n".join(spelled(line) for line in dry_lines(planned)))
        return
    number = sum(len(plan.calls) + 2 * bool(plan.with_records_of) for plan in planned)
    if not yes and not sys.stdin.isatty():
        raise Complaint("nobody can agree here to what is sent: `--dry-run` prints it, and `--yes` sends it")
    if not yes and not _agrees(f"Send up to {number} requests to {url}?"):
        raise typer.Exit(Exit.INTERRUPTED)
    proven = []
    with _plainly(), _opened(transcript) as file:
        for each in probed(ready, file.write):
            proven.append(each)
            if not quiet or each.verdict.outcome == "open":
                print(spelled(proven_line(each)), flush=True)
    if not quiet:
        print(closing(proven))
    raise typer.Exit(exit_of(proven))


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """A file that is written, and kept from other users. Raises `Complaint`."""
    import os

    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            yield opened
    except OSError as error:
        raise Complaint(f"{file} cannot be written: {error.strerror}") from error


def _with_proof(wishes: Wishes, transcript: Path | None) -> Wishes:
    """The same wishes, with what a probe has shown."""
    if transcript is None:
        return wishes
    from preship.bot.probe.transcript import read_transcript

    with _plainly():
        return replace(wishes, tried=read_transcript(transcript).tried)


def _write_tests(place: Path, report: Report) -> None:
    """Write the tests of a review into its work tree, and say which."""
    from preship.bot.fixes import written_tests
    from preship.bot.review.characters import spelled

    with _plainly():
        for path in written_tests(place, report):
            print(spelled(f"{path} fails until what it says is fixed"), file=sys.stderr)


def _wishes(
    fail_on: str | None,
    persona: str | None,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    baseline: Path | None,
) -> Wishes:
    """What whoever asks wants otherwise than the configuration."""
    from preship.bot.local import Wishes
    from preship.bot.report.baseline import BadBaseline, read_baseline

    selected = rules_named(select) if select else None
    ignored = rules_named(ignore or ())
    try:
        accepted = read_baseline(baseline) if baseline is not None else ()
    except BadBaseline as error:
        raise Complaint(str(error)) from error
    return Wishes(fail_on, persona, selected, ignored, accepted)


def _write_baseline(file: Path, report: Report) -> None:
    from preship.bot.report.baseline import baseline_of
    from preship.bot.report.faults import told_faults

    text, number = baseline_of(report.whole or report.analysis)
    write(file, text)
    nuances = ", nuances included" if number > len(told_faults(report)) else ""
    found = f"{number} finding{'' if number == 1 else 's'}{nuances}"
    print(f"{file} has {found}: `--baseline {file}` leaves them out from now on.")


def _can_ask(fix: bool, yes: bool) -> None:
    """Whether somebody is there who agrees to edits, or has agreed. Raises `Complaint`."""
    if fix and not yes and not sys.stdin.isatty():
        raise Complaint("`--fix` asks before each edit, and nobody can answer here: `--yes` makes them all")


def _fixed(top: Path, report: Report, again: Callable[[], Report], *, says_yes: bool, is_quiet: bool) -> Report:
    """The report of the files once they are edited; what was edited is said."""
    from preship.bot.fixes import all_fixed, in_words

    fixed = all_fixed(top, report, (lambda question: True) if says_yes else _agrees, again)
    if not is_quiet:
        print("\n".join(in_words(fixed)), file=sys.stderr)
    return fixed.report


def _agrees(question: str) -> bool:
    return typer.confirm(question, err=True)


@app.command()
def workflow(
    token: Annotated[str, typer.Option("--token", envvar="GITHUB_TOKEN", help="The token of the run.")] = "",
    comment: Annotated[
        bool, typer.Option("--comment/--no-comment", envvar="PRESHIP_COMMENT", help="Post on the pull request.")
    ] = True,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", envvar="PRESHIP_SARIF", metavar="FILE", help="Write SARIF as well.")
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", envvar="PRESHIP_FAIL_ON", help="The mildest severity that fails.")
    ] = None,
) -> None:
    """Review the pull request for which a workflow of GitHub's runs, and post the review there."""
    import os

    from preship.bot.git.errors import GitError
    from preship.bot.local import Wishes
    from preship.bot.report.sarif_format import as_sarif
    from preship.bot.review.forge import ForgeError
    from preship.bot.workflow import NoPullRequest, event_of, review_and_post, say_where_it_stands

    if not token:
        raise Complaint("there is no token: `env: {GITHUB_TOKEN: ${{ github.token }}}` gives it to the step")
    try:
        event = event_of(os.environ)
        with _plainly(), progress(is_quiet=False) as watch:
            posted = review_and_post(event, os.environ, token, Wishes(fail_on), watch, posts=comment)
    except NoPullRequest as error:
        raise Complaint(str(error)) from error
    except (ForgeError, GitError) as error:
        raise Complaint(f"the pull request could not be read: {error}") from error
    if sarif is not None:
        write(sarif, as_sarif(posted.report))
    # Comments say it already: annotations would say it twice.
    hand_over(posted.report, Wanted(Format.TEXT if posted.is_posted else Format.GITHUB))
    say_where_it_stands(posted, posts=comment)
    raise typer.Exit(verdict(posted.report, Wanted(allows_unseen=True)))


@app.command()
def lsp() -> None:
    """Show findings in an editor by the Language Server Protocol on standard input and output, until it hangs up."""
    from preship.bot.lsp.server import serve as serve_editor

    _end_when_asked()
    serve_editor()


@app.command()
def mcp(project: ProjectArgument = Path(".")) -> None:
    """Answer a coding agent by the Model Context Protocol on standard input and output, until it hangs up."""
    from preship.bot.mcp.server import serve as serve_agent

    _end_when_asked()
    with _plainly():
        serve_agent(project)


def _end_when_asked() -> None:
    """End at once at Ctrl-C: a thread that reads what nobody writes would be waited for until it is told more."""
    import os
    import signal

    from preship.bot.git.view import remove_views

    def end(number: int, frame: object) -> None:
        remove_views()
        os._exit(Exit.INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


@app.command()
def serve() -> None:
    """Answer GitHub's webhooks and post reviews, until stopped."""
    from preship.bot.app import serve as serve_app

    with _configured() as settings:
        serve_app(settings)


@app.command()
def worker() -> None:
    """Post reviews that another process's webhook took in, until stopped."""
    from preship.bot.app import work

    with _configured() as settings:
        work(settings)


@app.command()
def migrate() -> None:
    """Bring the tables of the database up to date, and end: `serve` and `worker` do so when they start, too."""
    from preship.bot.store.database import StoreUnavailable
    from preship.bot.store.store import DatabaseServer, open_store

    with _configured() as settings:
        url = settings.database_url.get_secret_value() if settings.database_url else None
        server = DatabaseServer(url, settings.data_directory)
        try:
            open_store(server.url()).close()
        except StoreUnavailable as error:
            raise Complaint(f"{error}: look whether it runs, and at DATABASE_URL") from error
        finally:
            server.close()
    print("the tables are up to date")


@app.command()
def rules() -> None:
    """List the rules."""
    from preship.bot.report.rule_page import rule_lines

    print("\n".join(rule_lines()))


@app.command()
def explain(
    rule: Annotated[
        str, typer.Argument(help="The rule's id, such as missing-authentication.", autocompletion=rules_beginning)
    ],
) -> None:
    """Show a rule's page: what it finds, why that is bad, what to use instead."""
    from preship.bot.report.rule_page import rule_page

    page = rule_page(rule)
    if page is None:
        raise no_rule(rule)
    if not sys.stdout.isatty():
        print(page)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))


@app.command()
def schema(
    path: Annotated[Path, typer.Argument(help="The folder of the application.")] = Path("."),
    git_dir: GitDirOption = None,
    commit: Annotated[str | None, typer.Option("--commit", help="The commit to read; nothing is checked out.")] = None,
    format_: Annotated[
        SchemaFormat, typer.Option("--format", help="How it is written: for people, or as data.")
    ] = SchemaFormat.TEXT,
) -> None:
    """Show whose the rows of each table are, and why; `owners` in `.github/preship.yml` corrects it."""
    from preship.bot.local import schema_of
    from preship.bot.report.schema_format import as_json, as_text
    from preship.bot.review.characters import spelled

    with _plainly():
        tables = schema_of(path, git_dir, commit)
    text = as_json(tables) if format_ is SchemaFormat.JSON else as_text(tables)
    print("\n".join(spelled(line, "") for line in text.splitlines()))


@app.command()
def blame(
    action: Annotated[
        str,
        typer.Argument(metavar="FILE[:ACTION]", help="The file whose faults are looked at, from the project's top."),
    ],
    path: Annotated[Path, typer.Argument(help="The repository, or a folder of it.")] = Path("."),
    git_dir: GitDirOption = None,
    commit: Annotated[str, typer.Option("--commit", help="The commit whose faults are looked at.")] = "HEAD",
) -> None:
    """Say since when the faults of a file's actions stand: the commit and the pull request that opened each.

    The older commits of the main line are judged again, those alone that change a file which the action executes. A
    fault that was fixed in between and came back may be put down to the wrong one of its openings.
    """
    from preship.bot.blame import blame as blamed
    from preship.bot.blame import lines_of
    from preship.bot.review.characters import spelled

    file, _, name = action.rpartition(":") if ":" in action else (action, "", "")
    with _plainly():
        found = blamed(path, git_dir, commit, file, name or None)
    print("\n".join(spelled(line, "") for each in found for line in lines_of(each)) or "no faults")


@app.command()
def matrix(
    path: Annotated[Path, typer.Argument(help="The folder of the application.")] = Path("."),
    git_dir: GitDirOption = None,
    commit: Annotated[str | None, typer.Option("--commit", help="The commit to read; nothing is checked out.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Only this file or folder (repeatable).")] = None,
    format_: Annotated[MatrixFormat, typer.Option("--format", help="How it is written.")] = MatrixFormat.MARKDOWN,
    output_file: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show who may read and change what by each action, page and route handler, and which check decides that.

    A member is whoever has a session; an other member has one and sends the ids of somebody else's records. What each
    role may do is asked for as the code calls it. Three answers: yes, no, could not see. What keeps visitors from a
    page says nothing of the actions that it uses.
    """
    from preship.bot.local import matrix_of
    from preship.bot.report.matrix_format import as_text

    with _plainly(), progress(quiet) as watch:
        found = matrix_of(path, git_dir, commit, only or (), watch)
    text = as_text(found, format_)
    if output_file is None:
        sys.stdout.write(text)
    else:
        write(output_file, text)
    raise typer.Exit(Exit.INCOMPLETE if found.failures else Exit.CLEAN)


@app.command("check-config")
def check_config(
    path: Annotated[Path, typer.Argument(help="The folder whose `.github/preship.yml` is read, or a file.")] = Path(
        "."
    ),
    schema: Annotated[bool, typer.Option("--schema", help="Print the file's JSON Schema, for editors.")] = False,
) -> None:
    """Look whether a repository's configuration is right, and say what it comes to."""
    from preship.bot.configuration.description import described
    from preship.bot.configuration.model import configuration_schema
    from preship.bot.local import configuration_at
    from preship.bot.review.characters import spelled

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


models_app = typer.Typer(help="What is known of libraries, and whether a file of models is right.")
app.add_typer(models_app, name="models")


@models_app.callback(invoke_without_command=True)
def models(
    context: typer.Context,
    about: Annotated[str, typer.Option("--about", help="Only packages with this text in their name.")] = "",
) -> None:
    """List what is known of libraries: for each package, how many calls of which kind."""
    from preship.bot.models import listed

    if context.invoked_subcommand is None:
        print("\n".join(listed(about)))


@models_app.command("check")
def check_models(
    file: Annotated[Path, typer.Argument(help="A list of models, or a configuration with `models:`.")],
) -> None:
    """Look whether a file of models is right, and try its `examples`: code, and the rules that report its actions."""
    from preship.bot.models import checked, outcome, tried
    from preship.bot.review.characters import spelled

    try:
        found = checked(file.read_bytes())
    except OSError as error:
        raise typer.Exit(_complain(f"{file} cannot be read: {error.strerror}.")) from error
    for mistake in found.mistakes:
        print(spelled(f"{file}:{mistake.line}:{mistake.column}: {mistake.says}"), file=sys.stderr)
    if found.mistakes:
        raise typer.Exit(Exit.USAGE)
    results = list(tried(found.entries))
    print(
        "\n".join(spelled(line) for each in results for line in outcome(each)) or "right; it has no `examples` to try"
    )
    raise typer.Exit(Exit.CLEAN if all(each.is_right for each in results) else Exit.FINDINGS)


@app.command()
def conventions(
    about: Annotated[str, typer.Option("--about", help="Only those with this text in their id or meaning.")] = "",
) -> None:
    """List the conventions for names that stand in for meaning, each with names that follow it and names that do not.

    A repository says otherwise under `conventions:` in its configuration.
    """
    from preship.bot.conventions import listed

    print("\n".join(listed(about)))


@app.command()
def doctor() -> None:
    """Look whether this machine has what Preship needs."""
    from preship.bot.doctor import examine
    from preship.bot.output import in_width

    checks = []
    for check in examine():
        checks.append(check)
        print(in_width(f"{'ok    ' if check.is_well else 'not ok'}  {check.name}: {check.says}"), flush=True)
    raise typer.Exit(Exit.CLEAN if all(check.is_well for check in checks) else Exit.USAGE)


@contextmanager
def _configured() -> Iterator[Settings]:
    """The service's settings; whatever is wrong with them is told at once, as one complaint."""
    from preship.bot.settings import SettingsError, load_settings

    try:
        yield load_settings()
    except SettingsError as error:
        raise Complaint("; ".join(error.problems)) from error


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what cannot be read into a complaint."""
    from preship.bot.local import CannotRead, WrongConfiguration

    try:
        yield
    except WrongConfiguration as error:
        raise Complaint(f"{error}, so nothing was judged", *error.lines) from error
    except CannotRead as error:
        raise Complaint(str(error)) from error
