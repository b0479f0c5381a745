"""Foreign keys in what an action writes: each names a row of another table, which may be somebody else's.

That the row which is written, or one of its other columns, is the caller's says nothing of them: the place that
something is moved to, the parent of a new row, the projects that a grant opens, the tenant of a job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import held_origins
from preship.analyzers.actions.written_keys import WRITES_ROWS, Key, keys_of, reference_of
from preship.analyzers.conventions.keys import ACTOR_COLUMN, OWN_KEY_COLUMN, PROVENANCE_COLUMN
from preship.analyzers.conventions.roles import PLATFORM_ROLE
from preship.analyzers.conventions.tables import ACCOUNT_TABLE, MEMBERSHIP_TABLE, TENANT_TABLE
from preship.analyzers.flow.collections import Filled
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import (
    Among,
    Case,
    Facts,
    IfGiven,
    Known,
    Owns,
    Role,
    has_a_right_everywhere,
    owned_under,
)
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Input, Origin, Request, Session, Stored, roots
from preship.analyzers.flow.values import Value, origins_of
from preship.analyzers.schema.graph import Owner, Ownership
from preship.analyzers.schema.tables import Table, canonical, last_words, names_a_row, singular

Neighbours = Callable[[], Iterable[tuple[Effect, ...]]]
"""The effects of each of the nearest other actions."""


class Excuse(StrEnum):
    """Why a foreign key needs no tie of its own, in the order in which they are asked."""

    TIED = "it was shown to be the caller's"
    ROLE = "the caller's role holds everywhere"
    ELSEWHERE = "the row stands in no table of the schema"
    UNKNOWN = "no schema and no other action says whose these rows are"
    PERSON = "it names a person, or a membership"
    UNOWNED = "nobody owns the rows of this table"
    PROVENANCE = "it says who did something"
    ONE_KEY = "the database ties it to the caller's: both are one foreign key"
    OTHER_PARTY = "it names whom the tenant of the row deals with, and not what the row lies in"
    OWN_DOING = "the row is the caller's own part in what is not theirs"
    PUBLISHED = "rows of this table may be for everybody"
    READ_BY_ALL = "other actions show these rows to everybody"


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

    origin: Input
    key: Key
    excuse: Excuse | None
    """None where it must be the caller's, and nothing says that it is."""


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
                is_theirs = is_tied(chosen, held, effects) or is_asked_on_the_way(chosen, effects)
                is_theirs = is_theirs or is_found_as_theirs(chosen, effect)
                yield Judged(
                    chosen, key, Excuse.TIED if is_theirs else excuse(key, effect, held, ownership, neighbours)
                )


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
    people = {o for k in keys if is_of_a_person(k, ownership) for o in roots(origins_of(k.value))}
    others = {o for k in keys if not is_of_a_person(k, ownership) for o in roots(origins_of(k.value))}
    return named_by - (people - others)


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


def excuse(key: Key, effect: Effect, held: Facts, ownership: Ownership, neighbours: Neighbours) -> Excuse | None:
    """Why a foreign key need not be the caller's; None where it must be."""
    owner = ownership.owner(key.table) if key.table is not None else None
    if has_a_right_everywhere(held) and not (
        is_bound_to_a_tenant(key, effect, held, ownership, owner)
        or is_kept_to_a_tenant_elsewhere(key, held, ownership, owner, neighbours)
        or is_the_tenant_of_another_role(held, ownership, owner)
    ):
        return Excuse.ROLE
    if ownership.tells and key.within is None and effect.kind in WRITES_ROWS:
        return Excuse.ELSEWHERE
    if key.table is None and any(ACCOUNT_TABLE.matches(n) or MEMBERSHIP_TABLE.matches(n) for n in names_of(key)):
        return Excuse.PERSON
    if key.table is None:
        return None if not ownership.tells and is_tied_by(neighbours(), names_of(key)) else Excuse.UNKNOWN
    if ownership.names_a_person(key.table):
        return Excuse.PERSON
    if owner is None:
        return Excuse.UNOWNED
    if PROVENANCE_COLUMN.matches(canonical(key.column)):
        return Excuse.PROVENANCE
    if is_one_key_with_the_callers(key):
        return Excuse.ONE_KEY
    return excused_by_its_use(key, owner, ownership, neighbours)


