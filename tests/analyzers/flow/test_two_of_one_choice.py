"""Two variables that one answer fills on one of the ways that lead to a place: a record or an error, never both."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

HEAD = """
    'use server'
    import { createClient } from '@supabase/supabase-js'
    const store = createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
    const look = (id: string) => store.from('orders').select('id, ownerId').eq('id', id).single()
"""


def done(code: str) -> list[str]:
    """What an action does, in order."""
    return [f"{effect.kind} {effect.target}" for effect in run(code)["act"].touching_effects()]


TAKEN = "const { data, error } = await look(id); order = data; problem = error"
FILLED = {
    "in a loop that is left from an attempt": f"""
        for (let tries = 0; tries < 3; tries++) {{
          try {{ {TAKEN}; break }} catch (e) {{ console.warn(e) }}
        }}""",
    "in a loop that counts": f"""
        let tries = 0
        while (tries < 3) {{ try {{ {TAKEN}; break }} catch {{ tries++ }} }}""",
    "in an attempt": f"try {{ {TAKEN} }} catch (e) {{ console.warn(e) }}",
    "in one branch": f"if (kind === 'order') {{ {TAKEN} }} else {{ console.warn(kind) }}",
    "in one case": f"switch (kind) {{ case 'order': {TAKEN}; break; case 'none': break }}",
    "for each": f"for (const one of [id]) {{ {TAKEN} }}",
}
TESTS = {
    "the error first": "if (problem) return { error: 'Failed' }\nif (!order) return { error: 'Not found' }",
    "both": "if (problem || !order) return { error: 'Not found' }",
    "the record first": "if (!order || problem) return { error: 'Not found' }",
}


@pytest.mark.parametrize("tested", TESTS.values(), ids=TESTS.keys())
@pytest.mark.parametrize("filled", FILLED.values(), ids=FILLED.keys())
def test_the_path_goes_on_where_the_record_is_there(filled: str, tested: str) -> None:
    code = f"""{HEAD}
    export async function act(id: string, kind: string) {{
      let order = null
      let problem = null
      {filled}
      {tested}
      await store.from('orders').delete().eq('id', order.id)
    }}"""
    assert done(code) == ["read orders", "delete orders"]


@pytest.mark.parametrize("filled", FILLED.values(), ids=FILLED.keys())
def test_it_ends_where_there_is_neither(filled: str) -> None:
    code = f"""{HEAD}
    export async function act(id: string, kind: string) {{
      let order = null
      let problem = null
      {filled}
      if (order || problem) return
      if (order) await store.from('orders').delete().eq('id', id)
    }}"""
    assert done(code) == ["read orders"]
