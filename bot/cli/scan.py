"""`preship scan`: every Server Action of a folder, of files or of a commit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from preship.bot.cli.agreement import fixed, require_an_answer
from preship.bot.cli.complaints import plainly
from preship.bot.cli.wishes import wishes_of
from preship.bot.options import (
    AllowUnseenOption,
    BaselineOption,
    ChallengeOption,
    Complaint,
    FailOnOption,
    FixOption,
    FormatOption,
    GitDirOption,
    IgnoreOption,
    OnlyOption,
    OutputOption,
    PersonaOption,
    ProfileOption,
    QuietOption,
    SelectOption,
    YesOption,
)
from preship.bot.output import Wanted, hand_over, progress, verdict, write

if TYPE_CHECKING:
    from preship.bot.report.report import Report


def scan(
    paths: Annotated[list[Path] | None, typer.Argument(help="The folder to scan, or files.")] = None,
    git_dir: GitDirOption = None,
    commit: Annotated[str | None, typer.Option("--commit", help="The commit to scan; nothing is checked out.")] = None,
    only: OnlyOption = None,
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
    """Judge every Server Action of a folder, of files or of a commit."""
    from preship.bot.local import scan_commit, scan_directory, top_of
    from preship.bot.profiling import profiled

    asked = paths or [Path(".")]
    if explain_ is not None:
        _explain(asked[0], git_dir, commit, explain_)
        return
    if fix and (git_dir or commit):
        raise Complaint("`--fix` edits files on disk: leave out `--git-dir` and `--commit`")
    require_an_answer(fix, yes)
    wishes = replace(wishes_of(fail_on, persona, select, ignore, baseline), challenges=challenge)

    def judged() -> Report:
        with progress(quiet) as watch:
            if git_dir or commit:
                return scan_commit(git_dir or asked[0], commit or "HEAD", only or (), watch, wishes)
            return scan_directory(asked, only or (), watch, wishes, has_edits=fix)

    with plainly(), profiled(profile):
        report = judged()
        if fix:
            report = fixed(top_of(asked), report, judged, says_yes=yes, is_quiet=quiet)
    if write_baseline is not None:
        _write_baseline(write_baseline, report)
        return
    wanted = Wanted(format_, output_file, quiet, allow_unseen)
    hand_over(report, wanted)
    raise typer.Exit(verdict(report, wanted))


def _explain(place: Path, git_dir: Path | None, commit: str | None, action: str) -> None:
    from preship.bot.local import explain_action
    from preship.bot.review.characters import spelled

    with plainly():
        lines = explain_action(place, git_dir, commit, action)
    typer.echo("\n".join(spelled(line, "") for line in lines))


def _write_baseline(file: Path, report: Report) -> None:
    from preship.bot.report.baseline import baseline_of
    from preship.bot.report.faults import told_faults

    text, number = baseline_of(report.whole or report.analysis)
    write(file, text)
    nuances = ", nuances included" if number > len(told_faults(report)) else ""
    found = f"{number} finding{'' if number == 1 else 's'}{nuances}"
    print(f"{file} has {found}: `--baseline {file}` leaves them out from now on.")
