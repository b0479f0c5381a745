"""DynamoDB: commands that a client sends."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Library,
    Object,
    Promise,
    Value,
    field_of,
    obj,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, both, filtered, listed
from preship.analyzers.knowledge.rows import counted, maybe_record, records
from preship.analyzers.knowledge.sql_conditions import key_of_condition
from preship.analyzers.knowledge.sql_pieces import of_text
from preship.analyzers.knowledge.statements import run
from preship.analyzers.knowledge.words import part

CLIENT, COMMAND = "dynamodb#client", "dynamodb#command"
KEYS = Dialect()

READS_ONE = frozenset({"GetCommand", "GetItemCommand", "get"})
READS_MANY = frozenset({"QueryCommand", "ScanCommand", "query", "scan"})
PUTS = frozenset({"PutCommand", "PutItemCommand", "put"})
DELETES = frozenset({"DeleteCommand", "DeleteItemCommand", "delete"})
MANY = frozenset(
    "BatchWriteCommand BatchWriteItemCommand TransactWriteCommand TransactWriteItemsCommand batchWrite transactWrite"
    " BatchGetCommand BatchGetItemCommand TransactGetCommand TransactGetItemsCommand batchGet transactGet".split()
)
STATEMENTS = frozenset({"ExecuteStatementCommand"})


def command(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new GetCommand(input)`."""
    return of(Library(COMMAND, library.path[-1:], (given.at(0),)))


def sent(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.send(command)`."""
    answers = [
        done(a.shape.path[-1], a.shape.state[0], calling)
        for a in given.at(0).alternatives
        if isinstance(a.shape, Library) and a.shape.root == COMMAND and isinstance(a.shape.state[0], Value)
    ]
    return of(Promise(unite(*answers) if answers else PLAIN, NO_FACTS, PLAIN))


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """`documents.get(input)`, of the aggregated client."""
    return of(Promise(done(library.path[-1], given.at(0), calling), NO_FACTS, PLAIN))


def done(name: str, options: Value, calling: Calling) -> Value:
    """What a command does and gives."""
    table = text_of(part(options, "TableName") or PLAIN) or "a table"
    what = f"dynamodb.{name}"
    if name in STATEMENTS:
        rows = run(of_text(part(options, "Statement") or PLAIN, part(options, "Parameters")), what, calling)
        return obj(PLAIN, Items=rows)
    if name in MANY:
        return several(name, options, calling)
    key = key_of(options)
    if name in READS_ONE:
        calling.emit(EffectKind.READ, table, what, key=key)
        return obj(PLAIN, Item=maybe_record(table, key, calling, absent=UNDEFINED_VALUE))
    if name in READS_MANY:
        calling.emit(EffectKind.READ, table, what, key=None if key == EVERYTHING else key)
        return obj(PLAIN, Items=records(table, key, calling), Count=counted(table, key, calling))
    if name in PUTS:
        item = part(options, "Item")
        is_new = "attribute_not_exists" in (text_of(part(options, "ConditionExpression") or PLAIN) or "")
        kind = EffectKind.INSERT if is_new else EffectKind.WRITE
        calling.emit(kind, table, what, key=None if is_new else item, data=item)
        return obj(PLAIN)
    kind = EffectKind.DELETE if name in DELETES else EffectKind.WRITE
    data = part(options, "ExpressionAttributeValues") if kind is EffectKind.WRITE else None
    calling.emit(kind, table, what, key=key, data=data)
    return obj(PLAIN, Attributes=maybe_record(table, key, calling, absent=UNDEFINED_VALUE))


def several(name: str, options: Value, calling: Calling) -> Value:
    """A batch or a transaction: each of its parts."""
    if "Get" in name:
        calling.emit(EffectKind.READ, "several tables", f"dynamodb.{name}", key=options)
        return obj(PLAIN, Responses=PLAIN)
    for item in listed(part(options, "TransactItems") or PLAIN):
        for verb in ("Put", "Update", "Delete"):
            inner = part(item, verb)
            if inner is not None and inner is not item:
                done(verb.lower(), inner, calling)
    requests = part(options, "RequestItems")
    if requests is not None:
        calling.emit(EffectKind.WRITE, "several tables", f"dynamodb.{name}", key=requests, data=requests)
    return obj(PLAIN)


def key_of(options: Value) -> Value:
    """The key of a command: `Key`, or the conditions of a query with their values."""
    found = [filtered(key, KEYS)] if (key := part(options, "Key")) is not None else []
    values = unprefixed(part(options, "ExpressionAttributeValues"))
    for name in ("KeyConditionExpression", "FilterExpression", "ConditionExpression"):
        text = part(options, name)
        if text is not None and text_of(text) is not None:
            found.append(key_of_condition(of_text(text, values)))
    return both(*found)


def unprefixed(values: Value | None) -> Value | None:
    """`{ ':id': id }` by the bare names."""
    shape = values.alternatives[0].shape if values is not None else None
    if not isinstance(shape, Object):
        return values
    return of(Object(tuple((name.lstrip(":"), field_of(shape, name) or PLAIN) for name, _ in shape.fields)))
