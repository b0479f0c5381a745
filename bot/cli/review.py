"""`preship review`: what a change does to the Server Actions it touches."""

from __future__ import annotations

import sys
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
    OutputOption,
    PersonaOption,
    ProfileOption,
    QuietOption,
    SelectOption,
    YesOption,
)
from preship.bot.output import Wanted, hand_over, progress, verdict

if TYPE_CHECKING:
    from preship.bot.local import Wishes
    from preship.bot.report.report import Report


_Base = Annotated[
    str | None,
    typer.Option("--base", help="What the change is compared with: a branch or commit; else the default branch."),
]
_Head = Annotated[str | None, typer.Option("--head", help="The change, as a branch or commit.")]
_Staged = Annotated[bool, typer.Option("--staged", help="Review what is staged.")]
_Committed = Annotated[bool, typer.Option("--committed", help="Review commits only.")]
_Paths = Annotated[
    list[Path] | None, typer.Argument(help="The repository or a folder in it; of files, only their change counts.")
]
_Tests = Annotated[
    bool, typer.Option("--tests", help="Write the tests that fail for what the change opens, beside the code.")
]
_Probe = Annotated[
    Path | None, typer.Option("--probe", metavar="FILE", help="The transcript of `preship probe`, as proof.")
]


def review(
    base: _Base = None,
    head: _Head = None,
    staged: _Staged = False,
    committed: _Committed = False,
    paths: _Paths = None,
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
    tests: _Tests = False,
    probe_: _Probe = None,
) -> None:
    """Judge what a change does to the Server Actions it touches, and show the review; nothing is posted.

    The change is what stands in the work tree, or else what is staged or committed.
    """
    from preship.bot.local import review_commits, review_uncommitted, work_tree_of
    from preship.bot.profiling import profiled
    from preship.bot.report.report import Compared

    is_commits = bool(committed or head or git_dir)
    _require_one_meaning(staged, is_commits, fix, tests)
    require_an_answer(fix, yes)
    wishes = replace(wishes_of(fail_on, persona, select, ignore, baseline), challenges=challenge)
    wishes = _with_proof(wishes, probe_)
    asked, what = paths or [Path(".")], Compared.STAGED if staged else Compared.UNCOMMITTED

    def judged() -> Report:
        with progress(quiet) as watch:
            if is_commits:
                return review_commits([git_dir] if git_dir else asked, base, head or "HEAD", watch, wishes)
            return review_uncommitted(asked, base, what, watch, wishes)

    with plainly(), profiled(profile):
        report = judged()
        if fix:
            report = fixed(work_tree_of(asked), report, judged, says_yes=yes, is_quiet=quiet)
    if tests:
        _write_tests(asked[0], report)
    wanted = Wanted(format_, output_file, quiet, allow_unseen)
    hand_over(report, wanted)
    raise typer.Exit(verdict(report, wanted))


def _require_one_meaning(staged: bool, is_commits: bool, fix: bool, tests: bool) -> None:
    """Raise `Complaint` where options contradict each other."""
    if staged and is_commits:
        raise Complaint("`--staged` is not for commits: leave out `--committed`, `--head` and `--git-dir`")
    if (fix or tests) and (staged or is_commits):
        asked_for = "`--fix` edits" if fix else "`--tests` writes into"
        raise Complaint(f"{asked_for} the work tree: leave out `--staged`, `--committed`, `--head` and `--git-dir`")


def _with_proof(wishes: Wishes, transcript: Path | None) -> Wishes:
    """The same wishes, with what a probe has shown."""
    if transcript is None:
        return wishes
    from preship.bot.probe.transcript import read_transcript

    with plainly():
        return replace(wishes, tried=read_transcript(transcript).tried)


def _write_tests(place: Path, report: Report) -> None:
    """Write the tests of a review into its work tree, and say which."""
    from preship.bot.fixes import written_tests
    from preship.bot.review.characters import spelled

    with plainly():
        for path in written_tests(place, report):
            print(spelled(f"{path} fails until what it says is fixed"), file=sys.stderr)
