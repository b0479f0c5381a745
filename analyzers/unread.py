"""What a change touches and the analysis cannot read: it is named, and never taken for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from preship.analyzers.codebase import Codebase
from preship.analyzers.project.files import LINKS, SUBMODULE, FileChange
from preship.analyzers.project.layout import is_source
from preship.analyzers.results import Failure, Unjudged


def unread_links(tree: Codebase, changes: Sequence[FileChange]) -> Iterator[Failure]:
    """The submodules and symbolic links among the changed paths that code may come from."""
    refusals = tree.project.files.refusals()
    present = frozenset(tree.project.files.paths())
    for change in changes:
        path = change.path
        why = refusals.get(path, "") if not change.is_deleted and path not in present else ""
        is_link = why in LINKS and (is_source(path) or not PurePosixPath(path).suffix)
        if is_link or why == SUBMODULE:
            yield Failure(path, f"{why}, which is changed here and not read")


def unread_files(tree: Codebase, changes: Sequence[FileChange], judged: Iterable[str]) -> Iterator[Unjudged]:
    """The changed files with code whose actions nobody knows. `judged` are the files of which some action is judged."""
    unread = dict(tree.project.refusals())
    known = frozenset(judged)
    unread |= {failure.path: failure.reason for failure in tree.failures if failure.path not in known}
    for change in changes:
        why = unread.get(change.path)
        if why is not None and not change.is_deleted and is_source(change.path):
            yield Unjudged(change.path, None, None, why)
