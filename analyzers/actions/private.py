"""Which columns of a record nobody but the program should read, or nobody but its owner, as the schema names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analyzers.project.columns import Column, Columns

SECRET = re.compile(
    r"(.*_)?(pass(word|wd|phrase|code)|pwd|secret|salt|credentials?|otp|pin_?code|(api|private|secret|access|signing|encryption)_?key"
    r"|(access|refresh|id|auth|session|reset|verification|bearer|api|oauth|csrf|invite|magic|device|push|bot)_?token"
    r"|(recovery|backup|reset|verification|two_?factor|totp|mfa)_?(codes?|secret|token)|hashed_?password)"
    r"(_?(hash(ed)?|digest|encrypted|salt))?|(password|pwd)_?\w*hash\w*|token(_?hash)?|hash",
    re.IGNORECASE,
)
"""Columns that open something, in words joined by underscores: a password, a token, a key."""

PERSONAL = re.compile(
    r"(.*_)?(e_?mail(_?address)?|phone(_?(number|no))?|mobile|telephone|whatsapp|birth_?(date|day)|date_?of_?birth|dob"
    r"|ssn|national_?id|passport(_?number)?|tax_?id|iban|salary|home_?address|street(_?address)?"
    r"|(stripe|paddle|lemon_?squeezy)_?(customer|subscription)_?id|ip(_?address)?)",
    re.IGNORECASE,
)
"""Columns that only their owner and who runs the application should read: how to reach somebody, and what they earn."""


@dataclass(frozen=True, slots=True)
class Private:
    """A column that goes along with a record."""

    words: str
    """How a sentence names it: `user.password`, or behind the relation that brings it, `guest.password`."""

    column: Column


def secrets_in(model: str, brings: Iterable[str], left_out: frozenset[str], columns: Columns) -> Iterator[Private]:
    """The columns that open something, of a record and of what its relations bring along."""
    return _matching(SECRET, model, brings, left_out, columns)


def personal_in(model: str, brings: Iterable[str], left_out: frozenset[str], columns: Columns) -> Iterator[Private]:
    """The columns that are about a person, of a record and of what its relations bring along."""
    return _matching(PERSONAL, model, brings, left_out, columns)


def _matching(
    pattern: re.Pattern[str], model: str, brings: Iterable[str], left_out: frozenset[str], columns: Columns
) -> Iterator[Private]:
    for words, found in _tables(model, brings, left_out, columns):
        for name, column in found.items():
            if name not in left_out and not column.kind and pattern.fullmatch(_in_words(name)):
                yield Private(f"{words}.{name}", column)


def _tables(
    model: str, brings: Iterable[str], left_out: frozenset[str], columns: Columns
) -> Iterator[tuple[str, Mapping[str, Column]]]:
    """The tables whose columns go along, each under the words that name it."""
    own = columns.of(model)
    if own is not None:
        yield model, own
    for way in brings:
        at = model
        for relation in way.split("."):
            at = columns.related(at, relation) if not _is_a_column(at, relation, columns) else ""
        found = columns.of(at) if at and way.split(".")[0] not in left_out else None
        if found is not None:
            yield way, found


def _is_a_column(table: str, name: str, columns: Columns) -> bool:
    """Whether a name is that of a column, and of no relation."""
    found = (columns.of(table) or {}).get(name)
    return found is not None and not found.kind


def _in_words(name: str) -> str:
    """`passwordHash` as `password_Hash`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
