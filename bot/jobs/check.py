"""How the check run of a review ends, whether or not its start could be noted."""

from __future__ import annotations

from contextlib import suppress

from bot.jobs.desk import Desk
from bot.review.forge import Refused
from bot.review.pull_request import Conclusion
from bot.store.reviews import Review


def end_check(desk: Desk, review: Review, conclusion: Conclusion, title: str, summary: str) -> None:
    """End the check run of a review that ends before its time. One that is nowhere, or whose commit is gone, has none.

    A run that was killed, or got no answer, between start and note leaves a check run whose id nobody knows.
    """
    check_id = review.check_id
    with suppress(Refused):
        if check_id is None:
            check_id = desk.forge.find_check(review.key.head_sha, str(review.key))
        if check_id is not None:
            desk.may_write()
            desk.forge.conclude_check(check_id, conclusion, title, summary)
