"""What the pages of an inventory show: read once, narrowed down, some rows at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from pydantic import TypeAdapter

from preship.analyzers.analysis import ANONYMOUS, MEMBER, OTHER_MEMBER, Access, Answer, Entrance, Matrix
from preship.bot.report.matrix_format import HEADINGS, WORDS
from preship.bot.store.store import Store
from preship.bot.web.inventory import PAGE, Anonymous, Kind, Part, ReadInventories, Wish, part_of

ENTRANCES = tuple(
    Entrance(
        kind,
        f"app/{folder}/{kind}.ts",
        number,
        f"{name}{number}",
        tuple(Access(caller, answer, (), ("post",)) for caller in (ANONYMOUS, MEMBER, OTHER_MEMBER)),
    )
    for kind, folder, name, answer, count in (
        ("action", "shop", "saveCart", Answer.YES, 70),
        ("action", "admin", "removeUser", Answer.NO, 20),
        ("page", "admin", "/admin/", Answer.UNSEEN, 3),
    )
    for number in range(1, count + 1)
)


def kept(store: Store, entrances: tuple[Entrance, ...] = ENTRANCES) -> None:
    matrix = TypeAdapter(Matrix).dump_json(Matrix(entrances, ())).decode()
    store.inventories.keep(7, "main", "c" * 40, matrix)


def part(store: Store, wish: Wish) -> Part:
    kept(store)
    inventory = ReadInventories().of(store.inventories, 7)
    assert inventory is not None
    return part_of(inventory, wish)


def names(shown: Part) -> list[str]:
    return [row.name for _, rows in shown.blocks for row in rows]


def test_all_that_can_be_chosen_is_what_there_is():
    assert get_args(Kind) == ("", *HEADINGS)
    assert get_args(Anonymous) == ("", *WORDS)


@pytest.mark.parametrize(
    ("wish", "first", "last", "count"),
    [
        (Wish(), "saveCart1", "saveCart50", 93),
        (Wish(kind="page"), "/admin/1", "/admin/3", 3),
        (Wish(anonymous="no"), "removeUser1", "removeUser20", 20),
        (Wish(anonymous="unseen"), "/admin/1", "/admin/3", 3),
        (Wish(text="ADMIN"), "removeUser1", "/admin/3", 23),
        (Wish(text="user1", kind="action"), "removeUser1", "removeUser19", 11),
        (Wish(first=PAGE), "saveCart51", "/admin/3", 93),
    ],
)
def test_a_page_shows_what_somebody_wishes_to_see(store, wish, first, last, count):
    shown = part(store, wish)
    assert (names(shown)[0], names(shown)[-1], shown.count) == (first, last, count)
    assert shown.last - shown.first == len(names(shown)) - 1


def test_pages_lead_to_one_another_with_the_same_wish(store):
    shown = part(store, Wish("action", "yes", "cart &", 0))
    assert (names(shown), shown.count, shown.before, shown.after) == ([], 0, None, None)
    wish = Wish("action", "yes", "cart", 0)
    shown = part(store, wish)
    assert (shown.first, shown.last, shown.before) == (1, 50, None)
    assert shown.after == "?kind=action&anonymous=yes&text=cart&from=50"
    shown = part(store, replace(wish, first=PAGE))
    assert (shown.first, shown.last, shown.after) == (51, 70, None)
    assert shown.before == "?kind=action&anonymous=yes&text=cart"
    assert part(store, Wish(first=20)).before == "?"
    assert part(store, Wish(first=1000)).count == len(ENTRANCES)
    assert part(store, Wish(text="a&b=c", first=60)).before == "?text=a%26b%3Dc&from=10"


def test_an_inventory_is_read_once_and_again_when_it_was_counted_anew(store):
    read = ReadInventories()
    assert read.of(store.inventories, 7) is None
    kept(store)
    first = read.of(store.inventories, 7)
    assert first is not None
    assert read.of(store.inventories, 7) is first
    kept(store, ENTRANCES[:1])
    second = read.of(store.inventories, 7)
    assert second is not None
    assert [(each.title, each.count) for each in second.kinds] == [
        ("Server Actions", 1),
        ("Pages", 0),
        ("Route handlers", 0),
    ]
    assert [(each.title, each.count) for each in second.anonymous] == [("yes", 1), ("no", 0), ("could not see", 0)]
