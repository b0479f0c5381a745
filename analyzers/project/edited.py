"""A tree in which one file has another text: what the repository would be if a suggestion were taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.project.files import Blob, Files
from preship.analyzers.source.spelling import Test


@dataclass(frozen=True, slots=True)
class EditedFiles:
    """The files of another tree, one of them with these bytes."""

    files: Files
    path: str
    content: bytes

    @property
    def blob(self) -> Blob:
        """The edited file."""
        return Blob(hashlib.sha256(self.content).hexdigest(), self.content)

    def paths(self) -> Sequence[str]:
        """Every file, sorted; the edited one was among them before."""
        return self.files.paths()

    def fetch(self, paths: Iterable[str]) -> None:
        """Bring the text of these files within reach."""
        self.files.fetch(path for path in paths if path != self.path)

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The text of these files."""
        wanted = tuple(paths)
        found = dict(self.files.read(path for path in wanted if path != self.path))
        return found | ({self.path: self.blob} if self.path in wanted else {})

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test, sorted."""
        found = set(self.files.matching(test, [path for path in paths if path != self.path]))
        found |= {self.path} if self.path in paths and test(self.content) else set()
        return sorted(found)

    def refusals(self) -> Mapping[str, str]:
        """Files met so far that have no text, and why."""
        return self.files.refusals()
