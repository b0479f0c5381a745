"""What the neighbours of an action ask of a caller before they do the same, and what its authors want to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.actions import world
from preship.analyzers.actions.audience import Reserved
from preship.analyzers.actions.matrix import Door, Permission
from preship.analyzers.actions.notes import is_note
from preship.analyzers.actions.personal import is_of_the_person, names_the_person
from preship.analyzers.conventions.tables import ENTRY_RIGHT_TABLE, TENANT_MEMBER_TABLE
from preship.analyzers.flow.effects import KEY_VALUE, Effect, EffectKind
from preship.analyzers.flow.facts import has_right, has_shown_something, right_among
from preship.analyzers.source.tree import Span

CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE})

ENOUGH = 2
"""Neighbours that make a habit: one alone may be the exception itself."""


class Kin(Enum):
    """What the doors have in common that tell what should be asked for, where that is not the kind of the records."""

    WRAPPER = "the same wrapper makes them"
    FOLDER = "they stand in one folder"
    RIGHTS = "they change who may do what"
    APPLICATION = "they are all that the application lets people change"


@dataclass(frozen=True, slots=True)
class RoleBound:
    """What every signed-in user does here, and only those with a role should."""

    effect: Effect
    elsewhere: tuple[Effect, ...]
    """The same kind of record, changed by other actions under a role; one for each action, two at least."""

    declared: str | None = None
    """The role that the authors declare; then nobody else need be asked."""

    among: int = 0
    """Of how many doors to such records the others are those that ask, where not all of these do; else 0."""

    asked: Asked | None = None
    """The permission for this kind of change that another action asks for; then nobody else need be asked."""

    kin: Kin | None = None
    """What those doors have in common, whatever records they change; None where they change such records."""

    reserved: Reserved | None = None
    """The pages that use the action, where every one asks for a role; then nobody else need be asked either."""

    @property
    def is_for_members(self) -> bool:
        """Whether an account alone is not enough: something was shown to be the caller's before."""
        return has_shown_something(self.effect.facts)

    @property
    def asked_for(self) -> tuple[tuple[tuple[str, ...], Span], ...]:
        """The roles that the others ask for, and where they do."""
        rights = (right_among(effect.facts) for effect in self.elsewhere)
        return tuple(dict.fromkeys((right.any_of, right.by) for right in rights if right is not None))


def is_open_to_members(effect: Effect) -> bool:
    """Whether a change of records that are nobody's own is made for any caller who is known, by no id of theirs."""
    return is_nobodys(effect) and not world.unowned(effect)


def is_nobodys(effect: Effect) -> bool:
    """Whether a change is made for any caller who is known, of records that are not the caller's."""
    return (
        effect.kind in CHANGES
        and not is_note(effect)
        and not world.only_mirrors_a_service(effect)
        and world.touches_the_world(effect)
        and world.is_known(effect)
        and not has_shown_something(effect.facts)
        and not world.is_scoped(effect)
        and not world.bears_the_caller(effect.data)
    )


def kept_for(role: str, effects: Sequence[Effect]) -> Iterator[RoleBound]:
    """The effects that any known caller causes, of an action that is declared to need a role; changes first.

    Where a role is asked for at all, what is only read before is what the question needs.
    """
    found = [e for e in effects if world.is_known(e) and not has_right(e.facts)]
    if any(has_right(e.facts) for e in effects):
        found = [e for e in found if e.kind not in world.READS]
    return (RoleBound(e, (), role) for e in sorted(found, key=lambda e: e.kind in world.READS))


def role_bound(effect: Effect, others: Iterable[tuple[Effect, ...]]) -> RoleBound | None:
    """What the other actions ask for before they change such records, if all of them ask for a role.

    A store that keeps values under keys keeps all kinds of them in one place: that tells nothing.
    """
    if effect.target == KEY_VALUE:
        return None
    found: list[Effect] = []
    for effects in others:
        same = [e for e in effects if e.kind in CHANGES and e.target == effect.target]
        if any(not has_right(e.facts) for e in same):
            return None
        found += sorted(same, key=lambda e: e.kind is not effect.kind)[:1]
    # Whoever founds a tenant may not change those of others yet: only creating, by the same call, tells of creating.
    is_alike = effect.kind is not EffectKind.INSERT or any(e.what == effect.what for e in found)
    return RoleBound(effect, tuple(found)) if len(found) >= ENOUGH and is_alike else None


