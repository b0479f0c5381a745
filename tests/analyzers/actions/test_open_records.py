"""Records that a word closes: without one they are for everybody, with one for who knows it."""

from __future__ import annotations

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.running import run


def is_reported(body: str) -> bool:
    """Whether an action lets anonymous callers have what it should not."""
    action = f"{HEAD}\nexport async function act(id, word) {{ {body} }}"
    return run({"app/actions.ts": action, **LIBRARY})["act"].anonymous_effect() is not None


LOOKED_UP = "const page = await db.page.findUnique({ where: { id } }); if (!page) throw new Error('no');"


def test_a_record_without_a_password_is_open_and_another_is_for_who_knows_it() -> None:
    body = "const held = page.password?.toString(); if (!held) return page; if (held !== word) throw new Error('no')"
    assert not is_reported(f"{LOOKED_UP} {body}; return page")


def test_a_password_that_is_not_asked_closes_nothing() -> None:
    assert is_reported(f"{LOOKED_UP} if (page.password) console.log('closed'); return page")


def test_a_record_that_is_open_to_read_is_not_open_to_change() -> None:
    body = "if (page.password) throw new Error('no'); await db.page.update({ where: { id }, data: { title: word } })"
    assert is_reported(f"{LOOKED_UP} {body}")
