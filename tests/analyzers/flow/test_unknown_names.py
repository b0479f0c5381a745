"""What is set under a name that is not known may stand under any name that is."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Role
from tests.analyzers.flow.test_optional_fields import key_of
from tests.analyzers.flow.test_written_entries import LIB
from tests.analyzers.running import run

PRISMA = "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()"
NONE = "const rights = { notes: { canManage: false }, posts: { canManage: false } };"


@pytest.mark.parametrize(
    "fill",
    [
        f"{NONE} for (const row of rows) rights[row.key] = {{ canManage: row.canManage }};",
        f"{NONE} rows.forEach((row) => {{ rights[row.key] = {{ canManage: row.canManage }} }});",
        f"{NONE} for (const row of rows) rights[row.key].canManage = row.canManage;",
        "const rights = rows.reduce((all, row) => ({ ...all, [row.key]: { canManage: row.canManage } }),"
        " { notes: { canManage: false } });",
        "const rights = { notes: { canManage: false } }; const [row] = rows;"
        " if (row) rights[`${row.key}`] = { canManage: row.canManage };",
    ],
)
def test_a_right_that_is_filled_in_over_a_default_is_asked_for(fill: str) -> None:
    code = f"""
        'use server'
        import {{ auth }} from '../auth'
        import {{ prisma }} from '../prisma'
        export async function act(id) {{
          const session = await auth()
          if (!session) throw new Error('no')
          const rows = await prisma.permission.findMany({{ where: {{ userId: session.user.id }} }})
          {fill}
          if (!rights.notes.canManage) throw new Error('no')
          await prisma.note.delete({{ where: {{ id }} }})
        }}
    """
    found = run({"app/actions.ts": code, "prisma.ts": PRISMA, **LIB})["act"]
    (gone,) = (effect for effect in found.effects if effect.kind is EffectKind.DELETE)
    assert "canManage" in {name for fact in gone.facts if isinstance(fact, Role) for name in fact.any_of}


def test_a_name_that_is_sent_may_take_the_place_of_the_owner() -> None:
    found = key_of("const where = { userId: session.user.id }\nwhere[sent.name] = sent.value")
    assert "userId: the session's user.id or input sent.value" in found


def test_a_name_that_nobody_sends_leaves_the_owner() -> None:
    found = key_of("const where = { userId: session.user.id }\nwhere[process.env.COLUMN] = sent.value")
    assert "userId: the session's user.id, " in found
