"""The diff of a change as a forge shows it: with three lines around each change, and nothing where it shows nothing.

`changes` tells the analysis every changed line, `patches` tells where a reader of the pull request can see one. It is
git's own diff and not the forge's list of files: that list ends at 300 files, and leaves large patches out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from preship.analyzers.analysis import Analysis, FileChange, Finding
from preship.bot.git.changes import LINE_SUFFIXES, MYERS, RAW, RENAMES, Entry, complete, entries_of
from preship.bot.git.commit_files import FetchObjects
from preship.bot.git.errors import GitError
from preship.bot.git.process import Repository

# GitHub loads no larger diff of a file, and shows none of a larger file.
# https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits#diff-limits
PATCH_LIMIT_BYTES = 500_000
PATCH_LIMIT_LINES = 20_000

_BATCH = 200
"""Files asked about at once: their names stand on git's command line, which may have two megabytes."""

_OPTIONS = (*RAW, *RENAMES, *MYERS, "--patch", "--unified=3", "--inter-hunk-context=0", "--no-color")

_FILE = re.compile(rb"^diff --git ", re.MULTILINE)
_HUNK = re.compile(rb"^@@ ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file of the change."""

    path: str
    old_path: str | None
    status: str
    """`added`, `modified`, `removed`, `renamed`: the forge's own words."""

    patch: str | None
    """Its hunks, where there are any to see and something is to be said about the file."""


def shown_files(
    repository: Repository,
    ids: tuple[str, str],
    changed: Sequence[FileChange],
    analysis: Analysis,
    fetch: FetchObjects | None = None,
) -> tuple[ShownFile, ...]:
    """Every file of the change, with the hunks of those that the analysis has something to say about."""
    drawn = patches(repository, ids, changed, _named(analysis), fetch)
    return tuple(ShownFile(change.path, change.old_path, _status(change), drawn.get(change.path)) for change in changed)


def _named(analysis: Analysis) -> frozenset[str]:
    """The files where something may be said: of each action, of its findings, and of what touches it."""
    told = [action for action in analysis.subjects if action.findings]
    steps = (step.path for action in told for step in action.touched_by)
    return frozenset(
        [
            *(action.path for action in told),
            *(path for action in told for found in action.findings for path in _at_fault(found)),
            *steps,
        ]
    )


def _at_fault(finding: Finding) -> Iterator[str]:
    """Where a finding stands, and where the code is at fault: in a helper or a wrapper."""
    yield finding.path
    if finding.shared is not None:
        yield finding.shared.path
    if finding.happens_at is not None:
        yield finding.happens_at[0]


def _status(change: FileChange) -> str:
    if change.is_deleted:
        return "removed"
    if change.old_path is None:
        return "added"
    return "modified" if change.old_path == change.path else "renamed"


def patches(
    repository: Repository,
    ids: tuple[str, str],
    changed: Sequence[FileChange],
    named: AbstractSet[str],
    fetch: FetchObjects | None = None,
) -> Mapping[str, str]:
    """The hunks of the changed files that are `named` by their new or old path; by new path.

    `ids` are the commits that the change leads from and to. What a reader cannot see has none: binary and very large
    files, and changes of names and modes alone.
    """
    asked = [
        change
        for change in changed
        if named & {change.path, change.old_path or change.path} and _is_sure_of_its_names(change)
    ]
    shown: dict[str, str] = {}
    for start in range(0, len(asked), _BATCH):
        shown |= _batch(repository, ids, asked[start : start + _BATCH], fetch)
    return shown


def _is_sure_of_its_names(change: FileChange) -> bool:
    """Whether we know with which old file the forge compares it.

    Of files whose lines do not matter no content is at hand, by which a renamed one could be found.
    """
    return change.path.endswith(LINE_SUFFIXES) or (not change.is_deleted and change.old_path == change.path)


def _batch(
    repository: Repository, ids: tuple[str, str], asked: Sequence[FileChange], fetch: FetchObjects | None
) -> Mapping[str, str]:
    paths = dict.fromkeys(path for change in asked for path in (change.old_path, change.path) if path)
    patterns = ("--", *(f":(top,literal){path}" for path in paths))
    listed = repository.git("diff", *RAW, "--no-renames", *ids, *patterns).output
    complete(repository, ids, entries_of(listed), fetch)
    # A larger file is binary to git then, and its contents never stand in memory.
    limit = ("-c", "core.bigFileThreshold=2m")
    listing, _, patch = repository.git(*limit, "diff", *_OPTIONS, *ids, *patterns).output.partition(b"\0\0")
    wanted = {(change.old_path, change.path) for change in asked}
    return {
        entry.path: hunks
        for entry, section in _sections(entries_of(listing), patch)
        if (entry.before, entry.path) in wanted and (hunks := _hunks(section))
    }


def _sections(entries: Sequence[Entry], patch: bytes) -> Iterator[tuple[Entry, bytes]]:
    """Each file with its part of the patch; a file that became a link, or the reverse, has two, and bears none."""
    sections = _FILE.split(patch)[1:]
    if sum(entry.sections for entry in entries) != len(sections):
        raise GitError("git's diff does not match its own listing")
    for entry in entries:
        own, sections = sections[: entry.sections], sections[entry.sections :]
        if len(own) == 1:
            yield entry, own[0]


def _hunks(section: bytes) -> str | None:
    """From the first `@@` on; None where there is none, or more than a forge shows."""
    found = _HUNK.search(section)
    if found is None or len(section) > PATCH_LIMIT_BYTES or section.count(b"\n") > PATCH_LIMIT_LINES:
        return None
    return section[found.start() :].decode(errors="replace").removesuffix("\n")
