"""Which records and secrets an action hands to its caller, and what had been proven where it does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.conventions.contact import OWNER_ONLY_FIELD, WHEREABOUTS_COLUMN
from preship.analyzers.conventions.settings import BROWSER_SETTING, SECRET_SETTING
from preship.analyzers.conventions.tables import CONFIDENTIAL_TABLE, PEOPLE_RECORD_TABLE
from preship.analyzers.flow.facts import Authenticated, Case, Facts, Role, Total, totals_among
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Origin, Secret, Stored
from preship.analyzers.flow.values import Truth, Unknown, Value, parts_of

DEEPEST = 6
"""Objects inside objects that are looked through."""


def held_origins(value: Value | None, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Origin, Facts]]:
    """The origins of a value and of its parts, each with the facts under which the value is this one.

    What is surely falsy is left out: an empty id names nothing.
    """
    if value is None or depth == 0:
        return
    for a in value.alternatives:
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            if a.shape.truth is not Truth.FALSY:
                yield from ((origin, held) for origin in a.shape.origins)
        else:
            for part in parts_of(a.shape):
                yield from held_origins(part, held, depth - 1)


def returned_records(result: Value, facts: Facts) -> Iterator[tuple[Stored, Facts]]:
    """Each record of which something reaches the caller, with the facts under which it does."""
    for origin, held in held_origins(result, facts):
        if isinstance(origin, Stored):
            yield record_of(origin), held


def returned_totals(result: Value, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Total, Facts]]:
    """Each number of a store's that reaches the caller, with the facts under which it does."""
    for a in result.alternatives if depth else ():
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            told = (fact.choice for fact in totals_among(a.under) if isinstance(fact, Case))
            yield from ((total, held) for total in told if isinstance(total, Total))
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from returned_totals(part, held, depth - 1)


def tells_of_the_caller(result: Value, depth: int = DEEPEST) -> bool:
    """Whether an answer says whether the caller is known, or what they may do."""
    return depth > 0 and any(
        (isinstance(a.shape, Unknown) and any(isinstance(fact, Authenticated | Role) for fact in a.shape.when_true))
        or any(part is not None and tells_of_the_caller(part, depth - 1) for part in parts_of(a.shape))
        for a in result.alternatives
    )


def tells_the_known_more(result: Value, depth: int = DEEPEST) -> bool:
    """Whether some part of an answer is there only for those who are known."""
    if depth == 0:
        return False
    return any(
        any(isinstance(fact, Authenticated) for fact in a.under)
        or any(part is not None and tells_the_known_more(part, depth - 1) for part in parts_of(a.shape))
        for a in result.alternatives
    )


def returned_secrets(result: Value, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Secret, Facts]]:
    """Each secret that reaches the caller as it is, with the facts under which it does."""
    if depth == 0:
        return
    for a in result.alternatives:
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            # What is made of a secret and of something else mostly hides it: a signature, an address.
            if len(a.shape.origins) == 1:
                yield from ((o, held) for o in a.shape.origins if isinstance(o, Secret) and opens_something(o))
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from returned_secrets(part, held, depth - 1)


def opens_something(secret: Secret) -> bool:
    """Whether who knows a setting can do something with it."""
    return SECRET_SETTING.matches(secret.name) and not BROWSER_SETTING.matches(secret.name)


def is_for_its_owner(origin: Stored) -> bool:
    """Whether a value is a part of a record that is nobody's but its owner's to read."""
    return any(OWNER_ONLY_FIELD.matches(name) for name in origin.path)


def is_a_list_kept_in_confidence(record: Stored) -> bool:
    """Whether rows are handed out whole, as many as there are, of a table that nobody shows to everybody.

    A single one may well be: the receipt that its id, which only the buyer knows, leads to.
    """
    is_list = record.is_whole and not record.path and not record.is_exact
    return is_list and CONFIDENTIAL_TABLE.matches(_last_word(record.model))


def is_a_whole_person(record: Stored) -> bool:
    """Whether the whole record of a person is handed out, with all that is kept of them."""
    return record.is_whole and not record.path and PEOPLE_RECORD_TABLE.matches(_last_word(record.model))


def says_where_somebody_is(record: Stored) -> bool:
    """Whether a part of a person's record is handed out that leads to their door."""
    is_of_people = PEOPLE_RECORD_TABLE.matches(_last_word(record.model))
    return is_of_people and bool(record.path) and WHEREABOUTS_COLUMN.matches(record.path[-1])


def _last_word(model: str) -> str:
    """The table itself, without the schema or database that it stands in."""
    return re.split(r"[^A-Za-z]+(?=[A-Za-z]+$)", model)[-1]
