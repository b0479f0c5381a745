"""What code in front of the pages (middleware, proxy) is asked, and whether its answer lets the request pass."""

from __future__ import annotations

from preship.analyzers.flow.origins import Unfollowed
from preship.analyzers.flow.values import Alternative, Library, Object, Promise, Value, is_nullish, origins_of

REQUEST = "NextRequest"
"""The brand of a request that comes to the code in front of the pages."""

ANSWER = "Response"
"""The brand of an answer."""

PASSES = "passes"
"""The field of an answer that lets the request pass."""


def lets_pass(a: Alternative) -> bool | None:
    """Whether what code in front of the pages gives lets the request pass; None where nobody can tell."""
    shape = a.shape
    if is_nullish(shape):
        return True
    if isinstance(shape, Object):
        return any(name == PASSES for name, _ in shape.fields) if shape.brand == ANSWER else None
    if isinstance(shape, Promise | Library):
        return None
    # `new Response(…)`: it answers itself.
    return None if any(isinstance(o, Unfollowed) for o in origins_of(Value((a,)))) else False
