"""Commands in comments: who may give them, and how each is acknowledged, obeyed and answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from preship.bot.jobs.contexts import ReviewContext
from preship.bot.jobs.inbox import ASKS, Ask
from preship.bot.jobs.review import Outcome
from preship.bot.review import answers
from preship.bot.review.commands import Command, Verb, parse_command
from preship.bot.review.forge import Refused
from preship.bot.review.links import Links
from preship.bot.review.marker import Kind, Marker, read_marker, write_marker
from preship.bot.review.pull_request import CommentPlace
from preship.bot.store.deliveries import State
from preship.bot.store.history import DismissalRow

SEEN, DONE, NOT_DONE = "eyes", "+1", "-1"

_MAY_WRITE = frozenset({"admin", "maintain", "write"})
_TRIGGERS = ("comment:", "reply:")


class _Denied(Exception):
    """The command is not obeyed; the text says why, to whoever gave it."""


def is_command(context: ReviewContext) -> bool:
    """Whether a comment asks for something."""
    return context.delivery.trigger.startswith(_TRIGGERS)


def obey(context: ReviewContext, review: Callable[[ReviewContext], Outcome]) -> Outcome:
    """Do what a comment asks for if its writer may ask, and answer with reactions, and words where they are needed."""
    command = _command(context)
    try:
        _check_permission(context, command.verb)
        react(context, SEEN)
        outcome = _obeyed(context, command, review)
    except _Denied as denial:
        reason = f"not obeyed: {denial}"
        # Whoever asks the same in vain again has read why not; each answer takes a turn from those who ask in earnest.
        if not context.store.deliveries.ended_alike(context.delivery.guid, reason):
            deny(context, str(denial))
        return Outcome(State.DONE, reason)
    react(context, DONE)
    return outcome


def verb_of(context: ReviewContext) -> Verb:
    """What a comment asks for."""
    return _command(context).verb


def _command(context: ReviewContext) -> Command:
    return parse_command(_ask(context).text) or Command(Verb.HELP)


def deny(context: ReviewContext, reason: str) -> None:
    """Say that a command was not obeyed, and why. The thumb comes last: it closes the matter."""
    _answer(context, reason)
    react(context, NOT_DONE)


def may_write(context: ReviewContext) -> bool:
    """Whether whoever caused the delivery has write permission now."""
    return context.forge.permission(context.delivery.actor) in _MAY_WRITE


def react(context: ReviewContext, content: str) -> None:
    """Answer the comment. GitHub keeps one reaction of a kind, so that a repeated one changes nothing."""
    context.may_write()
    # The comment may be deleted, or the conversation locked: what was asked for matters, its thumb does not.
    with suppress(Refused):
        context.forge.react(_place(context), content)


def _obeyed(context: ReviewContext, command: Command, review: Callable[[ReviewContext], Outcome]) -> Outcome:
    match command.verb:
        case Verb.REVIEW:
            outcome = review(context)
            if not outcome.is_reviewed:
                raise _Denied(f"{answers.NOT_REVIEWED}: {outcome.reason}.")
            return outcome
        case Verb.IGNORE if command.where is not None:
            _answer(context, _widened(context, command, command.where))
        case Verb.IGNORE:
            _dismiss(context, command)
            return review(context)
        case Verb.EXPLAIN:
            _answer(context, _explained(context, command))
        case Verb.HELP:
            _answer(context, answers.HELP)
    return Outcome(State.DONE, f"answered: {command.verb}")


def _check_permission(context: ReviewContext, verb: Verb) -> None:
    """Those who may write, and for a review the author. GitHub's `author_association` says less than it seems."""
    actor = context.delivery.actor
    if verb is Verb.REVIEW and context.forge.pull_request(context.delivery.number).author == actor:
        return
    if not may_write(context):
        raise _Denied(answers.NOT_ALLOWED_TO_REVIEW if verb is Verb.REVIEW else answers.NOT_ALLOWED)


def _explained(context: ReviewContext, command: Command) -> str:
    return answers.explanation(_rule(command), Links(context.worker_context.rules_url))


def _rule(command: Command) -> str:
    """The rule that a command names."""
    if not command.argument:
        raise _Denied(answers.NO_RULE)
    if not answers.is_rule(command.argument):
        raise _Denied(answers.unknown_rule(command.argument))
    return command.argument


def _dismiss(context: ReviewContext, command: Command) -> None:
    """Note that the findings of a rule, which the thread's first comment tells, are to be ignored."""
    rule, ask, number = _rule(command), _ask(context), context.delivery.number
    if not command.reason:
        raise _Denied(answers.NO_REASON)
    marker = _marker_above(context)
    if marker is None:
        raise _Denied(answers.NO_THREAD)
    above = [
        row
        for row in context.store.history.told(context.delivery.repository_id, number)
        if row.fingerprint in marker.fingerprints
    ]
    meant = [row for row in above if row.rule == rule]
    if not meant:
        raise _Denied(answers.not_told(rule, dict.fromkeys(row.rule for row in above)))
    history, delivery = context.store.history, context.delivery
    rows = [
        DismissalRow(
            row.fingerprint,
            row.rule,
            delivery.actor,
            command.reason,
            ask.comment_id,
            history.seen_by(delivery.repository_id, number, row.fingerprint, delivery.guid),
        )
        for row in meant
    ]
    history.dismiss(delivery.repository_id, number, rows)


def _widened(context: ReviewContext, command: Command, where: str) -> str:
    from preship.bot.jobs.widening import NotWidened, widen

    rule = _rule(command)
    if not command.reason:
        raise _Denied(answers.NO_REASON)
    try:
        return widen(context, rule, where, command.reason)
    except NotWidened as error:
        raise _Denied(str(error)) from error


def _marker_above(context: ReviewContext) -> Marker | None:
    """The mark of the comment that begins the thread, if that comment is ours."""
    thread_id, number = _ask(context).thread_id, context.delivery.number
    if thread_id is None:
        return None
    for thread in context.forge.own_threads(number):
        marker = read_marker(thread.comment.body, context.worker_context.marker_key)
        if thread.comment.id == thread_id and marker is not None and marker.pull_request_number == number:
            return marker
    return None


def _answer(context: ReviewContext, text: str) -> None:
    """Answer in words, once: a killed run may have done so already. In a locked conversation the thumb must do."""
    place, number = _place(context), context.delivery.number
    marker = Marker(Kind.ANSWER, number, "0", (str(place.comment_id),))
    key = context.worker_context.marker_key
    if any(read_marker(said.body, key) == marker for said in context.forge.own_answers(number, place)):
        return
    context.may_write()
    with suppress(Refused):
        context.forge.answer(number, place, f"{text}\n\n{write_marker(marker, key)}")


def _ask(context: ReviewContext) -> Ask:
    """What was written. Deliveries of earlier versions only ever asked for reviews, and kept no more."""
    if not context.delivery.request:
        return Ask(int(context.delivery.trigger.partition(":")[2]), None, "/preship review")
    return ASKS.validate_json(context.delivery.request)


def _place(context: ReviewContext) -> CommentPlace:
    ask = _ask(context)
    return CommentPlace(ask.comment_id, ask.thread_id)
