"""A scan or a review of code at hand: by git objects or from disk, without a forge and without a check-out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analyzers import analysis
from analyzers.analysis import Blob, Files, Persona, Severity, Test
from bot.configuration.mistakes import Mistake
from bot.configuration.notes import notes_of
from bot.configuration.reading import Configured, configured, configured_by
from bot.configuration.strays import strays
from bot.git.bases import default_base
from bot.git.changes import changes, merge_base
from bot.git.commit_files import GitFiles
from bot.git.directory_files import DirectoryFiles
from bot.git.errors import GitError
from bot.git.patches import shown_files
from bot.git.place import project_around
from bot.git.process import Repository
from bot.git.work_tree import staged, work_tree
from bot.report.report import Compared, Report, Reviewed
from bot.review.plan import plan_review
from bot.review.policy import CONFIGURATION, ReviewPolicy, as_asked
from bot.review.pull_request import Comparison, PatchedFile

Watch = Callable[[int], None]
"""Told how many files were just read."""

NO_PULL_REQUEST = 0
NO_KEY = b""
"""What is only printed bears no mark that anybody would trust."""


class CannotRead(Exception):
    """What was asked for cannot be read; the text is one sentence for the person who asked."""


class WrongConfiguration(Exception):
    """The configuration of what is scanned has mistakes, so nothing is judged by it."""

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{name} has mistakes")
        self.lines = tuple(f"{name}:{each.line}:{each.column}: {each.says}" for each in mistakes)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever asks wants otherwise than the configuration."""

    fail_on: str | None = None
    """A severity, or `never`; None: as configured."""

    persona: str | None = None

    def among(self, configured: ReviewPolicy) -> ReviewPolicy:
        """The policy with these wishes."""
        wanted = configured
        if self.fail_on is not None:
            wanted = replace(wanted, fail_on=None if self.fail_on == "never" else Severity(self.fail_on))
        return replace(wanted, persona=Persona(self.persona)) if self.persona is not None else wanted


@dataclass(frozen=True, slots=True)
class WatchedFiles:
    """Files that tell how many of them were read, for a progress display."""

    files: Files
    watch: Watch

    def paths(self) -> Sequence[str]:
        """Every regular file, sorted."""
        return self.files.paths()

    def fetch(self, paths: Iterable[str]) -> None:
        """Bring the text of these files within reach."""
        self.files.fetch(paths)

    def read(self, paths: Iterable[str]) -> Mapping[str, Blob]:
        """The text of these files."""
        texts = self.files.read(paths)
        self.watch(len(texts))
        return texts

    def matching(self, test: Test, paths: Sequence[str]) -> Sequence[str]:
        """Those of `paths` whose bytes pass a test."""
        return self.files.matching(test, paths)

    def refusals(self) -> Mapping[str, str]:
        """Files that have no text, and why."""
        return self.files.refusals()


def scan_directory(directory: Path, only: Sequence[str], watch: Watch, wishes: Wishes) -> Report:
    """Judge every action of the files on disk, or of `only` these files and folders. Raises `WrongConfiguration`.

    Of a folder inside of a project only its own files are judged, and read with all that they import from around it.
    """
    with _in_one_sentence():
        files, inside = _project_around(directory)
        asked = [f"{inside}{name.removeprefix('./')}" for name in only] or [inside] * bool(inside)
        return _scan(files, None, asked, watch, wishes)


def _project_around(directory: Path) -> tuple[DirectoryFiles, str]:
    """The files of the project that a folder lies in, and how the names of the folder's own files begin in it."""
    top = project_around(directory)
    if top is not None:
        inside = os.path.relpath(os.path.realpath(directory), top).replace(os.sep, "/") + "/"
        files = DirectoryFiles(top)
        if any(path.startswith(inside) for path in files.paths()):
            return files, inside
    return DirectoryFiles(directory), ""


def scan_commit(repository: Path, commit: str, only: Sequence[str], watch: Watch, wishes: Wishes) -> Report:
    """Judge every action of a commit, or of `only` these files and folders of it. Raises `WrongConfiguration`."""
    with _in_one_sentence(), GitFiles(Repository.at(repository), commit) as files:
        return _scan(files, files.commit, only, watch, wishes)


def configuration_at(place: Path) -> tuple[str, Configured]:
    """The configuration of a folder, or a file of any name; and what it is called.

    Of a folder, what it says of files that are not there is a mistake as well.
    """
    if not place.is_file():
        with _in_one_sentence():
            files = DirectoryFiles(place)
            return str(place / CONFIGURATION), _met(configured(files), files)
    try:
        content = place.read_bytes()
    except OSError as error:
        raise CannotRead(f"{place} cannot be read: {error.strerror}") from error
    return str(place), configured_by(Blob("", content))


def _met(decided: Configured, files: Files) -> Configured:
    """A configuration, with what of it meets nothing in the tree."""
    blob = files.read([CONFIGURATION]).get(CONFIGURATION)
    if decided.mistakes or blob is None:
        return decided
    names = partial(analysis.names_of, files)
    return replace(decided, mistakes=strays(blob.content, frozenset(files.paths()), names))


