"""Every form in which code declares Server Actions or fails to, as the compiler and discovery are asked about it."""

from __future__ import annotations

from pathlib import Path


def _forms(name: str) -> dict[str, str]:
    """The files of one collection, by name: each begins behind a line `--- name`."""
    blocks = f"\n{Path(__file__).with_name(name).read_text()}".split("\n--- ")[1:]
    return {path: source + "\n" for path, _, source in (block.partition("\n") for block in blocks)}


FORMS = _forms("forms.txt")

UNKNOWN_FORMS = _forms("unknown_forms.txt")
"""Where discovery and the compiler still differ: parentheses leave no node in our tree, scopes are not asked,
the grammar knows less."""
