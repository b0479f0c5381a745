"""Roles that the caller gives away by what they have themselves, and those that only look as if they were weighed."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

STAFF = "if (!['admin', 'lead', 'clerk'].includes(user.role)) throw new Error('no')\n"
LADDER = """
    const mayGive = (mine, role) => {
      if (mine === 'admin') return true
      if (mine === 'lead') return role !== 'admin'
      if (mine === 'clerk') return ['clerk', 'visitor'].includes(role)
      return false
    }
"""

WEIGHED = {
    "one rung after another": LADDER + "if (!mayGive(user.role, role)) throw new Error('no')",
    "only where a role is sent": LADDER + "if (role && !mayGive(user.role, role)) throw new Error('no')",
    "unless none is sent": LADDER + "if (role !== undefined) { if (!mayGive(user.role, role)) return }",
    "by cases": """
        switch (user.role) {
          case 'admin': break
          case 'lead': if (role === 'admin') return; break
          default: if (!['clerk', 'visitor'].includes(role)) return
        }""",
    "a list for all but the highest": "if (user.role !== 'admin' && !['clerk', 'visitor'].includes(role)) return",
    "a list for each of two": """
        const given = user.role === 'admin' ? true : user.role === 'lead' ? ['clerk'].includes(role) : false
        if (!given) throw new Error('no')""",
}
NOT_WEIGHED = {
    "nothing is asked of the role": "",
    "the answer is thrown away": LADDER + "mayGive(user.role, role)",
    "the rungs are asked of another word": LADDER + "if (!mayGive(user.role, other)) return",
    "only where something else is sent": LADDER + "if (other && !mayGive(user.role, role)) return",
    "a role has to be there": "if (!role) return",
    "what the caller says they are is asked": LADDER + "if (!mayGive(other, role)) return",
}


def given_away(body: str) -> list[str]:
    """The columns of rights that `act` writes for others as the caller says."""
    write = "await db.invitation.create({ data: { teamId: user.teamId, role } })"
    action = f"{HEAD}\nexport async function act(role, other) {{ {SESSION} {STAFF} {body}\n{write} }}"
    return [g.column for g in run({"app/actions.ts": action, **LIBRARY})["act"].granted_roles()]


@pytest.mark.parametrize("body", WEIGHED.values(), ids=list(WEIGHED))
def test_a_role_that_is_weighed_against_the_callers_own_is_not_given_away(body: str) -> None:
    assert given_away(body) == []


@pytest.mark.parametrize("body", NOT_WEIGHED.values(), ids=list(NOT_WEIGHED))
def test_a_role_that_nothing_weighs_is_given_away(body: str) -> None:
    assert given_away(body) == ["role"]
