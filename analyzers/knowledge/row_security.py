"""Row-level security: how far a database judges a caller who speaks to it with their own credentials.

https://supabase.com/docs/guides/database/postgres/row-level-security
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from preship.analyzers.flow.effects import CHOSEN, Client, Effect, EffectKind
from preship.analyzers.flow.facts import Announced
from preship.analyzers.flow.library import Calling
from preship.analyzers.flow.values import Library, Value
from preship.analyzers.knowledge.rows import LibraryModel
from preship.analyzers.knowledge.supabase_queries import ANY_TABLE, QUERY, Query, query_of, sent
from preship.analyzers.project.database import Database, RowPolicy, Table, inside
from preship.analyzers.project.sql_statements import Statement

WEAKEST_FIRST = (Client.SERVER, Client.UNSEEN, Client.SIGNED_IN, Client.CALLER)

COMMANDS = {EffectKind.READ: "select", EffectKind.INSERT: "insert", EffectKind.DELETE: "delete"}
"""The command of an effect; `update` for any other."""

NOT_CALLERS = frozenset({"service_role", "postgres", "supabase_admin", "supabase_auth_admin", "dashboard_user"})
"""Roles that no caller of the application has."""

ANYBODY = frozenset({"public", "anon"})
"""Roles that callers without a session have. https://supabase.com/docs/guides/database/postgres/roles"""

IDENTITY = re.compile(r"auth \. (uid|jwt|email|user_id|session)\b|current_setting \( 'request\.jwt")
"""What tells who is calling. https://supabase.com/docs/guides/database/postgres/row-level-security#helper-functions"""

OWN_SETTING = re.compile(r"current_setting \( '\w+\.")
"""A setting of the application's own. https://www.postgresql.org/docs/current/runtime-config-custom.html"""

ONLY_SIGNED_IN = re.compile(
    r"auth \. (uid|user_id)(?: as \w+)? is not null|auth \. role(?: as \w+)? = 'authenticated'(?: : : text)?"
    r"|'authenticated'(?: : : text)? = auth \. role"
)
"""Conditions that anybody with an account fulfils."""

ONLY_THE_SERVICE = re.compile(r"auth \. role(?: as \w+)? = 'service_role'(?: : : text)?")

OWN_PROFILE = re.compile(
    r"exists (1|\*|\w+) from (public \. )?(users|profiles|user_profiles|accounts)( as)?( \w+)? where (\w+ \. )?"
    r"(id|user_id|auth_id|auth_user_id) = auth \. uid( as \w+)?"
)
"""The caller's own row among all accounts, which anybody has who signed up."""

WRITTEN_BY_ITS_OWNER = re.compile(r"'user_metadata'|raw_user_meta_data")
"""What users write into their own token.
https://supabase.com/docs/guides/database/database-advisors?lint=0015_rls_references_user_metadata"""

BUILT_IN = frozenset(
    "select from where in exists any all some and or not as on is with values row array cast coalesce lower upper "
    "now length count max min nullif unnest to_timestamp string_to_array split_part date_part extract "
    "uid role jwt email".split()
)
"""Words before a parenthesis that hide no judgement."""


def weakest(clients: Iterable[Client]) -> Client:
    """The least that is asked of a caller; of no way at all, everything."""
    return min(clients, key=WEAKEST_FIRST.index, default=Client.CALLER)


def judged_by(database: Database, table: str | None, kind: EffectKind) -> Client:
    """How far the database judges who touches a table like this; `None` is a table that the code does not name.

    Rows that a policy shows to everybody are meant to be read by everybody.
    """
    if table is None and database.tables:
        return weakest(judged_by(database, each, kind) for each in database.tables)
    known = database.tables.get(table or "")
    if known is None:
        return Client.UNSEEN
    found = judged_by_table(database, known, COMMANDS.get(kind, "update"))
    return Client.CALLER if known.is_secured and kind is EffectKind.READ and found is Client.SERVER else found


def judged_by_table(database: Database, table: Table, command: str) -> Client:
    """How far a table's policies judge a command: rows are changed by those alone to whom they are shown.

    https://www.postgresql.org/docs/current/sql-createpolicy.html#SQL-CREATEPOLICY-NOTES
    """
    if not table.is_secured:
        return Client.UNSEEN if database.is_secured_elsewhere else Client.SERVER
    fitting = fitting_policies(table, command)
    allowed = weakest_of_those_known(judged_by_policy(database, p, command) for p in fitting if p.is_permissive)
    demanded = [judged_by_policy(database, p, command) for p in fitting if not p.is_permissive]
    found = max((allowed, *demanded), key=WEAKEST_FIRST.index)
    if command not in {"update", "delete"} or not fitting_policies(table, "select"):
        return found
    return max((found, judged_by_table(database, table, "select")), key=WEAKEST_FIRST.index)


def fitting_policies(table: Table, command: str) -> tuple[RowPolicy, ...]:
    """The policies for a command of callers."""
    return tuple(p for p in table.policies.values() if p.command in {"all", command} and not p.roles <= NOT_CALLERS)


