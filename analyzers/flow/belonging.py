"""What lies within what: a post within the team whose id it was compared with, or was found by."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.conventions.keys import OWN_KEY_COLUMN, PERSON_KEY_COLUMN, RECORD_KEY_COLUMN
from preship.analyzers.flow.facts import NO_FACTS, Belongs, Facts
from preship.analyzers.flow.origins import Input, Origin, Origins, Request, Stored, Unfollowed
from preship.analyzers.flow.values import Object, Value, origins_of
from preship.analyzers.source.tree import Span


def belonging(left: Origins, right: Origins, span: Span) -> Facts:
    """What follows where a column that names a record equals an input, or such a column of another record."""
    found: set[Belongs] = set()
    for one, other in ((left, right), (right, left)):
        around = {named for o in other if (named := named_record(o)) is not None}
        for origin in one:
            record = named_record(origin)
            if isinstance(origin, Stored) and record is not None:
                inside = {record, *(o for o in origin.key if isinstance(o, Input | Request))}
                found |= {Belongs(a, b, span) for a in inside for b in around}
                found |= {Belongs(b, record, span) for b in around}
                if OWN_KEY_COLUMN.matches(origin.path[-1]):
                    found |= {Belongs(b, by, span) for b in around for by in origin.key if by != b}
    return frozenset(found)


def found_among(rows: Origins, asked: Origins, span: Span) -> Facts:
    """What follows where an input is among the names of some rows: it lies within what these were found by."""
    asked = frozenset(o for o in asked if not isinstance(o, Unfollowed))
    named = [o for o in asked if isinstance(o, Input | Request)]
    ids = [o for o in rows if isinstance(o, Stored) and o.path and RECORD_KEY_COLUMN.matches(o.path[-1])]
    if not ids or len(ids) < len(rows) or len(named) < len(asked):
        return frozenset()
    around = frozenset.intersection(*(o.key for o in ids))
    return frozenset(Belongs(one, by, span) for one in named for by in around if by not in named)


def named_record(origin: Origin) -> Origin | None:
    """What a value stands for that is compared with a column which names a record."""
    if isinstance(origin, Input | Request):
        return origin
    if isinstance(origin, Stored) and origin.path and RECORD_KEY_COLUMN.matches(origin.path[-1]):
        return whole(origin)
    return None


def are_names(column: Origins, other: Origins) -> bool:
    """Whether a record's column is compared with what names a record."""
    has_column = any(isinstance(o, Stored) and named_record(o) is not None for o in column)
    return has_column and bool(other) and all(named_record(o) is not None for o in other)


def whole(origin: Stored) -> Stored:
    """The record that a column belongs to."""
    return replace(origin, is_whole=True, path=())


def within(key: Value | None, span: Span) -> Facts:
    """What the presence of a record proves that was found by its own name and by others': it lies within those.

    So does the person whom it is about: one who has a record in a project is of the project.
    """
    if key is None:
        return NO_FACTS
    conditions = [part for a in key.alternatives if isinstance(a.shape, Object) for part in a.shape.fields]
    own = [value for name, value in conditions if is_own(name)]
    others = [value for name, value in conditions if not is_own(name) and RECORD_KEY_COLUMN.matches(name)]
    inside = {o for value in own for o in origins_of(value) if isinstance(o, Input | Request)}
    around = {whole(o) if isinstance(o, Stored) else o for value in others for o in origins_of(value)}
    return frozenset(Belongs(a, b, span) for a in inside for b in around if a != b)


def is_own(column: str) -> bool:
    """Whether a column names a record itself, or whom it is about."""
    return OWN_KEY_COLUMN.matches(column) or PERSON_KEY_COLUMN.matches(column)
