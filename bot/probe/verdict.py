"""What calls of an action prove: from what came back, and from what a database saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.analysis import Answer, Endpoint, Item, JudgedAction
from preship.bot.probe.build import BuiltAction
from preship.bot.probe.request import Reply, Request
from preship.bot.probe.statements import Seen, Statement, same_table

REFUSING = re.compile(
    r"un-?auth|not (?:allowed|permitted|authori[sz]ed|authenticated|signed|logged)|forbidden|access denied|permission"
    r"|(?:sign|log)(?:ed)? ?-?in\b|must be (?:signed|logged)|no (?:session|access)",
    re.IGNORECASE,
)
"""Words by which an answer refuses its caller."""

LONGEST_STATEMENT = 160


class Caller(StrEnum):
    """Who calls."""

    NOBODY = "no session"
    FORGED = "a forged session"
    OTHER = "another user"
    FIRST = "the first user"
    """The control: whom the action should serve."""


class Outcome(StrEnum):
    """What is proven of an action."""

    OPEN = "open"
    MEANT = "open, as meant"
    """Open, and its authors or its nature say that it should be."""

    ROLLED_BACK = "rolled back"
    """It wrote before it refused, and took that back."""

    REFUSED = "refused"
    UNCLEAR = "could not tell"
    NOT_TRIED = "not tried"


WORST_FIRST = (Outcome.OPEN, Outcome.MEANT, Outcome.ROLLED_BACK, Outcome.UNCLEAR, Outcome.NOT_TRIED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Target:
    """An action that is probed."""

    built: BuiltAction
    action: JudgedAction | None
    """None where no function of the code is known to be it."""

    endpoint: Endpoint | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A record of the first user's, before and after another user's call."""

    table: str
    key: str
    texts: tuple[str, ...]
    """What stands in it and is long enough to be known again in an answer."""

    is_changed: bool = False

    def is_told_in(self, reply: Reply, request: Request) -> bool:
        """Whether an answer holds what stands in it."""
        return any(text in reply.text and text not in request.body.text for text in self.texts)


