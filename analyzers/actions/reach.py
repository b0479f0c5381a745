"""What comes of an id that a caller stores in a row of their own: whom it lets them reach, if anybody.

That nothing says whose the named row is makes no fault by itself. It does where the row lies in the other one, where
the application shows either of them with the other, goes from the row to what it names, or finds the row by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from preship.analyzers.actions import world
from preship.analyzers.actions.foreign import Judged, judged_keys
from preship.analyzers.actions.written_keys import JOBS, Key, canonical_singular, names_of
from preship.analyzers.conventions.tables import CHOICE_TABLE, DEALT_WITH_TABLE
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Origin, Stored
from preship.analyzers.flow.values import origins_of
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.private import is_about_a_person
from preship.analyzers.schema.tables import Table, canonical, singular

RECORDS = frozenset({EffectKind.READ, EffectKind.WRITE, EffectKind.DELETE})


class Way(StrEnum):
    """How an id in the caller's own row lets them reach what it names."""

    LIES_IN = "the row lies in what it names"
    SHOWN = "what it names is shown with the row"
    FOLLOWED = "code goes from the row to what it names"
    FOUND_BY = "such rows are found by what they name"
    ASKED = "the application asks of such an id whether it is the caller's, here of another one, or elsewhere"
    UNSEEN = "no code that was seen reads such rows"


@dataclass(frozen=True, slots=True)
class Reached:
    """That an id reaches something, and the code that takes it there."""

    way: Way
    by: Effect | None = None
    """The read or change that goes there, or what asks elsewhere; None where the row itself lies there, or asks."""


def reached_by(
    keys: Sequence[Key],
    effect: Effect,
    ownership: Ownership,
    own: Sequence[Effect],
    elsewhere: Iterable[Sequence[Effect]],
) -> Reached | None:
    """What one of these ids reaches that an effect of an action writes; `elsewhere` is what is done besides `own`.

    None where such rows are read elsewhere, and nothing that was seen goes from them to what they name.
    """
    if any(is_put_there(key, effect, ownership) for key in keys):
        return Reached(Way.LIES_IN)
    is_read, here = False, {each.span for each in own}
    for other in records_in(chain((own,), elsewhere)):
        for key in keys:
            for found in ways(key, effect, other, ownership):
                return found
            is_read = is_read or (other.span not in here and is_same_table(key, effect, other.target))
    return None if is_read or all(map(is_label, keys)) else Reached(Way.UNSEEN)


def asked_of(judged: Sequence[Judged], ownership: Ownership, elsewhere: Iterable[Sequence[Effect]]) -> Reached | None:
    """Whether the application does ask such a thing: of another record that the same row names, or in another action.

    That its tenant is asked for tells nothing: each row has one, and what else it names may be harmless.
    """
    untied = [each for each in judged if each.excuse is None]
    if any(is_asked_beside(each, judged) for each in untied if not is_label(each.key)):
        return Reached(Way.ASKED)
    names = {names_of(each.key) for each in untied if each.case.owner is not None}
    for effects in elsewhere if names else ():
        for effect in effects:
            if any(names_of(j.key) in names and j.is_shown for j in judged_keys(effect, effects, ownership, tuple)):
                return Reached(Way.ASKED, effect)
    return None


def is_asked_beside(untied: Judged, judged: Sequence[Judged]) -> bool:
    """Whether another record of the same owner's stands in the row, and was shown to be the caller's."""
    owner = untied.case.owner
    others = (each.case.owner for each in judged if each.is_shown and each.origin != untied.origin)
    return owner is not None and any(o is not None and o.by and o.table.name == owner.table.name for o in others)


def records_in(elsewhere: Iterable[Sequence[Effect]]) -> Iterator[Effect]:
    """What is done on records by more than the caller's own rights: those the database judges."""
    return (e for effects in elsewhere for e in effects if e.kind in RECORDS and e.client is Client.SERVER)


def is_put_there(key: Key, effect: Effect, ownership: Ownership) -> bool:
    """Whether a row belongs to whom the named one does: nothing else in it is the caller's, or the schema says so."""
    if effect.kind is EffectKind.SEND and effect.target in JOBS:
        return True
    if effect.kind is EffectKind.INSERT and world.unowned(effect):
        return True
    if key.within is None or key.table is None:
        return False
    if key.reference is not None and ownership.is_of_one(key.within, key.table) and is_outermost(key.table, ownership):
        return True
    owner = ownership.owner(key.within)
    return owner is not None and bool(owner.by) and is_column(key, owner.by[0].columns)


def is_outermost(table: Table, ownership: Ownership) -> bool:
    """Whether rows of a table are tenants that lie in no other one: who is put there has what its members have."""
    owner = ownership.owner(table)
    return owner is not None and not owner.by


