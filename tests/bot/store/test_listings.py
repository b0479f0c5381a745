"""Lists of much are read a page at a time, and each thing stands on one page."""

from __future__ import annotations

from preship.bot.store.history import DismissalRow
from preship.bot.store.store import Store


def test_each_decision_stands_on_one_page_also_where_many_were_taken_at_once(store: Store) -> None:
    for repository in (7, 8, 9):
        rows = [DismissalRow(f"{repository}-{n:02}", "open-redirect", "ada", "meant", n) for n in range(25)]
        store.history.dismiss(repository, 1, rows)
    pages = [store.listings.decisions([7, 8], 20, first) for first in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [20, 20, 10, 0]
    found = [(row.repository_id, row.at) for page in pages for row in page]
    assert found == sorted(found, key=lambda each: each[1], reverse=True)
    assert sorted(repository for repository, _ in found) == [7] * 25 + [8] * 25
