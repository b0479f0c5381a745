"""What people ask of Preship in a comment: `/preship review`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "/preship"


class Verb(StrEnum):
    """What can be asked for."""

    REVIEW = "review"
    EXPLAIN = "explain"
    IGNORE = "ignore"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Command:
    """One command, as it was written."""

    verb: Verb
    argument: str = ""
    """The rule of `explain` and `ignore`."""

    reason: str = ""
    """What stands behind `--`."""


def parse_command(body: str) -> Command | None:
    """The command that a comment's first line is; an unknown one asks for help, and None is no command at all."""
    first = body.strip().partition("\n")[0].strip()
    prefix, _, rest = first.partition(" ")
    if prefix.lower() != PREFIX:
        return None
    asked, _, reason = rest.partition("--")
    words = asked.split()
    verb = words[0].lower() if words else ""
    if verb not in set(Verb):
        return Command(Verb.HELP)
    return Command(Verb(verb), " ".join(words[1:]), reason.strip())
