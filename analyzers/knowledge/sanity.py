"""Sanity: documents that a query in GROQ finds, and changes that are collected before they are committed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from preship.analyzers.flow import texts
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    PLAIN,
    Closure,
    Constant,
    Library,
    Object,
    Promise,
    Value,
    obj,
    of,
    origins_of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.keys import EVERYTHING, both, equal
from preship.analyzers.knowledge.queries import SOME, Column, Query, perform
from preship.analyzers.knowledge.rows import (
    is_absent,
    native,
    note_filter,
    option,
    record,
)
from preship.analyzers.knowledge.services import spoken_as
from preship.analyzers.knowledge.stores import DELETE, FIRST, INSERT, MANY, NONE, READ, WRITE, Call, asked, by_id, sent

CLIENT, PATCH, TRANSACTION, CELL = (f"sanity#{name}" for name in ("client", "patch", "transaction", "cell"))

# What of GROQ tells about an answer: https://www.sanity.io/docs/groq-syntax
TYPE = re.compile(r"_type\s*==\s*[\"'](\w+)[\"']")
ONE = re.compile(r"\]\s*\[\s*0\s*\]")
PROJECTED = re.compile(r"\{(?!\s*\.\.\.)")


# --- reading -------------------------------------------------------------------------------------------------------


def speaker(library: Library, given: Arguments) -> Client:
    """As whom a client speaks; without a token, as a guest, who reads what is published to everybody.

    https://www.sanity.io/docs/keeping-your-data-safe
    """
    options = [value for value in library.state if isinstance(value, Value)]
    is_known = bool(options) and all(isinstance(a.shape, Object) for value in options for a in value.alternatives)
    is_guest = is_known and all(is_absent(option(value, "token")) for value in options)
    return Client.CALLER if is_guest else spoken_as(library, given)


def looked_up(query: Value, parameters: Value, client: Client, calling: Calling) -> Value:
    """What a query finds: its parameters choose, and so does what stands in its text besides."""
    text = text_of(query) or ""
    named = TYPE.search(text)
    model = named.group(1) if named else "documents"
    is_single = ONE.search(text) is not None
    rest = equal("query", query) if origins_of(query) else EVERYTHING
    key = both(as_key(parameters), rest)
    if client is not Client.CALLER:  # Else it asks what anybody may ask by themselves.
        note_filter(query, model, "sanity.fetch", calling, client)
    is_partial = client is Client.CALLER or PROJECTED.search(text) is not None
    found = Query(
        EffectKind.READ,
        "sanity.fetch",
        model,
        calling.span,
        None if key == EVERYTHING else key,
        columns=of(Object((), of(Library(CELL, (), (Column(model, SOME),))))) if is_partial else None,
        answers=FIRST if is_single else MANY,
        absent=of(Constant(None)),
        is_single=is_single,
        client=client,
    )
    return perform(found, calling)


def as_key(parameters: Value) -> Value:
    """What the parameters of a query choose by."""
    if is_absent(parameters):
        return EVERYTHING
    is_object = all(isinstance(a.shape, Object) for a in parameters.alternatives)
    return parameters if is_object else equal("parameters", parameters)


def fetched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.fetch(query, parameters)`."""
    client = speaker(library, given)
    return of(Promise(looked_up(given.at(0), given.at(1), client, calling), NO_FACTS, PLAIN))


def live(library: Library, given: Arguments, calling: Calling) -> Value:
    """`defineLive({ client })`: `sanityFetch({ query, params })` gives `{ data }`."""

    def fetch(inner: Calling, asked_for: Arguments) -> Value:
        query, parameters = option(asked_for.at(0), "query"), option(asked_for.at(0), "params")
        return of(Promise(obj(PLAIN, data=looked_up(query, parameters, Client.SERVER, inner)), NO_FACTS, PLAIN))

    return obj(PLAIN, sanityFetch=native("sanityFetch", fetch), SanityLive=PLAIN)