ENOUGH_DOORS = 3
"""Doors to one table that ask for a role before another one counts as forgotten."""

MOST_OF_THEM = 0.75
"""Which part of all doors these must be: of weaker majorities on real code, hardly any was meant."""


def forgotten_door(effect: Effect, others: Iterable[tuple[Effect, ...]]) -> RoleBound | None:
    """What most other actions of the same persona ask for a role before they change such records.

    Membership of a tenant is no role: the others are content with no member either. What is somebody's own counts for
    no door, and only creating records, by the same call, tells of creating them.
    """
    doors = [(e, effects) for effects in others if (e := _main_change(effect, effects)) is not None]
    asking = [e for e, _ in doors if has_right(e.facts)]
    number = 1 + len(asking) + sum(not has_right(e.facts) and not is_of_the_person(e, of) for e, of in doors)
    is_alike = effect.kind is not EffectKind.INSERT or any(e.what == effect.what for e in asking)
    if len(asking) < ENOUGH_DOORS or len(asking) < MOST_OF_THEM * number or not is_alike:
        return None
    return RoleBound(effect, tuple(asking), among=number)


@dataclass(frozen=True, slots=True)
class Asked:
    """A permission that another action asks for."""

    permission: Permission
    by: str
    """The action that asks for it."""


def outside_the_matrix(effect: Effect, doors: Iterable[Door]) -> RoleBound | None:
    """A change that the application has a permission for, which another action asks for and this one does not.

    Of the doors to the same records as many ask for a right as do not, at least: where most do without, the permission
    is for something else. A handler of requests is one where it names the permission: it says so to what wraps it.
    """
    asked: Asked | None = None
    asking: list[Effect] = []
    others = routes = 0
    for door in doors:
        change = _main_change(effect, door.effects)
        same = next((p for p in door.permissions if p.covers(effect)), None)
        if same is not None and (door.is_route or (change is not None and has_right(change.facts))):
            asked = asked or Asked(same, door.name)
            routes += door.is_route
        if change is not None and has_right(change.facts):
            asking.append(change)
        elif change is not None and not is_of_the_person(change, door.effects):
            others += 1
    if asked is None or len(asking) + routes < others:
        return None
    return RoleBound(effect, tuple(asking), asked=asked)


def under_a_weaker_wrapper(effect: Effect, doors: Iterable[Door]) -> RoleBound | None:
    """What one other wrapper keeps for a role: it makes all other actions of the file that change such records.

    Two are enough where one of them does the same: the file has said once for whom these records are.
    """
    asking: list[Effect] = []
    wrappers: set[str | None] = set()
    for door in doors:
        change = _main_change(effect, door.effects) if door.is_beside else None
        if change is None or is_of_the_person(change, door.effects):
            continue
        if not has_right(change.facts):
            return None
        asking.append(change)
        wrappers.add(door.wrapper)
    is_alike = any(e.kind is effect.kind for e in asking)
    if len(asking) < ENOUGH or len(wrappers) > 1 or None in wrappers or not is_alike:
        return None
    return RoleBound(effect, tuple(asking))


def unlike_its_wrapper(effect: Effect, others: Iterable[tuple[Effect, ...]]) -> RoleBound | None:
    """What most other actions of the same wrapper ask a role for before they change anything, of whatever kind.

    What a wrapper makes is for the same callers, and where it leaves the role to each action, one may forget it.
    """
    return _unlike(effect, others, Kin.WRAPPER)


def unlike_its_folder(
    effect: Effect, beside: Iterable[tuple[Effect, ...]], others: Iterable[tuple[Effect, ...]]
) -> RoleBound | None:
    """What most other actions of the folder ask a role for before they change anything: one part of the program.

    A file of several actions, none of which asks, is for somebody else: what clients do in a portal.
    """
    of_the_file = [change for effects in beside if (change := _first_change(effect, effects)) is not None]
    if of_the_file and not any(has_right(change.facts) for change in of_the_file):
        return None
    return _unlike(effect, others, Kin.FOLDER)


