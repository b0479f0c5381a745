"""A project on this disk that is judged again and again, for whoever works on it: an agent, or somebody in an editor.

Nothing is written. What is not saved yet counts where it is given; what lies outside of the project is refused.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from analyzers import analysis
from analyzers.analysis import Memory, Wants, Watch, is_source
from bot.configuration.reading import configured
from bot.git.directory_files import DirectoryFiles, Kept
from bot.git.place import project_around
from bot.git.unsaved import UnsavedFiles
from bot.git.view import views_of_a_question
from bot.local import CannotRead, Wishes, in_one_sentence, names_in, review_uncommitted, right, scan_files
from bot.report.report import Compared, Report

STACK_BYTES = 256 * 1024 * 1024
"""Of the threads that judge: code under review nests, and some systems give a thread but half a megabyte."""


class Workspace:
    """The project that a folder lies in. One question is answered at a time."""

    def __init__(self, folder: Path) -> None:
        """Raises `CannotRead`."""
        if not folder.is_dir():
            raise CannotRead(f"{folder} is no directory")
        self.top = project_around(folder) or Path(os.path.realpath(folder))
        self._kept: Kept = {}
        self._memory = Memory()
        self._saved: DirectoryFiles | None = None
        self._lock = threading.Lock()

    def look(self) -> None:
        """Forget which files there are: the next question looks at the disk again. Unchanged texts are kept."""
        self._saved = None

    def name_of(self, path: str) -> str:
        """What a file is called from the top of the project. Raises `CannotRead` for one that lies elsewhere."""
        try:
            [name] = names_in(self.top, [self.top / path])
        except ValueError:
            raise CannotRead(f"{path!r} is no path") from None
        return name

    def scan(
        self,
        names: Sequence[str],
        texts: Mapping[str, bytes] | None = None,
        wants: Wants = analysis.nothing,
        watch: Watch = analysis.unwatched,
    ) -> Report:
        """Judge the actions of files, with these texts in place of what is saved.

        Raises `CannotRead` where there is no such file, and `WrongConfiguration`.
        """
        with self._question():
            files = self._files(texts or {})
            scan = partial(analysis.scan, memory=self._memory, wants=wants)
            return scan_files(files, names, watch, Wishes(), scan=scan)

    def explain(self, name: str, action: str | None) -> Sequence[str]:
        """What an action of a file does, in order, with the facts that held there; None: all of the file."""
        with self._question():
            files = self._files({})
            return analysis.explain(files, name, action, right(configured(files)).policy)

    def review(self, base: str | None, what: Compared) -> Report:
        """Judge what is not committed, or staged, with the commits that it stands on."""
        with self._question():
            return review_uncommitted([self.top], base, what, analysis.unwatched, Wishes())

    def has(self, name: str) -> bool:
        """Whether a file is saved."""
        with self._question():
            return name in self._listed().versions

    def is_judged(self, name: str) -> bool:
        """Whether a file is code of the project, or will be once it is saved."""
        with self._question():
            return is_source(name) and (name in self._listed().versions or not os.path.lexists(self.top / name))

    @contextmanager
    def _question(self) -> Iterator[None]:
        with self._lock, in_one_sentence(), views_of_a_question():
            yield

    def _files(self, texts: Mapping[str, bytes]) -> UnsavedFiles:
        return UnsavedFiles(self._listed(), texts)

    def _listed(self) -> DirectoryFiles:
        if self._saved is None:
            self._saved = DirectoryFiles(self.top, self._kept)
        return self._saved
