"""What was said on pull requests, what people dismissed, and which threads we resolved ourselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One finding that a comment told."""

    fingerprint: str
    rule: str
    path: str
    action: str | None
    base_sha: str


@dataclass(frozen=True, slots=True)
class DismissalRow:
    """One finding that somebody asked to ignore."""

    fingerprint: str
    rule: str
    who: str
    reason: str
    comment_id: int


class HistoryTables:
    """The tables `told`, `dismissals` and `resolved_threads`. A pull request is named by repository id and number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, repository_id: int, number: int, told: Iterable[ToldRow]) -> None:
        """Note what was told; what is noted already is noted anew, since it was found against another base."""
        with self._database.transaction() as connection:
            for row in told:
                connection.execute(
                    "INSERT INTO told (repository_id, number, fingerprint, rule, path, action, base_sha)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (repository_id, number, fingerprint)"
                    " DO UPDATE SET base_sha = excluded.base_sha, told_at = now()",
                    (repository_id, number, row.fingerprint, row.rule, row.path, row.action, row.base_sha),
                )

    def told(self, repository_id: int, number: int) -> list[ToldRow]:
        """Everything that was told on a pull request, the oldest first."""
        rows = self._database.rows(
            "SELECT fingerprint, rule, path, action, base_sha FROM told WHERE repository_id = %s AND number = %s"
            " ORDER BY told_at, fingerprint",
            repository_id,
            number,
        )
        return [ToldRow(**row) for row in rows]

    def dismiss(self, repository_id: int, number: int, dismissals: Iterable[DismissalRow]) -> None:
        """Note what is to be ignored; who asks again replaces who asked before."""
        with self._database.transaction() as connection:
            for row in dismissals:
                connection.execute(
                    "INSERT INTO dismissals (repository_id, number, fingerprint, rule, who, reason, comment_id)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (repository_id, number, fingerprint)"
                    " DO UPDATE SET who = excluded.who, reason = excluded.reason, comment_id = excluded.comment_id,"
                    " dismissed_at = now()",
                    (repository_id, number, row.fingerprint, row.rule, row.who, row.reason, row.comment_id),
                )

    def dismissals(self, repository_id: int, number: int) -> list[DismissalRow]:
        """Everything that is to be ignored on a pull request, the oldest first."""
        rows = self._database.rows(
            "SELECT fingerprint, rule, who, reason, comment_id FROM dismissals"
            " WHERE repository_id = %s AND number = %s ORDER BY dismissed_at, fingerprint",
            repository_id,
            number,
        )
        return [DismissalRow(**row) for row in rows]

    def dismissals_of_all(self, repository_id: int) -> list[DismissalRow]:
        """Everything that is to be ignored on any pull request of a repository, the oldest first."""
        rows = self._database.rows(
            "SELECT fingerprint, rule, who, reason, comment_id FROM dismissals WHERE repository_id = %s"
            " ORDER BY dismissed_at, fingerprint",
            repository_id,
        )
        return [DismissalRow(**row) for row in rows]

    def resolve(self, repository_id: int, number: int, threads: Iterable[str]) -> None:
        """Note threads that we are about to resolve."""
        self._database.rows(
            "INSERT INTO resolved_threads SELECT %s, %s, unnest(%s::text[]) ON CONFLICT DO NOTHING",
            repository_id,
            number,
            list(threads),
        )

    def reopen(self, repository_id: int, number: int, threads: Iterable[str]) -> None:
        """Forget threads that we opened again: whoever resolves them next is not us."""
        self._database.rows(
            "DELETE FROM resolved_threads WHERE repository_id = %s AND number = %s AND thread = ANY(%s)",
            repository_id,
            number,
            list(threads),
        )

    def resolved(self, repository_id: int, number: int) -> set[str]:
        """The threads that we resolved."""
        rows = self._database.rows(
            "SELECT thread FROM resolved_threads WHERE repository_id = %s AND number = %s", repository_id, number
        )
        return {row["thread"] for row in rows}
