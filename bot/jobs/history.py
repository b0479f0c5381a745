"""The past of a pull request: what the forge shows of it, and what we remember."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter

from preship.analyzers.analysis import Operation
from preship.bot.jobs.contexts import ReviewContext
from preship.bot.review.history import Dismissal, Earlier, History
from preship.bot.review.pull_request import ReviewPlan, Told
from preship.bot.store.history import DismissalRow, SeenRow, ToldRow

_OPERATIONS = TypeAdapter(tuple[Operation, ...])


def history_of(context: ReviewContext) -> History:
    """Everything that the plan of a review has to respect."""
    repository, number, store = context.delivery.repository_id, context.delivery.number, context.store.history
    told = store.told(repository, number)
    return History(
        threads=tuple(context.forge.own_threads(number)),
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


def remember_seen(context: ReviewContext, plan: ReviewPlan) -> None:
    """Note what actions do under the findings that stand in comments, once the review stands."""
    rows = [SeenRow(seen.fingerprint, _OPERATIONS.dump_json(seen.operations).decode()) for seen in plan.seen]
    context.store.history.see(context.delivery.repository_id, context.delivery.number, rows)


def remember_told(context: ReviewContext, plan: ReviewPlan) -> None:
    """Note what the comments of a plan tell, once they stand."""
    rows = [ToldRow(told.fingerprint, told.rule, told.path, told.action, plan.base_sha) for told in plan.told]
    context.store.history.tell(context.delivery.repository_id, context.delivery.number, rows)
