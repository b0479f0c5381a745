"""What a review says of the repository's own configuration, where that is not as it should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preship.bot.review.links import Links
from preship.bot.review.markdown import code, prose
from preship.bot.review.policy import CONFIGURATION


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake in the configuration."""

    line: int
    """From 1."""

    column: int
    says: str


@dataclass(frozen=True, slots=True)
class ConfigurationNotes:
    """What there is to say of the configuration that a review follows."""

    mistakes: tuple[Wrong, ...] = ()
    """Why nothing of it counts; empty where it does."""

    is_changed: bool = False
    """Whether the change under review edits it. That counts once it is merged."""

    coming_mistakes: tuple[Wrong, ...] = ()
    """What is wrong with it as the change leaves it."""

    believed: tuple[str, ...] = ()
    """Functions whose file the change edits, and of which the configuration declares what they prove: `FILE:NAME`."""


SILENT = ConfigurationNotes()
"""Nothing to say: there is no configuration, or it is as it was."""


def configuration_lines(
    notes: ConfigurationNotes, left_out: Sequence[str], unbuilt: Sequence[str], links: Links
) -> list[str]:
    """One line for each thing to say. Of the changed files, those that the configuration leaves out, and the build."""
    lines = []
    if notes.mistakes:
        lines.append(
            f"{code(CONFIGURATION)} cannot be read, so nothing of it counts here: this review follows the defaults."
        )
        lines += [f"{code(f'{CONFIGURATION}:{_place(each)}')}: {prose(each.says, 300)}" for each in notes.mistakes]
    if notes.is_changed:
        lines.append(
            f"{code(CONFIGURATION)} is changed here. This review follows what stands on the base branch: what the"
            " change decides counts once it is merged."
        )
        lines += [
            f"{code(f'{CONFIGURATION}:{_place(each)}')}, as the change leaves it: {prose(each.says, 300)}"
            for each in notes.coming_mistakes
        ]
    lines += [
        f"The file of {code(function)} is changed here. The configuration declares what it proves, so that was believed"
        " and not read: please read it yourself."
        for function in notes.believed
    ]
    lines += [f"{links.file(path)} holds Server Actions, and the configuration leaves them out." for path in left_out]
    lines += [
        f"{links.file(path)} holds Server Actions that are no part of the build: the compiler's configuration excludes"
        " the file, and no route reaches it."
        for path in unbuilt
    ]
    return lines


def _place(mistake: Wrong) -> str:
    return f"{mistake.line}:{mistake.column}"