def judged_by_policy(database: Database, policy: RowPolicy, command: str) -> Client:
    """What a policy asks of a caller."""
    condition = policy.check if command == "insert" and policy.check is not None else policy.using
    asked = judged_by_condition(database, condition if condition is not None else policy.check or ())
    return Client.SIGNED_IN if asked is Client.SERVER and not policy.roles & ANYBODY else asked


def judged_by_condition(database: Database, condition: Statement, seen: frozenset[str] = frozenset()) -> Client:
    """What a condition asks of a caller: of `a OR b` what the weaker asks, of `a AND b` what the stronger does.

    `seen` are the functions whose answer it is.
    """
    condition = bare(condition)
    if len(condition) > LONGEST_CONDITION:
        return Client.CALLER if asks_for_identity(database, condition) else Client.UNSEEN
    either = tuple(parted(condition, "or"))
    if len(either) > 1:
        owned = (part for part in either if not of_nobody(part, either))
        return weakest_of_those_known(judged_by_condition(database, part, seen) for part in owned)
    both = tuple(parted(condition, "and"))
    if len(both) > 1:
        return max((judged_by_condition(database, part, seen) for part in both), key=WEAKEST_FIRST.index)
    return judged_by_term(database, condition, seen)


LONGEST_CONDITION = 1_000
"""Tokens of a condition that is read term by term; the longest real one seen has about two hundred."""


def judged_by_term(database: Database, term: Statement, seen: frozenset[str]) -> Client:
    """What a condition without parts asks of a caller."""
    plain = " ".join(token for token in term if token not in {"(", ")", "select"})
    if ONLY_SIGNED_IN.fullmatch(plain) or OWN_PROFILE.fullmatch(plain):
        return Client.SIGNED_IN
    name = called_alone(database, term)
    inner = next(returned(database.functions[name].body), None) if name and name not in seen else None
    inner = inner or next(looked_up(database, term), None)
    other = shown_by_another(database, term) if inner is None else None
    if other is not None and other not in seen:
        return judged_by_table(database, database.tables[other], "select")
    if inner is not None:
        return judged_by_condition(database, inner, seen | {name})
    if ONLY_THE_SERVICE.fullmatch(plain) or plain == "false":
        return Client.CALLER
    code = tuple(reached(database, term))
    if any(WRITTEN_BY_ITS_OWNER.search(" ".join(each)) for each in code):
        return Client.SIGNED_IN
    if asks_for_identity(database, term):
        return Client.CALLER
    return Client.UNSEEN if any(name not in BUILT_IN for name in unread(database, term)) else Client.SERVER


def looked_up(database: Database, term: Statement) -> Iterator[Statement]:
    """The condition of the one query in which a term asks who is calling: `EXISTS (SELECT … WHERE …)`."""
    starts = (at for at in range(len(term)) if term[at : at + 2] == ("(", "select"))
    for start in starts:
        query = inside(term, start)
        where = query.index("where") if "where" in query else len(query)
        condition = query[where + 1 : clause_behind(query, where)]
        around = (*term[:start], *query[:where], *query[where + 1 + len(condition) :])
        if asks_for_identity(database, condition) and not asks_for_identity(database, around):
            yield condition


SHOWN_ELSEWHERE = re.compile(r"\w+ (?:\. \w+ )?in \( select (?:\w+ \. )?\w+ from (?:public \. )?(\w+) \)")
"""`lead_id IN (SELECT id FROM leads)`: policies hold within policies."""


def shown_by_another(database: Database, term: Statement) -> str | None:
    """The secured table among whose rows, as far as they are shown to the caller, a row must name one."""
    found = SHOWN_ELSEWHERE.fullmatch(" ".join(term))
    table = database.tables.get(found[1]) if found is not None else None
    return found[1] if found is not None and table is not None and table.is_secured else None


def clause_behind(query: Statement, where: int) -> int:
    """Where the condition of a query ends."""
    depth = 0
    for at in range(where, len(query)):
        depth += {"(": 1, ")": -1}.get(query[at], 0)
        if depth == 0 and query[at] in {"group", "order", "limit", "union", "having"}:
            return at
    return len(query)


def weakest_of_those_known(clients: Iterable[Client]) -> Client:
    """The weakest of some alternatives; what could not be read beside one that asks who calls is taken to ask as well.

    A function such as `is_admin()` that was made by hand in the service's console opens nothing to everybody.
    """
    found = tuple(clients)
    return weakest(c for c in found if c is not Client.UNSEEN or Client.CALLER not in found)


def of_nobody(term: Statement, others: Iterable[Statement]) -> bool:
    """Whether a condition holds for rows without an owner: `user_id IS NULL`, where another one asks for theirs."""
    term = bare(term)
    is_empty = len(term) in {3, LONGEST_COLUMN} and term[-2:] == ("is", "null")
    return is_empty and any(term[-3] in other for other in others if other != term)


LONGEST_COLUMN = 5
"""Tokens of `table.column IS NULL`."""


