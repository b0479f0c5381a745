"""Questions that are asked often about what never changes: each is answered once, and the answer kept with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar, cast


class Keeping(Protocol):
    """Something that keeps answers about itself."""

    @property
    def kept(self) -> dict[object, object]:
        """The answers, by question."""
        ...


_Kept = TypeVar("_Kept", bound=Keeping)
_Answer = TypeVar("_Answer")


def once(question: Callable[[_Kept], _Answer]) -> Callable[[_Kept], _Answer]:
    """The same question, whose answer hangs on what it is asked about and on nothing else."""

    @wraps(question)
    def answered(about: _Kept) -> _Answer:
        kept = about.kept
        if question not in kept:
            kept[question] = question(about)
        return cast("_Answer", kept[question])

    return answered
