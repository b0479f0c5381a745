"""An id that may be left out: the caller's own takes its place, and only some may send another one."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_ownership import unowned

LEAVE = "\nawait db.seat.deleteMany({ where: { placeId: id, userId: who } })"
ADMIN = "if (user.role !== 'admin') throw new Error('no')"

CHOSEN = {
    "the first that is there": "const who = other ?? user.id\n",
    "the first that is not empty": "const who = other || user.id\n",
    "one or the other": "const who = other ? other : user.id\n",
    "filled in": "let who = other\nwho ??= user.id\n",
    "filled in by a statement": "let who = other\nif (!who) who = user.id\n",
    "a field that may be missing": "const who = other?.userId ?? user.id\n",
}


@pytest.mark.parametrize("chosen", CHOSEN.values(), ids=CHOSEN.keys())
def test_what_is_the_callers_own_or_left_to_a_role_is_checked(chosen: str) -> None:
    assert unowned(f"{chosen}if (who !== user.id) {{ {ADMIN} }}{LEAVE}") == []


@pytest.mark.parametrize(
    "check",
    [
        "if (who !== user.id) throw new Error('no')",
        f"const isOwn = user.id === who\nif (!isOwn) {{ {ADMIN} }}",
        "if (who !== user.id && user.role !== 'admin') return",
        "if (!(user.role === 'admin' || who === user.id)) return",
        f"if (user.id != who) {{ {ADMIN} }}",
    ],
    ids=["nobody else's", "by a variable", "one of both is missing", "neither", "loosely"],
)
def test_the_question_may_be_put_in_several_ways(check: str) -> None:
    assert unowned(f"const who = other ?? user.id\n{check}{LEAVE}") == []


def test_a_parameter_may_have_the_callers_own_id_for_a_default() -> None:
    leave = f"const leave = async (who = user.id) => {{ if (who !== user.id) {{ {ADMIN} }} {LEAVE} }}"
    assert unowned(f"{leave}\nawait leave(other)") == []


@pytest.mark.parametrize(
    "body",
    [
        "const who = other ?? user.id",
        f"const who = other ?? user.id\nif (who === user.id) {{ {ADMIN} }}",
        f"const who = other ?? user.id\nif (who !== id) {{ {ADMIN} }}",
        f"const who = other ?? user.id\nif (user.id !== user.id) {{ {ADMIN} }}",
        "const who = other ?? user.id\nif (who !== user.id) console.log('for somebody else')",
    ],
    ids=["nobody asks", "the wrong way round", "another id is asked", "the caller's own is asked", "nobody is refused"],
)
def test_what_nobody_has_compared_with_the_callers_own_is_not_checked(body: str) -> None:
    assert unowned(f"{body}{LEAVE}") == ["prisma.seat.deleteMany"]
