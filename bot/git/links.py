"""Where a symbolic link of a tree leads: to what is read at its own place, elsewhere, nowhere, or in a circle."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from preship.analyzers.analysis import Link

_MOST_LINKS = 40
"""Links behind one another; systems follow as many."""


def refusal_of(link: str, targets: Mapping[str, str], paths: Sequence[str]) -> Link:
    """What there is to say of a link. `targets` are what all links say, `paths` all regular files, sorted."""
    path = link
    for _ in range(_MOST_LINKS):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), targets[path]))
        if path.startswith(("/", "../")) or path == "..":
            return Link.ELSEWHERE
        if path not in targets:
            return Link.READ if path == "." or _is_there(path, paths) else Link.NOWHERE
    return Link.CIRCLE


def _is_there(path: str, paths: Sequence[str]) -> bool:
    """Whether there is a file of this name, or one below it."""
    at = bisect_left(paths, path)
    below = bisect_left(paths, f"{path}/")
    return (at < len(paths) and paths[at] == path) or (below < len(paths) and paths[below].startswith(f"{path}/"))
