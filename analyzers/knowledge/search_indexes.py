"""Search indexes and vector stores: what is looked for in them, put into them and taken out."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import Library, Value
from preship.analyzers.knowledge.rows import Chosen, Handler, is_absent
from preship.analyzers.knowledge.services import at, nothing, remote

READ, INSERT, WRITE, DELETE = EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE
INDEX, VECTORS = "a search index", "a vector store"


def on_this(kind: EffectKind, data: Chosen = nothing) -> Handler:
    """A call about the document that what led to it names: `documents(id).delete()`; or all that a filter chooses."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        state = [value for value in library.state if isinstance(value, Value)]
        named = state[-1] if state else None
        key = named if is_absent(given.at(0)) or data is not nothing else given.at(0)
        return remote(kind, INDEX, key=lambda _: key, data=data)(library, given, calling)

    return handle


updated = on_this(WRITE, at(0))
