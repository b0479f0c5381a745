"""Item E: code that touches the store stays on the server, and only what is meant to be called is exported."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.actions.exposure import STORES, Exposure
from preship.analyzers.flow.effects import Client, Effect
from preship.analyzers.judgement.answers import not_asked, unread, yes
from preship.analyzers.results import ChecklistEntry
from preship.analyzers.rule import ActionFacts, Item

ITEM = Item.DATA_ACCESS


def answer(facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: which modules touch the store, and what keeps them on the server?"""
    stores = [e for e in facts.effects if e.kind in STORES and e.client is Client.SERVER]
    if not stores or facts.exposure is None:
        return unread(ITEM, facts) or not_asked(ITEM, "touches no store with the server's own rights")
    return elsewhere(stores, facts) or yes(ITEM, "only the action itself touches the store", stores[0].span)


def elsewhere(stores: Sequence[Effect], facts: ActionFacts) -> ChecklistEntry | None:
    """The first module besides the action's that touches the store, those first that nothing marks."""
    exposure = facts.exposure
    others = {e.span.path: e for e in reversed(stores) if e.span.path != facts.path}
    if exposure is None or not others:
        return None
    path = min(others, key=lambda path: (exposure.keeps_on_the_server(path), path))
    return yes(ITEM, why_it_stays(path, exposure), others[path].span)


def why_it_stays(path: str, exposure: Exposure) -> str:
    """What keeps a module from browsers."""
    if exposure.keeps_on_the_server(path):
        return f"`{path}` is marked for the server"
    return f"nothing that browsers load uses `{path}`, which does not import `server-only`"
