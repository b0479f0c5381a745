"""What an action does for any signed-in user, although every page that uses it asks for a role.

What is the caller's own needs no role, and neither does reading what other pages show to whoever has an account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.notes import is_note
from preship.analyzers.actions.personal import has_shown_membership, is_made_in_their_name, is_of_the_person
from preship.analyzers.actions.returned import held_origins
from preship.analyzers.conventions.keys import OWN_KEY_COLUMN
from preship.analyzers.conventions.tables import CHOICE_TABLE, LIST_FOR_ALL_TABLE
from preship.analyzers.flow.effects import Client, Effect, EffectKind, Trait
from preship.analyzers.flow.facts import NO_FACTS, Entitled, Facts, has_right, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input, Stored, roots
from preship.analyzers.flow.values import Value, origins_of

CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE})


@dataclass(frozen=True, slots=True)
class Given:
    """What of a table is handed out."""

    table: str
    is_whole: bool
    """Whether it is nothing but whole rows."""

    relations: frozenset[str] = frozenset()
    """The relations in whose rows all of it stands, and which are another table's; none: some is of the row's own."""


def open_to_members(effects: Sequence[Effect], result: Value, is_shown: Callable[[Given], bool]) -> Iterator[Effect]:
    """The effects of an action that any known caller causes, and that need not be everybody's; changes first.

    `is_shown` says whether those without a role are shown such rows, or whole rows.
    """
    at_the_end = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    yield from changes_by_members(effects, in_their_name=True)
    if any(e.kind in CHANGES and world.is_known(e) for e in effects):
        return
    for effect in effects:
        if effect.kind is not EffectKind.READ or effect.client is not Client.SERVER:
            continue
        # Whoever asks for membership before a read has decided who may read.
        if is_of_the_tenant(effect) or is_a_choice(effect) or has_shown_membership(effect, effects):
            continue
        if is_of_what_was_shown(effect):
            continue
        given = given_by(effect, handed_out(effect.target, result, at_the_end))
        if given is not None and _is_anybodys(effect, effects) and not is_shown(given):
            yield effect


def given_by(read: Effect, found: Iterable[Stored]) -> Given | None:
    """What a read has handed out; None where nothing of it is."""
    records = tuple(found)
    if not records:
        return None
    first = frozenset(record.path[0] if record.path else "" for record in records)
    relations = first if first <= brought_along(read) else frozenset[str]()
    return Given(read.target, all(map(is_a_row, records)), relations)


def brought_along(read: Effect) -> frozenset[str]:
    """The relations of which a read brings rows along."""
    return frozenset(way.split(".")[0] for way in (*read.brings, *read.shows))


def is_a_list_for_all(read: Effect) -> bool:
    """Whether a read gives rows, chosen by nobody who calls, of a table that tells nothing of anybody's business."""
    is_chosen = any(isinstance(root, Input) for root in roots(origins_of(read.key)))
    return not is_chosen and LIST_FOR_ALL_TABLE.matches(read.target)


def is_a_choice(read: Effect) -> bool:
    """Whether a read gives the rows that a form lets people choose from."""
    is_chosen = any(isinstance(root, Input) for root in roots(origins_of(read.key)))
    return not is_chosen and CHOICE_TABLE.matches(read.target)


def is_of_what_was_shown(read: Effect) -> bool:
    """Whether all that an argument names in a read was shown before to be the caller's, or of what they are part of."""
    named = {o for o in origins_of(read.key) if isinstance(o, Input)}
    return bool(named) and named <= owned_under(read.facts)


def is_of_the_tenant(read: Effect) -> bool:
    """Whether a read finds the one row of what the caller is part of: the name of their school."""
    own = [value for name, value in world.fields_of(read.key) if OWN_KEY_COLUMN.matches(name)]
    return any(
        names_the_caller(value) and not any(isinstance(root, Input) for root in roots(origins_of(value)))
        for value in own
    )


def changes_by_members(effects: Sequence[Effect], *, in_their_name: bool = False) -> Iterator[Effect]:
    """What an action changes for any known caller that is not their own, without what it notes besides.

    What it does on the way to its own question for a right is no sign that it asks none. A new record notes who has
    made it, which says nothing of who may: `in_their_name` gives those as well.
    """
    asked = next((place for place, effect in enumerate(effects) if _has_shown_a_right(effect.facts)), 0)
    for effect in effects[asked:]:
        if (
            effect.kind in CHANGES
            and not is_note(effect)
            and not is_judged_elsewhere(effect)
            and _is_anybodys(effect, effects, in_their_name=in_their_name)
        ):
            yield effect


def changes_nothing_else(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether an action changes the rows of one table alone, without what it notes besides."""
    changes = (e for e in effects if e.kind in CHANGES and world.touches_the_world(e))
    return all(e.target == effect.target or is_note(e) for e in changes)


def is_judged_elsewhere(effect: Effect) -> bool:
    """Whether the database may judge by the caller's own rights what the code alone has decided to do."""
    said = origins_of(effect.key) | origins_of(effect.data)
    return effect.client is not Client.SERVER and not any(isinstance(root, Input) for root in roots(said))


def shows_rows(read: Effect, given: Given) -> bool:
    """Whether a read gives such rows, or whole rows, rather than how many there are."""
    is_along = not given.relations or bool(given.relations & brought_along(read))
    return is_along and not (given.is_whole and Trait.SUMS_UP in read.traits)


def handed_out(table: str, result: Value, facts: Facts) -> Iterator[Stored]:
    """What reaches a caller without a role of the rows of a table."""
    for origin, held in held_origins(result, facts):
        if isinstance(origin, Stored) and origin.model == table and not _has_shown_a_right(held):
            yield origin


def is_a_row(origin: Stored) -> bool:
    """Whether something is a whole row, with all its columns."""
    return origin.is_whole and not origin.path


def _is_anybodys(effect: Effect, effects: Sequence[Effect], *, in_their_name: bool = False) -> bool:
    """Whether any caller who is known causes an effect, on what is not their own."""
    is_noted = in_their_name and is_made_in_their_name(effect)
    return (
        world.touches_the_world(effect)
        and world.is_known(effect)
        and not _has_shown_a_right(effect.facts)
        and not any(has_right(held) for _, held in held_origins(effect.key, effect.facts))
        and not world.is_keyed_by_a_credential(effect)
        and not world.is_found_by_what_was_sent(effect, effects)
        and (is_noted or not is_of_the_person(effect, effects))
    )


def _has_shown_a_right(facts: Facts) -> bool:
    return has_right(facts) or any(isinstance(fact, Entitled) for fact in facts)
