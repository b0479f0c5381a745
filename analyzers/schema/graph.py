"""Whose a row is: the way from a table over what it refers to, up to an account or a tenant.

Only parent-like references count: those that are required, that rows are deleted with, or are called parts of. Who
created or approved a row is where it comes from and not whose it is; an icon or a currency is something that it uses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from preship.analyzers.conventions.fields import PUBLIC_ROW_COLUMN
from preship.analyzers.conventions.keys import JOIN_TABLE_COLUMN, MEMBER_LIST_COLUMN, PROVENANCE_COLUMN
from preship.analyzers.conventions.privileges import RIGHT_COLUMN
from preship.analyzers.conventions.tables import (
    ACCOUNT_TABLE,
    CERTAIN_TENANT_TABLE,
    JOINING_WORD,
    LOOKUP_TABLE,
    MEMBER_HISTORY_TABLE,
    MEMBERSHIP_TABLE,
    PARTICIPATION_TABLE,
    PEOPLE_TABLE,
    PROFILE_TABLE,
    SINGLE_PROFILE_TABLE,
    TENANT_TABLE,
)
from preship.analyzers.schema.corrections import Correction, Rows, corrected, with_corrected_columns
from preship.analyzers.schema.tables import Reference, Table, Tables, canonical, singular, words_of

LONGEST_WAY = 6
"""References from a row to whose it is; the longest real one seen has four."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose the rows of a table are."""

    table: Table
    """That of the account or the tenant."""

    by: tuple[Reference, ...]
    """The references that lead there from the row; none: it is the tenant itself."""

    is_tenant: bool


