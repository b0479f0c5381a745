"""Files that exist only in memory: the examples of the rules, and tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from preship.analyzers.project.files import SIZE_LIMIT_BYTES, TOO_LARGE, Blob
from preship.analyzers.source.spelling import Test


class MemoryFiles:
    """A tree given as texts by path."""

    def __init__(self, texts: Mapping[str, str | bytes]) -> None:
        contents = {path: text.encode() if isinstance(text, str) else text for path, text in sorted(texts.items())}
        self._blobs = {path: Blob(_hash(content), content) for path, content in contents.items()}

    def paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return tuple(self._blobs)

    def fetch(self, paths: Iterable[str]) -> None:
        """Everything is at hand."""

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The texts of these files; unknown and too large ones are left out."""
        found = ((path, self._blobs.get(path)) for path in paths)
        return {path: blob for path, blob in found if blob and len(blob.content) <= SIZE_LIMIT_BYTES}

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test, sorted."""
        return sorted(path for path, blob in self.read(paths).items() if test(blob.content))

    def refusals(self) -> Mapping[str, str]:
        """The files above the size limit."""
        return {path: TOO_LARGE for path, blob in self._blobs.items() if len(blob.content) > SIZE_LIMIT_BYTES}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
