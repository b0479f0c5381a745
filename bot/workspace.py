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

from preship.analyzers import analysis
from preship.analyzers.analysis import Memory, Wants, Watch, is_source
from preship.bot.configuration.reading import configured
from preship.bot.git.directory_files import DirectoryFiles
from preship.bot.git.place import place_of, project_around
from preship.bot.git.unsaved import UnsavedFiles
from preship.bot.git.view import views_of_a_question
from preship.bot.local import CannotRead, Wishes, in_one_sentence, names_in, review_uncommitted, right, scan_files
from preship.bot.report.report import Compared, Report

STACK_BYTES = 256 * 1024 * 1024
"""Of the threads that judge: code under review nests, and some systems give a thread but half a megabyte."""


class Workspace:
    """The project that a folder lies in. One question is answered at a time."""

    def __init__(self, folder: Path) -> None:
        """Raises `CannotRead`."""
        if not folder.is_dir():
            raise CannotRead(f"{folder} is no directory")
        self.top = project_around(folder) or Path(os.path.realpath(folder))
        self._memory = Memory()
        self._saved: DirectoryFiles | None = None
        self._is_looked_at = False
        self._lock = threading.Lock()

    @property
    def is_project(self) -> bool:
        """Whether anything says that the folder is one: a repository, or a manifest."""
        return place_of(self.top) is not None or (self.top / "package.json").is_file()

    def look(self) -> None:
        """Let the next question look at the disk again. Texts of files that are as they were are not read again."""
        self._is_looked_at = False

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
            opened = partial(self._memory.codebase, files.versions())
            scan = partial(analysis.scan, opened=opened, wants=wants)
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

    def text_of(self, name: str, texts: Mapping[str, bytes]) -> bytes:
        """What stands in a file, or in its place; nothing where it cannot be read."""
        with self._question():
            blob = self._files(texts).read([name]).get(name)
            return blob.content if blob is not None else b""

    def is_judged(self, name: str) -> bool:
        """Whether a file is code of the project, or will be once it is saved."""
        if not is_source(name) or "node_modules" in name.split("/"):
            return False
        return self.has(name) or not os.path.lexists(self.top / name)

    @contextmanager
    def _question(self) -> Iterator[None]:
        with self._lock, in_one_sentence(), views_of_a_question():
            yield

    def _files(self, texts: Mapping[str, bytes]) -> UnsavedFiles:
        return UnsavedFiles(self._listed(), texts)

    def _listed(self) -> DirectoryFiles:
        if self._saved is None:
            self._saved = DirectoryFiles(self.top, keeps_texts=True)
        elif not self._is_looked_at:
            self._saved = self._saved.looked_at_again()
        self._is_looked_at = True
        return self._saved
