"""The files of a directory on this disk, as they are now: uncommitted work included, ignored files left out."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from preship.analyzers.analysis import SUBMODULE, Blob, Link, Test
from preship.bot.git.commit_files import SIZE_LIMIT_BYTES
from preship.bot.git.errors import GitError, NotARepository
from preship.bot.git.process import Repository, run
from preship.bot.git.work_tree import closed_folders

_SKIPPED = frozenset({"node_modules", ".git", ".next", ".turbo", ".vercel"})
"""What a directory without git is searched without: dependencies and what builds leave behind."""


Version = tuple[int, ...]
"""When a file was last changed, as its system says: another one, perhaps other bytes."""


class DirectoryFiles:
    """The `Files` of a directory. Never leaves it, whatever symbolic links say."""

    def __init__(self, directory: Path | str, *, keeps_texts: bool = False) -> None:
        """`keeps_texts`: what was read once is not read again, not even by `looked_at_again`."""
        if not os.path.isdir(directory):
            raise GitError(f"{directory} is no directory")
        self._root = Path(os.path.realpath(directory))
        self._refusals: dict[str, str] = {}
        self._texts: dict[str, Blob] | None = {} if keeps_texts else None
        self.versions: dict[str, Version] = {}
        """Of every regular file, as it stood when the directory was listed."""

        names = _names_by_git(self._root, self._refusals)
        self._paths = tuple(self._regular(_names_on_disk(self._root, self._refusals) if names is None else names))

    def looked_at_again(self) -> DirectoryFiles:
        """The directory as it is by now, with the texts of the files that are as they were."""
        found = DirectoryFiles(self._root, keeps_texts=True)
        for path, blob in (self._texts or {}).items():
            if found._texts is not None and found.versions.get(path) == self.versions[path]:
                found._texts[path] = blob
        return found

    def paths(self) -> Sequence[str]:
        """Every regular file, sorted."""
        return self._paths

    def fetch(self, paths: Iterable[str]) -> None:
        """Everything is at hand."""

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The texts of these files."""
        blobs = ((path, self._blob(path)) for path in paths if path in self.versions)
        return {path: blob for path, blob in blobs if blob is not None}

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test, sorted."""
        contents = ((path, self._content(path)) for path in paths if path in self.versions)
        return sorted(path for path, content in contents if content is not None and test(content))

    def refusals(self) -> Mapping[str, str]:
        """Symbolic links and odd names; and of the files asked for those too large or not to be opened."""
        return dict(self._refusals)

    def close(self) -> None:
        """Nothing stays open."""

    def _regular(self, names: Iterable[bytes]) -> Iterator[str]:
        """The names that are regular files of this directory; the others go to the refusals."""
        inside: dict[str, bool] = {}
        for name in sorted(set(names)):
            path = name.decode(errors="backslashreplace")
            refusal = self._refusal(name, path, inside)
            if refusal is None:
                yield path
            elif refusal:
                self._refusals[path] = refusal

    def _refusal(self, name: bytes, path: str, inside: dict[str, bool]) -> str | None:
        """Why a name is no file to read: a phrase, an empty one for a file that is gone, None for a good file."""
        try:
            name.decode()
            found = os.lstat(self._root / path)
        except UnicodeDecodeError:
            return "a name that is not UTF-8"
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            return (error.strerror or "could not be looked at").lower()
        if stat.S_ISLNK(found.st_mode):
            return self._link_refusal(path)
        if not self._is_inside(path, inside):
            return Link.READ
        if stat.S_ISDIR(found.st_mode):
            return SUBMODULE
        if not stat.S_ISREG(found.st_mode):
            return "no regular file"
        self.versions[path] = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
        return None

    def _link_refusal(self, path: str) -> str:
        """Where a symbolic link leads."""
        try:
            target = os.path.realpath(self._root / path, strict=True)
        except FileNotFoundError:
            return Link.NOWHERE
        except OSError as error:
            return Link.CIRCLE if error.errno == errno.ELOOP else Link.UNFOLLOWED
        return Link.READ if Path(target).is_relative_to(self._root) else Link.ELSEWHERE

    def _is_inside(self, path: str, inside: dict[str, bool]) -> bool:
        """Whether no directory on the way is a symbolic link. Asked of each directory once."""
        folder = path.rpartition("/")[0]
        if folder not in inside:
            inside[folder] = os.path.realpath(self._root / folder) == os.fspath(self._root / folder)
        return inside[folder]

    def _content(self, path: str) -> bytes | None:
        if self._texts is None:
            return self._read(path)
        blob = self._blob(path)
        return blob.content if blob is not None else None

    def _blob(self, path: str) -> Blob | None:
        known = self._texts.get(path) if self._texts is not None else None
        if known is not None:
            return known
        content = self._read(path)
        blob = Blob(blob_id(content), content) if content is not None else None
        if blob is not None and self._texts is not None:
            self._texts[path] = blob
        return blob

    def _read(self, path: str) -> bytes | None:
        try:
            # The link may have come after the listing, so the file itself says whether it is one.
            descriptor = os.open(self._root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with open(descriptor, "rb") as file:
                content = file.read(SIZE_LIMIT_BYTES + 1)
        except OSError as error:
            self._refusals[path] = (error.strerror or "could not be opened").lower()
            return None
        if len(content) > SIZE_LIMIT_BYTES:
            self._refusals[path] = "larger than 2 MB"
            return None
        return content


def _names_by_git(root: Path, refusals: dict[str, str]) -> list[bytes] | None:
    """Tracked and untracked files that are not ignored; None where git knows none. Notes what could not be opened."""
    try:
        repository = Repository.at(root)
    except NotARepository:
        return None
    if repository.work_tree is None:
        return None
    checkout = ["-C", os.fspath(root), f"--git-dir={repository.git_dir}", f"--work-tree={repository.work_tree}"]
    listed = run([*checkout, "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    if listed.status:
        return None
    refusals |= closed_folders(listed)
    return [name for name in listed.output.split(b"\0") if name] or None


def _names_on_disk(root: Path, refusals: dict[str, str]) -> Iterator[bytes]:
    """All files; notes which folders could not be opened."""
    top = os.fsencode(root)

    def note(error: OSError) -> None:
        folder = os.path.relpath(os.fsdecode(error.filename), root).replace(os.sep, "/")
        refusals[f"{folder}/"] = (error.strerror or "could not be opened").lower()

    for folder, folders, files in os.walk(top, onerror=note):
        folders[:] = sorted(name for name in folders if os.fsdecode(name) not in _SKIPPED)
        relative = os.path.relpath(folder, top).replace(os.fsencode(os.sep), b"/")
        files += [name for name in folders if os.path.islink(os.path.join(folder, name))]
        yield from (name if relative == b"." else relative + b"/" + name for name in files)


def blob_id(content: bytes) -> str:
    """The id that git gives to these bytes, so that a work tree shares what is known of its commits."""
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
