"""How each exchange with GitHub ends, and how much it says that we may still ask: for whoever watches over us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from github.Requester import Requester

from preship.bot.github.access import Exchange, GitHubAccess
from preship.bot.review.forge import RateLimited, Refused, Unavailable


@contextmanager
def watched(access: GitHubAccess, asked: Requester, installation: int) -> Iterator[None]:
    """Report how what is asked in the block ends. An exchange is one call of ours, which may take several requests."""
    outcome = "error"
    try:
        yield
        outcome = "ok"
    except RateLimited:
        outcome = "limited"
        raise
    except Unavailable:
        outcome = "unavailable"
        raise
    except Refused:
        outcome = "refused"
        raise
    finally:
        remaining, quota = asked.rate_limiting
        resets_at = datetime.fromtimestamp(asked.rate_limiting_resettime, UTC)
        access.observe(Exchange(installation, outcome, (remaining, quota, resets_at) if quota > 0 else None))
