"""ScheduledTasks: what one process does now and then on behalf of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from preship.bot.store.database import Busy, Database


class ScheduledTasks:
    """The table `errands`. Its clock is the database's, since those of machines differ."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def due(self, name: str, every_seconds: float) -> Iterator[float | None]:
        """Hold a task, and note that it is done where the block ends without an error. Raises `Busy` if not due.

        Gives the seconds since it was last done; None if it never was.
        """
        with self._database.sole_holder(f"errand:{name}"):
            age = self._age_seconds(name)
            if age is not None and age < every_seconds:
                raise Busy(f"{name}: done a moment ago")
            yield age
            self._database.rows(
                "INSERT INTO errands (name, done_at) VALUES (%s, now())"
                " ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at",
                name,
            )

    def _age_seconds(self, name: str) -> float | None:
        rows = self._database.rows(
            "SELECT extract(epoch FROM now() - done_at)::float AS age FROM errands WHERE name = %s", name
        )
        return float(rows[0]["age"]) if rows else None
