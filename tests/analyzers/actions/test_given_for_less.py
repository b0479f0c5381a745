"""Rights that one action gives away for less than the action that is there to give them."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.running import run

GUARDS = """
    import { z } from 'zod'
    async function mine() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const me = await db.user.findUnique({ where: { id: session.user.id } })
      if (!me) throw new Error('Not signed in')
      return me
    }
    async function staff() { const me = await mine(); if (!me.isAdmin) throw new Error('Not allowed'); return me }
    async function highest() {
      const me = await staff()
      if (me.staffRole !== 'SUPER_ADMIN') throw new Error('Not allowed')
      return me
    }
"""
PROMOTES = """
    export async function promote(id: string) {
      await highest()
      await db.user.update({ where: { id }, data: { isAdmin: true, staffRole: 'ADMIN' } })
    }
"""


def given(body: str, *, beside: str = PROMOTES) -> list[tuple[str, tuple[str, ...]]]:
    """The columns that `act` gives away for less, and what is asked for elsewhere."""
    files = {
        "app/actions.ts": f"{HEAD}{GUARDS}\nexport async function act(id, input) {{ {body} }}",
        "app/rights.ts": f"{HEAD}{GUARDS}\n{beside}",
        **LIBRARY,
    }
    found = run(files)["act"].granted_roles()
    return [(granted.column, granted.elsewhere.any_of) for granted in found if granted.elsewhere is not None]


FORM = "const data = z.object({ name: z.string(), isAdmin: z.boolean().default(false) }).parse(input)\n"

FOR_LESS = {
    "a new account by a form": "await staff()\n" + FORM + "await db.user.create({ data })",
    "an account that is changed": "await staff()\n" + FORM + "await db.user.update({ where: { id }, data })",
    "a column by its name": "await staff()\n"
    "await db.user.create({ data: { name: input.name, isAdmin: input.isAdmin } })",
    "what is made of a word": "await staff()\n"
    "await db.user.create({ data: { name: input.name, isAdmin: input.kind === 'admin' || input.isAdmin } })",
    "either, by upsert": "await staff()\n"
    + FORM
    + "await db.user.upsert({ where: { id }, create: data, update: data })",
    "behind another right": "const me = await mine()\n"
    "if (me.staffRole !== 'OFFICER') throw new Error('Not allowed')\n" + FORM + "await db.user.create({ data })",
}


@pytest.mark.parametrize("body", FOR_LESS.values(), ids=FOR_LESS.keys())
def test_a_right_is_given_away_for_less_than_elsewhere(body: str) -> None:
    assert given(body)[:1] == [("isAdmin", ("SUPER_ADMIN",))]


FOR_THE_SAME = {
    "the same is asked": "await highest()\n" + FORM + "await db.user.create({ data })",
    "the code says which": "await staff(); await db.user.create({ data: { name: input.name, isAdmin: false } })",
    "it is weighed against the caller's own": "const me = await staff()\n"
    + FORM
    + "if (data.isAdmin && me.staffRole !== 'SUPER_ADMIN') throw new Error('Not allowed')\n"
    + "await db.user.create({ data })",
    "only who may is asked for it": "const me = await staff()\n"
    + FORM
    + "if (data.isAdmin) await highest()\nawait db.user.create({ data })",
    "the form has no such column": "await staff()\n"
    "const data = z.object({ name: z.string() }).parse(input)\nawait db.user.create({ data })",
}


@pytest.mark.parametrize("body", FOR_THE_SAME.values(), ids=FOR_THE_SAME.keys())
def test_no_right_is_given_away_for_less(body: str) -> None:
    assert given(body) == []


@pytest.mark.parametrize(
    "beside",
    [
        PROMOTES.replace("highest()", "staff()"),
        PROMOTES.replace("isAdmin: true, staffRole: 'ADMIN'", "isAdmin: false, staffRole: null"),
        PROMOTES + PROMOTES.replace("highest()", "staff()").replace("promote", "appoint"),
        PROMOTES.replace("staffRole: 'ADMIN'", "name: 'Boss'"),
        "",
    ],
    ids=["for the same", "only taken away", "both ways", "as one column of many", "nowhere"],
)
def test_what_it_takes_is_said_only_where_the_right_is_given_for_more(beside: str) -> None:
    assert given("await staff()\n" + FORM + "await db.user.create({ data })", beside=beside) == []
