"""What was said on a pull request before, and what people answered: what decides that a thing is not said again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from preship.analyzers.analysis import Operation
from preship.bot.review.marker import Kind, Marker, read_marker
from preship.bot.review.pull_request import Thread, Told


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Somebody with write permission asked to ignore one finding."""

    fingerprint: str
    rule: str
    who: str | None
    """The login; None where it stands in a file that somebody wrote for a whole repository."""

    reason: str
    operations: tuple[Operation, ...] | None = None
    """What the action did when they looked at it; None where an earlier version did not note it: whatever is found
    there next."""

    path: str | None = None
    """Of the action's file, where that is known."""

    action: str | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding that was told, and the merge base that it was told against."""

    told: Told
    base_sha: str
    is_dismissed: bool = False
    """Whether somebody asked to ignore it since."""


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a pull request's past."""

    threads: tuple[Thread, ...] = ()
    """Ours that stand now."""

    told: tuple[Earlier, ...] = ()
    """Every finding that a comment told, also where somebody deleted the comment."""

    dismissals: tuple[Dismissal, ...] = ()
    resolved: frozenset[str] = frozenset()
    """Ids of the threads that we resolved and nobody else."""


def marked_threads(history: History, number: int, key: bytes) -> Iterator[tuple[Thread, Marker]]:
    """The threads that bear a mark of ours for this pull request."""
    for thread in history.threads:
        marker = read_marker(thread.comment.body, key)
        if marker is not None and (marker.kind, marker.pull_request_number) == (Kind.COMMENT, number):
            yield thread, marker


def told_once(history: History, number: int, key: bytes) -> frozenset[str]:
    """Fingerprints of the findings that were told, whatever became of their comments."""
    standing = {print_ for _, marker in marked_threads(history, number, key) for print_ in marker.fingerprints}
    return frozenset(standing | {earlier.told.fingerprint for earlier in history.told})


def said(history: History, number: int, key: bytes, lapsed: Collection[str] = ()) -> frozenset[str]:
    """Fingerprints of the findings that are not to be told again: none is told twice.

    Those of `lapsed` findings are, once: somebody had them ignored for something else than what stands there now.
    """
    again = {one.told.fingerprint for one in history.told if one.is_dismissed} & set(lapsed)
    return told_once(history, number, key) - again
