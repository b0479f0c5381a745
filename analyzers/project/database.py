"""What the SQL files of a repository leave behind: its tables, who may touch their rows, and its functions.

https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from preship.analyzers.project.sql_blocks import Catalogue, run_by
from preship.analyzers.project.sql_statements import Statement, body_of, statements, tokens

COMMANDS = frozenset({"all", "select", "insert", "update", "delete"})

DEEPEST_BLOCK = 3
"""Blocks inside of blocks that are run."""


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """`CREATE POLICY`: a condition under which roles may touch rows."""

    command: str = "all"
    """`all`, `select`, `insert`, `update` or `delete`."""

    roles: frozenset[str] = frozenset({"public"})
    is_permissive: bool = True
    """Permissive policies add to one another; each restrictive one must hold as well."""

    using: Statement | None = None
    """The condition on rows that stand in the table."""

    check: Statement | None = None
    """The condition on rows that are written, where it is another one."""


@dataclass(slots=True)
class Table:
    """A table, as far as the statements have made it."""

    is_switched_on: bool | None = None
    """Whether a statement has switched row-level security on or off; None where none has."""

    policies: dict[str, RowPolicy] = field(default_factory=dict)
    """By name."""

    @property
    def is_secured(self) -> bool:
        """Whether row-level security is on: who writes policies has it on, by a switch of the service if by no SQL.

        https://supabase.com/docs/guides/database/postgres/row-level-security
        """
        return self.is_switched_on if self.is_switched_on is not None else bool(self.policies)


@dataclass(frozen=True, slots=True)
class DatabaseFunction:
    """A function that callers and policies may use."""

    is_definer: bool
    """Whether it runs with its owner's rights, which no policy limits."""

    body: Statement


@dataclass(slots=True)
class Database:
    """What has been created and not dropped, by name without the schema."""

    tables: dict[str, Table] = field(default_factory=dict)
    functions: dict[str, DatabaseFunction] = field(default_factory=dict)
    refused: dict[str, frozenset[str]] = field(default_factory=dict)
    """The roles from which the right to execute a function was taken, by its name."""

    is_secured_elsewhere: bool = False
    """Whether code that puts statements together switches row-level security on, for tables that it does not name."""

    is_told: bool = False
    """Whether it was told who is calling, by a setting of the application's own."""

    def catalogue(self) -> Catalogue:
        """The tables that there are, each with its policies."""
        return [(name, tuple(table.policies)) for name, table in self.tables.items()]


def is_sql(path: str) -> bool:
    """Whether a file says what the database is: no way back of a migration, and no test of it."""
    name = path.rpartition("/")[2].lower()
    folders = {part.lower() for part in path.split("/")[:-1]}
    return name.endswith(".sql") and not name.endswith(("down.sql", "rollback.sql")) and not folders & {"test", "tests"}


def in_order(paths: Iterable[str]) -> Sequence[str]:
    """SQL files as they are run: migrations by name, then what states or fills the outcome; none that was put away."""
    found = [path for path in paths if is_sql(path)]
    current = [path for path in found if not is_put_away(path)]
    return sorted(current or found, key=lambda path: ("migrations/" not in path, path))


def is_put_away(path: str) -> bool:
    """Whether a file is kept of what once was: in `backup`, `sql_backup`, `migrations_archive`."""
    words = {word for folder in path.lower().split("/")[:-1] for word in re.split(r"[-_. ]", folder)}
    return bool(words & PUT_AWAY)


PUT_AWAY = frozenset({"backup", "backups", "archive", "archived", "archives", "old", "deprecated", "obsolete"})


def database_of(texts: Iterable[str]) -> Database:
    """What these files leave behind, run one after the other."""
    database = Database()
    for text in texts:
        for statement in statements(text):
            run(database, statement)
    return database


def run(database: Database, statement: Statement, depth: int = 0) -> None:
    """What one statement changes; those inside of `DO $$ … $$` are taken to run."""
    if statement[0] == "do" and depth < DEEPEST_BLOCK:
        for body in (body for token in statement if (body := body_of(token)) is not None):
            for inner in run_by(body, database.catalogue):
                run(database, inner, depth + 1)
        return
    if "execute" in statement and any("row level security" in token.lower() for token in statement):
        database.is_secured_elsewhere = True
    for words, effect in EFFECTS:
        start = place_of(words, statement)
        if start is not None:
            effect(database, statement, start)
            return


def place_of(words: Statement, statement: Statement) -> int | None:
    """The place behind these words; conditions may stand before them."""
    for at in range(len(statement) - len(words) + 1):
        if statement[at : at + len(words)] == words:
            return at + len(words)
    return None


# --- statements ----------------------------------------------------------------------------------------------------


def create_table(database: Database, statement: Statement, at: int) -> None:
    """`CREATE TABLE name`."""
    name, _ = named(statement, at)
    database.tables.setdefault(name, Table())


def alter_table(database: Database, statement: Statement, at: int) -> None:
    """`ALTER TABLE name ENABLE ROW LEVEL SECURITY`, `… RENAME TO other`."""
    name, at = named(statement, at)
    if place_of(("row", "level", "security"), statement) is not None:
        table = database.tables.setdefault(name, Table())
        if "enable" in statement[at:] or "disable" in statement[at:]:
            table.is_switched_on = "enable" in statement[at:]
    elif statement[at : at + 2] == ("rename", "to") and name in database.tables:
        database.tables[named(statement, at + 2)[0]] = database.tables.pop(name)