def _unlike(effect: Effect, others: Iterable[tuple[Effect, ...]], kin: Kin) -> RoleBound | None:
    """What most of some doors ask a role for, whatever they change.

    What is somebody's own counts for no door, and neither does what a store keeps under keys.
    """
    if effect.target == KEY_VALUE or _may_found(effect):
        return None
    doors = [(found, effects) for effects in others if (found := _first_change(effect, effects)) is not None]
    asking = [e for e, _ in doors if has_right(e.facts)]
    number = 1 + len(asking) + sum(not has_right(e.facts) and not is_of_the_person(e, of) for e, of in doors)
    is_alike = any(e.kind is effect.kind for e in asking)
    if len(asking) < ENOUGH_DOORS or len(asking) < MOST_OF_THEM * number or not is_alike:
        return None
    return RoleBound(effect, tuple(asking), among=number, kin=kin)


ENOUGH_OF_ALL = 10
"""Actions of other files that ask for a role, before one that does not stands out of the whole application."""


def unlike_all_others(effect: Effect, others: Iterable[tuple[Effect, ...]]) -> RoleBound | None:
    """What every other action asks a role for before it changes anything that is not the caller's own.

    One that asks for none is enough to say that members may do something here.
    """
    asking: list[Effect] = []
    for effects in others:
        change = _first_change(effect, [e for e in effects if not is_note(e)])
        if change is None:
            continue
        if has_right(change.facts):
            asking.append(change)
        elif not is_of_the_person(change, effects):
            return None
    is_alike = any(e.kind is effect.kind for e in asking)
    if len(asking) < ENOUGH_OF_ALL or not is_alike or _may_found(effect):
        return None
    return RoleBound(effect, tuple(asking), kin=Kin.APPLICATION)


def rights_of_others(
    effect: Effect, effects: Sequence[Effect], others: Iterable[tuple[Effect, ...]]
) -> RoleBound | None:
    """A change of who is part of a tenant, where another action asks for a role before it changes that.

    Whoever changes members and invitations manages people, whichever of these tables it is. Of the doors to them as
    many ask for a right as do not, at least, where somebody is let in: everybody may be meant to invite. The
    membership of somebody else is nobody's to change or to end. Whoever becomes a member by it accepts an invitation.
    """
    if not ENTRY_RIGHT_TABLE.matches(effect.target) or any(map(_enrols_the_caller, effects)):
        return None
    doors = [(found, effects) for effects in others if (found := _change_of_rights(effects)) is not None]
    asking = [e for e, _ in doors if has_right(e.facts)]
    unasked = sum(not has_right(e.facts) and not is_of_the_person(e, of) for e, of in doors)
    is_anothers = effect.kind is not EffectKind.INSERT and TENANT_MEMBER_TABLE.matches(effect.target)
    if not asking or (len(asking) < unasked and not is_anothers):
        return None
    return RoleBound(effect, tuple(asking), kin=Kin.RIGHTS)


def _enrols_the_caller(effect: Effect) -> bool:
    """Whether an effect makes the caller a member."""
    is_changed = effect.kind in CHANGES and ENTRY_RIGHT_TABLE.matches(effect.target)
    return is_changed and names_the_person(effect.data)


def _change_of_rights(effects: Iterable[Effect]) -> Effect | None:
    """What an action changes of who may do what, without a right if it can be."""
    changes = [
        e for e in effects if e.kind in CHANGES and ENTRY_RIGHT_TABLE.matches(e.target) and world.touches_the_world(e)
    ]
    return min(changes, key=lambda e: has_right(e.facts), default=None)


def _may_found(effect: Effect) -> bool:
    """Whether whoever makes a record may be part of nothing yet: what they make may be the beginning."""
    return effect.kind is EffectKind.INSERT and not has_shown_something(effect.facts)


def _first_change(effect: Effect, effects: Iterable[Effect]) -> Effect | None:
    """What an action changes: with a right, and as this effect does, if it can be.

    A right that holds at one change and no more at a later one chose a branch on the way there, and refused nobody.
    """
    changes = [e for e in effects if e.kind in CHANGES and e.target != KEY_VALUE and world.touches_the_world(e)]
    unasked = [at for at, e in enumerate(changes) if not has_right(e.facts) and not is_note(e)]
    last = unasked[-1] if unasked else 0
    changes = [e for at, e in enumerate(changes) if at >= last or not has_right(e.facts)]
    return min(changes, key=lambda e: (not has_right(e.facts), e.kind is not effect.kind), default=None)


def _main_change(effect: Effect, effects: Iterable[Effect]) -> Effect | None:
    """What an action changes of the same records: as this effect does, if it can be."""
    same = [e for e in effects if e.kind in CHANGES and e.target == effect.target]
    return min(same, key=lambda e: (has_right(e.facts), e.kind is not effect.kind), default=None)
