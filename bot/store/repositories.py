"""What repositories are called now, and the work for those that we may not work for any more."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import DictRow

from preship.bot.store.database import Database
from preship.bot.store.queue import JobQueue


@dataclass(frozen=True, slots=True)
class Address:
    """Where a repository is found on the forge."""

    full_name: str
    installation: int


class Repositories:
    """The table `repositories`."""

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue

    def address(self, repository_id: int) -> Address | None:
        """What was heard last of a repository."""
        rows = self._database.rows("SELECT full_name, installation FROM repositories WHERE id = %s", repository_id)
        return Address(**rows[0]) if rows else None

    def moved(self, repository_id: int, full_name: str, installation: int | None) -> None:
        """Note another name or owner; of a repository that nothing was heard of yet, nothing has to be noted."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO former_names (repository_id, full_name) SELECT id, full_name FROM repositories"
                " WHERE id = %s AND full_name <> %s"
                " ON CONFLICT (repository_id, full_name) DO UPDATE SET left_at = now()",
                (repository_id, full_name),
            )
            connection.execute(
                "DELETE FROM former_names WHERE repository_id = %s AND full_name = %s", (repository_id, full_name)
            )
            connection.execute(
                "UPDATE repositories SET full_name = %s, installation = coalesce(%s, installation), heard_at = now()"
                " WHERE id = %s",
                (full_name, installation, repository_id),
            )

    def lost(self, installation: int, repository_ids: tuple[int, ...] | None, reason: str) -> int:
        """Take the waiting jobs of an installation out of the queue, or of some of its repositories. Gives how many.

        What is kept of them is dropped after a while, unless something is heard of them again.
        """
        with self._database.transaction() as connection:
            waiting = self._queue.cancel_waiting_of(connection, installation, repository_ids)
            connection.execute(
                "UPDATE deliveries SET state = 'superseded', reason = %s, changed_at = now() WHERE guid = ANY(%s)",
                (reason, waiting),
            )
            connection.execute(
                "UPDATE repositories SET lost_at = now() WHERE installation = %s AND lost_at IS NULL"
                " AND (%s::bigint[] IS NULL OR id = ANY(%s::bigint[]))",
                (installation, *(2 * [list(repository_ids) if repository_ids is not None else None])),
            )
        return len(waiting)


_LATE_DAYS = 3
"""GitHub sends a delivery again for so long; whoever uses a former name after that has given it back.

https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
"""


def hear_of(connection: psycopg.Connection[DictRow], repository_id: int, full_name: str, installation: int) -> None:
    """Note, in a transaction of the caller's, how a delivery calls its repository.

    One that was sent before a rename, and comes after it, says nothing of where the repository is now.
    """
    connection.execute(
        "INSERT INTO repositories (id, full_name, installation) VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE"
        " SET full_name = excluded.full_name, installation = excluded.installation, heard_at = now(), lost_at = NULL"
        " WHERE NOT EXISTS (SELECT 1 FROM former_names AS former WHERE former.repository_id = excluded.id"
        "  AND former.full_name = excluded.full_name AND former.left_at > now() - make_interval(days => %s))",
        (repository_id, full_name, installation, _LATE_DAYS),
    )
