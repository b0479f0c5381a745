"""Fields that are set one by one, each perhaps: however many they are, each is known by its name."""

from __future__ import annotations

import pytest

from preship.analyzers.explanation import described
from preship.analyzers.flow.effects import Effect, EffectKind
from tests.analyzers.flow.test_written_entries import LIB
from tests.analyzers.running import run

NAMES = ("title", "text", "color", "place", "day", "time", "size", "kind", "state", "rank")
MANY = tuple(f"column{number}" for number in range(40))


def listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def each(line: str) -> str:
    """A line for each name."""
    return "\n".join(line.replace("NAME", name) for name in NAMES)


def insert_of(body: str) -> Effect:
    """The row that is made of what was sent."""
    code = f"""
        'use server'
        import {{ createClient }} from '../lib/supabase/server'
        import {{ auth }} from '../auth'
        export async function act(sent) {{
          const session = await auth()
          if (!session) throw new Error('no')
          const client = await createClient()
          {body}
          await client.from('notes').insert(row)
        }}
    """
    found = run({"app/actions.ts": code, **LIB})["act"]
    (made,) = (effect for effect in found.effects if effect.kind is EffectKind.INSERT)
    return made


@pytest.mark.parametrize(
    "body",
    [
        each("if (sent.NAME !== undefined) row.NAME = sent.NAME"),
        each("if (sent.NAME) row['NAME'] = sent.NAME"),
        each("sent.NAME && (row.NAME = sent.NAME)"),
        each("if (sent.NAME === undefined) { } else { row = { ...row, NAME: sent.NAME } }"),
        f"for (const name of [{listed(NAMES)}]) {{ if (sent[name] !== undefined) row[name] = sent[name] }}",
        f"for (const name of [{listed(NAMES)}] as const) {{ const one = sent[name]; if (one) row[name] = one }}",
    ],
)
def test_each_field_that_may_be_set_keeps_its_name(body: str) -> None:
    made = insert_of(f"let row = {{ user_id: session.user.id }}\n{body}")
    assert fields_of(made) == {"user_id", *NAMES}
    assert not takes_any_column(made)


def fields_of(effect: Effect) -> set[str]:
    return {name for a in effect.data.alternatives for name, _ in a.shape.fields}


def takes_any_column(effect: Effect) -> bool:
    return any(a.shape.rest is not None for a in effect.data.alternatives)


def test_a_long_list_of_names_is_gone_through_to_its_end() -> None:
    made = insert_of(
        f"const row = {{ user_id: session.user.id }}\n"
        f"for (const name of [{listed(MANY)}]) {{ const one = sent.get(name); if (one !== null) row[name] = one }}"
    )
    assert fields_of(made) == {"user_id", *MANY}
    assert not takes_any_column(made)


def key_of(body: str) -> str:
    """What chooses the rows that are deleted."""
    code = f"""
        'use server'
        import {{ auth }} from '../auth'
        import {{ prisma }} from '../prisma'
        export async function act(sent) {{
          const session = await auth()
          if (!session) throw new Error('no')
          {body}
          await prisma.note.deleteMany({{ where }})
        }}
    """
    prisma = "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()"
    found = run({"app/actions.ts": code, "prisma.ts": prisma, **LIB})["act"]
    (gone,) = (effect for effect in found.effects if effect.kind is EffectKind.DELETE)
    return described(gone.key)


FILTERS = each("if (sent.NAME) where.NAME = sent.NAME")


def test_an_owner_stays_the_owner_among_many_filters() -> None:
    assert "userId: the session's user.id, " in key_of(f"const where = {{ userId: session.user.id }}\n{FILTERS}")


def test_an_owner_that_is_asked_for_on_demand_is_no_scope() -> None:
    found = key_of(f"const where = {{}}\nif (sent.mine) where.userId = session.user.id\n{FILTERS}")
    assert "title" in found
    assert "userId" not in found
