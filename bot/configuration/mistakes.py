"""What is wrong with a configuration, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to correct."""

    line: int
    """From 1."""

    column: int
    """From 1, in characters."""

    says: str
    """A phrase that needs no more than the place in front of it."""
