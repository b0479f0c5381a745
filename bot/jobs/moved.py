"""A repository that is not found where we ask for it may have another name by now, of which nobody told us yet."""

from __future__ import annotations

import structlog

from preship.bot.jobs.contexts import WorkerContext
from preship.bot.review.forge import Forge

log = structlog.get_logger()


def has_moved(worker_context: WorkerContext, forge: Forge) -> bool:
    """Whether the repository has another name than the forge was asked by; it is noted. Raises `ForgeError`."""
    asked, name = forge.repository, forge.full_name()
    if name == asked.full_name:
        return False
    worker_context.store.repositories.moved(asked.id, name, None)
    log.info("a repository has another name", was=asked.full_name, name=name)
    return True