@dataclass(frozen=True, slots=True)
class Call:
    """One call, and what came of it."""

    caller: Caller
    tried: str
    """What about it is special, in words."""

    request: Request
    reply: Reply
    seen: Seen | None = None
    """None where no database was watched."""

    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proven, by which call, and by what of it."""

    outcome: Outcome
    caller: Caller | None
    reason: str


def judged(target: Target, calls: Sequence[Call]) -> Verdict:
    """What calls prove of an action: the worst that any caller reached who should not."""
    controls = {call.taken is not None: call for call in calls if call.caller is Caller.FIRST}
    judged_calls = [call for call in calls if call.caller is not Caller.FIRST]
    verdicts = [_judged(target, call, controls.get(call.taken is not None)) for call in judged_calls]
    worst = min(verdicts, key=lambda each: WORST_FIRST.index(each.outcome))
    is_public = target.action is not None and target.action.public is not None
    if worst.outcome is Outcome.OPEN and is_public and worst.caller is not Caller.OTHER:
        return Verdict(Outcome.MEANT, worst.caller, worst.reason)
    return worst


def _judged(target: Target, call: Call, control: Call | None) -> Verdict:
    found = _reached(target, call) or _refused(call) or _less_than(control, call) or _left_open(call)
    return Verdict(found[0], call.caller, found[1])


_Found = tuple[Outcome, str]


def _reached(target: Target, call: Call) -> _Found | None:
    """What a call did that it should not, as the database tells."""
    if call.taken is not None:
        return _took(call, call.taken)
    if call.seen is None:
        return None
    own, others = _writes(target, call.seen)
    kept = [each for each in own if not each.is_taken_back]
    if kept:
        failed = ", which failed for what it was given" if kept[0].has_failed else ""
        return Outcome.OPEN, f"ran {_shown(kept[0])}{failed}{_and_changed(call.seen)}"
    if own:
        return Outcome.ROLLED_BACK, f"ran {_shown(own[0])}, and took it back"
    if others or call.seen.changed:
        what = _shown(others[0]) if others else f"something that changed {', '.join(call.seen.changed)}"
        return Outcome.UNCLEAR, f"ran {what}, which is not what the code says that it changes"
    return _read(target, call, call.seen)


def _took(call: Call, taken: Taken) -> _Found | None:
    """What another user's call did to the first user's record."""
    if taken.is_changed:
        return Outcome.OPEN, f"changed the first user's record {taken.key} of {taken.table}"
    if taken.is_told_in(call.reply, call.request):
        return Outcome.OPEN, f"told what stands in the first user's record {taken.key} of {taken.table}"
    return None


def _read(target: Target, call: Call, seen: Seen) -> _Found | None:
    """What a call read that the analysis does not show to need no session, or to have asked for one.

    Where it could not see whether one is asked for, only the call without any tells: what looks who calls reads too.
    """
    if target.action is None or target.endpoint is None:
        return None
    may_be_open = {Answer.NO, Answer.UNSEEN} if call.caller is Caller.NOBODY else {Answer.NO}
    if not any(each.item is Item.AUTHENTICATION and each.answer in may_be_open for each in target.action.checklist):
        return None
    reads = [s for s in seen.statements if any(same_table(t, r) for t in s.reads for r in target.endpoint.reads)]
    return (Outcome.OPEN, f"ran {_shown(reads[0])}") if reads else None


def _writes(target: Target, seen: Seen) -> tuple[list[Statement], list[Statement]]:
    """The statements that write what the action changes as its code says, and those that write something else."""
    tables = target.endpoint.tables if target.endpoint is not None else ()
    writes = [each for each in seen.statements if each.writes]
    own = [s for s in writes if not tables or any(same_table(t, known) for t in s.writes for known in tables)]
    return own, [each for each in writes if each not in own]


def _refused(call: Call) -> _Found | None:
    """How an action refused its caller, as its answer tells."""
    reply = call.reply
    if reply.is_unknown:
        return Outcome.UNCLEAR, "the server knows no action of this id: it runs another build"
    if reply.is_stopped_before:
        return Outcome.UNCLEAR, f"answered {reply.status} before the action ran, as middleware does"
    if reply.redirected_to:
        return Outcome.REFUSED, f"redirected to {reply.redirected_to}"
    if reply.status in (401, 403):
        return Outcome.REFUSED, f"answered {reply.status}"
    if (words := REFUSING.search(reply.answer)) is not None:
        return Outcome.REFUSED, f"answered with “{words[0]}”"
    return None


def _less_than(control: Call | None, call: Call) -> _Found | None:
    """That the first user's call went further, which shows that it is the caller who was refused."""
    if control is None:
        return None
    if control.taken is not None and control.taken.is_changed:
        return Outcome.REFUSED, f"{_in_short(call.reply)}; the first user's own call changed the record"
    if control.taken is not None and control.taken.is_told_in(control.reply, control.request):
        return Outcome.REFUSED, f"{_in_short(call.reply)}; the first user's own call was told what stands in the record"
    further = _went_further(control.seen, call.seen)
    if further is not None:
        return Outcome.REFUSED, f"{_in_short(call.reply)}; the first user's call ran {_shown(further)}"
    if control.taken is None and _in_short(control.reply) != _in_short(call.reply):
        return Outcome.REFUSED, f"{_in_short(call.reply)}; to the first user it {_in_short(control.reply)}"
    return None


def _went_further(control: Seen | None, seen: Seen | None) -> Statement | None:
    """A statement that the first user's call ran and this one did not; what only looks who calls is none."""
    if control is None or seen is None:
        return None
    ran = {each.text for each in seen.statements}
    new = [each for each in control.statements if each.text not in ran]
    return next((each for each in new if each.writes), new[-1] if len(new) > 1 else None)


def _left_open(call: Call) -> _Found:
    reply = call.reply
    why = "it may refuse its caller, or what it was given" if reply.has_thrown else "it says neither yes nor no"
    return Outcome.UNCLEAR, f"{_in_short(reply)}: {why}"


def _in_short(reply: Reply) -> str:
    if reply.has_thrown:
        return "threw"
    if reply.redirected_to:
        return f"redirected to {reply.redirected_to}"
    if reply.status != 200:
        return f"answered {reply.status}"
    return f"answered {_cut(reply.answer)}" if reply.answer else "answered nothing"


def _and_changed(seen: Seen) -> str:
    return f", and {', '.join(seen.changed)} changed" if seen.changed else ", which matched nothing"


def _shown(statement: Statement) -> str:
    return f"`{_cut(' '.join(statement.text.split()))}`"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_STATEMENT else f"{text[:LONGEST_STATEMENT]}…"


def counted(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """How many actions have which outcome, the worst first."""
    found = list(outcomes)
    yield from (f"{found.count(each)} {each}" for each in WORST_FIRST if each in found)
