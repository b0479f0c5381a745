"""What may be asked for on the command line: the choices and the options that commands share, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated

import typer


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

    INTERRUPTED = 130
    """Stopped by whoever started it, as shells count it."""


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"


class SchemaFormat(StrEnum):
    """How the graph of a schema is written."""

    TEXT = "text"
    JSON = "json"


class MatrixFormat(StrEnum):
    """How the matrix of who may do what is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


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
    """Wrong arguments or configuration, reported in one sentence; further ones are lines that say where."""


def rules_beginning(text: str) -> list[str]:
    """The rules that a shell may offer behind what is typed so far."""
    from preship.analyzers.rulebook import RULES

    return [rule.id for rule in RULES if rule.id.startswith(text)]


def rules_named(named: Sequence[str]) -> frozenset[str]:
    """The rules of a repeated option, each of which may list several between commas. Raises `Complaint`."""
    from preship.analyzers.rulebook import rule

    asked = [each.strip() for text in named for each in text.split(",") if each.strip()]
    for each in asked:
        if rule(each) is None:
            raise no_rule(each)
    return frozenset(asked)


def no_rule(named: str) -> Complaint:
    """What is said of a rule that there is not."""
    from preship.analyzers.rulebook import rules_like

    meant = rules_like(named)
    hint = f"did you mean {' or '.join(meant)}?" if meant else "`preship rules` lists them."
    return Complaint(f"there is no rule {named!r}; {hint}")


FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="How the report is written; else text, and `github` in a workflow of GitHub's."),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output-file", metavar="FILE", help="Where the report goes instead of the terminal.")
]
ProfileOption = Annotated[
    Path | None,
    typer.Option("--profile", metavar="FILE", help="Write where the time went, for a report that something is slow."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print findings, and nothing else.")]
FailOnOption = Annotated[
    FailOn | None, typer.Option("--fail-on", help="The mildest severity that exits with 1; else as configured.")
]
AllowUnseenOption = Annotated[
    bool, typer.Option("--allow-unseen", help="Exit with 0 instead of 3 where something could not be seen.")
]
PersonaOption = Annotated[
    Reader | None, typer.Option("--persona", help="Who reads the report; pedantic ones are told every nuance.")
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULE", autocompletion=rules_beginning, help="Only this rule (repeatable)."),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULE", autocompletion=rules_beginning, help="Not this rule (repeatable)."),
]
FixOption = Annotated[
    bool, typer.Option("--fix", help="Offer each edit that was seen to remove a finding, and make it.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Make the edits of `--fix` without asking.")]
BaselineOption = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="Leave out what stands in this file; what is more counts."),
]
ChallengeOption = Annotated[
    bool, typer.Option("--challenge", help="Take out each check that an answer rests on, and see the answer change.")
]
GitDirOption = Annotated[Path | None, typer.Option("--git-dir", help="A repository, bare or not, read by commit.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Only this file or folder (repeatable).")]
CommitOption = Annotated[str | None, typer.Option("--commit", help="The commit to read; nothing is checked out.")]
ApplicationArgument = Annotated[Path, typer.Argument(help="The folder of the application.")]
ProjectArgument = Annotated[Path, typer.Argument(help="The project, or a folder of it.")]
