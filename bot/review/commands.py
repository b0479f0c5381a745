"""What people ask of Preship in a comment: `/preship review`."""

from __future__ import annotations

import re
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

    where: str | None = None
    """The pattern behind `in`, of an `ignore` that is to hold for all of its kind; None without `in`."""


def parse_command(body: str) -> Command | None:
    """The command that a comment's first line is; an unknown one asks for help, and None is no command at all."""
    first = body.strip().partition("\n")[0].strip()
    prefix, _, rest = first.partition(" ")
    if prefix.lower() != PREFIX:
        return None
    # A path may have dashes; what separates the reason stands apart.
    asked, reason = [*re.split(r"(?:^|\s)--", rest, maxsplit=1), ""][:2]
    words = asked.split()
    verb = words[0].lower() if words else ""
    if verb not in set(Verb):
        return Command(Verb.HELP)
    argument, where = " ".join(words[1:]), None
    if verb == Verb.IGNORE and words[2:3] == ["in"]:
        argument, where = words[1], " ".join(words[3:]).strip("`")
    return Command(Verb(verb), argument, reason.strip(), where)
