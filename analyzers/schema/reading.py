"""The schema files of a tree, found and read: the door to this folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from preship.analyzers.conventions.keys import ACCOUNT_COLUMN, LIST_COLUMN, SERVICE_ACCOUNT_COLUMN
from preship.analyzers.conventions.tables import ACCOUNT_TABLE, TENANT_TABLE
from preship.analyzers.project import database
from preship.analyzers.project.database import in_order
from preship.analyzers.project.project import Project
from preship.analyzers.schema import (
    convex,
    decorated,
    drizzle,
    firestore,
    kysely,
    mongoose,
    payload,
    prisma,
    sequelize,
    sql,
    supabase,
)
from preship.analyzers.schema.corrections import Correction
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.tables import Reference, Table, Tables, canonical, last_words, singular
from preship.analyzers.source.spelling import Test
from preship.analyzers.source.tree import Module


def ownership_of(project: Project, corrections: Iterable[Correction] = ()) -> Ownership:
    """Whose the rows of a tree's tables are, as far as a schema of it can be read.

    What an application's code is written against comes before what its migrations leave behind.
    """
    tables: tuple[Table, ...] = (*_prisma(project), *_in_code(project)) or (
        *_of_the_database(project),
        *_of_documents(project),
    )
    tables = _each_once(tables or tuple(_in_types(project)))
    tables = tuple(_by_name(Tables((*tables, *_accounts_elsewhere(tables)))))
    return Ownership(Tables((*tables, *_accounts_elsewhere(tables))), corrections)


def _each_once(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables, of which two libraries may each state one: the first counts."""
    found: dict[str, Table] = {}
    for table in tables:
        found.setdefault(canonical(table.name), table)
    return tuple(found.values())


def _by_name(tables: Tables) -> Iterator[Table]:
    """Tables with what they refer to by the name of a column alone: `club_id text not null`, and no foreign key."""
    accounts = _accounts_of(tables)
    for table in tables.all:
        stated = {column for reference in table.references for column in reference.columns}
        alone = (c for c in table.columns if c not in stated and not LIST_COLUMN.matches(c))
        left = [c for c in alone if c in table.required or _names_a_tenant(c, tables)]
        more = [found for column in left if (found := _named_by(column, table, tables, accounts)) is not None]
        yield replace(table, references=(*table.references, *more)) if more else table


def _named_by(column: str, table: Table, tables: Tables, accounts: str) -> Reference | None:
    """What a column names of another table, one of accounts that a service keeps included."""
    found = tables.named_by(column) or _ending_in(column, tables)
    name = found.name if found is not None else accounts if ACCOUNT_COLUMN.matches(canonical(column)) else None
    is_at_a_service = SERVICE_ACCOUNT_COLUMN.matches(canonical(column))
    is_required = column in table.required
    return Reference((column,), name, is_required, is_at_a_service) if name and name != table.name else None


def _names_a_tenant(column: str, tables: Tables) -> bool:
    """Whether a column says in whose tenant a row is, which it may leave open."""
    found = tables.named_by(column)
    return found is not None and TENANT_TABLE.matches(canonical(found.name))


def _ending_in(column: str, tables: Tables) -> Table | None:
    """The one table whose name ends in all that a column says: `dataSourceId` names an `OrgDataSource`."""
    word = next(last_words(column), "")
    if len(_WORDS.findall(word)) < 2:
        return None
    found = [t for t in tables.all if singular(canonical(t.name)).endswith(canonical(word))]
    shortest = min(found, key=lambda table: len(table.name), default=None)
    return shortest if len(found) == 1 or (shortest and all(t.name.endswith(shortest.name) for t in found)) else None


_WORDS = re.compile(r"[A-Z]?[a-z0-9]+")


def _accounts_of(tables: Tables) -> str:
    """What the accounts are called, or would be if a service did not keep them."""
    names = [t.name for t in tables.all if t.signs_in or any(ACCOUNT_TABLE.matches(canonical(n)) for n in t.names)]
    profiles = [t.name for t in tables.all if singular(canonical(t.name)) == "profile"]
    return next(iter((*names, *profiles)), "users")


_PERSON = "owner|author|sender|recipient|follower|subscriber|applicant|requester|participant|voter"


