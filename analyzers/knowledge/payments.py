"""Payments: what moves money, begins a purchase or opens a customer's account, and what only looks."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import Library, Value
from preship.analyzers.knowledge.rows import Handler
from preship.analyzers.knowledge.services import by_verb

PAY, READ = EffectKind.PAY, EffectKind.READ

CATALOGUE = frozenset({"customers", "products", "prices", "coupons", "promotionCodes", "webhookEndpoints", "taxIds"})
"""Resources whose change moves no money."""


def resource(host: str) -> Handler:
    """A resource of a payment service, by its verb; the catalogue of things and people moves no money."""
    money = by_verb(host, PAY)
    record = by_verb(
        host,
        EffectKind.WRITE,
        {"create": EffectKind.INSERT, "del": EffectKind.DELETE, "delete": EffectKind.DELETE},
    )

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        owner = library.path[-2] if len(library.path) > 1 else ""
        return (record if owner in CATALOGUE else money)(library, given, calling)

    return handle
