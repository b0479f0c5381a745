"""What is kept of a tree that is scanned again and again while somebody works on it: what a change does not reach."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from preship.analyzers.codebase import Codebase, codebase_of
from preship.analyzers.declared import Declared
from preship.analyzers.project.files import Files
from preship.analyzers.project.layout import is_compiled, is_installed
from preship.analyzers.project.project import Parsed
from preship.analyzers.schema.reading import may_state_a_schema

MOST_CHANGED = 20
"""Files that change at a time and are followed one by one; of more, such as another branch, all is new."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The tree of the last time."""

    tree: Codebase
    versions: Mapping[str, Hashable]
    declared: Declared
    with_handlers: bool


class Memory:
    """The last tree that was scanned."""

    def __init__(self) -> None:
        self._last: _Seen | None = None

    def codebase(
        self, versions: Mapping[str, Hashable], files: Files, declared: Declared, with_handlers: bool
    ) -> Codebase:
        """A tree, ready to be analysed. `versions` tells the text of each file from its earlier and later ones."""
        tree = self._next(versions, files, declared, with_handlers)
        tree = tree or codebase_of(files, Parsed(), declared, with_handlers=with_handlers)
        self._last = _Seen(tree, versions, declared, with_handlers)
        return tree

    def _next(
        self, versions: Mapping[str, Hashable], files: Files, declared: Declared, with_handlers: bool
    ) -> Codebase | None:
        """The last tree with the texts of now; None where more has changed than the texts of some code."""
        last = self._last
        if (
            last is None
            or (last.declared, last.with_handlers) != (declared, with_handlers)
            or last.versions.keys() != versions.keys()
        ):
            return None
        changed = frozenset(path for path, version in versions.items() if last.versions[path] != version)
        is_code = all(is_compiled(path) and not is_installed(path) for path in changed)
        if not is_code or len(changed) > MOST_CHANGED:
            return None
        before, now = (tree.read(changed) for tree in (last.tree.project.files, files))
        stated = any(may_state_a_schema(blob.content) for blob in (*before.values(), *now.values()))
        if before.keys() != now.keys() or stated:
            return None
        tree = last.tree.edited(files, changed)
        tree.project.forget(last.tree.project, changed)
        return tree
