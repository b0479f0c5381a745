"""Running a statement that was written as text."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.flow.facts import Announced
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.library import Calling
from preship.analyzers.flow.values import PLAIN, Value
from preship.analyzers.knowledge import sql_text
from preship.analyzers.knowledge.queries import MANY, NONE, Query, answer
from preship.analyzers.knowledge.sql_tokens import Part


def run(parts: Sequence[Part], what: str, calling: Calling) -> Value:
    """A statement's effect, and its rows. Where text from elsewhere is a part of it, that is what it says."""
    calling.may_fail()
    if sql_text.only_bounds_a_transaction(parts):
        return PLAIN
    told = sql_text.settings_told(parts)
    if told:
        if any(names_the_caller(value) for value in told):
            calling.prove(frozenset({Announced(calling.span)}))
        return PLAIN
    statement = sql_text.read(parts)
    data = statement.data
    if statement.raw is not None:
        data = statement.raw
    calling.emit(statement.kind, statement.table, what, key=statement.key, data=data)
    query = Query(
        statement.kind,
        what,
        statement.table,
        calling.span,
        statement.key,
        statement.data,
        answers=MANY if statement.has_answer else NONE,
        is_total=statement.is_total,
        is_whole=statement.is_whole,
    )
    return answer(query, calling)
