"""What executing one action or page may cost, in steps: what takes about as long as to evaluate an expression."""

from __future__ import annotations

from dataclasses import dataclass

OUT_OF_STEPS = "the budget of steps is used up"
"""Why the rest of what was executed was not followed."""


class OutOfSteps(Exception):
    """The budget of what is executed is used up: nothing of it goes on."""


@dataclass(slots=True)
class Meter:
    """What may still be spent. Every path of one execution has the same one."""

    left: int

    def take(self, steps: int) -> None:
        """Spend some steps. Raises `OutOfSteps`."""
        self.left -= steps
        if self.left < 0:
            raise OutOfSteps
