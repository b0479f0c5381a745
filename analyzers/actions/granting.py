"""Rights that callers give themselves, or a second account, because no role is asked for before they are written.

A right is a column by its name, by the convention of every schema language, in the caller's own row or in a table of
accounts, memberships and invitations. A word that the code admits among harmless ones only is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.actions import world
from preship.analyzers.actions.personal import is_a_personal_claim, names_the_person
from preship.analyzers.actions.visitors import signs_up
from preship.analyzers.conventions.keys import ACCOUNT_REFERENCE
from preship.analyzers.conventions.privileges import ROLE_COLUMN, STANDING_COLUMN
from preship.analyzers.conventions.roles import POWER_WORD
from preship.analyzers.conventions.secrets import PASSWORD_COLUMN
from preship.analyzers.conventions.tables import ACCOUNT_OR_MEMBER_TABLE, OWN_ROW_TABLE
from preship.analyzers.flow.effects import SET_BY_ITS_OWNER, Effect, EffectKind
from preship.analyzers.flow.facts import Among, Entitled, Excluded, Facts, Known, Owns, Role, Strength, Weighed
from preship.analyzers.flow.origins import Input, Session
from preship.analyzers.flow.values import origins_of


class Whose(Enum):
    """Whose right it is that is written."""

    OWN = "the caller's own"
    NEW_ACCOUNT = "of the account that is made"
    ANOTHER = "anybody's"


@dataclass(frozen=True, slots=True)
class SelfGranted:
    """A right that is written as the caller says."""

    effect: Effect
    column: str
    chosen_by: tuple[Input, ...]
    """What of the caller's says which, sorted by name."""

    whose: Whose

    @property
    def is_right_table(self) -> bool:
        """Whether it is written where rights are kept: a service that signs people up may keep it for words."""
        return self.whose is not Whose.OWN and self.effect.kind is not EffectKind.IDENTIFY


def self_granted(effects: Sequence[Effect]) -> Iterator[SelfGranted]:
    """The rights that are written as the caller says, where no role is asked for."""
    for effect in effects:
        whose = _written_for(effect, effects)
        if whose is None:
            continue
        for name, value in world.fields_of(effect.data):
            column = name.split(".")[-1]
            chosen = sorted((o for o in origins_of(value) if _is_free(o, effect.facts)), key=str)
            if chosen and _is_a_right(column, effect, whose):
                yield SelfGranted(effect, column, tuple(o for o in chosen if isinstance(o, Input)), whose)


def carries_a_right(effect: Effect) -> bool:
    """Whether the row of an account is written with a role that the caller says."""
    return ACCOUNT_OR_MEMBER_TABLE.matches(effect.target) and any(
        ROLE_COLUMN.matches(name.split(".")[-1]) and any(_is_free(o, effect.facts) for o in origins_of(value))
        for name, value in world.fields_of(effect.data)
    )


def _written_for(effect: Effect, effects: Sequence[Effect]) -> Whose | None:
    """Whose rights an effect may write, asked of nobody; None where it writes none, or the caller has shown a right."""
    if any(isinstance(fact, Role | Entitled) for fact in effect.facts):
        return None
    if effect.kind is EffectKind.IDENTIFY or (signs_up(effect) and not world.is_known(effect)):
        return Whose.NEW_ACCOUNT
    if effect.kind not in WRITTEN or not world.touches_the_world(effect) or not world.is_known(effect):
        return None
    if effect.kind is EffectKind.WRITE and (names_the_person(effect.key) or _is_found_by_their_own_id(effect)):
        return Whose.OWN
    if not ACCOUNT_OR_MEMBER_TABLE.matches(effect.target) or _is_founder(effect, effects):
        return None
    if effect.kind is EffectKind.INSERT and not any(_refers(name) for name, _ in world.fields_of(effect.data)):
        return None
    return Whose.ANOTHER


def _is_found_by_their_own_id(effect: Effect) -> bool:
    """Whether it is the row of an account whose id was sent, and was the caller's own when both were compared."""
    claimed = {f.subject for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE}
    found = set(origins_of(effect.key))
    return OWN_ROW_TABLE.matches(effect.target) and bool(found) and found <= claimed


WRITTEN = frozenset({EffectKind.INSERT, EffectKind.WRITE})


def _refers(name: str) -> bool:
    column = name.split(".")[-1]
    return bool(ACCOUNT_REFERENCE.matches(column) or PASSWORD_COLUMN.matches(column))


def _is_founder(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether what the rights are for was shown to be the caller's own, and not only to have them for a member."""
    claims = (f for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE)
    return any(is_a_personal_claim(claim.subject, effects) for claim in claims)


def _is_a_right(column: str, effect: Effect, whose: Whose) -> bool:
    if ROLE_COLUMN.matches(column):
        return True
    return whose is Whose.OWN and OWN_ROW_TABLE.matches(effect.target) and STANDING_COLUMN.matches(column)


def _is_free(origin: object, facts: Facts) -> bool:
    """Whether a word is the caller's, and may be one for more than an account."""
    if not isinstance(origin, Input):
        return False
    about = [f for f in facts if isinstance(f, Among | Known | Excluded | Weighed) and f.subject == origin]
    admitted = [f.words for f in about if isinstance(f, Among)]
    if admitted:
        return all(any(POWER_WORD.matches(word) for word in words) for words in admitted)
    return not about


@dataclass(frozen=True, slots=True)
class SelfDeclared:
    """What happens for whoever has a role that everybody can give themselves."""

    effect: Effect
    role: Role
    part: str
    """The part of the account that says so: `user.role`."""

    provider: str
    """Who keeps the account."""


def self_declared(effects: Sequence[Effect]) -> Iterator[SelfDeclared]:
    """What hangs on a role that stands where its owner may write it."""
    fields = {name for e in effects if e.target == SET_BY_ITS_OWNER for name, _ in world.fields_of(e.data)}
    for effect in effects:
        if not world.touches_the_world(effect):
            continue
        rights = [fact for fact in effect.facts if isinstance(fact, Role)]
        told = sorted((r for r in rights if _is_editable(r.told_by, fields)), key=lambda r: r.any_of)
        if told and len(told) == len(rights) and told[0].told_by is not None:
            by = told[0].told_by
            yield SelfDeclared(effect, told[0], ".".join(by.path), by.provider)


def _is_editable(part: Session | None, fields: Collection[str]) -> bool:
    return part is not None and part.path[-1:] in {(field,) for field in fields}
