"""The fence: how far each review has come, so that a killed job is continued and never repeated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import StrEnum

from psycopg.rows import DictRow

from preship.bot.store.database import Database, StoreError


class Step(StrEnum):
    """What stands already. The steps of a review that ends well come in this order."""

    BEGUN = "begun"
    PLANNED = "planned"
    """The plan is written down: from here on nothing is decided anew."""

    REVIEWED = "reviewed"
    """The review is posted, or there is none to post."""

    COMMENTED = "commented"
    """So are the comments on whole files."""

    SUMMARISED = "summarised"
    """The sticky summary says what the plan says."""

    CONCLUDED = "concluded"
    """The check run is concluded: nothing is left to do."""

    SUPERSEDED = "superseded"
    """A newer head came first."""

    FAILED = "failed"
    """It was given up; what asks for it again starts it anew."""


class StepTaken(StoreError):
    """Another run of the same review has moved on: this one must stop."""


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two reviews the same one."""

    repository_id: int
    number: int
    head_sha: str
    trigger: str
    """As the delivery has it, with `/2` behind it where the head is reviewed a second time for the same."""

    def __str__(self) -> str:
        return f"{self.repository_id}:{self.number}:{self.head_sha}:{self.trigger}"


@dataclass(frozen=True, slots=True)
class Review:
    """One row of the fence."""

    id: int
    key: Key
    repository: str
    step: Step
    plan: str | None
    """JSON of what is being posted, from `planned` until it stands."""

    check_id: int | None
    review_id: int | None
    conclusion: str | None
    reason: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A finding of a review, in the order of its table."""

    fingerprint: str
    rule: str
    severity: str
    status: str
    path: str
    line: int
    action: str | None
    ignored: str | None


_ENDED = (Step.CONCLUDED, Step.SUPERSEDED, Step.FAILED)


class Reviews:
    """The tables `reviews` and `summaries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_this_round(self, key: Key, base_ref: str) -> Key:
        """The key under which a head is reviewed now.

        The head that was reviewed last is still the same review. One that comes back after another (a force-push), or
        is to go into another branch by now, is reviewed anew: a further round of the same trigger.
        """
        rounds = self._database.rows(
            "SELECT head_sha, trigger, base_ref FROM reviews WHERE repository_id = %s AND number = %s"
            " AND split_part(trigger, '/', 1) = %s ORDER BY id",
            key.repository_id,
            key.number,
            key.trigger,
        )
        if rounds and rounds[-1]["head_sha"] == key.head_sha and rounds[-1]["base_ref"] in (None, base_ref):
            return replace(key, trigger=rounds[-1]["trigger"])
        earlier = sum(row["head_sha"] == key.head_sha for row in rounds)
        return replace(key, trigger=f"{key.trigger}/{earlier + 1}") if earlier else key

    def begin(self, key: Key, repository: str, base_ref: str = "") -> Review:
        """The row of this review: as it stands, or new; one that failed or was superseded starts anew."""
        rows = self._database.rows(
            "INSERT INTO reviews (repository_id, number, head_sha, trigger, repository, base_ref)"
            " VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (repository_id, number, head_sha, trigger) DO UPDATE SET repository = excluded.repository,"
            "  step = CASE WHEN reviews.step IN ('failed', 'superseded') THEN 'begun' ELSE reviews.step END,"
            "  check_id = CASE WHEN reviews.step IN ('failed', 'superseded') THEN NULL ELSE reviews.check_id END,"
            "  shown = CASE WHEN reviews.step IN ('failed', 'superseded') THEN NULL ELSE reviews.shown END,"
            "  ended_at = CASE WHEN reviews.step = 'concluded' THEN reviews.ended_at END"
            " RETURNING *",
            key.repository_id,
            key.number,
            key.head_sha,
            key.trigger,
            repository,
            base_ref or None,
        )
        return review_of(rows[0])

    def started_check(self, review: Review, check_id: int) -> Review:
        """Note the check run that shows this review in progress."""
        return self._write(review, replace(review, check_id=check_id))

    def planned(self, review: Review, plan: str) -> Review:
        """Write the plan down."""
        return self._write(review, replace(review, step=Step.PLANNED, plan=plan))

    def replanned(self, review: Review, plan: str) -> Review:
        """Replace a plan that the forge refused."""
        return self._write(review, replace(review, plan=plan))

    def reviewed(self, review: Review, review_id: int | None) -> Review:
        """Note the posted review; None where there was nothing to post."""
        return self._write(review, replace(review, step=Step.REVIEWED, review_id=review_id))

    def commented(self, review: Review) -> Review:
        """Note that the comments on whole files stand."""
        return self._write(review, replace(review, step=Step.COMMENTED))

    def summarised(self, review: Review) -> Review:
        """Note that the sticky summary is up to date."""
        return self._write(review, replace(review, step=Step.SUMMARISED))

    def concluded(self, review: Review, conclusion: str) -> Review:
        """Note that the check run is concluded, and drop the plan."""
        return self._write(review, replace(review, step=Step.CONCLUDED, conclusion=conclusion, plan=None))

    def superseded(self, review: Review) -> Review:
        """Note that a newer head came first."""
        return self._write(review, replace(review, step=Step.SUPERSEDED, conclusion="cancelled", plan=None))

    def failed(self, review: Review, conclusion: str, reason: str) -> Review:
        """Note that the review was given up."""
        return self._write(review, replace(review, step=Step.FAILED, conclusion=conclusion, reason=reason, plan=None))

    def _write(self, old: Review, new: Review) -> Review:
        """Replace a row that is still at the step where this run believes it. Raises `StepTaken` if it is not."""
        rows = self._database.rows(
            "WITH moved AS (UPDATE reviews SET step = %s, plan = %s, check_id = %s, review_id = %s, conclusion = %s,"
            "  reason = %s, changed_at = now(),"
            "  ended_at = CASE WHEN %s IN ('concluded', 'superseded', 'failed') THEN now() END"
            "  WHERE id = %s AND step = %s RETURNING id, step),"
            " noted AS (INSERT INTO review_steps (review, step) SELECT id, step FROM moved"
            "  ON CONFLICT (review, step) DO NOTHING) SELECT id FROM moved",
            new.step,
            new.plan,
            new.check_id,
            new.review_id,
            new.conclusion,
            new.reason,
            new.step,
            old.id,
            old.step,
        )
        if not rows:
            raise StepTaken(f"review {old.key} is past {old.step}")
        return new

    def spent(self, review: Review, api_calls: int) -> None:
        """Note what a run of a review asked of the forge."""
        self._database.rows("UPDATE reviews SET api_calls = api_calls + %s WHERE id = %s", api_calls, review.id)

    def found(self, review: Review, findings: Iterable[FoundRow], unseen: Iterable[str]) -> None:
        """Note what a review found and could not see, in place of what an earlier run noted."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE reviews SET unseen = %s WHERE id = %s", (list(unseen), review.id))
            connection.execute("DELETE FROM review_findings WHERE review = %s", (review.id,))
            connection.cursor().executemany(
                "INSERT INTO review_findings VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [(review.id, place, *astuple(row)) for place, row in enumerate(findings)],
            )

    def unfinished(self, repository_id: int, number: int, trigger: str) -> list[Review]:
        """Reviews of a pull request that were begun for a trigger, in any round, and never ended."""
        rows = self._database.rows(
            "SELECT * FROM reviews WHERE repository_id = %s AND number = %s AND split_part(trigger, '/', 1) = %s"
            " AND NOT step = ANY(%s) ORDER BY id",
            repository_id,
            number,
            trigger,
            [str(step) for step in _ENDED],
        )
        return [review_of(row) for row in rows]

    def standing_answer(self, repository_id: int, number: int, trigger: str, seconds: float) -> str | None:
        """The conclusion of a review that somebody else asked for so short a time ago, if nobody has pushed since.

        Pushes and merge queues ask by themselves, and are no somebody; neither is `trigger`, which goes on.
        """
        rows = self._database.rows(
            "SELECT conclusion FROM reviews WHERE repository_id = %s AND number = %s AND step = 'concluded'"
            " AND split_part(trigger, ':', 1) IN ('comment', 'reply', 'check', 'suite')"
            " AND split_part(trigger, '/', 1) <> %s AND changed_at > now() - make_interval(secs => %s)"
            " AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.repository_id = reviews.repository_id"
            "  AND deliveries.number = reviews.number AND deliveries.trigger = 'push'"
            "  AND deliveries.received_at > reviews.begun_at)"
            " ORDER BY id DESC LIMIT 1",
            repository_id,
            number,
            trigger,
            seconds,
        )
        return str(rows[0]["conclusion"]) if rows else None

    def posted_for_others(self, review: Review) -> set[int]:
        """Ids of posted reviews of the same pull request that other rows account for."""
        rows = self._database.rows(
            "SELECT review_id FROM reviews WHERE repository_id = %s AND number = %s AND id <> %s"
            " AND review_id IS NOT NULL",
            review.key.repository_id,
            review.key.number,
            review.id,
        )
        return {row["review_id"] for row in rows}

    def summary_id(self, repository_id: int, number: int) -> int | None:
        """The sticky summary comment of a pull request, if one is known."""
        rows = self._database.rows(
            "SELECT comment_id FROM summaries WHERE repository_id = %s AND number = %s", repository_id, number
        )
        return int(rows[0]["comment_id"]) if rows else None

    def remember_summary(self, repository_id: int, number: int, comment_id: int) -> None:
        """Note which comment is the sticky summary."""
        self._database.rows(
            "INSERT INTO summaries VALUES (%s, %s, %s)"
            " ON CONFLICT (repository_id, number) DO UPDATE SET comment_id = excluded.comment_id",
            repository_id,
            number,
            comment_id,
        )


def review_of(row: DictRow) -> Review:
    """A row of the fence."""
    key = Key(row["repository_id"], row["number"], row["head_sha"], row["trigger"])
    return Review(
        id=row["id"],
        key=key,
        repository=row["repository"],
        step=Step(row["step"]),
        plan=row["plan"],
        check_id=row["check_id"],
        review_id=row["review_id"],
        conclusion=row["conclusion"],
        reason=row["reason"],
        begun_at=row["begun_at"],
    )
