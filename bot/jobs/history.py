"""The past of a pull request: what the forge shows of it, and what we remember."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter

from analyzers.analysis import Operation
from bot.jobs.desk import Desk
from bot.review.history import Dismissal, Earlier, History
from bot.review.pull_request import ReviewPlan, Told
from bot.store.history import DismissalRow, SeenRow, ToldRow

_OPERATIONS = TypeAdapter(tuple[Operation, ...])


def history_of(desk: Desk) -> History:
    """Everything that the plan of a review has to respect."""
    repository, number, store = desk.delivery.repository_id, desk.delivery.number, desk.store.history
    told = store.told(repository, number)
    return History(
        threads=tuple(desk.forge.own_threads(number)),
        told=tuple(
            Earlier(Told(row.fingerprint, row.rule, row.path, row.action), row.base_sha, row.is_dismissed)
            for row in told
        ),
        dismissals=dismissals_in(store.dismissals(repository, number)),
        resolved=frozenset(store.resolved(repository, number)),
    )


def dismissals_in(rows: Iterable[DismissalRow]) -> tuple[Dismissal, ...]:
    """What people asked to ignore."""
    return tuple(
        Dismissal(
            row.fingerprint,
            row.rule,
            row.who,
            row.reason,
            _OPERATIONS.validate_json(row.operations) if row.operations is not None else None,
            row.path,
            row.action,
        )
        for row in rows
    )


def remember_seen(desk: Desk, plan: ReviewPlan) -> None:
    """Note what actions do under the findings that stand in comments, once the review stands."""
    rows = [SeenRow(seen.fingerprint, _OPERATIONS.dump_json(seen.operations).decode()) for seen in plan.seen]
    desk.store.history.see(desk.delivery.repository_id, desk.delivery.number, rows)


def remember_told(desk: Desk, plan: ReviewPlan) -> None:
    """Note what the comments of a plan tell, once they stand."""
    rows = [ToldRow(told.fingerprint, told.rule, told.path, told.action, plan.base_sha) for told in plan.told]
    desk.store.history.tell(desk.delivery.repository_id, desk.delivery.number, rows)
