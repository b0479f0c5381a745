"""The job queue: Procrastinate's tables in the same database, so that a job and its delivery are one transaction."""

from __future__ import annotations

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from psycopg.rows import DictRow

from preship.bot.store.database import UNPREPARED

QUEUE = "reviews"
"""The only queue."""

TASK = "review"
"""The only task; its one argument is the delivery's `guid`."""


INVENTORY = "inventory"
"""The trigger of a job that counts what answers requests in a repository; it belongs to no pull request."""

_AFTER_REVIEWS = -1
"""The priority of such a job. https://procrastinate.readthedocs.io/en/stable/howto/advanced/priorities.html"""


def lock_name(repository_id: int, number: int, trigger: str = "") -> str:
    """What keeps two jobs for one pull request from running at the same time, and any two that count."""
    # A whole repository takes long: of all that a service can do at a time, one may be that.
    return INVENTORY if trigger == INVENTORY else f"pull-request:{repository_id}:{number}"


class JobQueue:
    """Puts jobs into the queue and takes waiting ones out, inside a transaction of the caller's."""

    def __init__(self) -> None:
        # Never opened: every call brings its connection.
        self._app = App(connector=SyncPsycopgConnector())

    def defer(self, connection: psycopg.Connection[DictRow], guid: str, lock: str) -> None:
        """Queue the job that serves a delivery. Those that count wait until no review waits."""
        priority = _AFTER_REVIEWS if lock == INVENTORY else 0
        task = self._app.configure_task(TASK, queue=QUEUE, lock=lock, priority=priority, connection=connection)
        task.defer(guid=guid)

    def cancel_waiting_pushes(self, connection: psycopg.Connection[DictRow], lock: str) -> list[str]:
        """Take jobs out that wait for the same pull request on behalf of pushes. Gives their deliveries' GUIDs."""
        waiting = connection.execute(
            "SELECT jobs.id, deliveries.guid FROM procrastinate_jobs AS jobs"
            " JOIN deliveries ON deliveries.guid = jobs.args->>'guid'"
            " WHERE jobs.lock = %s AND jobs.status = 'todo' AND deliveries.trigger = 'push'",
            (lock,),
        ).fetchall()
        cancel = self._app.job_manager.cancel_job_by_id
        return [row["guid"] for row in waiting if cancel(row["id"], delete_job=True, connection=connection)]

    def cancel_waiting_of(
        self, connection: psycopg.Connection[DictRow], installation: int, repository_ids: tuple[int, ...] | None
    ) -> list[str]:
        """Take jobs out that wait for an installation, or for some of its repositories. Gives their GUIDs."""
        waiting = connection.execute(
            "SELECT jobs.id, deliveries.guid FROM procrastinate_jobs AS jobs"
            " JOIN deliveries ON deliveries.guid = jobs.args->>'guid'"
            " WHERE jobs.status = 'todo' AND deliveries.installation = %s"
            " AND (%s::bigint[] IS NULL OR deliveries.repository_id = ANY(%s::bigint[]))",
            (installation, *(2 * [list(repository_ids) if repository_ids is not None else None])),
        ).fetchall()
        cancel = self._app.job_manager.cancel_job_by_id
        return [row["guid"] for row in waiting if cancel(row["id"], delete_job=True, connection=connection)]


def worker_app(url: str) -> App:
    """The queue as a worker sees it: opened with `open_async`, on connections of its own."""
    return App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=6, timeout=3.0, kwargs=UNPREPARED))


async def retry_stalled(app: App, seconds: float) -> int:
    """Queue the jobs of workers that gave no sign for so long once more. Gives how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=seconds))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)
