"""What tells whether all is well: signs of life of workers, how jobs ended lately, and whether the forge answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from preship.bot.store.database import Database

JOBS_LOOKED_AT = 5
"""So many jobs in a row that failed are no accident any more."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """The service as its database sees it."""

    workers: int
    """Those that gave a sign of life lately."""

    oldest_job_seconds: float
    """How long the delivery that has waited longest has done so; 0 where none waits."""

    last_jobs: tuple[str, ...]
    """How the jobs of the last hour ended, the newest first: `done`, or what made one fail."""

    forge_failures: int
    """Requests in a row to which the forge gave no answer."""

    answered_at: datetime | None
    """When it gave one last."""

    git_failures: int
    """Fetches in a row to which its git gave none."""


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """How much an installation may still ask of the forge, and create."""

    installation: int
    remaining: int | None
    """None where the forge has not said so."""

    quota: int | None
    resets_at: datetime | None
    created: int
    """What we created in the last hour."""

    closed_until: datetime | None
    """Until when the forge wants us to ask nothing; None where we may."""


class Health:
    """The tables `contact` and `quotas`, and what others tell about the state of the service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answered(self) -> None:
        """Note that the forge answered."""
        self._database.rows(
            "INSERT INTO contact (answered_at) VALUES (now()) ON CONFLICT (is_only)"
            " DO UPDATE SET answered_at = now(), failures = 0"
        )

    def unanswered(self) -> None:
        """Note that it did not."""
        self._database.rows(
            "INSERT INTO contact (failed_at, failures) VALUES (now(), 1) ON CONFLICT (is_only)"
            " DO UPDATE SET failed_at = now(), failures = contact.failures + 1"
        )

    def git_answered(self) -> None:
        """Note that the forge's git gave what was asked of it."""
        self._database.rows("UPDATE contact SET git_failures = 0 WHERE git_failures > 0")

    def git_unanswered(self) -> None:
        """Note that it gave no answer."""
        self._database.rows(
            "INSERT INTO contact (git_failures) VALUES (1) ON CONFLICT (is_only)"
            " DO UPDATE SET git_failures = contact.git_failures + 1"
        )

    def contact_age_seconds(self) -> float | None:
        """How long ago we last asked the forge anything; None if never."""
        rows = self._database.rows(
            "SELECT extract(epoch FROM now() - greatest(answered_at, failed_at))::float AS age FROM contact"
        )
        return float(rows[0]["age"]) if rows else None

    def allowed(self, installation: int, remaining: int, quota: int, resets_at: datetime) -> None:
        """Note how much an installation may still ask."""
        self._database.rows(
            "INSERT INTO quotas (installation, remaining, quota, resets_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (installation) DO UPDATE SET remaining = excluded.remaining, quota = excluded.quota,"
            " resets_at = excluded.resets_at, seen_at = now()",
            installation,
            remaining,
            quota,
            resets_at,
        )

    def vitals(self, stalled_seconds: float) -> Vitals:
        """Everything at once; a worker without a sign for so long is none."""
        [row] = self._database.rows(
            "SELECT (SELECT count(*) FROM procrastinate_workers"
            "  WHERE last_heartbeat > now() - make_interval(secs => %s)) AS workers,"
            " (SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0)::float FROM deliveries"
            "  WHERE state = 'queued') AS oldest_job_seconds,"
            " coalesce((SELECT failures FROM contact), 0) AS forge_failures,"
            " (SELECT answered_at FROM contact) AS answered_at,"
            " coalesce((SELECT git_failures FROM contact), 0) AS git_failures",
            stalled_seconds,
        )
        jobs = self._database.rows(
            "SELECT state, cause FROM deliveries WHERE state IN ('done', 'failed')"
            " AND received_at > now() - interval '1 day' AND changed_at > now() - interval '1 hour'"
            " ORDER BY received_at DESC LIMIT %s",
            JOBS_LOOKED_AT,
        )
        return Vitals(last_jobs=tuple(job["cause"] or job["state"] for job in jobs), **row)

    def quotas(self, installations: Sequence[int] | None = None) -> list[QuotaRow]:
        """What some installations, or all, may still do."""
        rows = self._database.rows(
            "SELECT coalesce(t.installation, q.installation) AS installation, remaining, quota, resets_at,"
            " (SELECT count(*) FROM unnest(t.created) AS c (at) WHERE c.at > extract(epoch FROM now()) - 3600)"
            "  AS created, t.closed_until FROM write_turns AS t FULL JOIN quotas AS q"
            " ON q.installation = t.installation"
            " WHERE %s::bigint[] IS NULL OR coalesce(t.installation, q.installation) = ANY(%s::bigint[]) ORDER BY 1",
            *(2 * [list(installations) if installations is not None else None]),
        )
        now = datetime.now(UTC)
        found = []
        for row in rows:
            closed = datetime.fromtimestamp(row.pop("closed_until") or 0, UTC)
            found.append(QuotaRow(closed_until=closed if closed > now else None, **row))
        return found

    def findings_today(self) -> dict[str, int]:
        """How many findings of each rule comments told in the last 24 hours."""
        rows = self._database.rows(
            "SELECT rule, count(*) AS findings FROM told WHERE told_at > now() - interval '1 day' GROUP BY 1 ORDER BY 1"
        )
        return {row["rule"]: row["findings"] for row in rows}
