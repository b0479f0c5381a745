"""Foreign keys in what an action writes: each names a row of another table, which may be somebody else's.

That the row which is written, or one of its other columns, is the caller's says nothing of them: the place that
something is moved to, the parent of a new row, the projects that a grant opens, the tenant of a job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses import (
    names_a_person,
    one_key,
    other_party,
    own_doing,
    provenance,
    publishable_rows,
    read_by_all,
    role_everywhere,
    row_in_no_table,
    tied_id,
    unknown_rows,
    unowned_rows,
)
from preship.analyzers.actions.excuses.form import Excuse, Excused, excuse_of, weighed
from preship.analyzers.actions.excuses.written_id import Neighbours, WrittenId
from preship.analyzers.actions.returned import held_origins
from preship.analyzers.actions.ties import (
    is_tied_by,
)
from preship.analyzers.actions.written_keys import (
    Key,
    canonical_singular,
    keys_of,
    names_of,
)
from preship.analyzers.conventions.keys import ACTOR_COLUMN, OWN_KEY_COLUMN
from preship.analyzers.conventions.tables import ACCOUNT_TABLE, TENANT_TABLE
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import Among, Known, owned_under
from preship.analyzers.flow.origins import Input, Origin, Request, Session, Stored, roots
from preship.analyzers.flow.values import origins_of
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.tables import canonical, last_words, names_a_row
from preship.analyzers.source.once import once


@dataclass(frozen=True, slots=True)
class Foreign:
    """An id in what is written which names a row of somebody's, and nothing says that it is the caller's."""

    origin: Input
    column: str
    """The column, relation or field that holds it."""

    table: str
    """What it names one of."""

    owner: str | None
    """Whom or what those belong to: `organization`; None where no schema says it."""

    through: tuple[str, ...] = ()
    """The columns that lead there; none where it names the tenant itself."""

    judged_by: str | None = None
    """The column at which alone the policies of the database look, where they judge who writes the row."""

    is_tied_elsewhere: bool = False
    """Whether another action of the application asks whose such a row is."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One id that is written, with the verdict on it."""

    case: WrittenId
    excuse: Excuse[WrittenId] | None
    """None where it must be the caller's, and nothing says that it is."""

    @property
    def origin(self) -> Input:
        """What the caller sends."""
        return self.case.origin

    @property
    def key(self) -> Key:
        """The foreign key that it is written into."""
        return self.case.key

    @property
    def is_shown(self) -> bool:
        """Whether it was shown to be the caller's, and is more than a word that the program knows."""
        is_known = any(isinstance(f, Known | Among) and f.subject == self.origin for f in self.case.held)
        return self.excuse is tied_id.EXCUSE and not is_known

    def weighed(self) -> Iterator[Excused]:
        """The excuse, or those near, each with what is missing."""
        return weighed(self.case, EXCUSES)


EXCUSES: tuple[Excuse[WrittenId], ...] = (
    tied_id.EXCUSE,
    role_everywhere.EXCUSE,
    row_in_no_table.EXCUSE,
    names_a_person.EXCUSE,
    unknown_rows.EXCUSE,
    unowned_rows.EXCUSE,
    provenance.EXCUSE,
    one_key.EXCUSE,
    other_party.EXCUSE,
    own_doing.EXCUSE,
    publishable_rows.EXCUSE,
    read_by_all.EXCUSE,
)
"""Why a foreign key needs no tie of its own, in the order in which they are asked."""


def untied_keys(
    effects: Sequence[Effect], ownership: Ownership, neighbours: Neighbours
) -> Iterator[tuple[Effect, tuple[Foreign, ...]]]:
    """Each effect that writes ids which name rows of somebody's, with those that nothing ties to the caller."""
    for effect in effects:
        judged = judged_keys(effect, effects, ownership, neighbours)
        found = [described(j.origin, j.key, effect, ownership, neighbours) for j in judged if j.excuse is None]
        if found:
            yield effect, tuple(dict.fromkeys(found))


def judged_keys(
    effect: Effect, effects: Sequence[Effect], ownership: Ownership, neighbours: Neighbours
) -> Iterator[Judged]:
    """What the caller sends for each foreign key that an effect writes, and why it need not be theirs if so."""
    if effect.client is not Client.CALLER and not (effect.client is Client.SERVER and world.touches_the_world(effect)):
        return
    for key in keys_of(effect, ownership):
        if effect.client is Client.CALLER and left_to_the_action(key, effect, ownership) is None:
            continue
        for origin, held in held_origins(key.value, key.facts):
            for chosen in chosen_by(origin, key, effects):
                record = origin if isinstance(origin, Stored) else None
                case = WrittenId(chosen, key, held, effect, effects, ownership, neighbours, record)
                yield Judged(case, excuse_of(case, EXCUSES))


def without_what_nobody_owns(
    named_by: frozenset[Input | Request], effect: Effect, ownership: Ownership
) -> frozenset[Input | Request]:
    """The inputs that choose an effect's records, without those that only name rows which nobody owns: a catalogue."""
    if effect.kind is not EffectKind.INSERT or not named_by:
        return named_by
    nobodys: set[Origin] = set()
    others: set[Origin] = set()
    for key in keys_of(effect, ownership):
        (nobodys if names_nothing_of_anybodys(key, ownership) else others).update(origins_of(key.value))
    return named_by - (nobodys - others)


def without_people(
    named_by: frozenset[Input | Request], effect: Effect, ownership: Ownership
) -> frozenset[Input | Request]:
    """The inputs that choose an effect's records, without those of a new row that only name whom it is about.

    That is for who has shown that something else is theirs: a member is added to their own team, whoever it is.
    """
    if effect.kind is not EffectKind.INSERT or not has_shown_another(effect, named_by):
        return named_by
    keys = tuple(keys_of(effect, ownership))
    people = people_named(effect, ownership)
    others = {o for k in keys if not is_of_a_person(k, ownership) for o in roots(origins_of(k.value))}
    return named_by - (people - others)


