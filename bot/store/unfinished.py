"""What was begun and is worked on by nobody any more: check runs without an end, deliveries without a job."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import DictRow

from preship.bot.store.database import Database
from preship.bot.store.reviews import Review, review_of


@dataclass(frozen=True, slots=True)
class Orphan:
    """A review whose check run nobody will end."""

    review: Review
    full_name: str
    """Of its repository, as it was heard last."""

    installation: int | None
    """Through which its repository is reached; None where nothing is known of it any more."""

    reason: str
    """Why its job gave up; empty where the job vanished without a word."""


@dataclass(frozen=True, slots=True)
class LostDelivery:
    """A delivery that waits for a job which there is not."""

    guid: str
    event: str


class Unfinished:
    """The unfinished rows of `reviews` and `deliveries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def orphans(self, limit: int) -> list[Orphan]:
        """Reviews without an end and without a job for their pull request; those that were tried longest ago first."""
        rows = self._database.rows(f"{_ORPHANS} ORDER BY reviews.changed_at, reviews.id LIMIT %s", limit)
        return [_orphan(row) for row in rows]

    def is_orphan(self, review_id: int) -> bool:
        """Whether it still is one, to be asked by whoever holds the pull request's lock."""
        return bool(self._database.rows(f"{_ORPHANS} AND reviews.id = %s", review_id))

    def postpone(self, review_id: int) -> None:
        """Let the others come first next time."""
        self._database.rows("UPDATE reviews SET changed_at = now() WHERE id = %s", review_id)

    def give_up_lost(self, reason: str, cause: str) -> list[LostDelivery]:
        """Note of deliveries without a job that they failed, so that they can be sent again. Gives which."""
        rows = self._database.rows(
            "UPDATE deliveries SET state = 'failed', reason = %s, cause = %s, changed_at = now()"
            " WHERE state = 'queued' AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS jobs"
            "  WHERE jobs.status IN ('todo', 'doing') AND jobs.args->>'guid' = deliveries.guid)"
            " RETURNING guid, event",
            reason,
            cause,
        )
        return [LostDelivery(row["guid"], row["event"]) for row in rows]


_ORPHANS = (
    "SELECT reviews.*, repositories.full_name, repositories.installation, last.reason AS last_reason FROM reviews"
    " LEFT JOIN repositories ON repositories.id = reviews.repository_id"
    " LEFT JOIN LATERAL (SELECT deliveries.reason FROM deliveries WHERE state = 'failed'"
    "  AND deliveries.repository_id = reviews.repository_id AND deliveries.number = reviews.number"
    "  AND deliveries.trigger = split_part(reviews.trigger, '/', 1) ORDER BY position DESC LIMIT 1) AS last ON true"
    " WHERE reviews.step NOT IN ('concluded', 'superseded', 'failed')"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS jobs WHERE jobs.status IN ('todo', 'doing')"
    "  AND jobs.lock = 'pull-request:' || reviews.repository_id || ':' || reviews.number)"
)


def _orphan(row: DictRow) -> Orphan:
    return Orphan(review_of(row), row["full_name"] or row["repository"], row["installation"], row["last_reason"] or "")
