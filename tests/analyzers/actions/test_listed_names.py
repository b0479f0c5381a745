"""Fields that a request names, of which the code takes those that it lists."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.validation import mass_assigned
from tests.analyzers.flow.test_optional_fields import insert_of

LIST = "const allowed = ['title', 'text'];"
EACH = "for (const [key, value] of Object.entries(sent))"


def chosen_in(body: str) -> list[str]:
    """The inputs of which any field is written."""
    made = insert_of(f"{LIST} const row = {{ user_id: session.user.id }}\n{body}")
    return [str(found.parameter) for each in mass_assigned([made]) for found in each.inputs]


@pytest.mark.parametrize(
    "body",
    [
        "for (const key of Object.keys(sent)) if (allowed.includes(key)) row[key] = sent[key]",
        f"{EACH} {{ if (!allowed.includes(key)) continue; row[key] = value }}",
        f"{EACH} {{ if (!allowed.includes(key)) throw new Error('no'); row[key] = value }}",
        f"const names = new Set(allowed); {EACH} if (names.has(key)) row[key] = value",
        "Object.keys(sent).forEach((key) => { if (allowed.includes(key)) row[key] = sent[key] })",
        "for (const key in { title: 1, text: 2 }) row[key] = sent[key]",
        "for (const key of Object.keys({ title: 1, text: 2 })) if (sent[key]) row[key] = sent[key]",
    ],
)
def test_names_that_the_code_lists_are_no_choice_of_the_caller(body: str) -> None:
    assert chosen_in(body) == []


@pytest.mark.parametrize(
    "body",
    [
        f"{EACH} row[key] = value",
        f"{EACH} if (key !== 'role') row[key] = value",
        f"if (allowed.includes(sent.kind)) {{ {EACH} row[key] = value }}",
        "if (allowed.includes(sent.kind)) Object.assign(row, sent)",
    ],
)
def test_names_that_nobody_has_listed_are_the_callers_choice(body: str) -> None:
    assert chosen_in(body) == ["sent"]
