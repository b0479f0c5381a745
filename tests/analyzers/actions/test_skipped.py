"""Checks that are skipped by leaving out the argument that they ask about."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

MINE = "const w = await db.webhook.findUnique({ where: { id } }); if (w?.ownerId !== user.id) return"
MEMBER = "const m = await db.member.findFirst({ where: { teamId: team, userId: user.id } }); if (!m) return"
CALL = "await fetch(url, { method: 'POST' })"

PATHS = {
    "only where the argument is given": (f"if (id) {{ {MINE} }}\n{CALL}", ["id"]),
    "nowhere": (CALL, []),
    "always": (f"{MINE}\n{CALL}", []),
    "on the other path for something else": (f"if (id) {{ {MINE} }} else {{ {MEMBER} }}\n{CALL}", []),
    "on the other path for a role": (f"if (id) {{ {MINE} }} else if (user.role !== 'admin') return\n{CALL}", []),
    "for one of three paths": (f"if (id) {{ {MINE} }} else if (team) {{ {MEMBER} }}\n{CALL}", ["id", "team"]),
    "where the host is known": (f"if (id) {{ {MINE} }}\nawait fetch(`https://api.example.com/${{url}}`)", []),
    "where the host was compared": (
        f"if (id) {{ {MINE} }}\nif (new URL(url).host !== 'api.example.com') return\n{CALL}",
        [],
    ),
    "where only the scheme was compared": (
        f"if (id) {{ {MINE} }}\nif (new URL(url).protocol !== 'https:') return\n{CALL}",
        ["id"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), PATHS.values(), ids=PATHS.keys())
def test_a_check_is_skipped_where_an_argument_is_left_out(body: str, expected: list[str]) -> None:
    code = f"{HEAD}\nexport async function act(url, id, team) {{ {SESSION} {body} }}"
    found = run({"app/actions.ts": code, **LIBRARY})["act"].skipped_checks()
    assert [each.parameter for skipped in found for each in skipped.asked_about] == expected