def without_counterparts(
    named_by: frozenset[Input | Request], effect: Effect, effects: Sequence[Effect], ownership: Ownership
) -> frozenset[Input | Request]:
    """The inputs that choose an effect's records, without those whom a new row of the caller's names beside them.

    Whom they rate, book or pay in their own name is somebody else, and a further new row that names them tells of it.
    """
    if effect.kind is not EffectKind.INSERT or not named_by:
        return named_by
    own = [e for e in effects if e is not effect and e.kind is EffectKind.INSERT and world.bears_the_caller(e.data)]
    met = {o for e in own for o in people_named(e, ownership)}
    others = {o for k in keys_of(effect, ownership) if not is_of_a_person(k, ownership) for o in origins_of(k.value)}
    return named_by - (met & people_named(effect, ownership) - roots(others))


def people_named(effect: Effect, ownership: Ownership) -> frozenset[Origin]:
    """The inputs that choose whom a new row names."""
    keys = (key for key in keys_of(effect, ownership) if is_of_a_person(key, ownership))
    return frozenset(o for key in keys for o in roots(origins_of(key.value)))


def is_of_a_person(key: Key, ownership: Ownership) -> bool:
    """Whether a key names somebody, by the schema."""
    return key.table is not None and key.within is not None and ownership.names_a_person(key.table)


def has_shown_another(effect: Effect, named_by: frozenset[Input | Request]) -> bool:
    """Whether something that another input names was shown to be the caller's."""
    shown = roots(owned_under(effect.facts))
    return any(isinstance(o, Input | Request) and o not in named_by for o in shown)


def names_nothing_of_anybodys(key: Key, ownership: Ownership) -> bool:
    """Whether nobody owns what a key names, and it is no people; or the schema knows of no table that it could name.

    People and tenants may be kept by a service, and so in no table.
    """
    if not ownership.tells:
        return False
    if key.table is not None:
        return ownership.owner(key.table) is None and not ownership.names_a_person(key.table)
    kept_elsewhere = any(TENANT_TABLE.matches(n) or ACCOUNT_TABLE.matches(n) for n in names_of(key))
    return key.within is not None and not kept_elsewhere and not ACTOR_COLUMN.matches(key.column)


def left_to_the_action(key: Key, effect: Effect, ownership: Ownership) -> str | None:
    """By which column alone the database judges who writes a row with the caller's own credentials.

    None where its policies look at the id as well, or not at the tenant, or cannot be read; and where the tenant of a
    new row is not written: the database itself takes it from what the id names. A row that is changed keeps its own.
    """
    owner = ownership.owner(key.within) if key.within is not None else None
    target = ownership.owner(key.table) if key.table is not None else None
    if key.within is None or owner is None or target is None or not owner.by or not target.by:
        return None
    column, judged_by = owner.by[0].columns[0], key.within.judged_by
    is_written = canonical(column) in {canonical(name) for name, _ in key.row.fields} or is_a_change(key, effect)
    is_judged_alone = owner.is_tenant and target.is_tenant and column in judged_by and key.column not in judged_by
    return column if is_judged_alone and is_written else None


def is_a_change(key: Key, effect: Effect) -> bool:
    """Whether a row that is there is changed, found by its own name."""
    names = {name for name, _ in world.fields_of(effect.key)}
    return effect.kind is EffectKind.WRITE and "id" in names and key.within is not None


def chosen_by(origin: Origin, key: Key, effects: Sequence[Effect]) -> Iterator[Input]:
    """The inputs that choose the row which an id names: itself, or the id that the row was found by."""
    if isinstance(origin, Input):
        yield origin
    elif isinstance(origin, Stored) and not origin.is_fresh and is_row_of(origin, key):
        reads = [e for e in effects if e.kind is EffectKind.READ and e.target == origin.model]
        asked = frozenset(o for e in reads for o in _chosen_by_id(e))
        yield from (o for o in origin.key if isinstance(o, Input) and o in asked)


@once
def _chosen_by_id(read: Effect) -> frozenset[Origin]:
    """What stands in a look-up where it asks for the row's own id."""
    named = (value for name, value in world.fields_of(read.key) if OWN_KEY_COLUMN.matches(name))
    return frozenset(o for value in named for o in origins_of(value))


def is_row_of(record: Stored, key: Key) -> bool:
    """Whether what is written is the name of a record of the table that the key refers to."""
    is_its_name = not record.path or names_a_row(f"_{record.path[-1]}") or record.path[-1].lower() == "id"
    return is_its_name and canonical_singular(record.model) in names_of(key) and len(record.path) < 2


def is_all_the_caller(origin: Origin) -> bool:
    """Whether a value is the caller's identity, or was found by it alone."""
    return world.is_all_session(origin) if isinstance(origin, Stored) else isinstance(origin, Session)


def described(origin: Input, key: Key, effect: Effect, ownership: Ownership, neighbours: Neighbours) -> Foreign:
    """A key with what is known of the rows that it names."""
    owner = ownership.owner(key.table) if key.table is not None else None
    is_tied = is_tied_by(neighbours(), names_of(key))
    if owner is None or key.table is None:
        named = next(last_words(key.column), key.column)
        return Foreign(origin, key.column, named, None, is_tied_elsewhere=is_tied)
    through = tuple(column for reference in owner.by for column in reference.columns[:1])
    judged_by = left_to_the_action(key, effect, ownership) if effect.client is Client.CALLER else None
    return Foreign(origin, key.column, key.table.name, owner.table.name, through, judged_by, is_tied)
