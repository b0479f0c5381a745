"""The past of a pull request: what the forge shows of it, and what we remember."""

from __future__ import annotations

from bot.jobs.desk import Desk
from bot.review.history import Dismissal, Earlier, History
from bot.review.pull_request import ReviewPlan, Told
from bot.store.history import ToldRow


def history_of(desk: Desk) -> History:
    """Everything that the plan of a review has to respect."""
    repository, number, store = desk.delivery.repository_id, desk.delivery.number, desk.store.history
    told = store.told(repository, number)
    return History(
        threads=tuple(desk.forge.own_threads(number)),
        told=tuple(Earlier(Told(row.fingerprint, row.rule, row.path, row.action), row.base_sha) for row in told),
        dismissals=tuple(
            Dismissal(row.fingerprint, row.rule, row.who, row.reason) for row in store.dismissals(repository, number)
        ),
        resolved=frozenset(store.resolved(repository, number)),
    )


def remember_told(desk: Desk, plan: ReviewPlan) -> None:
    """Note what the comments of a plan tell, once they stand."""
    rows = [ToldRow(told.fingerprint, told.rule, told.path, told.action, plan.base_sha) for told in plan.told]
    desk.store.history.tell(desk.delivery.repository_id, desk.delivery.number, rows)
