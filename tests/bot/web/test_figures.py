"""Figures of a chart are counted once for all who see the same repositories, and never shown to others."""

from __future__ import annotations

from datetime import UTC, datetime

from preship.bot.store.history import ToldRow
from preship.bot.store.store import Store
from preship.bot.web.figures import Figures

SINCE = datetime(2026, 1, 5, tzinfo=UTC)


def tell(store: Store, repository: int, fingerprint: str) -> None:
    store.history.tell(repository, 1, [ToldRow(fingerprint, "open-redirect", "app/actions.ts", "save", "b")])


def found(figures: Figures, store: Store, *repositories: int) -> int:
    return sum(count for _, _, count in figures.of(store.listings, repositories, SINCE))


def test_what_was_counted_a_moment_ago_is_shown_again(store: Store) -> None:
    figures = Figures()
    tell(store, 7, "a")
    assert found(figures, store, 7) == 1
    tell(store, 7, "b")
    assert found(figures, store, 7) == 1
    assert found(Figures(fresh_seconds=0), store, 7) == 2


def test_who_sees_other_repositories_has_other_figures(store: Store) -> None:
    figures = Figures()
    tell(store, 7, "a")
    tell(store, 8, "b")
    assert (found(figures, store, 7, 8), found(figures, store, 8, 7)) == (2, 2)
    assert (found(figures, store, 7), found(figures, store, 9), found(figures, store)) == (1, 0, 0)
