"""A decision that is to hold for its kind: offered to the repository as a change of its configuration."""

from __future__ import annotations

import hashlib

from preship.bot.configuration.editing import CannotEdit, Exempt, exempt, with_exception
from preship.bot.jobs.contexts import ReviewContext
from preship.bot.review import widening
from preship.bot.review.forge import Gone, NotGranted, Refused
from preship.bot.review.links import Links
from preship.bot.review.policy import CONFIGURATION
from preship.bot.review.proposal import Proposal, Proposed, TipFile
from preship.bot.store.proposals import ProposalRow


class NotWidened(Exception):
    """There is no such proposal; the text says why, and what to do instead."""


def widen(context: ReviewContext, rule: str, actions: str, reason: str) -> str:
    """Propose what somebody asked for, and give the answer. Asked again, it is the same pull request.

    Raises `NotWidened`, and what the forge raises.
    """
    try:
        wanted = exempt(rule, actions, reason)
    except CannotEdit as error:
        raise NotWidened(str(error)) from None
    before = context.forge.tip_file(CONFIGURATION)
    try:
        proposal = _proposal(context, wanted, before, with_exception(before.content, wanted))
        proposed = _proposed(context, proposal)
    except CannotEdit as error:
        raise NotWidened(widening.by_hand(str(error), wanted.yaml)) from None
    except Gone:
        raise
    except NotGranted:
        raise NotWidened(widening.by_hand(widening.NOT_GRANTED, wanted.yaml)) from None
    except Refused as refusal:
        raise NotWidened(widening.by_hand(widening.refused(refusal.reason), wanted.yaml)) from None
    delivery = context.delivery
    context.store.proposals.keep(
        ProposalRow(
            delivery.repository_id,
            proposed.number,
            delivery.number,
            wanted.rule,
            wanted.actions,
            delivery.actor,
            wanted.reason,
        )
    )
    return widening.proposed(proposed, before.branch)


def _proposed(context: ReviewContext, proposal: Proposal) -> Proposed:
    context.may_write()
    return context.forge.propose(proposal)


def _proposal(context: ReviewContext, wanted: Exempt, before: TipFile, content: bytes) -> Proposal:
    delivery, links = context.delivery, Links(context.worker_context.rules_url)
    same = hashlib.sha256(f"{wanted.rule}\0{wanted.actions}".encode()).hexdigest()[:12]
    asked = widening.Asked(delivery.actor, delivery.number, wanted.rule, wanted.actions, wanted.reason)
    return Proposal(
        branch=f"preship/ignore-{wanted.rule}-{same}",
        before=before,
        content=content,
        title=widening.title(asked),
        body=widening.body(asked, before.branch, links),
        message=widening.message(asked),
    )
