"""Firebase's Realtime Database, by the Admin SDK: what paths and queries choose."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import seen

HEAD = """
    import { getDatabase } from 'firebase-admin/database'
    import { initializeApp } from 'firebase-admin/app'
    import admin from 'firebase-admin'
    const db = getDatabase(initializeApp())
"""


def action(body: str) -> ActionFacts:
    """The action with this body."""
    return reading.action(HEAD, f"const user = await me(); {body}")


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("return (await db.ref('posts').once('value')).val()", "read posts"),
        ("return (await db.ref('posts').child(id).get()).val()", "read posts (posts.id: id)"),
        ("return (await db.ref(`posts/${id}`).get()).val()", "read posts (posts.id: id)"),
        ("return (await db.ref(`posts/${user.id}/drafts`).get()).val()", "read posts (posts.id: session)"),
        ("return (await db.ref('posts').orderByChild('owner').equalTo(user.id).limitToLast(3).get()).val()",
         "read posts (owner: session)"),
        ("await db.ref('posts').push(input)", "insert posts <- input"),
        ("const made = db.ref('posts').push(); await made.set(input)", "insert posts <- input"),
        ("await db.ref('posts').child(id).update(input)", "write posts (posts.id: id) <- input"),
        ("await admin.database().ref('posts/' + id).remove()", "delete posts (posts.id: id)"),
    ],
)  # fmt: skip
def test_a_path_says_what_is_read_or_changed(body: str, effect: str) -> None:
    assert seen(action(body)) == [effect]


READ = "const found = await db.ref('posts').child(id).get()\n"


def test_a_record_that_was_compared_with_the_caller_is_theirs() -> None:
    compared = "if (!found.exists() || found.val().owner !== user.id) throw new Error('no')\n"
    change = "await db.ref('posts').child(id).remove()"
    assert [u.effect.kind for u in action(READ + change).unowned_effects()] == ["delete"]
    assert list(action(READ + compared + change).unowned_effects()) == []


def test_what_is_handed_out_to_whoever_asks_is_seen() -> None:
    read = "const all = await db.ref('bookings').once('value')\nif (!all.exists()) return []\n"
    found = reading.action(HEAD, read + "return Object.values(all.val())").anonymous_effect()
    assert found is not None
    assert found.effect.target == "bookings"
