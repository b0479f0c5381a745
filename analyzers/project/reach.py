"""From a declaration to the files of the router that reach it, followed by name from one declaration to the next.

Whole files would do for none of it: a button in the layout at the root would open every action of its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preship.analyzers.project.project import Project
from preship.analyzers.project.routes import Entry, Routes
from preship.analyzers.project.uses import TESTS, Uses

MOST_DECLARATIONS = 400
"""Exports that one action is followed through."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who uses a declaration, in the end."""

    entries: tuple[Entry, ...]
    """The files of the router, sorted by path."""

    others: tuple[str, ...]
    """Files that nothing imports and no router calls: jobs, scripts, what runs beside the application."""

    is_complete: bool
    """Whether every user was followed."""


def reach_of(project: Project, uses: Uses, routes: Routes, path: str, names: Iterable[str]) -> Reach:
    """The files of the router that reach what `path` exports under any of these names; tests are left out."""
    waiting = [(path, name) for name in sorted(names)]
    seen = set(waiting)
    entries: dict[str, Entry] = {}
    others: set[str] = set()
    while waiting and len(seen) < MOST_DECLARATIONS:
        for user, exported in _users(uses, *waiting.pop(0)):
            entry = routes.entries.get(user)
            if entry is not None:
                entries[user] = entry
            elif not exported and not project.importers_of(user):
                others.add(user)
            fresh = [(user, name) for name in exported if (user, name) not in seen]
            seen.update(fresh)
            # What a page exports beside its component is used by others, too; the page itself is an end.
            waiting += fresh
    return Reach(tuple(entries[each] for each in sorted(entries)), tuple(sorted(others)), not waiting)


def _users(uses: Uses, path: str, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The files that mention an export, with the names under which those give away what mentions it."""
    for user, exported in uses.behind(path, name):
        if not TESTS.search(user):
            yield user, exported
