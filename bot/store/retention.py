"""What is dropped, and when: old deliveries and reviews, and everything about repositories that were taken from us.

Rows go by the thousand, each thousand in a transaction of its own: deliveries that arrive meanwhile wait for none.
"""

from __future__ import annotations

from dataclasses import dataclass

from preship.bot.store.database import Database

_AT_ONCE = 1000

_OF_REPOSITORIES = (
    "reviews",
    "deliveries",
    "told",
    "dismissals",
    "proposals",
    "seen_operations",
    "resolved_threads",
    "summaries",
    "inventories",
)
"""Tables whose rows belong to a repository, by `repository_id`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """For how many days each thing is kept."""

    deliveries: int = 30
    """GitHub sends one again for three days at most."""

    reviews: int = 400
    lost: int = 7
    """Of a repository after its installation ended: it may come back, or have been taken away by mistake."""


class Retention:
    """Drops rows for good."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def forget(self, terms: Terms) -> dict[str, int]:
        """Drop all that is over; gives how much of each that was, where it was any."""
        dropped = {
            "deliveries": self._drop(
                "DELETE FROM deliveries WHERE ctid = ANY(ARRAY(SELECT ctid FROM deliveries WHERE state <> 'queued'"
                " AND received_at < now() - make_interval(days => %s) LIMIT %s)) RETURNING 1",
                terms.deliveries,
            ),
            "reviews": self._drop(
                "DELETE FROM reviews WHERE id = ANY(ARRAY(SELECT id FROM reviews"
                " WHERE ended_at < now() - make_interval(days => %s) LIMIT %s)) RETURNING 1",
                terms.reviews,
            ),
            # What was said on a pull request is known for as long as any review of it is.
            "told": self._drop(
                "DELETE FROM told WHERE ctid = ANY(ARRAY(SELECT ctid FROM told WHERE told_at < now()"
                " - make_interval(days => %s) AND NOT EXISTS (SELECT 1 FROM reviews"
                "  WHERE reviews.repository_id = told.repository_id AND reviews.number = told.number) LIMIT %s))"
                " RETURNING 1",
                terms.reviews,
            ),
        }
        for repository in self._lost(terms.lost):
            dropped["repositories"] = dropped.get("repositories", 0) + 1
            self._forget_repository(repository)
        return {name: count for name, count in dropped.items() if count}

    def known(self) -> set[int]:
        """Repositories that we work for, or may again before their time is over."""
        return {row["id"] for row in self._database.rows("SELECT id FROM repositories")}

    def _lost(self, days: int) -> list[int]:
        rows = self._database.rows(
            "SELECT id FROM repositories WHERE lost_at < now() - make_interval(days => %s) ORDER BY id", days
        )
        return [row["id"] for row in rows]

    def _forget_repository(self, repository: int) -> None:
        for table in _OF_REPOSITORIES:
            self._drop(
                f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE repository_id = %s"  # noqa: S608
                " LIMIT %s)) RETURNING 1",
                repository,
            )
        self._database.rows("DELETE FROM repositories WHERE id = %s AND lost_at IS NOT NULL", repository)

    def _drop(self, statement: str, limit: int) -> int:
        """Run a statement until it finds less than it may take."""
        total = 0
        while True:
            count = len(self._database.rows(statement, limit, _AT_ONCE))
            total += count
            if count < _AT_ONCE:
                return total
