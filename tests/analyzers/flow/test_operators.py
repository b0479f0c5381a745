"""What an equality proves."""

from __future__ import annotations

from preship.analyzers.flow.facts import NO_FACTS, Facts, Owns, authenticated
from preship.analyzers.flow.operators import equal
from preship.analyzers.flow.origins import Input, Session, Stored
from preship.analyzers.flow.values import UNDEFINED, Alternative, Constant, Unknown, Value, assuming, unknown
from preship.analyzers.source.tree import Span

HERE = Span("app/actions.ts", 3, 3, 10, 20)
KEY = Input("id")
AUTHOR = unknown({Stored("post", frozenset({KEY}), path=("authorId",))})


def proven_by_equality_with_an_optional_identity(absent_under: Facts, *, loosely: bool = True) -> bool:
    """Whether `post.authorId == session?.user?.id` proves ownership, where the right side may be missing."""
    identity = Alternative(Unknown(frozenset({Session("a cookie", True, ("user", "id"))})))
    absent = Alternative(Constant(UNDEFINED), absent_under)
    answer = assuming(equal(AUTHOR, Value((identity, absent)), HERE, loosely=loosely), truthy=True)
    return answer is not None and any(isinstance(f, Owns) and f.subject == KEY for f in answer[1])


def test_an_identity_is_there_once_its_session_is() -> None:
    assert proven_by_equality_with_an_optional_identity(authenticated("a cookie", HERE))


def test_the_identity_of_a_session_that_nobody_tested_may_be_missing() -> None:
    assert not proven_by_equality_with_an_optional_identity(NO_FACTS)


def test_a_column_is_never_the_undefined_of_a_missing_session() -> None:
    assert proven_by_equality_with_an_optional_identity(NO_FACTS, loosely=False)
