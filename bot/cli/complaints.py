"""What is wrong, in one sentence on stderr: arguments, configuration, settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from preship.bot.options import Complaint, Exit

if TYPE_CHECKING:
    from preship.bot.settings import Settings


def complain(sentence: str, *places: str) -> int:
    """Print what is wrong, and the lines that say where; gives the exit code."""
    from preship.bot.review.characters import on_one_line, spelled

    print(f"preship: {on_one_line(sentence)}", *(spelled(place) for place in places), sep="\n", file=sys.stderr)
    return Exit.USAGE


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what cannot be read into a complaint."""
    from preship.bot.local import CannotRead, WrongConfiguration

    try:
        yield
    except WrongConfiguration as error:
        raise Complaint(f"{error}, so nothing was judged", *error.lines) from error
    except CannotRead as error:
        raise Complaint(str(error)) from error


@contextmanager
def configured() -> Iterator[Settings]:
    """The service's settings; whatever is wrong with them is told at once, as one complaint."""
    from preship.bot.settings import SettingsError, load_settings

    try:
        yield load_settings()
    except SettingsError as error:
        raise Complaint("; ".join(error.problems)) from error
