"""What calling functions did, kept for who calls them again, as long as somebody does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from preship.analyzers.flow.machine import Summary
from preship.analyzers.source.tree import Span

MOST_EFFECTS_REMEMBERED = 20_000
"""In all summaries together, which hold some 40 MB then: 45,000 of a large application held 90."""

EXECUTIONS_WITHOUT_USE = 4
"""Beyond that many effects, a summary is forgotten that so many actions and pages have not asked for.

Of 28,000 summaries of a large application, 1,500 were ever asked for by another action than the one that made them.
"""

Key = tuple[object, ...]
"""A function and what it was given."""


class Remembered:
    """Summaries, the one that was not used for longest first."""

    def __init__(self) -> None:
        self._known: dict[Key, tuple[Summary, int]] = {}
        """Each with the number of the execution that used it last."""

        self._executions = self._effects = 0
        self.visited: dict[frozenset[Span], frozenset[Span]] = {}
        """What they have visited: each set once, since most executions of one function visit the same."""

    def get(self, key: Key) -> Summary | None:
        """What is known of such a call."""
        found = self._known.get(key)
        if found is None:
            return None
        if found[1] != self._executions:
            # What was used last stands last.
            del self._known[key]
            self._known[key] = found[0], self._executions
        return found[0]

    def keep(self, key: Key, summary: Summary) -> None:
        """Remember what such a call does."""
        self._forget(key)
        self._known[key] = summary, self._executions
        self._effects += len(summary.history.effects)

    def begin(self) -> None:
        """Another action or page begins: if all is too much, what too many before it had no use for is forgotten."""
        self._executions += 1
        if self._effects > MOST_EFFECTS_REMEMBERED:
            self.visited.clear()
            for key in tuple(self._unused()):
                self._forget(key)

    def _unused(self) -> Iterator[Key]:
        oldest = self._executions - EXECUTIONS_WITHOUT_USE
        return (key for key, _ in takewhile(lambda item: item[1][1] < oldest, self._known.items()))

    def _forget(self, key: Key) -> None:
        if key in self._known:
            self._effects -= len(self._known.pop(key)[0].history.effects)
