"""Records that are not shown to be the caller's, and where an action asked whose they are too late or for nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.actions import world
from preship.analyzers.actions.enumeration import choice_of
from preship.analyzers.actions.foreign import Foreign
from preship.analyzers.actions.tenant_roles import WithinTenant
from preship.analyzers.actions.weakened import Lost
from preship.analyzers.flow.effects import Effect, EffectKind, Trait
from preship.analyzers.flow.facts import Case, Owns, Strength
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Origin, Stored, roots
from preship.analyzers.flow.values import origins_of


class OwnershipFault(Enum):
    """How an action comes to touch records that are not the caller's."""

    MISSING = "nobody asks whose they are"
    LATE = "the answer comes too late"
    IGNORED = "the answer stops nobody"
    CLAIMED = "the caller says so"


@dataclass(frozen=True, slots=True)
class Unowned:
    """An effect on records that the caller names and has not been shown to own."""

    effect: Effect
    named_by: tuple[Origin, ...]
    """The inputs that choose the records, sorted by name."""

    stands_for: str | None = None
    """The field through which the input says who the caller is (`userId`), where it does."""

    says: tuple[Origin, ...] = ()
    """The inputs that are the words of a message, sorted by name, where the caller chooses its recipient as well."""

    foreign: tuple[Foreign, ...] = ()
    """The ids in what is written that name rows of somebody's, where these are what is not shown to be the caller's."""

    within: WithinTenant | None = None
    """The tenant in which a role that was asked for holds, where nothing says that the records are in that one."""

    lost: Lost | None = None
    """What was asked before the change, where only that tells."""

    asked_later: Effect | None = None
    """What comes behind it, and only if the records turn out to be the caller's."""

    asked_in_vain: Effect | None = None
    """The look-up before it that asked whether they are, and whose answer stops nobody."""

    @property
    def is_an_insert(self) -> bool:
        """Whether it is a new row that is put into somebody else's."""
        return self.effect.kind is EffectKind.INSERT

    @property
    def takes_all(self) -> bool:
        """Whether it is done to every row of a table, which nobody has to choose."""
        return Trait.TAKES_ALL in self.effect.traits and self.lost is None

    @property
    def is_chosen(self) -> bool:
        """Whether the inputs choose its records, and do not only stand in what is written."""
        return bool(roots(origins_of(self.effect.key)) & set(self.named_by))

    @property
    def believes(self) -> tuple[str, str] | None:
        """A field of its key that every user writes for themselves, and the part of their session that holds it."""
        return world.written_by_its_owner(self.effect)

    @property
    def fault(self) -> OwnershipFault:
        """Which of the faults it is: each effect has one."""
        if self.stands_for is not None:
            return OwnershipFault.CLAIMED
        if self.lost is not None or (self.asked_later is None and self.asked_in_vain is None):
            return OwnershipFault.MISSING
        return OwnershipFault.LATE if self.asked_later is not None else OwnershipFault.IGNORED


def asked_later(effect: Effect, named_by: Collection[Origin], effects: Sequence[Effect]) -> Effect | None:
    """What comes behind an effect, and only if its records turn out to be the caller's; None where nothing does."""
    behind = effects[effects.index(effect) + 1 :]
    return next((e for e in behind if e.kind is not EffectKind.ASK and owns_one(e, named_by)), None)


def owns_one(effect: Effect, named_by: Collection[Origin]) -> bool:
    """Whether something that one of these inputs names had been shown to be the caller's."""
    shown = [f.subject for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE]
    return any(roots((subject,)) & frozenset(named_by) for subject in shown)


def asked_in_vain(effect: Effect, named_by: Collection[Origin], effects: Sequence[Effect]) -> Effect | None:
    """The look-up before an effect that asked whether its records are the caller's, and whose answer stops nobody.

    One that must find nothing asks whether it was done before: a second review of the same product.
    """
    before = effects[: effects.index(effect)]
    found = [e for e in before if e.kind is EffectKind.READ and names_the_caller(e.key) and names_one(e, named_by)]
    found = [e for e in found if Case(choice_of(e), 1) not in effect.facts]
    return found[-1] if found else None


def names_one(effect: Effect, named_by: Collection[Origin]) -> bool:
    """Whether one of these inputs, itself and not through a record, is a condition of an effect's key."""
    return any(not isinstance(o, Stored) and o in named_by for o in origins_of(effect.key))
