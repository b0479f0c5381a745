"""Medusa's JavaScript SDK: its store interface is open to every browser and judges the bearer it is handed."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote
from preship.analyzers.flow.values import Library, Promise, Value, of, origins_of, text_of, unknown
from preship.analyzers.knowledge.managed import chosen_and_carried, kind_of
from preship.analyzers.knowledge.rows import client_of, name_of


def remote(given: Arguments) -> Value:
    """An answer of the backend."""
    return unknown({Remote("Medusa", is_wrapped=True)} | frozenset(o for v in given.values[:1] for o in origins_of(v)))


def fetched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sdk.client.fetch(path, { method, headers, body })`."""
    path = text_of(given.at(0)) or ""
    client = Client.CALLER if path.startswith("/store/") else client_of(given)
    calling.may_fail()
    calling.emit(EffectKind.FETCH, "Medusa", name_of(library), key=given.at(0), data=given.at(1), client=client)
    return of(Promise(remote(given)))


def called(library: Library, given: Arguments, calling: Calling) -> Value:
    """`sdk.store.cart.update(id, body, query, headers)`, `sdk.admin.product.delete(id)`.

    The store interface needs the publishable key only, which stands in every page; customers' own records need the
    bearer. https://docs.medusajs.com/api/store#authentication
    """
    key, body = chosen_and_carried(given)
    client = Client.CALLER if library.path[0] == "store" else client_of(given)
    calling.may_fail()
    calling.emit(
        kind_of(library.path[-1]), ".".join(library.path[1:-1]), name_of(library), key=key, data=body, client=client
    )
    return of(Promise(remote(given)))
