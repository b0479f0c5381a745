"""What a handler is told: each exception by itself, with what its own path had shown."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.rule import STACK
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import run

ERRORS = """
    export class PublicError extends Error {}
    export class Named extends Error { constructor(text) { super(text); this.name = 'Named' } }
    export class DatabaseError extends Error { constructor(text) { super(text); this.name = 'DatabaseError' } }
    export const SHOWN = new Set(['Named', 'TypeError'])
    export const isShown = (error) => SHOWN.has(error.name)
"""


def act(body: str) -> ActionFacts:
    """An action with this body."""
    code = f"""
        'use server'
        import {{ Prisma }} from '@prisma/client'
        import {{ prisma }} from '../lib/prisma'
        import {{ DatabaseError, isShown, Named, PublicError }} from '../lib/errors'
        export async function act(id) {{ {body} }}
    """
    return run({"app/actions.ts": code, "lib/errors.ts": ERRORS, **STACK})["act"]


THROWS = """
    if (!id) throw new Named('No id')
    if (id === 'x') throw new DatabaseError('Bad id')
    try { await prisma.post.count() } catch (error) { throw new DatabaseError(error.message) }
"""


@pytest.mark.parametrize(
    ("handler", "answer"),
    [
        ("return isShown(error) ? error.message : 'Failed'", "'Failed' | 'No id' | 1 | caught"),
        ("return error instanceof Named ? error.message : 'Failed'", "'Failed' | 'No id' | 1 | caught"),
        (
            "return error instanceof DatabaseError ? error.message : 'Failed'",
            "'Bad id' | 'Failed' | 1 | caught | caught",
        ),
    ],
)
def test_a_handler_gets_each_exception_by_itself(handler: str, answer: str) -> None:
    assert shown(act(f"try {{ {THROWS} return 1 }} catch (error) {{ {handler} }}").result) == answer


def test_the_message_of_another_exception_is_no_word_of_the_class_that_carries_it() -> None:
    handler = "return error instanceof DatabaseError ? error.message : 'Failed'"
    assert [*act(f"try {{ {THROWS} }} catch (error) {{ {handler} }}").caught_messages()]
    assert not [
        *act(f"try {{ {THROWS} }} catch (error) {{ {handler.replace('DatabaseError', 'Named')} }}").caught_messages()
    ]


@pytest.mark.parametrize(
    ("thrown", "kind", "is_one"),
    [
        ("new Named('No')", "Named", True),
        ("new Named('No')", "Error", True),
        ("new Named('No')", "PublicError", False),
        ("new TypeError('No')", "Error", True),
        ("new TypeError('No')", "Named", False),
        ("new Named('No')", "Prisma.PrismaClientKnownRequestError", False),
    ],
)
def test_an_exception_is_of_its_class_and_those_above_it(thrown: str, kind: str, *, is_one: bool) -> None:
    assert shown(act(f"const error = {thrown}; return error instanceof {kind}").result) == str(is_one)


@pytest.mark.parametrize(
    ("made", "parts"),
    [
        ("new Error('No')", "'Error' | 'No'"),
        ("new TypeError('No')", "'No' | 'TypeError'"),
        ("new PublicError('No')", "'Error' | 'No'"),
        ("new Named('No')", "'Named' | 'No'"),
        ("new AggregateError([], 'No')", "'AggregateError' | 'No'"),
    ],
)
def test_an_exception_has_the_name_and_the_message_that_its_class_gives_it(made: str, parts: str) -> None:
    assert shown(act(f"const error = {made}; return id ? error.name : error.message").result) == parts


def test_a_rejection_is_handled_as_an_exception_is() -> None:
    body = f"""
        const work = async () => {{ {THROWS} }}
        return work().then(() => 1).catch((error) => error instanceof Named ? error.message : 'Failed')
    """
    assert shown(act(body).result) == "'Failed' | 'No id' | 1 | caught"


def test_how_a_body_ended_tells_nothing_of_what_came_true_before_it_failed() -> None:
    body = """
        let failure, status = 'done'
        try {
          const post = await prisma.post.findUnique({ where: { id } })
          if (!post) throw new Named('There is none')
          if (post.isLocked) throw new Named('It is locked')
        } catch (error) { failure = error; status = 'failed' }
        if (status === 'failed') return failure.message
        return 'Done'
    """
    assert shown(act(body).result) == "'Done' | 'It is locked' | 'There is none' | caught"
