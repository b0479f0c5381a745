"""What was said on pull requests, what people dismissed, and which threads we resolved ourselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preship.bot.store.database import Database


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One finding that a comment told."""

    fingerprint: str
    rule: str
    path: str
    action: str | None
    base_sha: str
    is_dismissed: bool = False
    """Whether somebody asked to ignore it after it was told last."""


@dataclass(frozen=True, slots=True)
class DismissalRow:
    """One finding that somebody asked to ignore."""

    fingerprint: str
    rule: str
    who: str
    reason: str
    comment_id: int
    operations: str | None = None
    """What the action did then, as JSON; None where an earlier version did not note it."""

    path: str | None = None
    """Of the action's file, where it is known what was told of it."""

    action: str | None = None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """What an action does under a finding."""

    fingerprint: str
    operations: str
    """As JSON."""


class HistoryTables:
    """The tables `told`, `dismissals`, `seen_operations` and `resolved_threads`.

    A pull request is named by repository id and number.
    """

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
            "SELECT fingerprint, told.rule, path, action, base_sha, coalesce(dismissed_at > told_at, false)"
            " AS is_dismissed FROM told LEFT JOIN dismissals USING (repository_id, number, fingerprint)"
            " WHERE repository_id = %s AND number = %s ORDER BY told_at, fingerprint",
            repository_id,
            number,
        )
        return [ToldRow(**row) for row in rows]

    def dismiss(self, repository_id: int, number: int, dismissals: Iterable[DismissalRow]) -> None:
        """Note what is to be ignored; who asks again replaces who asked before."""
        with self._database.transaction() as connection:
            for row in dismissals:
                connection.execute(
                    "INSERT INTO dismissals (repository_id, number, fingerprint, rule, who, reason, comment_id,"
                    " operations) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
                    " ON CONFLICT (repository_id, number, fingerprint) DO UPDATE SET who = excluded.who,"
                    " reason = excluded.reason, comment_id = excluded.comment_id,"
                    " operations = excluded.operations, dismissed_at = now()",
                    (repository_id, number, *_written(row)),
                )

    def dismissals(self, repository_id: int, number: int) -> list[DismissalRow]:
        """Everything that is to be ignored on a pull request, the oldest first."""
        return self._dismissals(repository_id, number)

    def dismissals_of_all(self, repository_id: int) -> list[DismissalRow]:
        """Everything that is to be ignored on any pull request of a repository, the oldest first."""
        return self._dismissals(repository_id, None)

    def _dismissals(self, repository_id: int, number: int | None) -> list[DismissalRow]:
        rows = self._database.rows(
            "SELECT fingerprint, dismissals.rule, who, reason, comment_id, operations, path, action FROM dismissals"
            " LEFT JOIN told USING (repository_id, number, fingerprint)"
            " WHERE repository_id = %s AND (%s::integer IS NULL OR number = %s) ORDER BY dismissed_at, fingerprint",
            repository_id,
            number,
            number,
        )
        return [DismissalRow(**row) for row in rows]

    def see(self, repository_id: int, number: int, seen: Iterable[SeenRow]) -> None:
        """Note what actions do under findings, where that is not as it was; dismissals without any take it over."""
        with self._database.transaction() as connection:
            for row in seen:
                key = (repository_id, number, row.fingerprint)
                connection.execute(
                    "INSERT INTO seen_operations (repository_id, number, fingerprint, operations)"
                    " SELECT %s, %s, %s, %s WHERE %s IS DISTINCT FROM (SELECT operations FROM seen_operations"
                    " WHERE repository_id = %s AND number = %s AND fingerprint = %s ORDER BY seen_at DESC LIMIT 1)",
                    (*key, row.operations, row.operations, *key),
                )
                connection.execute(
                    "UPDATE dismissals SET operations = %s WHERE repository_id = %s AND number = %s"
                    " AND fingerprint = %s AND operations IS NULL",
                    (row.operations, *key),
                )

    def seen_by(self, repository_id: int, number: int, fingerprint: str, guid: str) -> str | None:
        """What an action did under a finding, as it could be seen when a delivery came; None where nobody noted it.

        A comment may come while the review that it answers is still being posted: then what that one saw.
        """
        rows = self._database.rows(
            "SELECT operations FROM seen_operations WHERE repository_id = %s AND number = %s AND fingerprint = %s"
            " ORDER BY seen_at <= (SELECT received_at FROM deliveries WHERE guid = %s) DESC,"
            " abs(extract(epoch FROM seen_at - (SELECT received_at FROM deliveries WHERE guid = %s))) LIMIT 1",
            repository_id,
            number,
            fingerprint,
            guid,
            guid,
        )
        return str(rows[0]["operations"]) if rows else None

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


def _written(row: DismissalRow) -> tuple[str | int | None, ...]:
    """The columns of a dismissal; the others are those of what was told."""
    return row.fingerprint, row.rule, row.who, row.reason, row.comment_id, row.operations