def explain_action(directory: Path, repository: Path | None, commit: str | None, action: str) -> Sequence[str]:
    """What `PATH:NAME` does, in order, with the facts that held there; `PATH` alone: every action of the file."""
    path, _, name = action.rpartition(":") if ":" in action else (action, "", "")
    with _in_one_sentence(), _tree(directory, repository, commit) as (files, inside):
        lines = analysis.explain(files, f"{inside}{path}", name or None, _right(configured(files)).policy)
    if not lines:
        raise CannotRead(f"There is no Server Action {action}.")
    return lines


@contextmanager
def _tree(directory: Path, repository: Path | None, commit: str | None) -> Iterator[tuple[Files, str]]:
    """The commit that is meant, or else the files on disk; and how the names of the folder's own files begin."""
    if repository is None and commit is None:
        yield _project_around(directory)
        return
    with GitFiles(Repository.at(repository or directory), commit or "HEAD") as files:
        yield files, ""


def review_commits(repository: Path, base: str | None, head: str, watch: Watch, wishes: Wishes) -> Report:
    """Judge what the commits up to `head` change since they left `base`, and plan the review that would be posted."""
    with _in_one_sentence():
        opened = Repository.at(repository)
        return _review(opened, base or default_base(opened, head), head, Compared.COMMITTED, {}, watch, wishes)


def review_uncommitted(repository: Path, base: str | None, what: Compared, watch: Watch, wishes: Wishes) -> Report:
    """The same of the index or the work tree, with the commits that it stands on."""
    with _in_one_sentence():
        opened = Repository.at(repository)
        if opened.work_tree is None and what is Compared.UNCOMMITTED:
            return _review(opened, base or default_base(opened, "HEAD"), "HEAD", Compared.COMMITTED, {}, watch, wishes)
        found = staged(opened) if what is Compared.STAGED else work_tree(opened)
        base = base or default_base(opened, None)
        return _review(found.repository, base, found.commit, what, found.refusals, watch, wishes)


def _review(
    opened: Repository,
    base: str,
    head: str,
    what: Compared,
    unread: Mapping[str, str],
    watch: Watch,
    wishes: Wishes,
) -> Report:
    """Judge what `head` changes. What is not committed stands on the commit that is checked out."""
    base_sha = merge_base(opened, base, head if what is Compared.COMMITTED else "HEAD")
    with (
        GitFiles(opened, base_sha) as before,
        GitFiles(opened, head, unread=unread) as after,
        GitFiles(opened, base) as tip,
    ):
        changed = changes(opened, base_sha, after.commit)
        decided = configured(tip)
        policy, notes = wishes.among(decided.review), notes_of(decided, after, changed)
        found = analysis.review(
            WatchedFiles(before, watch),
            WatchedFiles(after, watch),
            changed,
            decided.policy,
            tip=tip if tip.commit != base_sha else None,
        )
        shown = shown_files(opened, (base_sha, after.commit), changed, found)
    files = tuple(PatchedFile(file.path, file.old_path, file.status, file.patch) for file in shown)
    compared = Comparison(base_sha, files, is_complete=True)
    plan = plan_review(found, compared, NO_PULL_REQUEST, after.commit, marker_key=NO_KEY, policy=policy, notes=notes)
    commit = after.commit if what is Compared.COMMITTED else None
    reviewed = Reviewed(what, base, base_sha)
    return Report(as_asked(found, policy.persona), commit, plan, found, policy, notes, reviewed)


def _scan(files: Files, commit: str | None, only: Sequence[str], watch: Watch, wishes: Wishes) -> Report:
    decided = _right(configured(files))
    policy = wishes.among(decided.review)
    found = analysis.scan(WatchedFiles(files, watch), decided.policy, _expanded(only, files.paths()))
    return Report(as_asked(found, policy.persona), commit, whole=found, policy=policy)


def _right(decided: Configured) -> Configured:
    """A configuration that counts. Raises `WrongConfiguration`."""
    if decided.mistakes:
        raise WrongConfiguration(CONFIGURATION, decided.mistakes)
    return decided


def _expanded(only: Sequence[str], paths: Sequence[str]) -> tuple[str, ...]:
    """The files that `only` names, the files of its folders included."""
    chosen: list[str] = []
    for asked in only:
        name = asked.removeprefix("./").rstrip("/")
        found = [path for path in paths if path == name or path.startswith(f"{name}/")]
        if not found:
            raise CannotRead(f"there is no file or folder {asked!r} in what is scanned")
        chosen += [path for path in found if path == name or analysis.is_source(path)]
    return tuple(dict.fromkeys(chosen))


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise CannotRead(str(error)) from error
    except OSError as error:
        raise CannotRead(f"{error.filename or 'a file'} cannot be read: {error.strerror}") from error
