"""An excuse: why something that a rule could report harms nobody, as conditions that all have to hold.

Each stands in a file of its own, with examples that the suite runs. Where it is asked for, excuses stand in a list, and
the first that applies counts. `preship scan --explain` prints it, and of those near what was missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Condition(Generic[Case]):
    """One thing that has to be so."""

    says: str
    """What is so, as a clause about an effect that is called `it`."""

    holds: Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Example:
    """Code for which an excuse is there, or that looks like it."""

    title: str
    code: str | Mapping[str, str]
    """The text of `app/actions.ts`, beside the files that all examples share; or files by path."""


@dataclass(frozen=True, slots=True)
class Excuse(Generic[Case]):
    """Why something is not reported."""

    id: str
    why: str
    """Why it harms nobody, as a clause about an effect or an action that is called `it`."""

    conditions: tuple[Condition[Case], ...]
    """All have to hold. The first says what the excuse is about."""

    examples: tuple[Example, ...]
    """Code to some effect of which it applies."""

    others: tuple[Example, ...]
    """Code to no effect of which it applies."""

    def applies(self, case: Case) -> bool:
        """Whether all conditions hold."""
        return all(each.holds(case) for each in self.conditions)

    def missing(self, case: Case) -> str | None:
        """The one condition that does not hold, where the case is what the excuse is about, and all others do."""
        about, *rest = self.conditions
        if not about.holds(case):
            return None
        failed = [each.says for each in rest if not each.holds(case)]
        return failed[0] if len(failed) == 1 else None


@dataclass(frozen=True, slots=True)
class Excused:
    """What the excuses come to for one case."""

    id: str
    why: str
    missing: str | None = None
    """What would have to be so for it to apply; None: it applies."""


def excuse_of(case: Case, excuses: Iterable[Excuse[Case]]) -> Excuse[Case] | None:
    """The first excuse that applies."""
    return next((each for each in excuses if each.applies(case)), None)


def weighed(case: Case, excuses: Iterable[Excuse[Case]]) -> Iterator[Excused]:
    """The excuse that applies, or else all those near, each with what is missing."""
    excuses = tuple(excuses)
    found = excuse_of(case, excuses)
    if found is not None:
        yield Excused(found.id, found.why)
        return
    for each in excuses:
        if (missing := each.missing(case)) is not None:
            yield Excused(each.id, each.why, missing)
