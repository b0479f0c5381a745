"""A query by a unique key refuses `undefined`: who has no session gets no further, though nothing asks."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import Confidence
from preship.analyzers.rules import unenforced_session
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.running import run


def confidence(body: str) -> Confidence | None:
    """How surely a session is read here that keeps nobody out; None: nothing says so."""
    action = f"{HEAD}\nexport async function act(id) {{ const session = await auth(); {body} }}"
    facts = run({"app/actions.ts": action, **LIBRARY})["act"]
    return next((finding.confidence for finding in unenforced_session.RULE.check(facts)), None)


WRITE = "await db.post.create({ data: { title: id, shopId: user.shopId } })"


def found_by(key: str, method: str = "findUnique") -> str:
    """A row of a user who is found so, and a new row of what they belong to."""
    return f"const user = await db.user.{method}({{ where: {{ {key} }} }}); {WRITE}"


REFUSED = {
    "by an address": found_by("email: session?.user?.email"),
    "by an id": found_by("id: session?.user?.id as string", "findUniqueOrThrow"),
    "by an id and more": found_by("id: session?.user?.id, shopId: id"),
    "a change": "await db.user.update({ where: { id: session?.user?.id }, data: { name: id } })",
}
TAKEN = {
    "any row": found_by("email: session?.user?.email", "findFirst"),
    "by something else": found_by("id: session?.user?.id ?? id"),
    "all rows": "await db.post.deleteMany({ where: { authorId: session?.user?.id } })",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_a_unique_key_that_is_missing_ends_the_path(body: str) -> None:
    assert confidence(body) in {None, Confidence.LOW}


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN.keys())
def test_other_keys_are_left_out_where_they_are_missing(body: str) -> None:
    assert confidence(body) is Confidence.HIGH
