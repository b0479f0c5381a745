"""What the reviews of a commit say of it: one verdict for each pull request that had the commit as its head."""

from __future__ import annotations

from dataclasses import dataclass

from preship.bot.store.database import Database


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The last verdict of one pull request on one commit."""

    id: int
    """Of the review."""

    number: int
    conclusion: str
    check_title: str
    check_summary: str
    check_id: int | None
    shown: str | None
    """A digest of what the check run shows; None where it shows nothing of the commit's other pull requests yet."""


class Verdicts:
    """The verdicts in the table `reviews`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, review: int, conclusion: str, title: str, summary: str) -> None:
        """Note what a review says, before its check run does."""
        self._database.rows(
            "UPDATE reviews SET conclusion = %s, check_title = %s, check_summary = %s, shown = NULL, changed_at = now()"
            " WHERE id = %s",
            conclusion,
            title,
            summary,
            review,
        )

    def of(self, repository_id: int, head_sha: str) -> list[VerdictRow]:
        """The last verdict of each pull request that was reviewed with this head, by number."""
        rows = self._database.rows(
            "SELECT DISTINCT ON (number) id, number, conclusion, coalesce(check_title, '') AS check_title,"
            " coalesce(check_summary, '') AS check_summary, check_id, shown FROM reviews"
            " WHERE repository_id = %s AND head_sha = %s AND conclusion IN ('success', 'neutral', 'failure')"
            " ORDER BY number, changed_at DESC, id DESC",
            repository_id,
            head_sha,
        )
        return [VerdictRow(**row) for row in rows]

    def show(self, review: int, shown: str) -> None:
        """Note what the check run of a review shows."""
        self._database.rows("UPDATE reviews SET shown = %s WHERE id = %s", shown, review)

    def left_heads(self, repository_id: int, number: int, head_sha: str | None) -> list[str]:
        """Heads that a pull request has no more, and on which check runs of others may still speak of it."""
        rows = self._database.rows(
            "SELECT DISTINCT own.head_sha FROM reviews AS own JOIN reviews AS other USING (repository_id, head_sha)"
            " WHERE repository_id = %s AND own.number = %s AND own.shown IS NOT NULL"
            " AND own.head_sha IS DISTINCT FROM %s AND other.number <> own.number AND other.conclusion IS NOT NULL"
            " ORDER BY own.head_sha",
            repository_id,
            number,
            head_sha,
        )
        return [row["head_sha"] for row in rows]

    def leave(self, repository_id: int, number: int, head_sha: str) -> None:
        """Note that no check run of a commit speaks of a pull request any more."""
        self._database.rows(
            "UPDATE reviews SET shown = NULL WHERE repository_id = %s AND number = %s AND head_sha = %s",
            repository_id,
            number,
            head_sha,
        )