def bare(condition: Statement) -> Statement:
    """A condition without the parentheses around all of it."""
    while condition[:1] == ("(",) and inside(condition, 0) == condition[1:-1]:
        condition = condition[1:-1]
    return condition


def parted(condition: Statement, word: str) -> Iterator[Statement]:
    """The parts of a condition between `AND`s or `OR`s, those in parentheses left alone."""
    depth, start = 0, 0
    for at, token in enumerate(condition):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == word and depth == 0 and "between" not in condition[start:at]:
            yield condition[start:at]
            start = at + 1
    yield condition[start:]


def called_alone(database: Database, term: Statement) -> str:
    """The one function that a term consists of, `is_signed_in()`; empty where it is something else."""
    words = bare(tuple(token for token in term if token not in {"select", "public", "private", "."}))
    return words[0] if words[1:] == ("(", ")") and words[0] in database.functions else ""


def returned(body: Statement) -> Iterator[Statement]:
    """What a function of one expression returns."""
    words = body[1:] if body[:1] == ("begin",) else body
    words = words[: words.index(";")] if ";" in words else words
    if words[:1] in {("select",), ("return",)} and "from" not in words[: words.index("(") if "(" in words else None]:
        yield words[1:]


def asks_for_identity(database: Database, code: Statement) -> bool:
    """Whether code asks who is calling, itself or through functions of the database."""
    texts = [" ".join(each) for each in reached(database, code)]
    return any(IDENTITY.search(text) or (database.is_told and OWN_SETTING.search(text)) for text in texts)


def reached(database: Database, code: Statement) -> Iterator[Statement]:
    """Code, and the bodies of the database's functions that it calls."""
    waiting, seen = [code], set[str]()
    while waiting:
        code = waiting.pop()
        yield code
        names = {name for name in called(code) if name in database.functions} - seen
        seen |= names
        waiting += [database.functions[name].body for name in sorted(names)]


def called(code: Statement) -> Iterable[str]:
    """The words before a parenthesis."""
    return (code[i] for i in range(len(code) - 1) if code[i + 1] == "(" and code[i].isidentifier())


def unread(database: Database, code: Statement) -> Iterable[str]:
    """The functions that code calls and no file of the repository defines."""
    return (name for name in called(code) if name not in database.functions)


def judged_by_function(database: Database, name: str, kind: EffectKind) -> Client:
    """How far a function of the database judges its caller, or who may execute it at all.

    Everybody may at first: once as `public`, and once more as the role that visitors have. What those with an account
    alone may execute, and whose code is in no file, is left to judge whose the rows are.
    https://supabase.com/docs/guides/database/functions#function-privileges
    """
    found = judged_by_its_code(database, name, kind)
    if not database.refused.get(name, frozenset()) >= ANYBODY:
        return found
    return Client.CALLER if found is Client.UNSEEN else max((found, Client.SIGNED_IN), key=WEAKEST_FIRST.index)


def judged_by_its_code(database: Database, name: str, kind: EffectKind) -> Client:
    """How far a function asks who is calling; one with the caller's rights, as far as its tables do."""
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


def judged_where_told(database: Callable[[], Database], effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The effects of an action, those judged by policies that happen once the database was told who is calling."""
    return tuple(_judged_where_told(database, effect) for effect in effects)


def _judged_where_told(database: Callable[[], Database], effect: Effect) -> Effect:
    if effect.client is not Client.SERVER or not any(isinstance(fact, Announced) for fact in effect.facts):
        return effect
    told = replace(database(), is_told=True)
    table = told.tables.get(effect.target)
    if table is None or not table.is_secured:
        return effect
    return replace(effect, client=judged_by(told, effect.target, effect.kind))


def judged(database: Database, query: Query) -> Client:
    """How far the database judges a query that is sent with the caller's own credentials."""
    kind = query.kind or EffectKind.READ
    if query.is_function:
        return judged_by_function(database, query.table, kind)
    return judged_by(database, query.table if query.table not in {ANY_TABLE, CHOSEN} else None, kind)


def shown_to(database: Database, query: Query) -> Client:
    """To whom the database gives the rows that a query asks for: what it asks of them."""
    table = database.tables.get(query.table)
    command = COMMANDS.get(query.kind or EffectKind.READ, "update")
    return judged_by_table(database, table, command) if table is not None and table.is_secured else Client.UNSEEN


def library_models(database: Callable[[], Database]) -> tuple[LibraryModel, ...]:
    """What sending a query of the caller's client does, given the repository's own database; it is read when asked."""

    def awaited(library: Library, calling: Calling) -> Value:
        query = query_of(library)
        if query.client is not Client.CALLER:
            return sent(query, query.client, calling)
        query = replace(
            query,
            refuses=query.is_function and refuses(database(), query.table),
            shown_to=Client.SERVER if query.is_function else shown_to(database(), query),
        )
        return sent(query, judged(database(), query), calling)

    return (LibraryModel(frozenset({QUERY}), "https://supabase.com/docs/guides/database/secure-data", awaited=awaited),)
