"""The files of one commit, read from git's objects: no checkout, and what a partial clone lacks comes in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from preship.analyzers.analysis import SUBMODULE, Blob, Link, Test
from preship.bot.git.errors import GitError
from preship.bot.git.links import refusal_of
from preship.bot.git.objects import ObjectReader
from preship.bot.git.partial import missing_objects, promisor_fetch
from preship.bot.git.process import Repository, resolve_commit

SIZE_LIMIT_BYTES = 2 * 1024 * 1024
"""Larger files have no text; the analysis sets the same limit for trees in memory."""

FILE_LIMIT = 500_000
"""More files than any repository that GitHub serves well; a tree beyond it is refused whole."""

_LONGEST_LINK_BYTES = 4096
"""No system follows longer ones."""

_CHUNK = 500
"""Blobs read at a time while searching, so that a monorepo never stands in memory whole."""

FetchObjects = Callable[[Sequence[str]], None]
"""Brings the objects of these ids into the repository, in one round trip. Raises `GitError`."""


@dataclass(frozen=True, slots=True)
class _Tree:
    ids: dict[str, str]
    """Object id by path, sorted by path."""

    refusals: dict[str, str]
    """Why other entries have no text."""

    links: dict[str, str]
    """Object id by path of the symbolic links."""


class GitFiles:
    """The `Files` of a commit. `fetch` brings missing blobs; without it the repository's own promisor remote does."""

    def __init__(
        self,
        repository: Repository,
        commit: str,
        fetch: FetchObjects | None = None,
        unread: Mapping[str, str] | None = None,
    ) -> None:
        """`unread` are names of which the commit may say something else than what is there, and why."""
        self.commit = resolve_commit(repository, commit)
        self._tree = _list_tree(repository, self.commit)
        for path, why in (unread or {}).items():
            self._tree.ids.pop(path, None)
            self._tree.refusals[path] = why
        self._paths = tuple(self._tree.ids)
        self._missing = missing_objects(repository, self.commit)
        self._fetch = fetch or (promisor_fetch(repository) if self._missing else None)
        self._reader = ObjectReader(repository)
        self._follow_links()

    def paths(self) -> Sequence[str]:
        """Every regular file, sorted."""
        return self._paths

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The texts of these files; what a partial clone lacks of them is fetched in one batch."""
        wanted = {path: self._tree.ids[path] for path in dict.fromkeys(paths) if path in self._tree.ids}
        self.fetch(wanted)
        contents = self._contents(wanted)
        return {path: Blob(id_, contents[id_]) for path, id_ in wanted.items() if id_ in contents}

    def fetch(self, paths: Iterable[str]) -> None:
        """Make sure that the texts of these files are on this disk, with one round trip at most."""
        ids = {self._tree.ids[path] for path in paths if path in self._tree.ids} & self._missing
        if ids and self._fetch is not None:
            self._fetch(sorted(ids))
            self._missing -= ids

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test, sorted."""
        self.fetch(paths)
        found = (path for some in _chunks(paths) for path, blob in self.read(some).items() if test(blob.content))
        return sorted(found)

    def refusals(self) -> Mapping[str, str]:
        """Symbolic links, submodules, odd names; and of the files asked for those too large or not to be had."""
        return dict(self._tree.refusals)

    def close(self) -> None:
        """End the reading process."""
        self._reader.close()

    def __enter__(self) -> GitFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _follow_links(self) -> None:
        """Say of each symbolic link where it leads."""
        links = {path: id_ for path, id_ in self._tree.links.items() if id_ not in self._missing}
        sizes = self._reader.sizes(sorted(set(links.values()))) if links else {}
        small = [id_ for id_, size in sizes.items() if size <= _LONGEST_LINK_BYTES]
        texts = dict(self._reader.contents(small)) if small else {}
        targets = {path: texts[id_].decode(errors="backslashreplace") for path, id_ in links.items() if id_ in texts}
        self._tree.refusals.update({path: refusal_of(path, targets, self._paths) for path in targets})

    def _contents(self, wanted: Mapping[str, str]) -> dict[str, bytes]:
        """Bytes by id, of those that are there and small enough."""
        present = sorted({id_ for id_ in wanted.values() if id_ not in self._missing})
        sizes = self._reader.sizes(present)
        contents = dict(self._reader.contents([id_ for id_, size in sizes.items() if size <= SIZE_LIMIT_BYTES]))
        for path, id_ in wanted.items():
            if id_ not in contents:
                self._tree.refusals[path] = "larger than 2 MB" if id_ in sizes else "not in the object store"
        return contents


def _list_tree(repository: Repository, commit: str) -> _Tree:
    listing = repository.git("ls-tree", "-r", "-z", "--full-tree", commit).output
    entries = [entry for entry in listing.split(b"\0") if entry]
    if len(entries) > FILE_LIMIT:
        raise GitError(f"commit {commit} has {len(entries)} files, more than the {FILE_LIMIT} that are read")
    tree = _Tree({}, {}, {})
    for entry in entries:
        description, _, name = entry.partition(b"\t")
        mode, kind, id_ = description.decode().split(" ")
        refusal = _refusal(mode, kind, name)
        if refusal:
            path = name.decode(errors="backslashreplace")
            tree.refusals[path] = refusal
            if refusal == Link.READ:
                tree.links[path] = id_
        else:
            tree.ids[name.decode()] = id_
    return _Tree(dict(sorted(tree.ids.items())), tree.refusals, tree.links)


def _refusal(mode: str, kind: str, name: bytes) -> str | None:
    """Why an entry of a tree is no file to read, or None."""
    if kind == "commit":
        return SUBMODULE
    if mode == "120000":
        return Link.READ
    if any(part in (b"", b".", b"..") for part in name.split(b"/")):
        return "a name that leads out of the tree"
    try:
        name.decode()
    except UnicodeDecodeError:
        return "a name that is not UTF-8"
    return None


def _chunks(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    return (paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK))
