"""What changed between two commits, line by line, as git's own diff tells it.

Names are taken from the raw listing, which never quotes them; the patch only gives lines, in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.analysis import FileChange
from preship.bot.git.commit_files import FetchObjects
from preship.bot.git.errors import GitError, UnknownCommit
from preship.bot.git.partial import is_partial, missing_objects, promisor_fetch
from preship.bot.git.process import Repository, resolve_commit, shallow_hint

LINE_SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs", ".prisma", ".sql")
"""Files whose changed lines matter; others are listed without lines, so that no picture is fetched or compared."""

_RENAME_LIMIT = "2000"
"""Added and deleted files that are compared with each other to find renames; git's own default is 1000."""

_HUNK_OR_FILE = re.compile(rb"^(?:diff --git |@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@)", re.MULTILINE)


def merge_base(repository: Repository, one: str, other: str) -> str:
    """The commit where two lines of history parted. Raises `UnknownCommit` where they never met."""
    ids = [resolve_commit(repository, name) for name in (one, other)]
    found = repository.git("merge-base", *ids, accept=(0, 1))
    if found.status:
        hint = shallow_hint(repository)
        raise UnknownCommit(f"{one!r} and {other!r} have no commit in common in {repository.name}{hint}")
    return found.output.decode().split()[0]


def changes(repository: Repository, base: str, head: str, fetch: FetchObjects | None = None) -> tuple[FileChange, ...]:
    """What leads from `base` to `head`, by path. `fetch` brings what a partial clone lacks, in one round trip."""
    ids = tuple(resolve_commit(repository, name) for name in (base, head))
    listed = entries_of(repository.git("diff", *RAW, "--no-renames", *ids, "--").output)
    with_lines = [entry for entry in listed if entry.path.endswith(LINE_SUFFIXES)]
    complete(repository, ids, with_lines, fetch)
    others = [_unread(entry) for entry in listed if not entry.path.endswith(LINE_SUFFIXES)]
    return tuple(sorted([*_read(repository, ids, with_lines), *others], key=lambda change: change.path))


RAW = ("--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", "--submodule=short")
"""A listing of the changed files that no configuration, and no name, can bend."""

RENAMES = ("--find-renames", f"-l{_RENAME_LIMIT}")
MYERS = ("--diff-algorithm=myers",)

_PATCH = (
    *RAW,
    *RENAMES,
    *MYERS,
    "--patch",
    "--unified=0",
    "--inter-hunk-context=0",
    "--no-color",
    # A `.gitattributes` or a NUL in the source must not make a change invisible.
    "--text",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of git's raw listing."""

    status: str
    """One letter: A, C, D, M, R or T."""

    old_id: str
    new_id: str
    old_path: str
    path: str

    @property
    def before(self) -> str | None:
        """Its name in the old tree; None where it is new."""
        return None if self.status == "A" else self.old_path

    @property
    def sections(self) -> int:
        """Parts of the patch: git shows a file that became a link, or the reverse, as a deletion and an addition."""
        return 2 if self.status == "T" else 1


def _read(repository: Repository, ids: Sequence[str], listed: Sequence[Entry]) -> Iterator[FileChange]:
    """The changes of the files whose lines matter, renames paired."""
    if not listed:
        return
    patterns = [f":(top,glob)**/*{suffix}" for suffix in LINE_SUFFIXES]
    output = repository.git("diff", *_PATCH, *ids, "--", *patterns).output
    listing, _, patch = output.partition(b"\0\0")
    entries = entries_of(listing)
    sections = _sections(patch)
    if sum(entry.sections for entry in entries) != len(sections):
        raise GitError("git's diff does not match its own listing")
    for entry in entries:
        hunks = [hunk for _ in range(entry.sections) for hunk in sections.pop(0)]
        yield _change(entry, hunks)


_Hunk = tuple[int, int, int, int]
"""First line and count in the old file, first line and count in the new file."""


def _sections(patch: bytes) -> list[list[_Hunk]]:
    """The hunks of each file. Content stands behind `+`, `-`, a blank or a backslash, so none is taken for these."""
    sections: list[list[_Hunk]] = []
    for match in _HUNK_OR_FILE.finditer(patch):
        if match[1] is None:
            sections.append([])
        else:
            old, old_count, new, new_count = match.groups(b"1")
            sections[-1].append((int(old), int(old_count), int(new), int(new_count)))
    return sections


def _change(entry: Entry, hunks: Sequence[_Hunk]) -> FileChange:
    added = (line for _, _, new, count in hunks for line in range(new, new + count))
    removed = (line for old, count, _, _ in hunks for line in range(old, old + count))
    # Of a hunk that adds nothing git tells the line before; of others the first added line.
    seams = (new - 1 if count else new for _, deleted, new, count in hunks if deleted)
    return FileChange(
        path=entry.path,
        old_path=entry.before,
        is_deleted=entry.status == "D",
        added=tuple(added),
        removed=tuple(removed),
        seams=() if entry.status == "D" else tuple(seams),
    )


def _unread(entry: Entry) -> FileChange:
    """The change of a file whose lines do not matter."""
    return FileChange(path=entry.path, old_path=entry.before, is_deleted=entry.status == "D")


def entries_of(listing: bytes) -> list[Entry]:
    """The raw listing: `:modes ids status`, then one name or, for renames, two, each behind a NUL."""
    fields = iter(listing.rstrip(b"\0").split(b"\0"))
    entries = []
    for description in fields:
        if not description:
            continue
        _, _, old_id, new_id, status = description.decode().split(" ")
        old_path = _name(next(fields))
        path = _name(next(fields)) if status[0] in "RC" else old_path
        entries.append(Entry(status[0], old_id, new_id, old_path, path))
    return entries


def _name(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")


def complete(repository: Repository, ids: Sequence[str], entries: Sequence[Entry], fetch: FetchObjects | None) -> None:
    """Bring the contents that the diff compares into a partial clone."""
    if not entries or not is_partial(repository):
        return
    compared = {id_ for entry in entries for id_ in (entry.old_id, entry.new_id)}
    missing = sorted(compared & missing_objects(repository, *ids))
    bring = fetch or promisor_fetch(repository)
    if missing and bring:
        bring(missing)
