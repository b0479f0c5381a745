"""The job behind the live inventory: what answers requests on the default branch, counted when somebody asks.

No forge is written to, and no review waits for it: the queue gives it out when no review waits, one at a time.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from preship.analyzers.analysis import Matrix
from preship.bot.jobs.contexts import ReviewContext
from preship.bot.jobs.review import Outcome
from preship.bot.store.deliveries import State
from preship.bot.store.queue import INVENTORY

_MATRICES = TypeAdapter(Matrix)


def is_inventory(context: ReviewContext) -> bool:
    """Whether somebody asks for an inventory."""
    return context.delivery.trigger == INVENTORY


def count_entrances(context: ReviewContext) -> Outcome:
    """Count, and keep what was counted in the place of what was before. Raises as a review does."""
    worker_context = context.worker_context
    with context.asking_git():
        counted = worker_context.counter(context.forge, worker_context.stopping)
    context.lock.ensure()
    context.store.inventories.keep(
        context.delivery.repository_id,
        counted.branch,
        counted.commit_sha,
        _MATRICES.dump_json(counted.matrix).decode(),
    )
    count = len(counted.matrix.entrances)
    found = f"{count} that {'answers' if count == 1 else 'answer'} requests"
    return Outcome(State.DONE, f"counted at {counted.commit_sha[:7]}: {found}")
