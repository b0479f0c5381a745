"""What answers requests in each repository, and who may do what by it: as it was counted last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from preship.bot.store.database import Database
from preship.bot.store.deliveries import State


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One inventory."""

    branch: str
    """The default branch, as it was called then; empty where the remote did not say."""

    commit_sha: str
    matrix: str
    """In the words of whoever counts."""

    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Counting:
    """The last request for an inventory, and what became of it."""

    guid: str
    state: State
    reason: str
    received_at: datetime


class Inventories:
    """The table `inventories`: one row for each repository that was counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, repository_id: int, branch: str, commit_sha: str, matrix: str) -> None:
        """Put an inventory in the place of the one before."""
        self._database.rows(
            "INSERT INTO inventories (repository_id, branch, commit_sha, matrix) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (repository_id) DO UPDATE SET branch = excluded.branch, commit_sha = excluded.commit_sha,"
            " matrix = excluded.matrix, counted_at = now()",
            repository_id,
            branch,
            commit_sha,
            matrix,
        )

    def of(self, repository_id: int) -> InventoryRow | None:
        """The inventory of a repository; None where none was counted."""
        rows = self._database.rows(
            "SELECT branch, commit_sha, matrix, counted_at FROM inventories WHERE repository_id = %s", repository_id
        )
        return InventoryRow(**rows[0]) if rows else None

    def counted_at(self, repository_id: int) -> datetime | None:
        """When `of` was counted: a matrix may have a megabyte, and need not be read again for each page of it."""
        rows = self._database.rows("SELECT counted_at FROM inventories WHERE repository_id = %s", repository_id)
        return rows[0]["counted_at"] if rows else None

    def counting(self, repository_id: int) -> Counting | None:
        """The last time that somebody asked for one; None where nobody did, or long ago."""
        rows = self._database.rows(
            "SELECT guid, state, reason, received_at FROM deliveries WHERE repository_id = %s"
            " AND trigger = 'inventory' ORDER BY position DESC LIMIT 1",
            repository_id,
        )
        return Counting(**{**rows[0], "state": State(rows[0]["state"])}) if rows else None
