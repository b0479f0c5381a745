"""Commands in comments: who may give them, and how each is acknowledged, obeyed and answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from bot.jobs.desk import Desk
from bot.jobs.inbox import ASKS, Ask
from bot.jobs.review import Outcome
from bot.review import answers
from bot.review.commands import Command, Verb, parse_command
from bot.review.forge import Refused
from bot.review.links import Links
from bot.review.marker import Kind, Marker, read_marker, write_marker
from bot.review.pull_request import CommentPlace
from bot.store.deliveries import State
from bot.store.history import DismissalRow

SEEN, DONE, NOT_DONE = "eyes", "+1", "-1"

_MAY_WRITE = frozenset({"admin", "maintain", "write"})
_TRIGGERS = ("comment:", "reply:")


class _Denied(Exception):
    """The command is not obeyed; the text says why, to whoever gave it."""


def is_command(desk: Desk) -> bool:
    """Whether a comment asks for something."""
    return desk.delivery.trigger.startswith(_TRIGGERS)


def obey(desk: Desk, review: Callable[[Desk], Outcome]) -> Outcome:
    """Do what a comment asks for if its writer may ask, and answer with reactions, and words where they are needed."""
    command = _command(desk)
    try:
        _check_permission(desk, command.verb)
        react(desk, SEEN)
        outcome = _obeyed(desk, command, review)
    except _Denied as denial:
        reason = f"not obeyed: {denial}"
        # Whoever asks the same in vain again has read why not; each answer takes a turn from those who ask in earnest.
        if not desk.store.deliveries.ended_alike(desk.delivery.guid, reason):
            deny(desk, str(denial))
        return Outcome(State.DONE, reason)
    react(desk, DONE)
    return outcome


def verb_of(desk: Desk) -> Verb:
    """What a comment asks for."""
    return _command(desk).verb


def _command(desk: Desk) -> Command:
    return parse_command(_ask(desk).text) or Command(Verb.HELP)


def deny(desk: Desk, reason: str) -> None:
    """Say that a command was not obeyed, and why. The thumb comes last: it closes the matter."""
    _answer(desk, reason)
    react(desk, NOT_DONE)


def may_write(desk: Desk) -> bool:
    """Whether whoever caused the delivery has write permission now."""
    return desk.forge.permission(desk.delivery.actor) in _MAY_WRITE


def react(desk: Desk, content: str) -> None:
    """Answer the comment. GitHub keeps one reaction of a kind, so that a repeated one changes nothing."""
    desk.may_write()
    # The comment may be deleted, or the conversation locked: what was asked for matters, its thumb does not.
    with suppress(Refused):
        desk.forge.react(_place(desk), content)


def _obeyed(desk: Desk, command: Command, review: Callable[[Desk], Outcome]) -> Outcome:
    match command.verb:
        case Verb.REVIEW:
            outcome = review(desk)
            if not outcome.is_reviewed:
                raise _Denied(f"{answers.NOT_REVIEWED}: {outcome.reason}.")
            return outcome
        case Verb.IGNORE:
            _dismiss(desk, command)
            return review(desk)
        case Verb.EXPLAIN:
            _answer(desk, _explained(desk, command))
        case Verb.HELP:
            _answer(desk, answers.HELP)
    return Outcome(State.DONE, f"answered: {command.verb}")


def _check_permission(desk: Desk, verb: Verb) -> None:
    """Those who may write, and for a review the author. GitHub's `author_association` says less than it seems."""
    actor = desk.delivery.actor
    if verb is Verb.REVIEW and desk.forge.pull_request(desk.delivery.number).author == actor:
        return
    if not may_write(desk):
        raise _Denied(answers.NOT_ALLOWED_TO_REVIEW if verb is Verb.REVIEW else answers.NOT_ALLOWED)


def _explained(desk: Desk, command: Command) -> str:
    return answers.explanation(_rule(command), Links(desk.office.rules_url))


def _rule(command: Command) -> str:
    """The rule that a command names."""
    if not command.argument:
        raise _Denied(answers.NO_RULE)
    if not answers.is_rule(command.argument):
        raise _Denied(answers.unknown_rule(command.argument))
    return command.argument


def _dismiss(desk: Desk, command: Command) -> None:
    """Note that the findings of a rule, which the thread's first comment tells, are to be ignored."""
    rule, ask, number = _rule(command), _ask(desk), desk.delivery.number
    if not command.reason:
        raise _Denied(answers.NO_REASON)
    marker = _marker_above(desk)
    if marker is None:
        raise _Denied(answers.NO_THREAD)
    above = [
        row
        for row in desk.store.history.told(desk.delivery.repository_id, number)
        if row.fingerprint in marker.fingerprints
    ]
    meant = [row for row in above if row.rule == rule]
    if not meant:
        raise _Denied(answers.not_told(rule, dict.fromkeys(row.rule for row in above)))
    history, delivery = desk.store.history, desk.delivery
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


def _marker_above(desk: Desk) -> Marker | None:
    """The mark of the comment that begins the thread, if that comment is ours."""
    thread_id, number = _ask(desk).thread_id, desk.delivery.number
    if thread_id is None:
        return None
    for thread in desk.forge.own_threads(number):
        marker = read_marker(thread.comment.body, desk.office.marker_key)
        if thread.comment.id == thread_id and marker is not None and marker.pull_request_number == number:
            return marker
    return None


def _answer(desk: Desk, text: str) -> None:
    """Answer in words, once: a killed run may have done so already. In a locked conversation the thumb must do."""
    place, number = _place(desk), desk.delivery.number
    marker = Marker(Kind.ANSWER, number, "0", (str(place.comment_id),))
    key = desk.office.marker_key
    if any(read_marker(said.body, key) == marker for said in desk.forge.own_answers(number, place)):
        return
    desk.may_write()
    with suppress(Refused):
        desk.forge.answer(number, place, f"{text}\n\n{write_marker(marker, key)}")


def _ask(desk: Desk) -> Ask:
    """What was written. Deliveries of earlier versions only ever asked for reviews, and kept no more."""
    if not desk.delivery.request:
        return Ask(int(desk.delivery.trigger.partition(":")[2]), None, "/preship review")
    return ASKS.validate_json(desk.delivery.request)


def _place(desk: Desk) -> CommentPlace:
    ask = _ask(desk)
    return CommentPlace(ask.comment_id, ask.thread_id)
