"""A scan or a review of code at hand: by git objects or from disk, without a forge and without a check-out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analyzers import analysis
from analyzers.analysis import Blob, Files, Policy
from bot.git.commit_files import GitFiles
from bot.git.directory_files import DirectoryFiles
from bot.git.errors import GitError
from bot.git.process import Repository
from bot.report.report import Report

Watch = Callable[[int], None]
"""Told how many files were just read."""


class CannotRead(Exception):
    """What was asked for cannot be read; the text is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class WatchedFiles:
    """Files that tell how many of them were read, for a progress display."""

    files: Files
    watch: Watch

    def paths(self) -> Sequence[str]:
        """Every regular file, sorted."""
        return self.files.paths()

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The text of these files."""
        texts = self.files.read(paths)
        self.watch(len(texts))
        return texts

    def containing(self, needle: bytes, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes contain `needle`."""
        return self.files.containing(needle, paths)

    def refusals(self) -> Mapping[str, str]:
        """Files that have no text, and why."""
        return self.files.refusals()


def scan_directory(directory: Path, only: Sequence[str], watch: Watch) -> Report:
    """Judge every action of the files on disk, or of `only` these files and folders."""
    with _in_one_sentence():
        files = DirectoryFiles(directory)
        return Report(_scan(files, only, watch), None)


def scan_commit(repository: Path, commit: str, only: Sequence[str], watch: Watch) -> Report:
    """Judge every action of a commit, or of `only` these files and folders of it."""
    with _in_one_sentence(), GitFiles(Repository.at(repository), commit) as files:
        return Report(_scan(files, only, watch), files.commit)


def _scan(files: Files, only: Sequence[str], watch: Watch) -> analysis.Analysis:
    return analysis.scan(WatchedFiles(files, watch), Policy(), _expanded(only, files.paths()))


def _expanded(only: Sequence[str], paths: Sequence[str]) -> tuple[str, ...]:
    """The files that `only` names, the files of its folders included."""
    chosen: list[str] = []
    for asked in only:
        name = asked.removeprefix("./").rstrip("/")
        found = [path for path in paths if path == name or path.startswith(f"{name}/")]
        if not found:
            raise CannotRead(f"there is no file or folder {asked!r} in what is scanned")
        chosen += found
    return tuple(dict.fromkeys(chosen))


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise CannotRead(str(error)) from error
