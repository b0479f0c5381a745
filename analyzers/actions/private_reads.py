"""Rows that belong to somebody, handed out to any signed-in user who sends their id.

Whether reading needs a right, code does not say by itself. The schema says whose a row is, and another action of the
application that it reads only the caller's: together they do. Rows that may be published tell nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.own_doing import names_the_actor
from preship.analyzers.actions.excuses.read_by_all import is_read_by_all
from preship.analyzers.actions.excuses.written_id import Neighbours, names_a_tenant
from preship.analyzers.actions.returned import returned_records
from preship.analyzers.actions.shown_rows import copies_of, is_owned, is_shown_to_its_owner, shown_by
from preship.analyzers.actions.ties import names_an_owned_row
from preship.analyzers.actions.unasked import is_asked_for, shows_a_right
from preship.analyzers.actions.written_keys import Key, canonical_singular, keys_of
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Facts, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Value, origins_of
from preship.analyzers.schema.graph import Owner, Ownership
from preship.analyzers.schema.tables import Table, names_a_row

Pages = Callable[[], Iterable[tuple[Effect, ...]] | None]
"""The effects of each of the pages; None where they are too many to be looked at."""


@dataclass(frozen=True, slots=True)
class PrivateRead:
    """A read of a row that is somebody's, for any known caller."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that choose the row, sorted by name."""

    table: str
    owner: str
    """Whom or what its rows belong to: `organization`."""

    through: tuple[str, ...]
    """The columns that lead there."""

    elsewhere: Effect | None
    """What another action reads of it, and only the caller's; None where that the rows are a tenant's is enough."""


@dataclass(frozen=True, slots=True)
class ReadForTheCaller:
    """A read of what an argument names, where each page names its own visitor by it."""

    effect: Effect
    named_by: tuple[Input, ...]
    """The inputs that choose the rows, sorted by name."""

    page: Effect
    """The same read as a page has it, for the one who is signed in."""


def read_for_the_caller(
    effects: Sequence[Effect], result: Value, pages: Iterable[tuple[Effect, ...]]
) -> ReadForTheCaller | None:
    """The first read for any known caller that the pages which use the action ask for with their visitor's own id."""
    shown = tuple(effect for page in pages for effect in page if effect.kind is EffectKind.READ)
    for effect, chosen in exposed_reads(effects, result):
        asked = [each for each in shown if each.span == effect.span]
        if asked and all(names_the_caller(each.key) for each in asked):
            return ReadForTheCaller(effect, tuple(sorted(chosen, key=str)), asked[0])
    return None


def private_read(
    effects: Sequence[Effect],
    result: Value,
    ownership: Ownership,
    neighbours: Neighbours,
    pages: Pages,
    is_for_visitors: Callable[[str], bool],
) -> PrivateRead | None:
    """The first such read whose answer reaches the caller.

    `is_for_visitors` says of a table whether a page shows its rows to whoever opens it.
    """
    for effect, chosen in exposed_reads(effects, result):
        table = ownership.tables.get(effect.target)
        found = whose_alone(effect, table, ownership, neighbours, pages, is_for_visitors) if table is not None else None
        if table is not None and found is not None:
            return PrivateRead(effect, tuple(sorted(chosen, key=str)), table.name, *found)
    return None


def whose_alone(
    effect: Effect,
    table: Table,
    ownership: Ownership,
    neighbours: Neighbours,
    pages: Pages,
    is_for_visitors: Callable[[str], bool],
) -> tuple[str, tuple[str, ...], Effect | None] | None:
    """Whose a row is, by which columns, and where another action keeps to that; None where all may see it."""
    owner = ownership.owner(table)
    if not is_private(table, ownership):
        return None
    if owner is None:
        kept = kept_by_a_column(table, ownership, neighbours)
        if kept is None or is_for_visitors(effect.target):
            return None
        column, read = kept
        return column.removesuffix("Id").removesuffix("_id"), (column,), read
    if not owner.by or not (owner.is_tenant or not ownership.is_participation(table)):
        return None
    elsewhere = kept_elsewhere(table, owner, neighbours, pages) or worked_on_alone(effect, owner, neighbours, pages)
    if elsewhere is None and (
        not owner.is_tenant or may_be_joined(owner.table, ownership, neighbours) or is_for_visitors(effect.target)
    ):
        return None
    return owner.table.name, tuple(column for reference in owner.by for column in reference.columns[:1]), elsewhere


def kept_by_a_column(table: Table, ownership: Ownership, neighbours: Neighbours) -> tuple[str, Effect] | None:
    """The column by which another action reads the rows of the caller's tenant, which a service keeps and no table."""
    names = frozenset(canonical_singular(name) for name in table.names)
    return next(
        (
            (column, read)
            for effects in neighbours()
            for read in reads_of(effects, names)
            for column, value in world.fields_of(read.key)
            if column in table.columns and names_a_tenant(column, table, ownership) and names_the_caller(value)
        ),
        None,
    )


