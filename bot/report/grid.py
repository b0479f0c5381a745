"""The *before you ship* checklist for a terminal: a row per action, a column per item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.text import Text

from preship.analyzers.analysis import Answer, JudgedAction
from preship.bot.review.checklist import COLUMNS, NAMES, TOUCHES, shown_entries

WORDS: Mapping[Answer, tuple[str, str]] = {
    Answer.YES: ("yes", "green"),
    Answer.NO: ("no", "bold red"),
    Answer.UNSEEN: ("?", "magenta"),
    Answer.NOT_APPLICABLE: ("-", "dim"),
}
"""What stands in a cell, and its colour."""

CELL = 5
"""Characters of a cell."""

LONGEST_NAME = 40
"""Characters of an action's name; longer ones are cut."""

SHORTEST_NAME = 16
"""What is left of it on a narrow terminal."""

MOST_ROWS = 40
"""Actions that a terminal shows; `--format json` has them all."""


def checklist_grid(
    actions: Sequence[JudgedAction], called: Callable[[JudgedAction], str], room: int | None = None
) -> Iterator[Text]:
    """The lines of the table, its legend last; `called` gives the printable name of an action, `room` the columns."""
    shown = actions[:MOST_ROWS]
    names = [_cut(called(action), _room_for_names(shown, room)) for action in shown]
    widest = max(len(name) for name in names) + 2
    letters = "".join(f"{NAMES[item][0]:<{CELL}}" for item in COLUMNS).rstrip()
    yield Text(" " * widest + letters, "bold")
    for name, action in zip(names, shown, strict=True):
        yield _row(f"{name:<{widest}}", action)
    if len(actions) > len(shown):
        yield Text(f"… and {len(actions) - len(shown)} more; --format json has them all")
    yield Text("; ".join(NAMES[item].replace(" ·", "") for item in COLUMNS), "dim")


def _room_for_names(shown: Sequence[JudgedAction], room: int | None) -> int:
    """How long names may be, so that the widest row fits; some of a name is always shown."""
    if room is None:
        return LONGEST_NAME
    beside = 2 + CELL * len(COLUMNS) + max(len(_about(action)) for action in shown)
    return max(SHORTEST_NAME, min(LONGEST_NAME, room - beside))


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _row(name: str, action: JudgedAction) -> Text:
    cells = [(f"{WORDS[entry.answer][0]:<{CELL}}", WORDS[entry.answer][1]) for entry in shown_entries(action)]
    return Text.assemble((name, "cyan"), *cells, (_about(action), "dim"))


def _about(action: JudgedAction) -> str:
    """How the change touches it, and who is meant to call it."""
    public = f"public: {action.public}" if action.public else ""
    needs = f"needs {action.needs}" if action.needs else ""
    return ", ".join(filter(None, (TOUCHES[action.touch], public, needs)))
