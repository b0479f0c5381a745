"""What the pages list: reviews, deliveries and decisions of the repositories that somebody may see, newest first.

Everything is asked for by repository ids, and each repository for its newest rows: a page costs the same after years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from psycopg.rows import DictRow

from preship.bot.store.database import Database
from preship.bot.store.reviews import FoundRow, Review, review_of


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review in a list."""

    id: int
    repository_id: int
    repository: str
    number: int
    head_sha: str
    step: str
    conclusion: str | None
    title: str
    seconds: float | None
    """How long it took; None while it runs."""

    findings: int
    """Those that the change is to blame for, less those that are meant to stand."""

    begun_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewDetails:
    """Everything that is kept of a review."""

    review: Review
    title: str
    summary: str
    api_calls: int
    unseen: tuple[str, ...]
    ended_at: datetime | None
    steps: tuple[tuple[str, datetime], ...]
    """In the order in which they were reached."""

    findings: tuple[FoundRow, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery in a list."""

    guid: str
    event: str
    action: str
    repository_id: int
    repository: str
    number: int
    actor: str
    trigger: str
    state: str
    reason: str
    cause: str
    failures: int
    received_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A finding that somebody asked to ignore."""

    repository_id: int
    repository: str
    number: int
    rule: str
    path: str | None
    action: str | None
    who: str
    reason: str
    at: datetime
    still_matches: bool | None
    """Whether the last review since then found it again; None where there was none."""


@dataclass(frozen=True, slots=True)
class WidenedRow:
    """A decision that somebody asked to hold for its kind."""

    repository_id: int
    repository: str
    number: int
    """The pull request on which it was asked for."""

    proposed_in: int
    """The one that proposes it."""

    rule: str
    actions: str
    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Something that somebody did by the pages."""

    at: datetime
    who: str
    what: str
    repository_id: int | None
    about: str


_FEW = 100
"""Repositories of which each is asked apart: a page's worth of each is then ten times what the page shows, at most."""


class Listings:
    """Reads of many tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reviews(self, repository_ids: Sequence[int], limit: int, before: int | None = None) -> list[ReviewRow]:
        """The newest reviews; `before` is the id of the last one on the page before."""
        ids = self._newest("reviews", "id", repository_ids, limit, before)
        rows = self._database.rows(
            "SELECT id, repository_id, repository, number, head_sha, step, conclusion,"
            " coalesce(check_title, '') AS title, extract(epoch FROM ended_at - begun_at)::float AS seconds, begun_at,"
            " (SELECT count(*) FROM review_findings AS f WHERE f.review = reviews.id AND f.ignored IS NULL"
            "  AND f.status IN ('introduced', 'worsened')) AS findings"
            " FROM reviews WHERE id = ANY(%s) ORDER BY id DESC",
            ids,
        )
        return [ReviewRow(**row) for row in rows]

    def _newest(
        self,
        table: str,
        order: str,
        repository_ids: Sequence[int],
        limit: int,
        before: int | None,
        *,
        only_failed: bool = False,
    ) -> list[int]:
        """What tells the newest rows of a table apart, from an index alone.

        Of few repositories each is asked for its newest. Many have the newest rows of the table among them, which then
        are read backwards, and the planner knows how far that leads.
        """
        mine = "= asked.id" if len(repository_ids) <= _FEW else "= ANY(%s::bigint[])"
        found = (
            f"SELECT {order} AS number FROM {table} WHERE repository_id {mine}"  # noqa: S608
            f" AND (%s::bigint IS NULL OR {order} < %s){' AND state = %s' if only_failed else ''}"
            f" ORDER BY {order} DESC LIMIT %s"
        )
        asked: list[object] = [list(repository_ids), before, before, *(["failed"] if only_failed else []), limit]
        if len(repository_ids) <= _FEW:
            found = (
                f"SELECT number FROM unnest(%s::bigint[]) AS asked (id) CROSS JOIN LATERAL ({found}) AS newest"  # noqa: S608
                " ORDER BY number DESC LIMIT %s"
            )
            asked.append(limit)
        return [row["number"] for row in self._database.rows(found, *asked)]

    def review(self, review_id: int) -> ReviewDetails | None:
        """One review with its steps and findings."""
        rows = self._database.rows("SELECT * FROM reviews WHERE id = %s", review_id)
        if not rows:
            return None
        row = rows[0]
        steps = self._database.rows("SELECT step, at FROM review_steps WHERE review = %s ORDER BY at", review_id)
        findings = self._database.rows(
            "SELECT fingerprint, rule, severity, status, path, line, action, ignored FROM review_findings"
            " WHERE review = %s ORDER BY place",
            review_id,
        )
        return ReviewDetails(
            review_of(row),
            row["check_title"] or "",
            row["check_summary"] or "",
            row["api_calls"],
            tuple(row["unseen"]),
            row["ended_at"],
            tuple((step["step"], step["at"]) for step in steps),
            tuple(FoundRow(**finding) for finding in findings),
        )

    def findings_by_week(self, repository_ids: Sequence[int], since: datetime) -> list[tuple[datetime, str, int]]:
        """How many findings of each rule comments told in each seven days from a moment on, by week and rule."""
        rows = self._database.rows(
            # Bins are counted from a moment on, which is cheaper than a calendar for a hundred thousand rows.
            "SELECT date_bin('7 days', told_at, %s) AS week, rule, count(*) AS findings FROM told"
            " WHERE told_at >= %s AND repository_id = ANY(%s::bigint[]) GROUP BY 1, 2 ORDER BY 1, 2",
            since,
            since,
            list(repository_ids),
        )
        return [(row["week"].astimezone(UTC), row["rule"], row["findings"]) for row in rows]

    def deliveries(
        self, repository_ids: Sequence[int], limit: int, before: int | None = None, *, only_failed: bool = False
    ) -> list[tuple[int, DeliveryRow]]:
        """The newest deliveries, each behind its position; `before` is the last position on the page before."""
        positions = self._newest("deliveries", "position", repository_ids, limit, before, only_failed=only_failed)
        rows = self._database.rows(
            "SELECT * FROM deliveries WHERE position = ANY(%s) ORDER BY position DESC", positions
        )
        return [(row["position"], _delivery(row)) for row in rows]

    def delivery(self, guid: str) -> DeliveryRow | None:
        """One delivery."""
        rows = self._database.rows("SELECT * FROM deliveries WHERE guid = %s", guid)
        return _delivery(rows[0]) if rows else None

    def reviews_of(self, repository_id: int, number: int, limit: int = 10) -> list[int]:
        """Ids of the newest reviews of a pull request."""
        rows = self._database.rows(
            "SELECT id FROM reviews WHERE repository_id = %s AND number = %s ORDER BY id DESC LIMIT %s",
            repository_id,
            number,
            limit,
        )
        return [row["id"] for row in rows]

    def decisions(self, repository_ids: Sequence[int], limit: int, first: int = 0) -> list[DecisionRow]:
        """What people asked to ignore, the newest first but for so many, and whether it is still found."""
        rows = self._database.rows(
            "SELECT newest.*, (SELECT EXISTS (SELECT 1 FROM review_findings AS f WHERE f.review = last.id"
            "   AND f.fingerprint = newest.fingerprint) FROM (SELECT id FROM reviews"
            "   WHERE reviews.repository_id = newest.repository_id AND reviews.number = newest.number"
            "   AND step = 'concluded' AND begun_at >= newest.at ORDER BY id DESC LIMIT 1) AS last) AS still_matches"
            " FROM (SELECT d.repository_id, coalesce(r.full_name, '') AS repository, d.number, d.rule, d.fingerprint,"
            "   t.path, t.action, d.who, d.reason, d.dismissed_at AS at FROM (SELECT * FROM dismissals"
            "   WHERE repository_id = ANY(%s::bigint[]) ORDER BY dismissed_at DESC, repository_id, number,"
            "   fingerprint LIMIT %s OFFSET %s) AS d"
            "  LEFT JOIN told AS t USING (repository_id, number, fingerprint)"
            "  LEFT JOIN repositories AS r ON r.id = d.repository_id) AS newest"
            " ORDER BY newest.at DESC, newest.repository_id, newest.number, newest.fingerprint",
            list(repository_ids),
            limit,
            first,
        )
        return [DecisionRow(**_without(row, "fingerprint")) for row in rows]

    def widened(self, repository_ids: Sequence[int], limit: int) -> list[WidenedRow]:
        """What people asked to hold for its kind, the newest first."""
        rows = self._database.rows(
            "SELECT p.repository_id, coalesce(r.full_name, '') AS repository, p.number, p.proposed_in, p.rule,"
            " p.actions, p.who, p.reason, p.proposed_at AS at FROM proposals AS p"
            " LEFT JOIN repositories AS r ON r.id = p.repository_id WHERE p.repository_id = ANY(%s::bigint[])"
            " ORDER BY p.proposed_at DESC LIMIT %s",
            list(repository_ids),
            limit,
        )
        return [WidenedRow(**row) for row in rows]

    def audit(self, repository_ids: Sequence[int], limit: int, *, with_service: bool) -> list[AuditRow]:
        """What people did by the pages; `with_service`: what concerns no repository as well."""
        rows = self._database.rows(
            "SELECT at, who, what, repository_id, about FROM audit WHERE repository_id = ANY(%s::bigint[])"
            " OR (%s AND repository_id IS NULL) ORDER BY id DESC LIMIT %s",
            list(repository_ids),
            with_service,
            limit,
        )
        return [AuditRow(**row) for row in rows]


def _delivery(row: DictRow) -> DeliveryRow:
    return DeliveryRow(**{field.name: row[field.name] for field in fields(DeliveryRow)})


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
