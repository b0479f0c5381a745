"""Payload's Local API: it overrides access control, unless it is told to judge a user."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    NULL_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Library,
    Promise,
    Value,
    choice,
    obj,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.managed import kind_of
from preship.analyzers.knowledge.rows import (
    counted,
    identity,
    is_absent,
    option,
    proof,
    record,
    records,
)

PROVIDER = "Payload"


def user(library: Library, given: Arguments, calling: Calling) -> Value:
    """`payload.auth({ headers })`: `{ user }`, who is `null` without a session."""
    calling.may_fail()
    calling.emit(EffectKind.ASK, PROVIDER, PROVIDER)
    there = obj(PLAIN, user=identity(PROVIDER), permissions=PLAIN)
    absent = obj(PLAIN, user=NULL_VALUE, permissions=PLAIN)
    return of(Promise(choice((PROVIDER, True), (there, proof(PROVIDER, calling)), (absent, NO_FACTS))))


def operation(library: Library, given: Arguments, calling: Calling) -> Value:
    """`payload.find({ collection, where })` and its kind.

    https://payloadcms.com/docs/local-api/overview#transactions-and-access-control
    """
    name, options = library.path[-1], given.at(0)
    model = text_of(option(options, "collection")) or text_of(option(options, "slug")) or "a collection"
    key = chosen(options)
    kind = EffectKind.WRITE if name == "restoreVersion" else kind_of(name)
    written = option(options, "data")
    calling.may_fail()
    calling.emit(
        kind,
        model,
        f"payload.{name}",
        key=None if kind is EffectKind.INSERT else key,
        data=None if is_absent(written) else written,
        client=Client.CALLER if option(options, "overrideAccess") == FALSE_VALUE else Client.SERVER,
    )
    return of(Promise(answer(name, model, key, calling)))


def chosen(options: Value) -> Value | None:
    """What chooses the documents."""
    found = [v for v in (option(options, "id"), option(options, "where")) if v != UNDEFINED_VALUE]
    return unite(*found) if found else None


def answer(name: str, model: str, key: Value | None, calling: Calling) -> Value:
    """Documents in pages, one document, or how many."""
    if name in {"find", "findVersions"}:
        return obj(PLAIN, docs=records(model, key, calling), totalDocs=counted(model, key, calling))
    if name == "count":
        return obj(totalDocs=counted(model, key, calling))
    return record(model, key, calling)
