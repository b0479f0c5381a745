"""What is kept of a tree that is scanned again and again, while somebody works on it."""

from __future__ import annotations

from analyzers.codebase import Codebase, codebase_of
from analyzers.declared import Declared
from analyzers.project.files import Files
from analyzers.project.project import Parsed


class Memory:
    """What was read and parsed the last time."""

    def __init__(self) -> None:
        self._parsed = Parsed()

    def codebase(self, files: Files, declared: Declared) -> Codebase:
        """A tree, ready to be analysed."""
        return codebase_of(files, self._parsed, declared)
