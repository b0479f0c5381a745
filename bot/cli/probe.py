"""`preship probe`: the Server Actions of a running build, called."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from preship.bot.cli.agreement import agrees
from preship.bot.cli.complaints import plainly
from preship.bot.options import Complaint, Exit, QuietOption

if TYPE_CHECKING:
    from preship.bot.probe.run import Plan, Probe, Proven


_Url = Annotated[str, typer.Option("--url", help="The running application, such as http://localhost:3000.")]
_BuildDir = Annotated[Path, typer.Option("--build-dir", help="The output of its build.")]
_Host = Annotated[
    str | None, typer.Option("--host", help="Confirms that a host other than this machine is yours to probe.")
]
_CookieFile = Annotated[
    Path | None, typer.Option("--cookie-file", help="A user's cookies: of a browser, or `name=value`.")
]
_OtherCookieFile = Annotated[
    Path | None, typer.Option("--other-cookie-file", help="Those of another user, who is to get nothing of theirs.")
]
_DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", envvar="PRESHIP_PROBE_DATABASE", help="Its Postgres, which is only watched."),
]
_UserId = Annotated[
    str | None, typer.Option("--user-id", help="The first user's id in the database, to find records of theirs.")
]
_Record = Annotated[
    list[str] | None,
    typer.Option("--record", metavar="TABLE=KEY", help="A record of the first user's (repeatable)."),
]
_AllowWrites = Annotated[
    bool,
    typer.Option("--allow-writes", help="The database is disposable: call what writes, with ids of real records."),
]
_Transcript = Annotated[
    Path, typer.Option("--transcript", metavar="FILE", help="Where all that was sent and seen is kept.")
]
_Rate = Annotated[float, typer.Option("--rate", min=0.1, max=1000, help="Requests a second, at most.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Print every request, and send none.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Send them without asking.")]


def probe(
    url: _Url,
    build_dir: _BuildDir = Path(".next"),
    host: _Host = None,
    cookie_file: _CookieFile = None,
    other_cookie_file: _OtherCookieFile = None,
    database_url: _DatabaseUrl = None,
    user_id: _UserId = None,
    record: _Record = None,
    allow_writes: _AllowWrites = False,
    transcript: _Transcript = Path("preship-probe.jsonl"),
    rate: _Rate = 5.0,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    quiet: QuietOption = False,
) -> None:
    """Call every Server Action of a running build as nobody, with forged sessions and as another user.

    Arguments are made up so that they name no record. What would write all the same is not called, unless the database
    is disposable. With a database, its log (`logging_collector=on`, `log_destination=jsonlog`, `log_statement=all`)
    proves what was read and written. `preship review --probe FILE` takes the transcript for item G of the checklist.
    """
    from preship.bot.probe.printing import dry_lines, exit_of
    from preship.bot.probe.run import Asked, plans, prepared
    from preship.bot.review.characters import spelled

    records = _records(record or ())
    asked = Asked(
        url, build_dir, host, cookie_file, other_cookie_file, database_url, user_id, records, allow_writes, rate
    )
    with plainly():
        ready = prepared(asked)
    planned = list(plans(ready))
    if dry_run:
        print("\n".join(spelled(line) for line in dry_lines(planned)))
        return
    if not yes:
        _require_agreement(planned, url)
    raise typer.Exit(exit_of(_sent(ready, transcript, quiet)))


def _records(given: Sequence[str]) -> dict[str, str]:
    """Keys of records by their tables. Raises `Complaint`."""
    records = dict(each.split("=", 1) for each in given if "=" in each)
    if len(records) != len(given):
        raise Complaint("`--record` is given as TABLE=KEY")
    return records


def _require_agreement(planned: Sequence[Plan], url: str) -> None:
    """Go on only where somebody agrees to what is sent. Raises `Complaint` where nobody can."""
    number = sum(len(plan.calls) + 2 * bool(plan.with_records_of) for plan in planned)
    if not sys.stdin.isatty():
        raise Complaint("nobody can agree here to what is sent: `--dry-run` prints it, and `--yes` sends it")
    if not agrees(f"Send up to {number} requests to {url}?"):
        raise typer.Exit(Exit.INTERRUPTED)


def _sent(ready: Probe, transcript: Path, quiet: bool) -> list[Proven]:
    """What came of each call, printed and kept as it comes. Raises `Complaint`."""
    from preship.bot.probe.printing import closing, proven_line
    from preship.bot.probe.run import probed
    from preship.bot.review.characters import spelled

    proven = []
    with plainly(), _opened(transcript) as file:
        for each in probed(ready, file.write):
            proven.append(each)
            if not quiet or each.verdict.outcome == "open":
                print(spelled(proven_line(each)), flush=True)
    if not quiet:
        print(closing(proven))
    return proven


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """A file that is written, and kept from other users. Raises `Complaint`."""
    import os

    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            yield opened
    except OSError as error:
        raise Complaint(f"{file} cannot be written: {error.strerror}") from error
