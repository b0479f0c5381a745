"""Who asks again for what was just judged finds the answer standing: it costs no request to the forge.

Everybody who may ask can ask a hundred times; each review writes, and an installation may write only so much.
"""

from __future__ import annotations

from preship.bot.jobs.command import is_command, verb_of
from preship.bot.jobs.contexts import ReviewContext
from preship.bot.jobs.merge_group import is_merge_group
from preship.bot.jobs.review import Outcome
from preship.bot.review.commands import Verb
from preship.bot.store.deliveries import PUSH, State


def standing_answer(context: ReviewContext) -> Outcome | None:
    """How a delivery ends that asks for a review which somebody had made a moment ago; None where it is to be made."""
    delivery = context.delivery
    if (
        delivery.trigger == PUSH
        or is_merge_group(context)
        or (is_command(context) and verb_of(context) is not Verb.REVIEW)
    ):
        return None
    found = context.store.reviews.standing_answer(
        delivery.repository_id, delivery.number, delivery.trigger, context.worker_context.cooldown_seconds
    )
    if found is None:
        return None
    return Outcome(State.DONE, f"reviewed a moment ago: {found} stands", is_reviewed=True)