def may_be_joined(tenant: Table, ownership: Ownership, neighbours: Neighbours) -> bool:
    """Whether people make themselves members of a tenant by its id: what it has, they may all see."""
    return any(
        key.table is not None
        and key.table.name == tenant.name
        and key.within is not None
        and (ownership.is_membership(key.within) or ownership.is_participation(key.within))
        and names_somebody_elses(key)
        and any(names_the_actor(name, value, key.within, ownership) for name, value in key.row.fields)
        for effects in neighbours()
        for effect in effects
        if effect.kind is EffectKind.INSERT
        for key in keys_of(effect, ownership)
    )


def names_somebody_elses(key: Key) -> bool:
    """Whether an argument alone says what a key names, and no right is asked for."""
    named = {origin for origin in origins_of(key.value) if isinstance(origin, Input)}
    return bool(named - owned_under(key.facts)) and not shows_a_right(key.facts)


def is_private(table: Table, ownership: Ownership) -> bool:
    """Whether nothing in a table says that some of its rows are for everybody, and they are no people."""
    return not ownership.names_a_person(table) and not ownership.may_be_published(table)


def exposed_reads(effects: Sequence[Effect], result: Value) -> Iterator[tuple[Effect, frozenset[Input]]]:
    """The reads by an id of the caller's that are handed out or copied, and for which nothing was asked on the way."""
    at_the_end = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    for effect in effects:
        if effect.kind is EffectKind.READ and effect.client is Client.SERVER and world.is_known(effect):
            chosen = ids_in(effect.key) & world.unowned(effect)
            if (
                chosen
                and not is_asked_for(effect, chosen, effects)
                and (is_handed_out(effect, chosen, result, at_the_end) or is_told(effect, chosen, effects))
            ):
                yield effect, chosen


def ids_in(key: Value | None) -> frozenset[Input]:
    """The inputs of a key that are ids: a name for the address of a page is made to be seen."""
    named = (value for name, value in world.fields_of(key) if names_a_row(f"x_{name.lstrip('_')}") or names_a_row(name))
    return frozenset(o for value in named for o in origins_of(value) if isinstance(o, Input))


def is_handed_out(effect: Effect, chosen: frozenset[Input], result: Value, at_the_end: Facts) -> bool:
    """Whether a record that these inputs chose reaches the caller, and is not shown to be theirs until then."""
    return any(
        record.model == effect.target
        and not record.is_fresh
        and record.key & chosen
        and not owned_under(held) & {record, *record.key}
        for record, held in returned_records(result, at_the_end)
    )


def is_told(effect: Effect, chosen: frozenset[Input], effects: Sequence[Effect]) -> bool:
    """Whether the caller gets a record that these inputs chose in a row of their own, or retold by a model."""
    told = (*copies_of(effect, effects), *shown_by(effect, effects))
    return any(record.key & chosen and not is_owned(record, held) for record, held in told)


def kept_elsewhere(table: Table, owner: Owner, neighbours: Neighbours, pages: Pages) -> Effect | None:
    """What another action reads of a table for the caller alone; None where one, or a page, shows it to everybody."""
    names = frozenset(canonical_singular(name) for name in table.names)
    others = tuple(neighbours())
    if not owner.is_tenant and is_read_by_all(others, names):
        return None
    kept = next((e for effects in others for e in reads_of(effects, names) if is_kept(e, owner, effects)), None)
    if kept is None or owner.is_tenant:
        return kept
    shown = pages()
    return kept if shown is not None and not is_read_by_all(shown, names) else None


def worked_on_alone(effect: Effect, owner: Owner, neighbours: Neighbours, pages: Pages) -> Effect | None:
    """The list of one's own, of rows that people change by their id among their own alone, and that nothing shows.

    Posts of one's own are listed and changed so as well; but somewhere all are shown.
    """
    others = tuple(neighbours())
    names = frozenset({canonical_singular(effect.target)})
    listed = next((e for effects in others for e in reads_of(effects, names) if names_the_caller(e.key)), None)
    if owner.is_tenant or listed is None or is_read_by_all(others, names):
        return None
    is_changed_alone = any(
        e.kind in world.CHOOSE_RECORDS and canonical_singular(e.target) in names and names_an_owned_row(e)
        for effects in others
        for e in effects
    )
    shown = pages() if is_changed_alone else None
    return listed if shown is not None and not is_read_by_all(shown, names) else None


def reads_of(effects: Sequence[Effect], names: frozenset[str]) -> Iterator[Effect]:
    """What another action reads of the table of one of these names."""
    return (e for e in effects if e.kind is EffectKind.READ and canonical_singular(e.target) in names)


def is_kept(effect: Effect, owner: Owner, effects: Sequence[Effect]) -> bool:
    """Whether a read gives only what is the caller's: of people's own rows, one that an argument names as well.

    A list of one's own says less: everybody's posts are read by their id, and one's own are listed.
    """
    if owner.is_tenant and names_the_caller(effect.key):
        return True
    return is_shown_to_its_owner(effect, effects) or (not owner.is_tenant and names_an_owned_row(effect))