def excused_by_its_use(key: Key, owner: Owner, ownership: Ownership, neighbours: Neighbours) -> Excuse | None:
    """What people do in their own name of what others offer, and rows that are there to be seen."""
    assert key.table is not None  # noqa: S101
    is_other_party = key.within is not None and ownership.is_other_party(key.table, key.within)
    if not owner.by and (is_other_party or is_dealt_with(key, key.table, ownership)):
        return Excuse.OTHER_PARTY
    is_private = owner.is_tenant and bears_the_callers_tenant(key, ownership, owner)
    if not is_private and is_own_doing(key, owner, ownership):
        return Excuse.OWN_DOING
    if not is_private and ownership.may_be_published(key.table):
        return Excuse.PUBLISHED
    if owner.is_tenant:
        return None
    return Excuse.READ_BY_ALL if is_read_by_all(neighbours(), names_of(key)) else None


def is_dealt_with(key: Key, table: Table, ownership: Ownership) -> bool:
    """Whether another column of the row names the caller's own of what this one names: who pays, and who is paid."""
    others = ((reference_of(name, key.within), value) for name, value in key.row.fields if name != key.column)
    return any(
        reference is not None and ownership.tables.get(reference.table) == table and world.is_surely_the_caller(value)
        for reference, value in others
    )


def is_own_doing(key: Key, owner: Owner, ownership: Ownership) -> bool:
    """Whether a row says, in the caller's name, what they do with something: a vote, an order, a request to join."""
    table = key.within
    if table is None or not any(names_the_actor(n, v, table, ownership) for n, v in key.row.fields):
        return False
    if not owner.by and owner.is_tenant and ownership.is_kept_of_members(table):
        return False
    if ownership.is_participation(table) or ownership.is_membership(table):
        return True
    return not owner.is_tenant and ownership.only_joins(table)


def names_the_actor(name: str, value: Value, table: Table, ownership: Ownership) -> bool:
    """Whether a column holds that the caller is the one whose row this is."""
    if not any(world.is_surely_the_caller(part) for part in (value, *(v for _, v in world.fields_of(value)))):
        return False
    reference = reference_of(name, table)
    target = ownership.tables.get(reference.table) if reference is not None else None
    return (target is not None and ownership.names_a_person(target)) or ACTOR_COLUMN.matches(name)


def is_bound_to_a_tenant(key: Key, effect: Effect, held: Facts, ownership: Ownership, owner: Owner | None) -> bool:
    """Whether a role is one within a tenant, of ids in tenants: the action ties other things to the caller besides.

    Who may do it everywhere is not asked whose the changed row is, and bound by no policy.
    """
    if owner is None or not owner.is_tenant:
        return False
    chosen = {o for o in origins_of(effect.key) if isinstance(o, Input)}
    shown = bool(chosen & owned_under(held))
    in_key = is_of_the_callers_tenant(effect, key.within, ownership)
    return shown or in_key or effect.client is Client.CALLER or bears_the_callers_tenant(key, ownership, owner)


def is_kept_to_a_tenant_elsewhere(
    key: Key, held: Facts, ownership: Ownership, owner: Owner | None, neighbours: Neighbours
) -> bool:
    """Whether a role is one within a tenant: the other actions behind it touch such rows of the caller's tenant alone.

    One of them says so in its key, and none of them goes by a bare id or by nothing at all.
    """
    roles = {fact.name for fact in held if isinstance(fact, Role) and not stands_above_tenants(fact)}
    if owner is None or not owner.is_tenant or not owner.by or not roles:
        return False
    names = names_of(key)
    others = [e for effects in neighbours() for e in effects if e.kind in CHOOSE_ROWS and is_about(e, names)]
    behind = [e for e in others if any(isinstance(fact, Role) and fact.name in roles for fact in e.facts)]
    return any(is_of_the_callers_tenant(e, key.table, ownership) for e in behind) and all(map(is_of_their_own, behind))


def is_the_tenant_of_another_role(held: Facts, ownership: Ownership, owner: Owner | None) -> bool:
    """Whether an id names a tenant itself, and each role that was asked for is one in the tenant of a membership."""
    roles = [fact for fact in held if isinstance(fact, Role) and not fact.within]
    return (
        owner is not None
        and not owner.by
        and owner.is_tenant
        and all(stands_in_a_membership(role, owner.table, ownership) for role in roles)
    )


