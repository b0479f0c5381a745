"""What the presence of a record tells of the rights of the caller whom it was looked up by.

`userRole.findFirst({ where: { userId, role: 'admin' } })` asks for the role in its key, a row of `platform_admins` by
being there at all. Having an account, a profile or a membership is no right.
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.conventions.privileges import RIGHT_COLUMN, RIGHT_FLAG
from preship.analyzers.conventions.roles import CONVERSATION_ROLE
from preship.analyzers.conventions.tables import PRIVILEGED_TABLE
from preship.analyzers.flow.facts import Facts
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.library import Calling
from preship.analyzers.flow.operators import right
from preship.analyzers.flow.origins import Stored, roots
from preship.analyzers.flow.values import Array, Constant, Object, Value, origins_of


def rights(model: str, key: Value | None, calling: Calling) -> Facts:
    """The roles that the presence of a record of this table proves which this key has found."""
    if key is None or not names_the_caller(key):
        return frozenset()
    asked = [word for a in key.alternatives for word in words_in(a.shape)] if len(key.alternatives) == 1 else []
    if PRIVILEGED_TABLE.matches(model):
        asked.append((model, (model,)))
    found = roots(origins_of(key))
    return frozenset(
        fact
        for column, words in asked
        for fact in right(words, frozenset({Stored(model, found, path=(column,))}), calling.span)
    )


def words_in(shape: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The columns of a key that ask for a right, each with the words for it."""
    for name, value in shape.fields if isinstance(shape, Object) else ():
        segments = name.split(".")
        words = words_of(value)
        if RIGHT_FLAG.matches(segments[-1]) and words == [True]:
            yield segments[-1], (segments[-1],)
        elif any(map(RIGHT_COLUMN.matches, segments)) and words and not any(map(_speaks, words)):
            yield segments[-1], tuple(sorted(set(map(str, words))))


def _speaks(word: object) -> bool:
    return isinstance(word, str) and CONVERSATION_ROLE.matches(word)


def words_of(value: Value) -> list[object]:
    """The constants of which a column has to be one; none where it may be another."""
    found: list[object] = []
    for a in value.alternatives:
        shape = a.shape
        parts = shape.items if isinstance(shape, Array) else None
        for each in parts or (Value((a,)),):
            found += [inner.shape.value if isinstance(inner.shape, Constant) else None for inner in each.alternatives]
    return [] if None in found else found
