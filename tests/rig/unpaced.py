"""A ledger for tests that are about something else: every turn is now."""

from __future__ import annotations

from collections.abc import Sequence


class Unpaced:
    """Lets everything go at once, and nothing wait."""

    def book(
        self,
        installation: int,
        spacing_seconds: float,
        quotas: Sequence[tuple[float, int]],
        patience_seconds: float,
        repository: int = 0,
    ) -> float:
        """Now."""
        return 0.0

    def close(self, installation: int, seconds: float, grows: bool) -> float:
        """For as long as it is told."""
        return seconds

    def closed_seconds(self, installation: int) -> float:
        """Never closed."""
        return 0.0