def may_state_a_schema(content: bytes) -> bool:
    """Whether code may be read here: asked of its bytes."""
    return any(reader.MENTIONED.search(content) for reader in _OF_CODE)


_OF_CODE = (convex, decorated, drizzle, kysely, mongoose, payload, sequelize, supabase)
"""What reads schemas from code."""


def _prisma(project: Project) -> tuple[Table, ...]:
    return tuple(prisma.tables_of(_texts(project, (p for p in project.files.paths() if p.endswith(".prisma")))))


def _in_code(project: Project) -> Iterator[Table]:
    yield from drizzle.tables_of(tuple(_modules(project, drizzle.MENTIONED)))
    yield from mongoose.tables_of(_modules(project, mongoose.MENTIONED))
    yield from convex.tables_of(tuple(_modules(project, convex.MENTIONED)))
    yield from sequelize.tables_of(tuple(_modules(project, sequelize.MENTIONED)))
    yield from payload.tables_of(_modules(project, payload.MENTIONED))
    for path, text in _texts(project, project.files.matching(_searching(decorated.MENTIONED), project.sources)):
        yield from decorated.tables_of(path, text)


def _of_documents(project: Project) -> Iterator[Table]:
    """The collections of rules: `firestore.rules`."""
    for path, text in _texts(project, (p for p in project.files.paths() if p.endswith(".rules"))):
        yield from firestore.tables_of(path, text) if "cloud.firestore" in text else ()


def _in_types(project: Project) -> Iterator[Table]:
    """What only the types say that a query builder is given."""
    declared = (p for p in project.files.paths() if p.endswith((".ts", ".tsx")) and "node_modules" not in p.split("/"))
    found = project.files.matching(_searching(kysely.MENTIONED), tuple(declared))
    yield from kysely.tables_of(_texts(project, found))


def _of_the_database(project: Project) -> Iterator[Table]:
    stated = sql.tables_of(_texts(project, in_order(project.files.paths())))
    policies = project.database.tables if stated else {}
    yield from (_with_policies(t, policies.get(t.name)) for t in stated)
    known = {table.name for table in stated}
    for path, text in _texts(project, project.files.matching(_searching(supabase.MENTIONED), project.sources)):
        yield from (table for table in supabase.tables_of(path, text) if table.name not in known)


_WRITING = frozenset({"all", "insert", "update"})
_EVERYBODY = frozenset({"public", "anon", "authenticated"})


def _with_policies(table: Table, secured: database.Table | None) -> Table:
    """A table with what its policies say of whoever reads and writes its rows."""
    if secured is None or not secured.is_secured:
        return replace(table, is_shown_to_all=_is_open(secured))
    writing = [p for p in secured.policies.values() if p.command in _WRITING and p.roles & _EVERYBODY]
    words = {word for p in writing for condition in (p.using, p.check) for word in condition or ()}
    return replace(table, is_shown_to_all=_is_open(secured), judged_by=frozenset(words))


def _is_open(secured: database.Table | None) -> bool:
    """`FOR SELECT USING (true)`."""
    return secured is not None and any(
        policy.is_permissive
        and policy.command in {"select", "all"}
        and policy.using == ("true",)
        and bool(policy.roles & _EVERYBODY)
        for policy in secured.policies.values()
    )


def _accounts_elsewhere(tables: Iterable[Table]) -> Iterator[Table]:
    """The tables of accounts that a schema refers to and leaves to a service: `auth.users`."""
    known = {canonical(name) for table in tables for name in table.names}
    named = {reference.table for table in tables for reference in table.references}
    yield from (Table(n) for n in sorted(named) if canonical(n) not in known and ACCOUNT_TABLE.matches(canonical(n)))


def _modules(project: Project, mentioned: re.Pattern[bytes]) -> Iterator[Module]:
    for path in project.files.matching(_searching(mentioned), project.sources):
        module = project.module(path)
        if module is not None:
            yield module


def _searching(pattern: re.Pattern[bytes]) -> Test:
    return lambda content: pattern.search(content) is not None


def _texts(project: Project, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Files by their paths, with their texts."""
    wanted = list(paths)
    blobs = project.files.read(wanted)
    yield from ((path, blobs[path].content.decode("utf-8", "replace")) for path in wanted if path in blobs)