def stands_in_a_membership(role: Role, tenant: Table, ownership: Ownership) -> bool:
    """Whether a role was found in a row that says that somebody belongs to one tenant, and as what."""
    table = ownership.tables.get(role.table) if role.table is not None else None
    is_of_a_member = table is not None and ownership.is_membership(table) and ownership.is_of_one(table, tenant)
    return is_of_a_member and not stands_above_tenants(role)


CHOOSE_ROWS = frozenset({EffectKind.READ, EffectKind.WRITE, EffectKind.DELETE})


def stands_above_tenants(role: Role) -> bool:
    """Whether a role is called one of those who run the application."""
    return all(PLATFORM_ROLE.matches(canonical(word)) for word in role.name.split(" or "))


def is_of_the_callers_tenant(effect: Effect, table: Table | None, ownership: Ownership) -> bool:
    """Whether the key of an effect says that the rows are to be of the caller's tenant."""
    return any(
        names_a_tenant(name, table, ownership) and world.is_surely_the_caller(value)
        for name, value in world.fields_of(effect.key)
    )


def is_of_their_own(effect: Effect) -> bool:
    """Whether the rows of an effect are found by the caller, by what was shown to be theirs, or by a row."""
    if names_the_caller(effect.key) or names_an_owned_row(effect):
        return True
    found = origins_of(effect.key)
    return bool(found) and not any(isinstance(o, Input | Request) for o in found)


def bears_the_callers_tenant(key: Key, ownership: Ownership, owner: Owner | None) -> bool:
    """Whether a row is put into the tenant of the caller: then what it refers to must be within it, whoever asks."""
    if owner is None or not owner.is_tenant:
        return False
    around = ownership.owner(key.within) if key.within is not None else None
    columns = {canonical(column) for column in around.by[0].columns} if around is not None and around.by else set()
    return any(
        (canonical(name) in columns if columns else names_a_tenant(name, key.within, ownership))
        and world.is_surely_the_caller(value)
        for name, value in key.row.fields
        if name != key.column
    )


def names_a_tenant(name: str, table: Table | None, ownership: Ownership) -> bool:
    """Whether a column holds the tenant of a row."""
    reference = reference_of(name, table)
    target = ownership.tables.get(reference.table) if reference is not None else ownership.tables.named_by(name)
    if target is not None:
        return ownership.is_tenant(target)
    return any(TENANT_TABLE.matches(canonical(word)) for word in last_words(name))


def is_one_key_with_the_callers(key: Key) -> bool:
    """Whether the database refuses the id unless it goes with another column, which holds what is the caller's."""
    references = key.within.references if key.within is not None else ()
    together = [{canonical(column) for column in reference.columns} for reference in references]
    others = {name for names in together if canonical(key.column) in names for name in names} - {canonical(key.column)}
    return any(
        canonical(name) in others and (world.is_surely_the_caller(value) or world.is_all_theirs(value, key.facts))
        for name, value in key.row.fields
    )


# --- ties ----------------------------------------------------------------------------------------------------------


def chosen_by(origin: Origin, key: Key, effects: Sequence[Effect]) -> Iterator[Input]:
    """The inputs that choose the row which an id names: itself, or the id that the row was found by."""
    if isinstance(origin, Input):
        yield origin
    elif isinstance(origin, Stored) and not origin.is_fresh and is_row_of(origin, key):
        reads = [e for e in effects if e.kind is EffectKind.READ and e.target == origin.model]
        asked = {
            o for e in reads for n, v in world.fields_of(e.key) if OWN_KEY_COLUMN.matches(n) for o in origins_of(v)
        }
        yield from (o for o in origin.key if isinstance(o, Input) and o in asked)


def is_row_of(record: Stored, key: Key) -> bool:
    """Whether what is written is the name of a record of the table that the key refers to."""
    is_its_name = not record.path or names_a_row(f"_{record.path[-1]}") or record.path[-1].lower() == "id"
    return is_its_name and canonical_singular(record.model) in names_of(key) and len(record.path) < 2


