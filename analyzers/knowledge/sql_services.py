"""SQL in databases with clients of their own: SQL Server, Oracle, Snowflake, BigQuery, ClickHouse, PGlite, Aurora."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Constant,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.rows import Handler, name_of, native, option
from preship.analyzers.knowledge.sql import result, tagged, what_of
from preship.analyzers.knowledge.sql_pieces import of_call, of_text
from preship.analyzers.knowledge.sql_tokens import Part
from preship.analyzers.knowledge.statements import run

Shaped = Callable[[Value], Value]
"""How a driver hands the rows of an answer over."""


def in_options(text: str, values: str, shaped: Shaped) -> Handler:
    """`client.query({ text, values })`, by the names that these two have."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        parts = parts_of(given, text, values)
        return of(Promise(shaped(run(parts, what_of(library), calling)), rejection=PLAIN))

    return handle


def parts_of(given: Arguments, text: str, values: str) -> Sequence[Part]:
    """The statement of a call that takes options, or the text itself."""
    options = given.at(0)
    if not any(isinstance(a.shape, Object) for a in options.alternatives):
        return of_call(given)
    return of_text(with_colons(option(options, text)), option(options, values))


TYPED = re.compile(r"\{(\w+)\s*:\s*[\w()]+\}")


def with_colons(text: Value) -> Value:
    """`{id: UInt64}` as `:id`: https://clickhouse.com/docs/interfaces/http#cli-queries-with-parameters."""
    written = text_of(text)
    return text if written is None else of(Constant(TYPED.sub(r":\1", written)))


def as_recordset(answer: Value) -> Value:
    """As `{ recordset, recordsets, rowsAffected }`."""
    return obj(PLAIN, recordset=answer, recordsets=of(Array((answer,), answer)), rowsAffected=PLAIN)


def in_a_list(answer: Value) -> Value:
    """As `[rows]`."""
    return of(Array((answer,), answer))


def to_be_read(answer: Value) -> Value:
    """As a result whose `json()` promises the rows."""
    return obj(PLAIN, json=native("json", lambda calling, given: of(Promise(answer))))


# --- SQL Server ----------------------------------------------------------------------------------------------------

POOL, REQUEST = "mssql#pool", "mssql#request"
NOTHING_BOUND = of(Object(()))


def request(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pool.request()`."""
    return of(Library(REQUEST, (), (NOTHING_BOUND,)))


def bound(library: Library, given: Arguments, calling: Calling) -> Value:
    """`request.input('id', sql.Int, id)`."""
    known = library.state[0]
    assert isinstance(known, Value)  # noqa: S101
    shape = known.alternatives[0].shape
    fields = shape.fields if isinstance(shape, Object) else ()
    name, value = text_of(given.at(0)) or "", given.at(len(given.values) - 1)
    return of(Library(REQUEST, (), (of(Object((*fields, (name, value)))),)))


def asked(library: Library, given: Arguments, calling: Calling) -> Value:
    """`request.query(text)`, with what was bound before."""
    values = library.state[0]
    parts = of_text(given.at(0), values if isinstance(values, Value) else None)
    return of(Promise(as_recordset(run(parts, what_of(library), calling)), rejection=PLAIN))


def procedure(library: Library, given: Arguments, calling: Calling) -> Value:
    """`request.execute('procedure')`, whose code is in the database."""
    values = library.state[0]
    data = values if isinstance(values, Value) else None
    calling.may_fail()
    calling.emit(EffectKind.WRITE, text_of(given.at(0)) or "a procedure", name_of(library), key=data, data=data)
    return of(Promise(as_recordset(PLAIN), rejection=PLAIN))


# --- the others ----------------------------------------------------------------------------------------------------


def snowflake(library: Library, given: Arguments, calling: Calling) -> Value:
    """`connection.execute({ sqlText, binds, complete: (error, statement, rows) => … })`."""
    rows = run(parts_of(given, "sqlText", "binds"), what_of(library), calling)
    complete = option(given.at(0), "complete")
    if any(isinstance(a.shape, Closure) for a in complete.alternatives):
        calling.aside(complete, Arguments((PLAIN, PLAIN, rows)))
    return PLAIN


def inserted(target: Callable[[Library, Arguments], str], data: Callable[[Arguments], Value]) -> Handler:
    """A call that puts rows into a table without a statement."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        calling.emit(EffectKind.INSERT, target(library, given), name_of(library), data=data(given))
        return of(Promise(PLAIN, rejection=PLAIN))

    return handle


def table(library: Library, given: Arguments, calling: Calling) -> Value:
    """`bigquery.dataset('shop').table('orders')`."""
    return of(Library(library.root, (), (given.at(0),)))


def table_of(library: Library, given: Arguments) -> str:
    """The table that led to the call."""
    known = library.state[-1] if library.state else None
    return (text_of(known) if isinstance(known, Value) else None) or "a table"


def sent(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.send(new ExecuteStatementCommand({ sql, parameters }))`."""
    found: list[Value] = []
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == RDS_COMMAND and isinstance(a.shape.state[0], Value):
            options = a.shape.state[0]
            found.append(run(of_text(option(options, "sql"), option(options, "parameters")), "rds.send", calling))
    answer = unite(*found) if found else PLAIN
    return of(Promise(obj(PLAIN, records=answer, formattedRecords=answer), rejection=PLAIN))


def rds_command(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new ExecuteStatementCommand(input)`, which does nothing until it is sent."""
    return of(Library(RDS_COMMAND, library.path, (given.at(0),)))


def typed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sql.type(schema)`, `sql.typeAlias('id')`: a tag."""
    return of(Library("slonik", ("sql", "fragment")))


def only(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pool.one(statement)`, `pool.maybeOne(statement)`: the first row."""
    answer = run(of_call(given), what_of(library), calling)
    return of(Promise(calling.member(answer, "0"), rejection=PLAIN))


ORACLE, SNOWFLAKE, BIGQUERY, CLICKHOUSE, PGLITE, SLONIK, RDS, RDS_COMMAND = (
    f"{name}#client"
    for name in ("oracledb", "snowflake-sdk", "bigquery", "clickhouse", "pglite", "slonik", "rds", "rds-command")
)


def rows(answer: Value) -> Value:
    """As a list."""
    return answer


tag_of_result = tagged(result)

tag_of_as_recordset = tagged(as_recordset)


def sent_rows(given: Arguments) -> Value:
    """`table.insert(rows)`."""
    return given.at(0)


def named_table(library: Library, given: Arguments) -> str:
    """`client.insert({ table, values })`."""
    return text_of(option(given.at(0), "table")) or "a table"


def named_rows(given: Arguments) -> Value:
    """The rows of such a call."""
    return option(given.at(0), "values")
