"""What can go wrong on the way to GitHub, on demand."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class When(Enum):
    """Whether the request takes effect before the fault strikes. A client cannot tell."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Failing:
    """GitHub answers with this status instead."""

    status: int
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    when: When = When.BEFORE
    body: Any = None
    """The whole answer, where the message alone will not do."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection is closed without an answer."""

    when: When = When.BEFORE


@dataclass(frozen=True, slots=True)
class Hanging:
    """The answer does not come until it is released, or the rig closes."""

    released: threading.Event = field(default_factory=threading.Event)
    when: When = When.BEFORE


@dataclass(frozen=True, slots=True)
class Striking:
    """Something happens at this very moment, a power cut say."""

    strike: Callable[[], None]
    when: When = When.BEFORE
    drops: bool = True
    """Whether the connection is closed then, instead of answered."""


Fault = Failing | Dropped | Hanging | Striking

PRIMARY_LIMIT = "API rate limit exceeded for installation ID 99."
SECONDARY_LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, re.Pattern[str], Fault | None]] = []
        self.otherwise: Callable[[str, str], Fault | None] = lambda method, path: None
        """Decides for requests that no fault waits for."""

    def add(self, method: str, path: str, fault: Fault, times: int, skip: int) -> None:
        """Strike `times` requests of a method whose path matches a pattern from its start, after the next `skip`."""
        with self._lock:
            self._waiting += [(method, re.compile(path), None)] * skip
            self._waiting += [(method, re.compile(path), fault)] * times

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request."""
        with self._lock:
            for index, (its_method, pattern, fault) in enumerate(self._waiting):
                if its_method == method and pattern.match(path):
                    del self._waiting[index]
                    return fault
        return self.otherwise(method, path)