def is_tied(origin: Input, held: Facts, effects: Sequence[Effect]) -> bool:
    """Whether something says that what an input names is the caller's, or a word that the program knows."""
    tied: set[Origin] = set(owned_under(held))
    for fact in held:
        if isinstance(fact, Owns | Known | Among):
            tied.add(fact.subject)
        elif isinstance(fact, Role):
            tied |= fact.within
        elif isinstance(fact, IfGiven):
            tied.add(fact.subject)
    if origin in tied or any(isinstance(o, Stored) and origin in o.key for o in tied):
        return True
    return any(is_looked_up_as_theirs(origin, e, held) for e in effects)


def is_found_as_theirs(origin: Input, effect: Effect) -> bool:
    """Whether an effect itself finds what it changes by this input and among the caller's own."""
    own = (value for name, value in world.fields_of(effect.key) if OWN_KEY_COLUMN.matches(name))
    return names_the_caller(effect.key) and any(origin in origins_of(value) for value in own)


def is_looked_up_as_theirs(origin: Input, effect: Effect, held: Facts) -> bool:
    """Whether an action looks for the row among the caller's own, and goes on only where it is there.

    Where the answer only fills a text, whoever sends another one's id goes on without it.
    """
    if effect.kind is not EffectKind.READ or origin not in origins_of(effect.key) or not is_required(effect, held):
        return False
    owned = owned_under(effect.facts) | owned_under(held)
    return names_the_caller(effect.key) or any(is_owned(o, owned) for o in origins_of(effect.key) - {origin})


def is_asked_on_the_way(origin: Input, effects: Sequence[Effect]) -> bool:
    """Whether a loop, or a branch for those who send it, looks for a row among the caller's and stops without it."""
    stops = [e.facts for e in effects if e.kind is EffectKind.STOP]
    return any(is_looked_up_as_theirs(origin, e, facts) for e in effects for facts in stops)


def is_owned(origin: Origin, owned: frozenset[Origin]) -> bool:
    """Whether something is the caller's, or a record that was found by what is."""
    return origin in owned or (isinstance(origin, Stored) and bool({record_of(origin), *origin.key} & owned))


def is_required(effect: Effect, held: Facts) -> bool:
    """Whether an action goes on only where what it looked up was there."""
    there = [fact.choice for fact in held if isinstance(fact, Case) and fact.index == 0]
    choices = (choice.list if isinstance(choice, Filled) else choice for choice in there)
    return effect.what.endswith("OrThrow") or any(isinstance(c, tuple) and effect.span in c for c in choices)


def is_all_the_caller(origin: Origin) -> bool:
    """Whether a value is the caller's identity, or was found by it alone."""
    return world.is_all_session(origin) if isinstance(origin, Stored) else isinstance(origin, Session)


def is_tied_by(others: Iterable[tuple[Effect, ...]], names: frozenset[str]) -> bool:
    """Whether another action asks whose a row of one of these names is, or looks for it among the caller's."""
    return any(is_about(e, names) and names_an_owned_row(e) for effects in others for e in effects)


def names_an_owned_row(effect: Effect) -> bool:
    """Whether an effect finds a row that an argument names among the caller's own."""
    sent = {o for o in origins_of(effect.key) if isinstance(o, Input)}
    return bool(sent) and (names_the_caller(effect.key) or sent <= owned_under(effect.facts))


def is_read_by_all(others: Iterable[tuple[Effect, ...]], names: frozenset[str]) -> bool:
    """Whether another action reads rows of one of these names for whoever asks."""
    return any(
        e.kind is EffectKind.READ
        and is_about(e, names)
        and not names_the_caller(e.key)
        and not owned_under(e.facts)
        and not has_a_right_everywhere(e.facts)
        for effects in others
        for e in effects
    )


def is_about(effect: Effect, names: frozenset[str]) -> bool:
    """Whether an effect is one on a table of one of these names."""
    return canonical_singular(effect.target) in names


def names_of(key: Key) -> frozenset[str]:
    """What the table is called that a key refers to: by its schema, or else by the key's own name."""
    if key.table is not None:
        return frozenset(canonical_singular(name) for name in key.table.names)
    return frozenset(singular(canonical(word)) for word in last_words(key.column))


def canonical_singular(name: str) -> str:
    """What one row of a table is called."""
    return singular(canonical(name.rpartition(".")[2]))


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
