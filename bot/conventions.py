"""The conventions for names, for whoever asks which there are."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.analysis import CONVENTIONS


def listed(about: str) -> Iterator[str]:
    """Each convention with this text in its id or its meaning: what it means, and names that tell it from others."""
    for each in CONVENTIONS.values():
        if about.lower() in f"{each.id} {each.means}".lower():
            yield f"{each.id}: {each.means}"
            yield f"  follow it: {', '.join(each.examples)}; do not: {', '.join(each.others)}"
