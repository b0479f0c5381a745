"""What a check run's page offers to those who may write.

https://docs.github.com/en/rest/checks/runs#create-a-check-run: at most three buttons, with short words.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST = 3
LABEL_LIMIT, DESCRIPTION_LIMIT, IDENTIFIER_LIMIT = 20, 40, 20


@dataclass(frozen=True, slots=True)
class Button:
    """One button. Raises `ValueError` for words that are too long."""

    label: str
    description: str
    identifier: str
    """What the delivery says when somebody presses it."""

    def __post_init__(self) -> None:
        words = ((self.label, LABEL_LIMIT), (self.description, DESCRIPTION_LIMIT), (self.identifier, IDENTIFIER_LIMIT))
        if any(not 0 < len(word) <= limit for word, limit in words):
            raise ValueError(f"no such button: {self}")


BUTTONS = (Button("Review again", "Read the whole change once more.", "review"),)