def is_column(key: Key, columns: Iterable[str]) -> bool:
    """Whether a key stands in one of these columns."""
    own = (key.column, *(key.reference.columns if key.reference is not None else ()))
    return not {canonical(c) for c in columns}.isdisjoint(canonical(c) for c in own)


def ways(key: Key, effect: Effect, other: Effect, ownership: Ownership) -> Iterator[Reached]:
    """How something that the application does takes an id to what it names."""
    if other.span == effect.span:
        return
    if shows(key, effect, other, ownership):
        yield Reached(Way.SHOWN, other)
    if canonical_singular(other.target) in names_of(key) and follows(key, effect, other):
        yield Reached(Way.FOLLOWED, other)
    if is_same_table(key, effect, other.target) and finds_by(key, other):
        yield Reached(Way.FOUND_BY, other)


def is_same_table(key: Key, effect: Effect, target: str) -> bool:
    """Whether something is said of the table of the row."""
    names = key.within.names if key.within is not None else (effect.target,)
    return canonical_singular(target) in {canonical_singular(name) for name in names}


def shows(key: Key, effect: Effect, other: Effect, ownership: Ownership) -> bool:
    """Whether a read brings what the row names along with it: whole, or of people who are none of the caller's.

    Or the row along with what it names: whoever that belongs to is shown the row.
    """
    if other.kind is not EffectKind.READ or is_label(key):
        return False
    ways = other.shows if is_about_people(key.table) else other.brings
    return any(leads_there(way.split("."), key, effect, other.target, ownership) for way in ways) or any(
        leads_back(way.split("."), key, other.target, ownership) for way in other.shows
    )


def is_label(key: Key) -> bool:
    """Whether what is named is only there to be chosen from: a category, a colour."""
    names = key.table.names if key.table is not None else (key.column,)
    return any(CHOICE_TABLE.matches(name) for name in names) and not is_about_people(key.table)


def is_about_people(table: Table | None) -> bool:
    """Whether rows of a table tell something of a person, or of whom somebody deals with."""
    return table is not None and (
        DEALT_WITH_TABLE.matches(canonical(table.name)) or any(map(is_about_a_person, table.columns))
    )


def leads_there(way: Sequence[str], key: Key, effect: Effect, target: str, ownership: Ownership) -> bool:
    """Whether relations lead from a table over the row to what it names."""
    at = ownership.tables.get(target)
    for relation in way[:-1]:
        target = at.related(relation) if at is not None else relation
        at = ownership.tables.get(target)
    return is_same_table(key, effect, at.name if at is not None else target) and is_relation(key, way[-1])


def leads_back(way: Sequence[str], key: Key, target: str, ownership: Ownership) -> bool:
    """Whether relations lead from a table over what the row names to all rows that name it."""
    at = ownership.tables.get(target)
    for relation in way:
        listed = at.lists.get(relation) if at is not None else None
        to = ownership.tables.get(listed or (at.related(relation) if at is not None else relation))
        if listed is not None and to is not None and at == key.table and to == key.within and is_only_way(key):
            return True
        at = to
    return False


def is_only_way(key: Key) -> bool:
    """Whether no other column of the row names such a row, so that a list of them goes by this one."""
    references = key.within.references if key.within is not None else ()
    return sum(key.reference is not None and r.table == key.reference.table for r in references) == 1


def is_relation(key: Key, relation: str) -> bool:
    """Whether a relation is the one that an id sets."""
    stated = key.reference.relation if key.reference is not None else None
    if stated is not None and canonical(stated) == canonical(relation):
        return True
    return is_column(key, (relation, f"{relation}Id")) or (
        stated is None and singular(canonical(relation)) in names_of(key)
    )


def follows(key: Key, effect: Effect, other: Effect) -> bool:
    """Whether records are found by what such a row names, whosever they are."""
    fields = world.fields_of(other.key)
    taken = [any(is_taken_from(o, key, effect) for o in origins_of(value)) for _, value in fields]
    others = (value for (_, value), is_taken in zip(fields, taken, strict=True) if not is_taken)
    return any(taken) and not any(map(names_the_caller, others))


def is_taken_from(origin: Origin, key: Key, effect: Effect) -> bool:
    """Whether an id is what such a row names."""
    if not isinstance(origin, Stored) or not origin.path or origin.is_fresh:
        return False
    return is_same_table(key, effect, origin.model) and is_column(key, origin.path[:1])


def finds_by(key: Key, other: Effect) -> bool:
    """Whether rows are found by what they name, those of all callers."""
    named = any(is_column(key, (name,)) for name, _ in world.fields_of(other.key))
    return named and not names_the_caller(other.key)
