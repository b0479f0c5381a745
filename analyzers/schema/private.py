"""Which columns nobody but the program should read, or nobody but their owner, by what they are called."""

from __future__ import annotations

import re

from preship.analyzers.conventions.contact import PERSONAL_COLUMN
from preship.analyzers.conventions.privileges import PRIVILEGED_COLUMN
from preship.analyzers.conventions.secrets import SECRET_COLUMN


def opens_something(column: str) -> bool:
    """Whether a column holds a password, a token or a key."""
    return SECRET_COLUMN.matches(_in_words(column))


def is_about_a_person(column: str) -> bool:
    """Whether a column says how to reach somebody, or what only they should know."""
    return PERSONAL_COLUMN.matches(_in_words(column))


def is_privileged(column: str) -> bool:
    """Whether a column says whose a row is, or what somebody may do or has paid for."""
    return PRIVILEGED_COLUMN.matches(_in_words(column))


def _in_words(name: str) -> str:
    """`passwordHash` as `password_Hash`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
