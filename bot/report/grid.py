"""The *before you ship* checklist for a terminal: a row per action, a column per item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.text import Text

from analyzers.analysis import Answer, JudgedAction
from bot.review.checklist import COLUMNS, NAMES, TOUCHES, shown_entries

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

MOST_ROWS = 40
"""Actions that a terminal shows; `--format json` has them all."""


def checklist_grid(actions: Sequence[JudgedAction], called: Callable[[JudgedAction], str]) -> Iterator[Text]:
    """The lines of the table, its legend last; `called` gives the printable name of an action."""
    shown = actions[:MOST_ROWS]
    names = [called(action)[:LONGEST_NAME] for action in shown]
    widest = max(len(name) for name in names) + 2
    letters = "".join(f"{NAMES[item][0]:<{CELL}}" for item in COLUMNS).rstrip()
    yield Text(" " * widest + letters, "bold")
    for name, action in zip(names, shown, strict=True):
        yield _row(f"{name:<{widest}}", action)
    if len(actions) > len(shown):
        yield Text(f"… and {len(actions) - len(shown)} more; --format json has them all")
    yield Text("; ".join(NAMES[item].replace(" ·", "") for item in COLUMNS), "dim")


def _row(name: str, action: JudgedAction) -> Text:
    cells = [(f"{WORDS[entry.answer][0]:<{CELL}}", WORDS[entry.answer][1]) for entry in shown_entries(action)]
    return Text.assemble((name, "cyan"), *cells, (_about(action), "dim"))


def _about(action: JudgedAction) -> str:
    """How the change touches it, and who is meant to call it."""
    public = f"public: {action.public}" if action.public else ""
    needs = f"needs {action.needs}" if action.needs else ""
    return ", ".join(filter(None, (TOUCHES[action.touch], public, needs)))
