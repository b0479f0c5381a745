"""What the service asks the forge about its own webhook: which deliveries failed, and to send them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that the forge sent a delivery to us."""

    id: int
    """Of this attempt: what a repetition is asked for by."""

    guid: str
    """Of the delivery: the same for all attempts."""

    at: datetime
    status: int
    """What was answered, as far as the forge heard of it."""


class Hook(Protocol):
    """The webhook of our app. Every method may raise `ForgeError`."""

    def attempts_since(self, since: datetime) -> Sequence[Attempt]:
        """Every attempt after a moment, newest first."""
        ...

    def reach(self) -> None:
        """See whether the forge answers."""
        ...

    def send_again(self, attempt_id: int) -> None:
        """Ask for another attempt at a delivery."""
        ...