def drop_table(database: Database, statement: Statement, at: int) -> None:
    """`DROP TABLE name, other`."""
    while at < len(statement):
        name, at = named(statement, at)
        database.tables.pop(name, None)
        at += 1


def create_policy(database: Database, statement: Statement, at: int) -> None:
    """`CREATE POLICY name ON table …`."""
    policy, table, at = policy_and_table(database, statement, at)
    table.policies[policy] = clauses(RowPolicy(), statement, at)


def alter_policy(database: Database, statement: Statement, at: int) -> None:
    """`ALTER POLICY name ON table …`."""
    policy, table, at = policy_and_table(database, statement, at)
    if policy in table.policies:
        table.policies[policy] = clauses(table.policies[policy], statement, at)


def drop_policy(database: Database, statement: Statement, at: int) -> None:
    """`DROP POLICY name ON table`."""
    policy, table, _ = policy_and_table(database, statement, at)
    table.policies.pop(policy, None)


def policy_and_table(database: Database, statement: Statement, at: int) -> tuple[str, Table, int]:
    """`name ON table`, and the place behind it."""
    policy, at = named(statement, at)
    table, at = named(statement, at + 1)
    return policy, database.tables.setdefault(table, Table()), at


def create_function(database: Database, statement: Statement, at: int) -> None:
    """`CREATE FUNCTION name(…) … AS $$ … $$`."""
    name, _ = named(statement, at)
    bodies = [body for token in statement[at:] if (body := body_of(token)) is not None]
    code = tuple(token for text in bodies for token in tokens(text)) or statement[at:]
    is_definer = place_of(("security", "definer"), statement) is not None
    database.functions[name] = DatabaseFunction(is_definer, code)


def revoke_execution(database: Database, statement: Statement, at: int) -> None:
    """`REVOKE EXECUTE ON FUNCTION name(…) FROM roles`."""
    name, _ = named(statement, at)
    start = place_of(("from",), statement)
    roles = frozenset(listed(statement, start)) if start is not None else frozenset()
    database.refused[name] = database.refused.get(name, frozenset()) | roles


def grant_execution(database: Database, statement: Statement, at: int) -> None:
    """`GRANT EXECUTE ON FUNCTION name(…) TO roles`."""
    name, _ = named(statement, at)
    start = place_of(("to",), statement)
    roles = frozenset(listed(statement, start)) if start is not None else frozenset()
    database.refused[name] = database.refused.get(name, frozenset()) - roles


EFFECTS = (
    (("create", "policy"), create_policy),
    (("alter", "policy"), alter_policy),
    (("drop", "policy"), drop_policy),
    (("create", "table"), create_table),
    (("alter", "table"), alter_table),
    (("drop", "table"), drop_table),
    (("create", "function"), create_function),
    (("create", "or", "replace", "function"), create_function),
    (("revoke", "execute", "on", "function"), revoke_execution),
    (("revoke", "all", "on", "function"), revoke_execution),
    (("revoke", "all", "privileges", "on", "function"), revoke_execution),
    (("grant", "execute", "on", "function"), grant_execution),
    (("grant", "all", "on", "function"), grant_execution),
)


# --- their parts ---------------------------------------------------------------------------------------------------

NO_NAMES = frozenset({"if", "not", "exists", "only"})


def named(statement: Statement, at: int) -> tuple[str, int]:
    """A name, without the schema before it, and the place behind it."""
    while at < len(statement) and statement[at] in NO_NAMES:
        at += 1
    while at + 1 < len(statement) and statement[at + 1] == ".":
        at += 2
    return (statement[at] if at < len(statement) else ""), at + 1


def clauses(policy: RowPolicy, statement: Statement, at: int) -> RowPolicy:
    """A policy with what `AS`, `FOR`, `TO`, `USING` and `WITH CHECK` say of it."""
    while at < len(statement):
        word, following = statement[at], statement[at + 1 : at + 2]
        if word == "as" and following:
            policy = replace(policy, is_permissive=following != ("restrictive",))
        elif word == "for" and following and following[0] in COMMANDS:
            policy = replace(policy, command=following[0])
        elif word == "to":
            policy = replace(policy, roles=frozenset(listed(statement, at + 1)))
        elif word in {"using", "check"} and following == ("(",):
            condition = inside(statement, at + 1)
            policy = replace(policy, using=condition) if word == "using" else replace(policy, check=condition)
            at += len(condition) + 1
        at += 1
    return policy


def listed(statement: Statement, at: int) -> Iterable[str]:
    """Names with commas between them."""
    while at < len(statement):
        yield statement[at]
        if statement[at + 1 : at + 2] != (",",):
            return
        at += 2


def inside(statement: Statement, at: int) -> Statement:
    """What stands in the parentheses that open here."""
    depth = 0
    for end in range(at, len(statement)):
        depth += {"(": 1, ")": -1}.get(statement[end], 0)
        if depth == 0:
            return statement[at + 1 : end]
    return statement[at + 1 :]