def written_query(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """`groq`…``: a text."""
    if not values:
        return of(Constant("".join(strings)))
    parts: list[str | Value] = [strings[0]]
    for value, text in zip(values, strings[1:], strict=False):
        parts += [value, text]
    return texts.joined(parts)


# --- changing ------------------------------------------------------------------------------------------------------


def type_of(library: Library, given: Arguments) -> str:
    """The type of a document that is written."""
    return text_of(option(given.at(0), "_type")) or "documents"


def documents(library: Library, given: Arguments) -> str:
    """Documents of any type: their id does not tell."""
    return "documents"


def own_id(library: Library, given: Arguments) -> Value | None:
    """The document that its new contents name themselves."""
    found = option(given.at(0), "_id")
    return None if is_absent(found) else equal("_id", found)


def selected(chosen: Value) -> Value:
    """What a patch or a deletion is about: `'id'`, `['id']`, `{ query, params }`, a document."""
    found: list[Value] = []
    for a in chosen.alternatives:
        if isinstance(a.shape, Object):
            parts = {name: option(Value((a,)), name) for name in ("id", "_id", "params", "query")}
            found.append(obj(**{name: value for name, value in parts.items() if not is_absent(value)}))
        else:
            found.append(equal("_id", Value((a,))))
    return unite(*found)


def selection(library: Library, given: Arguments) -> Value | None:
    """What the first argument selects."""
    return selected(given.at(0))


def patch(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.patch(id, operations)`: nothing happens yet."""
    client = speaker(library, Arguments())
    return of(Library(PATCH, (), (client, *given.values[:2])))


def patched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`.set(…)`, `.inc(…)`, `.unset(…)`: one more change."""
    return of(Library(PATCH, (), (*library.state, *given.values)))


def committed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`patch.commit()` gives the documents as they are now."""
    return of(Promise(record("documents", change(library, calling), calling), NO_FACTS, PLAIN))


def change(library: Library, calling: Calling) -> Value:
    """A patch is sent; gives what chooses its documents."""
    client, *parts = library.state
    chosen, *changes = (part for part in parts if isinstance(part, Value))
    key = selected(chosen)
    calling.may_fail()
    calling.emit(
        EffectKind.WRITE,
        "documents",
        "sanity.patch.commit",
        key=key,
        data=unite(*changes) if changes else None,
        client=client if isinstance(client, Client) else Client.SERVER,
    )
    return key


def mutated(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.mutate(patch)`; a transaction's changes were seen when they were added to it."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == PATCH:
            change(a.shape, calling)
    return of(Promise(PLAIN))


def added_patch(library: Library, given: Arguments, calling: Calling) -> Value:
    """`transaction.patch(…)` of a patch, of an id and a function of its patch, or of an id and `{ set }`."""
    if any(isinstance(a.shape, Library) and a.shape.root == PATCH for a in given.at(0).alternatives):
        mutated(library, given, calling)
    elif any(isinstance(a.shape, Closure) for a in given.at(1).alternatives):
        start = of(Library(PATCH, (), (Client.SERVER, given.at(0))))
        mutated(library, Arguments((calling.call(given.at(1), Arguments((start,))),)), calling)
    else:
        change(Library(PATCH, (), (Client.SERVER, *given.values[:2])), calling)
    return of(replace(library, path=()))


one_document = asked(Call(READ, FIRST, by_id()), documents, speaker)
several_documents = asked(Call(READ, MANY, by_id()), documents, speaker)
created = asked(Call(INSERT, data=sent(0)), type_of, speaker)
replaced = asked(Call(WRITE, key=own_id, data=sent(0)), type_of, speaker)
deleted = asked(Call(DELETE, NONE, selection), documents, speaker)
CHANGES = {"create": created, "createIfNotExists": created, "createOrReplace": replaced, "delete": deleted}
"""https://github.com/sanity-io/client#creating-documents"""


def collected(library: Library, given: Arguments, calling: Calling) -> Value:
    """`transaction.create(document)`, `transaction.delete(id)`: the transaction itself."""
    CHANGES[library.path[-1]](library, given, calling)
    return of(replace(library, path=()))


def transaction(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.transaction()`."""
    return of(Library(TRANSACTION, (), library.state))


def configured(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.withConfig(options)`."""
    return of(Library(CLIENT, (), (*library.state, *given.all())))
