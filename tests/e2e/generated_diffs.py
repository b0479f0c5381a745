"""Changes as nobody would write them, and git's own diff of them: what placement has to hold up against."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from preship.analyzers.analysis import JudgedAction, Step, Touch
from tests.bot.review.samples import ACTION, finding

Text = bytes | None

_WORDS = (
    "x", "", "  x", "return", "}", "--- a/x.ts", "+++ b/x.ts", "@@ -1,2 +1,2 @@", "diff --git a/x.ts b/x.ts",
    "\\ No newline at end of file", "-x", "+x", "a\x0bb", "a\x0cb", "a\u2028b", "a\x85b", "a\rb", "ä",
)  # fmt: skip

_FOLDERS = ("app", "app/[id]", "lib/with space", 'lib/"quoted"', "lib/ä", "lib/*?", "-lib")


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; its names differ where it is renamed, and None stands for no file."""

    old_path: str
    path: str
    old: Text
    new: Text


def generated_changes(dice: random.Random, count: int) -> tuple[Change, ...]:
    """Changes of every shape; no two of them touch the same file."""
    return tuple(_change(dice, number) for number in range(count))


def before(changes: tuple[Change, ...]) -> Mapping[str, Text]:
    """The old tree."""
    return {change.old_path: change.old for change in changes if change.old is not None}


def after(changes: tuple[Change, ...]) -> Mapping[str, Text]:
    """The new tree, as a difference to the old one."""
    gone = {change.old_path: None for change in changes if change.old is not None}
    return gone | {change.path: change.new for change in changes if change.new is not None}


def _change(dice: random.Random, number: int) -> Change:
    shape = dice.choice(("edited",) * 8 + ("renamed", "renamed", "added", "deleted", "binary", "line ends"))
    # Nobody looks for the old names of files that are not read: there the forge may show another name than we think.
    kinds = ("ts", "tsx", "js", "sql", "json") if shape == "edited" else ("ts", "tsx", "js", "sql")
    path = f"{dice.choice(_FOLDERS)}/{number}.{dice.choice(kinds)}"
    lines = [f"{dice.choice(_WORDS)} // {number}.{line if dice.random() < 0.7 else 0}" for line in range(_size(dice))]
    old, new = _written(dice, lines), _written(dice, _edited(dice, lines))
    match shape:
        case "renamed":
            return Change(path, path.replace(f"/{number}.", f"/moved {number}."), old, new)
        case "added":
            return Change(path, path, None, new)
        case "deleted":
            return Change(path, path, old, None)
        case "binary":
            return Change(path, path, old, new + b"\0\n")
        case "line ends":
            return Change(path, path, old, old.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return Change(path, path, old, new)


def _size(dice: random.Random) -> int:
    return dice.choice((0, 1, 2, 5, 20, 60, 120))


def _edited(dice: random.Random, lines: list[str]) -> list[str]:
    edited = list(lines)
    for _ in range(dice.randint(1, 5)):
        at, length = dice.randint(0, len(edited)), dice.choice((0, 0, 1, 1, 2, 5, 15))
        edited[at : at + length] = [dice.choice(_WORDS) for _ in range(dice.choice((0, 0, 1, 1, 3, 14)))]
    return edited


def _written(dice: random.Random, lines: list[str]) -> bytes:
    ends = dice.choice((["\n"], ["\n"], ["\r\n"], ["\n", "\r\n"]))
    text = "".join(line + dice.choice(ends) for line in lines)
    return (text if dice.random() < 0.7 else text.rstrip("\r\n")).encode()


def judged(dice: random.Random, changes: tuple[Change, ...], number: int) -> JudgedAction:
    """An action with findings, on a changed file or near one; what is said of it may be true or not."""
    change, other = dice.choice(changes), dice.choice(changes)
    first = dice.randint(1, 130)
    found = finding(
        number,
        rule=f"rule-{number}",
        path=dice.choice((change.path, change.path, change.path, other.path, "lib/untouched.ts")),
        line=(line := dice.randint(1, 130)),
        end_line=line + dice.choice((0, 0, 1, 4, 40)),
    )
    steps = (Step(path, dice.randint(1, 130), "is changed here") for path in (other.path, other.old_path))
    return replace(
        ACTION,
        path=change.path,
        name=f"act{number}",
        line=first,
        end_line=first + dice.choice((0, 3, 20, 130)),
        touch=dice.choice(tuple(Touch)),
        touched_by=tuple(step for step in steps if dice.random() < 0.5),
        findings=(found,),
    )
