"""Row-level security: how far a database judges a caller who speaks to it with their own credentials.

https://supabase.com/docs/guides/database/postgres/row-level-security
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from analyzers.flow.effects import CHOSEN, Client, EffectKind
from analyzers.flow.library import Calling
from analyzers.flow.values import Library, Value
from analyzers.knowledge.rows import LibraryModel
from analyzers.knowledge.supabase_queries import ANY_TABLE, QUERY, Query, query_of, sent
from analyzers.project.database import Database, RowPolicy, Table
from analyzers.project.sql_statements import Statement

WEAKEST_FIRST = (Client.SERVER, Client.UNSEEN, Client.SIGNED_IN, Client.CALLER)

COMMANDS = {EffectKind.READ: "select", EffectKind.INSERT: "insert", EffectKind.DELETE: "delete"}
"""The command of an effect; `update` for any other."""

NOT_CALLERS = frozenset({"service_role", "postgres", "supabase_admin", "supabase_auth_admin", "dashboard_user"})
"""Roles that no caller of the application has."""

ANYBODY = frozenset({"public", "anon"})
"""Roles that callers without a session have. https://supabase.com/docs/guides/database/postgres/roles"""

IDENTITY = re.compile(r"auth \. (uid|jwt|email|user_id|session)\b|current_setting \( 'request\.jwt")
"""What tells who is calling. https://supabase.com/docs/guides/database/postgres/row-level-security#helper-functions"""

ONLY_SIGNED_IN = re.compile(
    r"auth \. (uid|user_id)(?: as \w+)? is not null|auth \. role(?: as \w+)? = 'authenticated'(?: : : text)?"
    r"|'authenticated'(?: : : text)? = auth \. role"
)
"""Conditions that anybody with an account fulfils."""

ONLY_THE_SERVICE = re.compile(r"auth \. role(?: as \w+)? = 'service_role'(?: : : text)?")

BUILT_IN = frozenset(
    "select from where in exists any all some and or not as on is with values row array cast coalesce lower upper "
    "now length count max min nullif unnest to_timestamp current_setting string_to_array split_part date_part extract "
    "uid role jwt email".split()
)
"""Words before a parenthesis that hide no judgement."""


def weakest(clients: Iterable[Client]) -> Client:
    """The least that is asked of a caller; of no way at all, everything."""
    return min(clients, key=WEAKEST_FIRST.index, default=Client.CALLER)


def judged_by(database: Database, table: str | None, kind: EffectKind) -> Client:
    """How far the database judges who touches a table like this; `None` is a table that the code does not name."""
    command = COMMANDS.get(kind, "update")
    if table is None and database.tables:
        return weakest(judged_by_table(database, each, command) for each in database.tables.values())
    known = database.tables.get(table or "")
    return judged_by_table(database, known, command) if known is not None else Client.UNSEEN


def judged_by_table(database: Database, table: Table, command: str) -> Client:
    """How far a table's policies judge a command."""
    if not table.is_secured:
        return Client.UNSEEN if database.is_secured_elsewhere else Client.SERVER
    fitting = [p for p in table.policies.values() if p.command in {"all", command} and not p.roles <= NOT_CALLERS]
    allowed = weakest(judged_by_policy(database, p, command) for p in fitting if p.is_permissive)
    demanded = [judged_by_policy(database, p, command) for p in fitting if not p.is_permissive]
    return max((allowed, *demanded), key=WEAKEST_FIRST.index)


def judged_by_policy(database: Database, policy: RowPolicy, command: str) -> Client:
    """What a policy asks of a caller. Rows that it shows to everybody are meant to be read by everybody."""
    condition = policy.check if command == "insert" and policy.check is not None else policy.using
    asked = judged_by_condition(database, condition if condition is not None else policy.check or ())
    if asked is Client.SERVER and not policy.roles & ANYBODY:
        return Client.SIGNED_IN
    return Client.CALLER if asked is Client.SERVER and command == "select" else asked


def judged_by_condition(database: Database, condition: Statement) -> Client:
    """What a condition asks of a caller."""
    plain = " ".join(token for token in condition if token not in {"(", ")", "select"})
    if ONLY_SIGNED_IN.fullmatch(plain):
        return Client.SIGNED_IN
    if ONLY_THE_SERVICE.fullmatch(plain) or asks_for_identity(database, condition):
        return Client.CALLER
    return Client.UNSEEN if any(name not in BUILT_IN for name in unread(database, condition)) else Client.SERVER


def asks_for_identity(database: Database, code: Statement) -> bool:
    """Whether code asks who is calling, itself or through functions of the database."""
    waiting, seen = [code], set[str]()
    while waiting:
        code = waiting.pop()
        if IDENTITY.search(" ".join(code)):
            return True
        names = {name for name in called(code) if name in database.functions} - seen
        seen |= names
        waiting += [database.functions[name].body for name in names]
    return False


def called(code: Statement) -> Iterable[str]:
    """The words before a parenthesis."""
    return (code[i] for i in range(len(code) - 1) if code[i + 1] == "(" and code[i].isidentifier())


def unread(database: Database, code: Statement) -> Iterable[str]:
    """The functions that code calls and no file of the repository defines."""
    return (name for name in called(code) if name not in database.functions)


def judged_by_function(database: Database, name: str, kind: EffectKind) -> Client:
    """How far a function of the database judges its caller; one with the caller's rights, as far as its tables do."""
    function = database.functions.get(name)
    if function is None:
        return Client.UNSEEN
    if asks_for_identity(database, function.body):
        return Client.CALLER
    touched = [judged_by(database, word, kind) for word in set(function.body) if word in database.tables]
    return Client.SERVER if function.is_definer and touched else weakest(touched)


def refuses(database: Database, name: str) -> bool:
    """Whether a function asks who is calling, and raises an exception in some case."""
    function = database.functions.get(name)
    raises = function is not None and "raise exception" in " ".join(function.body)
    return function is not None and raises and asks_for_identity(database, function.body)


def judged(database: Database, query: Query) -> Client:
    """How far the database judges a query that is sent with the caller's own credentials."""
    kind = query.kind or EffectKind.READ
    if query.is_function:
        return judged_by_function(database, query.table, kind)
    return judged_by(database, query.table if query.table not in {ANY_TABLE, CHOSEN} else None, kind)


def library_models(database: Callable[[], Database]) -> tuple[LibraryModel, ...]:
    """What sending a query of the caller's client does, given the repository's own database; it is read when asked."""

    def awaited(library: Library, calling: Calling) -> Value:
        query = query_of(library)
        if query.client is not Client.CALLER:
            return sent(query, query.client, calling)
        query = replace(query, refuses=query.is_function and refuses(database(), query.table))
        return sent(query, judged(database(), query), calling)

    return (LibraryModel(frozenset({QUERY}), "https://supabase.com/docs/guides/database/secure-data", awaited=awaited),)