class Ownership:
    """Whose the rows of each table are."""

    def __init__(self, tables: Tables, corrections: Iterable[Correction] = ()) -> None:
        corrections = tuple(corrections)
        self.tables = with_corrected_columns(tables, corrections)
        self._corrected = corrected(self.tables, corrections)
        self._owners: dict[str, Owner | None] = {}
        self._people: dict[str, tuple[Table, ...]] = {}

    def is_corrected(self, table: Table) -> bool:
        """Whether a person says whose a table's rows are."""
        return table.name in self._corrected

    def _are(self, rows: Rows) -> frozenset[str]:
        """The tables of which a person says this."""
        return frozenset(name for name, each in self._corrected.items() if each.rows is rows)

    def owner(self, table: Table) -> Owner | None:
        """Whose a table's rows are; None where nobody owns them, or they are people themselves."""
        if table.name not in self._owners:
            self._owners[table.name] = self._found(table)
        return self._owners[table.name]

    @property
    def tells(self) -> bool:
        """Whether the schema shows people or tenants at all: else nothing follows from what has no owner in it."""
        return bool(self._accounts or self._tenants)

    @property
    def has_tenants(self) -> bool:
        """Whether the schema shows several groups of people, who each share their own."""
        return bool(self._tenants)

    def ranks(self) -> Iterator[frozenset[str]]:
        """All the words for what somebody may do, of each column that holds one of them in every row."""
        for table in self.tables.all:
            stated = ((name, words) for name, words in table.words.items() if name in table.required)
            yield from (words for name, words in stated if RIGHT_COLUMN.matches(name))

    def is_account(self, table: Table) -> bool:
        """Whether a table's rows are people who sign in, or all that is kept of one."""
        return table.name in self._accounts

    def is_tenant(self, table: Table) -> bool:
        """Whether several people share a row of a table, and what belongs to it."""
        return table.name in self._tenants

    def is_membership(self, table: Table) -> bool:
        """Whether a table says who belongs to what."""
        return self._is_membership(table) and any(self._leads_to(r, self._tenants) for r in table.references)

    def people_with(self, column: str) -> tuple[Table, ...]:
        """The tables of accounts that have a column, or else of memberships that do."""
        if column not in self._people:
            having = [t for t in self.tables.all if canonical(column) in set(map(canonical, t.columns))]
            accounts = tuple(t for t in having if self.is_account(t))
            self._people[column] = accounts or tuple(t for t in having if self.is_membership(t))
        return self._people[column]

    def is_of_one(self, person: Table, tenant: Table) -> bool:
        """Whether an account or membership says itself of which one tenant it is."""
        return self.names_a_person(person) and any(
            self._is(r.table, tenant) and not is_provenance(r) for r in person.references
        )

    def names_a_person(self, table: Table) -> bool:
        """Whether a row of a table stands for somebody: an account, a membership."""
        return self.is_account(table) or self.is_membership(table)

    def may_be_published(self, table: Table) -> bool:
        """Whether a table says of each row whether it is for everybody, or the database shows all to all."""
        return self.publication(table) is not None

    def publication(self, table: Table) -> str | None:
        """What says of a table's rows that they may be for everybody: a column, a policy, or a person."""
        if table.is_shown_to_all or table.name in self._are(Rows.PUBLISHED):
            return "a policy" if table.is_shown_to_all else "the configuration"
        return next((column for column in table.columns if PUBLIC_ROW_COLUMN.matches(canonical(column))), None)

    def is_participation(self, table: Table) -> bool:
        """Whether people make a table's rows in their own name of what is not theirs: votes, orders, comments."""
        return PARTICIPATION_TABLE.matches(canonical(table.name))

    def is_kept_of_members(self, table: Table) -> bool:
        """Whether a table's rows tell the members of a tenant what has been done there."""
        return MEMBER_HISTORY_TABLE.matches(canonical(table.name))

    def is_other_party(self, table: Table, row: Table) -> bool:
        """Whether a row belongs to another tenant, and names this one as somebody it deals with: a shop's supplier."""
        parents = (self.tables.get(r.table) for r in row.references if r.is_required)
        owners = (self.owner(parent) for parent in parents if parent is not None and parent.name != table.name)
        return self.is_tenant(table) and any(
            o is not None and o.is_tenant and o.table.name != table.name for o in owners
        )

    def only_joins(self, table: Table) -> bool:
        """Whether a row says no more than that two others belong together."""
        named = {canonical(column) for r in table.references for column in r.columns}
        rest = {canonical(column) for column in table.columns} - named
        return len(table.references) > 1 and all(
            JOIN_TABLE_COLUMN.matches(column) or PROVENANCE_COLUMN.matches(column) for column in rest
        )

    @cached_property
    def _accounts(self) -> frozenset[str]:
        """People, and what is kept of each in a table of its own."""
        named = {
            t.name for t in self.tables.all if t.signs_in or any(ACCOUNT_TABLE.matches(canonical(n)) for n in t.names)
        }
        found = {name for name in named if not PEOPLE_TABLE.matches(canonical(name))} or named
        found |= {n for n in named for t in self.tables.all if t.name in found for r in t.references if r.table == n}
        profiles = {
            t.name
            for t in self.tables.all
            if (PROFILE_TABLE.matches(canonical(t.name)) or t.name in named)
            and any(
                (r.is_unique or SINGLE_PROFILE_TABLE.matches(canonical(t.name)))
                and r.is_required
                and self._leads_to(r, found)
                and not is_provenance(r)
                for r in t.references
            )
        }
        profiles |= {t.name for t in self.tables.all if singular(canonical(t.name)) == "profile" and not found}
        return frozenset((found | profiles | self._are(Rows.ACCOUNT)) - self._not_people)

    @cached_property
    def _not_people(self) -> frozenset[str]:
        """Tables that people take out of what they are called."""
        return self._are(Rows.REFERENCE) | self._are(Rows.TENANT) | self._are(Rows.OWNED)

    @cached_property
    def _tenants(self) -> frozenset[str]:
        """What people share: by membership, or because each of them is of one."""
        found = {t.name for t in self.tables.all if CERTAIN_TENANT_TABLE.matches(canonical(t.name)) and self._holds(t)}
        for table in self.tables.all:
            others = [other for r in table.references if (other := self.tables.get(r.table)) is not None]
            if table.name in self._accounts:
                found |= {other.name for other in others if TENANT_TABLE.matches(canonical(other.name))}
            elif self._is_membership(table):
                found |= {other.name for other in others if self._is_joined(other, table)}
        found |= {t.name for t in self.tables.all if TENANT_TABLE.matches(canonical(t.name)) and self._is_in_most(t)}
        found |= {t.name for t in self.tables.all if self._lists_members(t)}
        found |= self._are(Rows.TENANT)
        return frozenset(found - self._accounts - self._are(Rows.REFERENCE) - self._are(Rows.OWNED))

    def _lists_members(self, table: Table) -> bool:
        """Whether each row of a table names the people itself who share it, and what lies in it: `memberIds`."""
        named = {**table.lists, **{column: r.table for r in table.references for column in r.columns}}
        lists = {target for column, target in named.items() if MEMBER_LIST_COLUMN.matches(canonical(column))}
        lists |= {target for column, target in table.lists.items() if self._are_in_several(column, target, table)}
        found = {other.name for target in lists if (other := self.tables.get(target)) is not None}
        return bool(found & self._accounts) and self._holds(table)

    def _are_in_several(self, column: str, target: str, table: Table) -> bool:
        """Whether a table lists its users, and each of them the rows of it that they are in: no kind or tag of them."""
        people = self.tables.get(target)
        is_called_so = ACCOUNT_TABLE.matches(canonical(column)) and not LOOKUP_TABLE.matches(canonical(table.name))
        return (
            people is not None
            and is_called_so
            and any(self._is(listed, table) for listed in people.lists.values())
            and not any(self._is(reference.table, table) for reference in people.references)
        )

    def _holds(self, table: Table) -> bool:
        """Whether something lies in the rows of a table, and is not only joined to them."""
        return any(
            self._is(reference.table, table) and other.name != table.name and not self.only_joins(other)
            for other in self.tables.all
            for reference in other.references
        )

    def _is_in_most(self, table: Table) -> bool:
        """Whether two of five tables say directly in which row of this one theirs are."""
        inside = [t for t in self.tables.all if any(r.is_required and self._is(r.table, table) for r in t.references)]
        return len(inside) * 5 >= len(self.tables.all) * 2 and len(inside) > 2

    def _is_joined(self, other: Table, membership: Table) -> bool:
        """Whether a membership is one in this table's rows, which are no roles or kinds of it."""
        return (
            other.name != membership.name
            and other.name not in self._accounts
            and not LOOKUP_TABLE.matches(canonical(other.name))
            and any(r.is_required or r.ends_with_it for r in membership.references if self._is(r.table, other))
        )

    def _is_membership(self, table: Table) -> bool:
        people = [r for r in table.references if self._leads_to(r, self._accounts) and not is_provenance(r)]
        others = [r for r in table.references if not self._leads_to(r, self._accounts)]
        if len(people) != 1 or not others or self.is_participation(table):
            return False
        name = canonical(table.name)
        return MEMBERSHIP_TABLE.matches(name) or any(self._is_named_after_both(table, r, people[0]) for r in others)

    def _is_named_after_both(self, table: Table, other: Reference, person: Reference) -> bool:
        """Whether a table is called by the two that it joins: `organization_users`, `users_to_clinics`."""
        joined = (self.tables.get(reference.table) for reference in (other, person))
        parts = {singular(canonical(found.name)) for found in joined if found is not None}
        named = "".join(singular(word) for word in words_of(table.name) if not JOINING_WORD.matches(word))
        names = {singular(canonical(table.name)), named}
        return not names.isdisjoint("".join(order) for order in permutations(parts))

    def _leads_to(self, reference: Reference, names: frozenset[str] | set[str]) -> bool:
        table = self.tables.get(reference.table)
        return (table.name if table is not None else reference.table) in names

    def _is(self, name: str, table: Table) -> bool:
        found = self.tables.get(name)
        return found is not None and found.name == table.name

    def _found(self, table: Table) -> Owner | None:
        if self.is_account(table) or table.name in self._are(Rows.REFERENCE):
            return None
        if table.name in self._are(Rows.TENANT):
            return Owner(table, (), is_tenant=True)
        ways = tuple(self._ways(table))
        around = next((way for way in ways if way.is_tenant), None)
        if around is None and self.is_tenant(table):
            return Owner(table, (), is_tenant=True)
        return around or next(iter(ways), None)

    def _ways(self, table: Table) -> Iterator[Owner]:
        """The ways up from a table, the shortest first."""
        waiting: deque[tuple[Table, tuple[Reference, ...]]] = deque([(table, ())])
        seen = {table.name}
        while waiting:
            at, way = waiting.popleft()
            for reference, above in self._parents(at):
                if above.name in self._tenants or above.name in self._accounts:
                    yield Owner(above, (*way, reference), above.name in self._tenants)
                elif above.name not in seen and len(way) + 1 < LONGEST_WAY:
                    seen.add(above.name)
                    waiting.append((above, (*way, reference)))

    def _parents(self, table: Table) -> Iterator[tuple[Reference, Table]]:
        """What a row belongs to: a tenant at once, else what it cannot be without."""
        if table.name in self._are(Rows.REFERENCE):
            return
        is_stated = table.name in self._are(Rows.OWNED)
        for reference in table.references[:1] if is_stated else table.references:
            above = self.tables.get(reference.table)
            if is_stated and above is not None:
                yield reference, above
            if is_stated or above is None or above.name == table.name:
                continue
            # What an organization is said to have done is its own: `created_by_org_id`.
            if is_provenance(reference) and above.name not in self._tenants:
                continue
            is_used = (
                above.name not in self._accounts
                and LOOKUP_TABLE.matches(canonical(above.name))
                and not _is_part_of(table, above)
            )
            if above.name in self._tenants or (not is_used and _is_kept_with(table, reference, above)):
                yield reference, above


NO_SCHEMA = Ownership(Tables(()))
"""What is known where no schema could be read."""


def _is_kept_with(table: Table, reference: Reference, above: Table) -> bool:
    """Whether a row is nothing without the one that it names: it must, goes with it, or is called a part of it."""
    return reference.is_required or reference.ends_with_it or _is_part_of(table, above)


def _is_part_of(table: Table, above: Table) -> bool:
    """Whether a table is called after another one: `property_photos` are parts of `properties`."""
    part_of = singular(canonical(above.name))
    return len(part_of) > 3 and canonical(table.name).startswith(part_of)


def is_provenance(reference: Reference) -> bool:
    """Whether a reference says who did something to a row."""
    names = (*reference.columns, *((reference.relation,) if reference.relation else ()))
    return any(PROVENANCE_COLUMN.matches(canonical(name)) for name in names)
