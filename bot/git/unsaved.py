"""The files of a directory as whoever edits them sees them: texts that are not saved stand for those on the disk."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from preship.analyzers.analysis import Blob, Test
from preship.bot.git.directory_files import DirectoryFiles, blob_id


class UnsavedFiles:
    """The `Files` of a directory, some of them with another text, and some that are not saved yet at all."""

    def __init__(self, saved: DirectoryFiles, texts: Mapping[str, bytes]) -> None:
        self._saved = saved
        self._unsaved = {path: Blob(blob_id(text), text) for path, text in texts.items()}
        more = self._unsaved.keys() - saved.versions.keys()
        self._paths = tuple(sorted((*saved.paths(), *more))) if more else saved.paths()

    def versions(self) -> Mapping[str, Hashable]:
        """What tells the text of each file from its earlier and later ones."""
        return {**self._saved.versions, **{path: blob.id for path, blob in self._unsaved.items()}}

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return self._paths

    def fetch(self, paths: Iterable[str]) -> None:
        """Everything is at hand."""

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The texts of these files."""
        wanted = tuple(paths)
        found = dict(self._saved.read(path for path in wanted if path not in self._unsaved))
        return found | {path: self._unsaved[path] for path in wanted if path in self._unsaved}

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test, sorted."""
        found = self._saved.matching(test, [path for path in paths if path not in self._unsaved])
        return sorted(
            (*found, *(path for path in paths if path in self._unsaved and test(self._unsaved[path].content)))
        )

    def refusals(self) -> Mapping[str, str]:
        """What of the directory has no text, and why."""
        return {path: why for path, why in self._saved.refusals().items() if path not in self._unsaved}
