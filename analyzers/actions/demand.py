"""Which role is asked for on the way to a page, where an account is not enough: intent, and never a guard.

A role that each user gets with the account keeps nobody out, and neither does a state of the account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from preship.analyzers.actions.rendering import Rendering
from preship.analyzers.conventions.roles import ORDINARY_ROLE, RIGHT_WORD
from preship.analyzers.flow.facts import Facts, Lacks, Role, Unnamed
from preship.analyzers.source.tree import Span

Quoted = Callable[[Span], str]
"""The text of a piece of code."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A role that is asked for before a page is shown."""

    words: tuple[str, ...]
    """The roles of which one is enough, or those that are kept out; sorted, and none where they have no name."""

    at: Span
    """Where it is asked for."""

    is_refusal: bool = False
    """Whether the words name who is kept out."""


def demand_of(rendering: Rendering, quoted: Quoted) -> Demand | None:
    """The role that a page or a layout asks for before it gives its elements."""
    return demand_among(rendering.facts, quoted, lambda by: _place_in(rendering, by))


def demand_among(facts: Facts, quoted: Quoted, place: Callable[[Span], Span] = lambda by: by) -> Demand | None:
    """The role that must have been shown where some facts hold, always the same one."""
    asked = [fact for fact in facts if isinstance(fact, Role) and _is_above_the_ordinary(fact, quoted)]
    if asked:
        first = min(asked, key=lambda fact: (bool(fact.within), fact.any_of))
        return Demand(named_in_code(first.any_of), place(first.by))
    lacking = [fact for fact in facts if isinstance(fact, Lacks) and len(fact.any_of) == 1]
    refused = sorted((f for f in lacking if is_ordinary(*f.any_of)), key=lambda f: (f.any_of, f.by))
    if not refused:
        return None
    return Demand(
        tuple(dict.fromkeys(name for fact in refused for name in fact.any_of)), place(refused[0].by), is_refusal=True
    )


def joined(demands: Iterable[Demand | None]) -> Demand | None:
    """What all of several ways ask for: one of the roles that one of them does; None where one asks for none.

    Whom one way refuses is kept out of all only where the others refuse them, too.
    """
    found = list(demands)
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    asking = [each for each in known if not each.is_refusal]
    if asking:
        words = {word for each in asking for word in each.words} if all(each.words for each in asking) else ()
        return Demand(tuple(sorted(words)), asking[0].at)
    refused = frozenset.intersection(*(frozenset(each.words) for each in known))
    return Demand(tuple(sorted(refused)), known[0].at, is_refusal=True) if refused else None


def asks(demand: Demand | None) -> bool:
    """Whether a role is asked for, rather than some are refused."""
    return demand is not None and not demand.is_refusal


def is_met(demand: Demand, facts: Facts) -> bool:
    """Whether those are kept out as well, where these facts hold, whom a page refuses."""
    lacking = {fact.any_of for fact in facts if isinstance(fact, Lacks)}
    return demand.is_refusal and lacking.issuperset((word,) for word in demand.words)


def without(demand: Demand | None, words: Collection[str]) -> Demand | None:
    """A demand, without those who are kept out of everything anyway."""
    if demand is None or not demand.is_refusal:
        return demand
    refused = tuple(word for word in demand.words if word not in words)
    return replace(demand, words=refused) if refused else None


def _is_above_the_ordinary(role: Role, quoted: Quoted) -> bool:
    """Whether a role is one that somebody must have been given."""
    if Unnamed.ANOTHER in role.any_of or any(map(is_ordinary, role.any_of)):
        return False
    return any(map(RIGHT_WORD.matches, role.any_of)) or bool(RIGHT_WORD.matches(quoted(role.by)))


def is_ordinary(word: str) -> bool:
    """Whether a role is one that everybody gets with an account."""
    return ORDINARY_ROLE.matches(word)


def named_in_code(names: Sequence[str]) -> tuple[str, ...]:
    """Those roles to which the code itself gives a name."""
    return tuple(name for name in names if not isinstance(name, Unnamed))


def _place_in(rendering: Rendering, by: Span) -> Span:
    """Where the file itself asks: the call that leads to the code which does."""
    return by if by.path == rendering.path else next(_calls_into(rendering, by), by)


def _calls_into(rendering: Rendering, by: Span) -> Iterator[Span]:
    for effect in rendering.effects:
        if effect.span.path == by.path:
            yield from (span for span in effect.trail if span.path == rendering.path and span.end)
