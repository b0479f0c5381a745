"""`Object.assign(target, source)`: what holds the target holds the fields of the source from there on."""

from __future__ import annotations

import pytest

from preship.analyzers.explanation import described
from tests.analyzers.flow.test_optional_fields import insert_of

OWN = "user_id: the session's user.id"


@pytest.mark.parametrize(
    ("body", "row"),
    [
        ("Object.assign(row, sent)", "{ user_id: the session's user.id or input sent.user_id, ...input sent }"),
        ("Object.assign(row, { text: sent.text })", "{ user_id: the session's user.id, text: input sent.text }"),
        ("Object.assign(row, { user_id: sent.user })", "{ user_id: input sent.user }"),
        (
            "const all = { row }\nObject.assign(all.row, { a: 1 })\nrow = all.row",
            "{ user_id: the session's user.id, a: 1 }",
        ),
        ("row = Object.assign({}, sent, row)", f"{{ {OWN}, ...input sent }}"),
        (
            "row = sent\nObject.assign(row, { user_id: session.user.id })",
            "{ user_id: the session's user.id, ...input sent }",
        ),
        ("Object.assign(row, { a: 1 }, { b: 2 })", "{ user_id: the session's user.id, a: 1, b: 2 }"),
        ("const Object = { assign() {} }\nObject.assign(row, sent)", "{ user_id: the session's user.id }"),
        ("Object.assign({ ...row }, sent)", "{ user_id: the session's user.id }"),
    ],
)
def test_fields_are_put_into_the_target(body: str, row: str) -> None:
    made = insert_of(f"let row = {{ user_id: session.user.id }}\n{body}")
    assert described(made.data) == row


def test_fields_that_may_be_put_there_may_be_missing() -> None:
    made = insert_of("let row = { user_id: session.user.id }\nif (sent.all) Object.assign(row, { text: sent.text })")
    assert described(made.data) == (
        "{ user_id: the session's user.id, text: input sent.text } or { user_id: the session's user.id }"
    )
