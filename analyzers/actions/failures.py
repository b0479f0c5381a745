"""What the text of a failure tells: the program's own words, those of a service for its callers, or a driver's.

What a driver says is written for those who run the program: the statement, the table, the file, the host, the command.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.actions import world
from preship.analyzers.actions.sinks import leading_anywhere
from preship.analyzers.flow.effects import Client, Effect, EffectKind, Trait
from preship.analyzers.flow.origins import Caught, Failure, Input, Request, roots
from preship.analyzers.flow.values import origins_of
from preship.analyzers.source.walk import is_within


class Wording(Enum):
    """Whom the text of a failure was written for."""

    OWN = "the program's own words"
    FOR_CALLERS = "what a service says to whoever calls it"
    UNSEEN = "what code says that could not be read"
    FOR_OPERATORS = "what a driver says to whoever runs the program"


@dataclass(frozen=True, slots=True)
class FailureText:
    """What a text tells that is made of failures."""

    wording: Wording
    """The worst of what it may be."""

    causes: tuple[Effect, ...]
    """What has failed so, in the order of execution, as far as it was seen."""

    is_open: bool
    """Whether a caller whom nobody knows makes one of them fail and reads what it says; a side that judges the caller's
    own credentials tells who has none no more than that."""

    is_provoked: bool = True
    """Whether something of what the caller sends reaches what fails, as far as it was seen: a fixed query fails for
    nobody's doing."""

    is_dumped: bool = False
    """Whether a part of the exception is handed out that holds the statement, the request or the stack."""

    is_a_probe: bool = False
    """Whether the caller says to which host the server connects: the text tells which of them answers, and where."""


def told_by(caught: Iterable[Caught], effects: Sequence[Effect]) -> FailureText:
    """What these failures say."""
    found = list(caught)
    failures = frozenset(failure for origin in found for failure in origin.sources)
    causes = {effect: wording_of(effect, failures) for effect in effects if failed(effect, failures)}
    unread = Wording.UNSEEN if any(failure.is_unread for failure in failures) else Wording.OWN
    worst = max((*causes.values(), unread), key=WORST_LAST.index)
    is_dumped = any(DUMPED.intersection(origin.path) for origin in found)
    if is_dumped:
        worst = Wording.FOR_OPERATORS
    told = tuple(effect for effect, wording in causes.items() if wording is worst)
    provoked = tuple(effect for effect in told if takes_something(effect))
    told = (*provoked, *(effect for effect in told if effect not in provoked))
    return FailureText(
        worst,
        told,
        is_open=any(effect.client is Client.SERVER and not world.is_known(effect) for effect in told),
        is_provoked=not told or bool(provoked),
        is_dumped=is_dumped,
        is_a_probe=any(goes_where_it_is_sent(effect) for effect in causes),
    )


def goes_where_it_is_sent(effect: Effect) -> bool:
    """Whether the caller says to which host the server connects."""
    leading = leading_anywhere(effect.key) if effect.kind is EffectKind.FETCH else None
    return any(isinstance(origin, Input) for origin in origins_of(leading))


def takes_something(effect: Effect) -> bool:
    """Whether what an effect is given was sent by the caller, or found by what was."""
    given = roots(origins_of(effect.key) | origins_of(effect.data))
    return any(isinstance(origin, Input | Request) for origin in given)


WORST_LAST = tuple(Wording)

DUMPED = frozenset({"stack", "cause", "sql", "query", "parameters", "config", "request"})
"""Parts of exceptions that hold where and with what something failed, in every driver and HTTP client."""


def failed(effect: Effect, failures: Collection[Failure]) -> bool:
    """Whether an effect is one of these calls, or a part of what was waited for there."""
    return effect.kind in FAILS and any(is_within(effect.span, failure.call) for failure in failures)


def wording_of(effect: Effect, failures: Collection[Failure]) -> Wording:
    """Whom the text was written for that an effect leaves behind where it fails."""
    if effect.kind is EffectKind.UNSEEN:
        return Wording.UNSEEN
    if Trait.FAILS_MUTE in effect.traits:
        return Wording.OWN
    is_answered = any(failure.is_for_callers for failure in failures if is_within(effect.span, failure.call))
    is_run_here = effect.kind in RUNS_HERE and effect.client is Client.SERVER and not is_answered
    return Wording.FOR_OPERATORS if is_run_here else Wording.FOR_CALLERS


RUNS_HERE = frozenset(
    {
        EffectKind.READ,
        EffectKind.INSERT,
        EffectKind.WRITE,
        EffectKind.DELETE,
        EffectKind.SQL,
        EffectKind.FILE,
        EffectKind.RUN,
    }
)
"""What the program does by drivers and tools of its own."""

FAILS = RUNS_HERE | {
    EffectKind.SEND,
    EffectKind.PAY,
    EffectKind.FETCH,
    EffectKind.IDENTIFY,
    EffectKind.UNSEEN,
}
