"""The inbox: each delivery that asks for work, once, together with the job that serves it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from enum import StrEnum

from preship.bot.store.database import Database, StoreError
from preship.bot.store.queue import INVENTORY, JobQueue, lock_name
from preship.bot.store.repositories import hear_of

PUSH = "push"
"""The trigger of a review that the pull request's own events ask for."""


REPLAY = "replay"
"""What the trigger of a review begins with that somebody asks for by a page."""


class State(StrEnum):
    """What became of a delivery."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    """Its job gave up; the same delivery, sent again, gets another."""

    SUPERSEDED = "superseded"
    """A newer delivery for the same pull request made it needless."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one webhook delivery asks for."""

    guid: str
    """GitHub's name for it, the same when it is sent again."""

    event: str
    action: str
    repository_id: int
    repository: str
    """`owner/name`, as it was when the delivery came."""

    installation: int
    number: int
    """The pull request."""

    head_sha: str | None
    """The head that the delivery announces; None for a command."""

    actor: str
    """The login of whoever caused it."""

    trigger: str
    """`push`, or what else asks for it: `comment:` and the id of the comment that holds a command, say."""

    request: str = ""
    """What is asked for besides a review, in the words of whoever serves it."""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery, and what became of it: for the status page."""

    guid: str
    event: str
    action: str
    repository: str
    number: int
    trigger: str
    state: State
    reason: str
    cause: str
    received_at: datetime


class Deliveries:
    """The table `deliveries`."""

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue

    def accept(self, delivery: Delivery) -> bool:
        """Write the delivery and its job in one transaction; False if it is known and did not fail."""
        lock = lock_name(delivery.repository_id, delivery.number)
        with self._database.transaction() as connection:
            written = connection.execute(
                "INSERT INTO deliveries (guid, event, action, repository_id, repository, installation, number,"
                " head_sha, actor, trigger, request) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (guid) DO UPDATE SET state = 'queued', failures = 0, reason = '', cause = '',"
                " changed_at = now()"
                " WHERE deliveries.state = 'failed' RETURNING guid",
                astuple(delivery),
            ).fetchone()
            if written is None:
                return False
            hear_of(connection, delivery.repository_id, delivery.repository, delivery.installation)
            if delivery.trigger == PUSH:
                cancelled = self._queue.cancel_waiting_pushes(connection, lock)
                connection.execute(
                    "UPDATE deliveries SET state = 'superseded', reason = %s, changed_at = now()"
                    " WHERE guid = ANY(%s) AND guid <> %s",
                    (f"delivery {delivery.guid} came", cancelled, delivery.guid),
                )
            self._queue.defer(connection, delivery.guid, lock)
        return True

    def retry(self, guid: str) -> bool:
        """Give a delivery that failed another job; False if it did not, or does not any more."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "UPDATE deliveries SET state = 'queued', failures = 0, reason = '', cause = '', changed_at = now()"
                " WHERE guid = %s AND state = 'failed' RETURNING repository_id, number, trigger",
                (guid,),
            ).fetchone()
            if row is not None:
                self._queue.defer(connection, guid, lock_name(row["repository_id"], row["number"], row["trigger"]))
        return row is not None

    def replay(self, guid: str, actor: str) -> str | None:
        """Ask again, on behalf of somebody, for the review that a delivery asked for; gives the new delivery's name.

        None where it asked for none of a pull request, or is not at its end yet.
        """
        made = f"replay-{uuid.uuid4()}"
        with self._database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO deliveries (guid, event, action, repository_id, repository, installation, number,"
                " head_sha, actor, trigger) SELECT %s, event, action, repository_id, repository, installation, number,"
                " NULL, %s, %s FROM deliveries WHERE guid = %s AND state <> 'queued' AND number > 0"
                " RETURNING repository_id, number",
                (made, actor, f"{REPLAY}:{made}", guid),
            ).fetchone()
            if row is not None:
                self._queue.defer(connection, made, lock_name(row["repository_id"], row["number"]))
        return made if row is not None else None

    def ask_for_inventory(self, repository_id: int, repository: str, installation: int, actor: str) -> bool:
        """Ask, on behalf of somebody, that what answers requests in a repository be counted; False if it is already."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO deliveries (guid, event, action, repository_id, repository, installation, number,"
                " head_sha, actor, trigger) SELECT %(guid)s, 'inventory', 'requested', %(id)s, %(name)s,"
                " %(installation)s, 0, NULL, %(actor)s, 'inventory' WHERE NOT EXISTS (SELECT 1 FROM deliveries"
                "  WHERE repository_id = %(id)s AND trigger = 'inventory' AND state = 'queued') RETURNING guid",
                {
                    "guid": f"inventory-{uuid.uuid4()}",
                    "id": repository_id,
                    "name": repository,
                    "installation": installation,
                    "actor": actor,
                },
            ).fetchone()
            if row is not None:
                hear_of(connection, repository_id, repository, installation)
                self._queue.defer(connection, row["guid"], lock_name(repository_id, 0, INVENTORY))
        return row is not None

    def get(self, guid: str) -> Delivery:
        """The delivery of this GUID. Raises `StoreError` for one that was never accepted."""
        rows = self._database.rows("SELECT * FROM deliveries WHERE guid = %s", guid)
        if not rows:
            raise StoreError(f"there is no delivery {guid}")
        return Delivery(**{field.name: rows[0][field.name] for field in fields(Delivery)})

    def known(self, guids: Sequence[str]) -> set[str]:
        """Those of some GUIDs whose deliveries were accepted."""
        rows = self._database.rows("SELECT guid FROM deliveries WHERE guid = ANY(%s)", list(guids))
        return {row["guid"] for row in rows}

    def finish(self, guid: str, state: State, reason: str = "", cause: str = "") -> None:
        """Note what became of a delivery; `cause` is the kind of thing that made it fail."""
        self._database.rows(
            "UPDATE deliveries SET state = %s, reason = %s, cause = %s, changed_at = now() WHERE guid = %s",
            state,
            reason,
            cause,
            guid,
        )

    def count_failure(self, guid: str) -> int:
        """Note that a try failed. Gives how many have."""
        rows = self._database.rows(
            "UPDATE deliveries SET failures = failures + 1, changed_at = now() WHERE guid = %s RETURNING failures", guid
        )
        return int(rows[0]["failures"]) if rows else 0

    def age_seconds(self, guid: str) -> float:
        """How long ago a delivery came."""
        rows = self._database.rows(
            "SELECT extract(epoch FROM now() - received_at)::float AS age FROM deliveries WHERE guid = %s", guid
        )
        return float(rows[0]["age"]) if rows else 0.0

    def newer_push(self, guid: str) -> bool:
        """Whether the pull request was pushed to again, with another head, after this delivery came."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM deliveries AS old JOIN deliveries AS new USING (repository_id, number)"
                " WHERE old.guid = %s AND new.position > old.position AND new.trigger = 'push'"
                " AND new.head_sha IS DISTINCT FROM old.head_sha LIMIT 1",
                guid,
            )
        )

    def other_head(self, guid: str, head_sha: str) -> bool:
        """Whether a push of another head than this one was delivered after this delivery."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM deliveries AS old JOIN deliveries AS new USING (repository_id, number)"
                " WHERE old.guid = %s AND new.position > old.position AND new.trigger = 'push'"
                " AND new.head_sha <> %s LIMIT 1",
                guid,
                head_sha,
            )
        )

    def ended_alike(self, guid: str, reason: str) -> bool:
        """Whether something that the same person asked on the same pull request ended for this reason before."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM deliveries AS new JOIN deliveries AS old USING (repository_id, number, actor)"
                " WHERE new.guid = %s AND old.guid <> new.guid AND old.reason = %s LIMIT 1",
                guid,
                reason,
            )
        )

    def recent(self, limit: int = 20) -> list[DeliveryRecord]:
        """The latest deliveries, newest first."""
        rows = self._database.rows(
            "SELECT guid, event, action, repository, number, trigger, state, reason, cause, received_at"
            " FROM deliveries ORDER BY received_at DESC LIMIT %s",
            limit,
        )
        return [DeliveryRecord(**{**row, "state": State(row["state"])}) for row in rows]
