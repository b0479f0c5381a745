"""Airtable: what formulas and ids choose, and calls that answer a callback."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.knowledge import reading
from tests.analyzers.knowledge.reading import seen
from tests.analyzers.running import effects

HEAD = """
    import Airtable from 'airtable'
    Airtable.configure({ apiKey: process.env.AIRTABLE_KEY })
    const base = () => Airtable.base(process.env.AIRTABLE_BASE!)
"""


def action(body: str) -> ActionFacts:
    """The action with this body."""
    return reading.action(HEAD, body)


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await base()('crew').select().all()", "read crew"),
        (
            "await base()('crew').select({ filterByFormula: `{email} = '${input.email}'` }).firstPage()",
            "read crew (filterByFormula: input.email)",
        ),
        ("await base()('crew').find(id)", "read crew (id)"),
        ("await base().table('crew').create({ name: input.name })", "insert crew <- name: input.name"),
        ("await base()('crew').create([{ fields: { name: input.name } }])", "insert crew <- name: input.name"),
        ("await base()('crew').update(id, { name: input.name })", "write crew (id) <- name: input.name"),
        ("await base()('crew').update([{ id, fields: { rank: input.rank } }])", "write crew (id) <- rank: input.rank"),
        ("await new Airtable({ apiKey: 'k' }).base('b')('crew').destroy([id])", "delete crew (id)"),
    ],
)
def test_a_call_reads_or_changes_the_records_that_it_names(body: str, effect: str) -> None:
    assert seen(action(body)) == [effect]


def test_a_call_inside_a_promise_of_our_own_happens() -> None:
    found = action("""
        await new Promise((resolve, reject) => {
          base()('crew').update([{ id, fields: {} }], (error, records) => (error ? reject(error) : resolve(records)))
        })
    """)
    assert seen(found) == ["write crew (id) <- "]


def test_a_record_among_those_that_a_formula_finds_for_the_caller_is_theirs() -> None:
    found = action("""
        const user = await me()
        const mine = await base()('crew').select({ filterByFormula: `{captain} = '${user.id}'` }).all()
        const chosen = mine.filter((row) => row.id === id)
        if (!chosen || chosen.length === 0) throw new Error('Not aboard')
        await base()('crew').destroy(id)
    """)
    assert effects(found)[-1] == "delete crew: Authenticated, Owns, Valid"
