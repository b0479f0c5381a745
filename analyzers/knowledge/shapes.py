"""Calls that only one kind of client has, on something that could not be resolved: names and arguments tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Secret, Unfollowed
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Closure,
    Library,
    Promise,
    Unknown,
    Value,
    of,
    origins_of,
    text_of,
    unite,
)
from preship.analyzers.knowledge import drizzle, entities, mongoose, policies, prisma, sql
from preship.analyzers.knowledge.services import answer, is_credential, response
from preship.analyzers.knowledge.sql_pieces import of_call
from preship.analyzers.knowledge.sql_text import starts_with_a_verb
from preship.analyzers.knowledge.sql_tokens import Part, Raw
from preship.analyzers.knowledge.statements import run

STATEMENT = re.compile(
    r"\s*(select\s.*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()",
    re.IGNORECASE | re.DOTALL,
)
"""The beginning of a text that is a statement in SQL, and no sentence: "Delete failed" is none."""


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a method of an unknown object does."""
    for look in (entities.of_entity, mongoose.of_document, prisma.invoked, drizzle.invoked, policies.invoked):
        found = look(owner, name, given, calling)
        if found is not None:
            return found
    return stated(name, given, calling) or requested(owner, name, given, calling)


REQUESTS = re.compile("(GET|HEAD|POST|PUT|PATCH|DELETE)|post|put|patch|delete")
"""Methods that are called as those of HTTP. `get` reads a cache as well, where the key may look like a path."""

PATH = re.compile("/|https?://")


def requested(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a method does that is called as one of HTTP and given a path, by a client that was made with a secret.

    Whose handler is given along is a server: `app.post('/posts', handler)`.
    """
    held = [origin for value in (owner, *given.all()) for origin in origins_of(value)]
    is_client = any(isinstance(o, Secret) for o in held) and any(isinstance(o, Unfollowed) and o.package for o in held)
    if not is_client or not REQUESTS.fullmatch(name) or not PATH.match(opening_of(Raw(given.at(0)))):
        return None
    if any(isinstance(a.shape, Closure) for value in given.all() for a in value.alternatives):
        return None
    calling.may_fail()
    client = Client.CALLER if any(is_credential(o) for o in held) else Client.SERVER
    sent = of(Array(given.values[1:], unite(PLAIN, *given.values[1:]))) if given.values[1:] else None
    calling.emit(EffectKind.FETCH, "another service", name, key=given.at(0), data=sent, client=client)
    return of(Promise(response(answer("another service", client, calling, origins_of(given.at(0))))))


def stated(name: str, given: Arguments, calling: Calling) -> Value | None:
    """What a call does that is given a statement in SQL first: `db.execute('DELETE FROM post WHERE id = ?', [id])`."""
    parts = of_call(given)
    text = "".join(part if isinstance(part, str) else opening_of(part) for part in parts)
    return run(parts, name, calling) if STATEMENT.match(text) else None


def opening_of(part: Part) -> str:
    """How the text begins that is a part of a statement, if the code says so."""
    written = text_of(part.value) if isinstance(part, Raw) else None
    if written is not None:
        return written
    shapes = [a.shape for a in part.value.alternatives] if isinstance(part, Raw) else []
    openings = [shape.text.opening for shape in shapes if isinstance(shape, Unknown) and shape.text is not None]
    return openings[0] if openings else " ? "


def called(library: Library, given: Arguments, calling: Calling) -> Value | None:
    """What calling something of a module that is not in the tree does."""
    for look in (drizzle.call_by_shape, prisma.call_by_shape, mongoose.call_by_shape):
        found = look(library, given, calling)
        if found is not None:
            return found
    return None


def template(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value | None:
    """What a tag of a module that is not in the tree does with a text that is a statement."""
    return sql.written(library, strings, values, calling) if starts_with_a_verb(strings) else None
