"""A scan or a review of code at hand: by git objects or from disk, without a forge and without a check-out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from preship.analyzers import analysis
from preship.analyzers.analysis import Analysis, Blob, Files, Matrix, Persona, Policy, Severity, TableSeen, Watch
from preship.analyzers.rulebook import RULES
from preship.bot.configuration.mistakes import Mistake
from preship.bot.configuration.notes import notes_of
from preship.bot.configuration.reading import Configured, configured, configured_by
from preship.bot.configuration.unmatched import unmatched_patterns
from preship.bot.git.bases import default_base
from preship.bot.git.changes import changes, merge_base
from preship.bot.git.commit_files import FetchObjects, GitFiles
from preship.bot.git.directory_files import DirectoryFiles
from preship.bot.git.errors import GitError, NotARepository
from preship.bot.git.mirror import Mirror
from preship.bot.git.patches import shown_files
from preship.bot.git.place import project_around
from preship.bot.git.process import Repository
from preship.bot.git.work_tree import staged, work_tree
from preship.bot.report.baseline import without_accepted
from preship.bot.report.report import Compared, Report, Reviewed
from preship.bot.review.history import Dismissal
from preship.bot.review.plan import plan_review
from preship.bot.review.policy import CONFIGURATION, ReviewPolicy, as_asked, is_told
from preship.bot.review.pull_request import Comparison, PatchedFile
from preship.bot.review.tried import Tried, as_tried

NO_PULL_REQUEST = 0
MOST_MEANT = 5
"""Actions that are named where one is asked for that there is not."""

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
    selected: frozenset[str] | None = None
    """The only rules that are asked for; None: all that the configuration does not switch off."""

    ignored: frozenset[str] = frozenset()
    accepted: Sequence[Dismissal] = ()
    """What a baseline holds."""

    tried: Callable[[Files], Sequence[Tried]] = lambda files: ()
    """What a probe has shown of the actions of some files."""

    challenges: bool = False
    """Whether the checks that answers rest on are taken out, to see the answers change."""

    def judging(self, configured: Policy) -> Policy:
        """The analysis' policy with the rules that are asked for."""
        selected = self.selected or frozenset()
        kept = tuple(each for each in configured.severities if each[1] is not None or each[0] not in selected)
        off = {rule.id for rule in RULES if self.selected is not None and rule.id not in self.selected} | self.ignored
        return replace(configured, severities=(*kept, *((rule, None) for rule in sorted(off))))

    def among(self, configured: ReviewPolicy) -> ReviewPolicy:
        """The policy with these wishes."""
        wanted = configured
        if self.fail_on is not None:
            wanted = replace(wanted, fail_on=None if self.fail_on == "never" else Severity(self.fail_on))
        return replace(wanted, persona=Persona(self.persona)) if self.persona is not None else wanted


def scan_directory(
    paths: Sequence[Path], only: Sequence[str], watch: Watch, wishes: Wishes, *, has_edits: bool = False
) -> Report:
    """Judge every action of the files on disk: of a folder, of files, or of `only` these files and folders of a folder.

    Of a folder inside of a project only its own files are judged, and read with all that they import from around it.
    With edits, they are looked for to everything that is reported. Raises `WrongConfiguration`.
    """
    with in_one_sentence():
        folder, named = _folder_and_files(paths)
        files, top, inside = _project_around(folder)
        asked = [f"{inside}{name.removeprefix('./')}" for name in only] or [inside] * bool(inside and not named)
        scan = partial(analysis.scan, wants=lambda _, finding: is_told(finding)) if has_edits else analysis.scan
        return scan_files(files, [*asked, *names_in(top, named)], watch, wishes, scan=scan)


def top_of(paths: Sequence[Path]) -> Path:
    """The folder from which the paths of a scan of these files, or of this folder, count."""
    with in_one_sentence():
        folder, _ = _folder_and_files(paths)
        return _project_around(folder)[1]


def work_tree_of(paths: Sequence[Path]) -> Path:
    """The folder from which the paths of a review count. Raises `CannotRead` where there are commits only."""
    with in_one_sentence():
        opened, _ = _opened(paths)
        if opened.work_tree is None:
            raise NotARepository(f"{opened.name} has no work tree, only commits")
        return opened.work_tree


def around(folder: Path) -> tuple[Files, str]:
    """The files of the project that a folder lies in, and how the names of the folder's own files begin."""
    with in_one_sentence():
        files, _, inside = _project_around(folder)
        return files, inside


def _folder_and_files(paths: Sequence[Path]) -> tuple[Path, Sequence[Path]]:
    """The folder that is meant, and the files of it where files are named."""
    first = paths[0]
    if len(paths) == 1 and not (first.exists() and not first.is_dir()):
        return first, ()
    return first if first.is_dir() else first.parent, paths


def names_in(top: Path, named: Sequence[Path]) -> tuple[str, ...]:
    """What files are called from the top of their project."""
    names = []
    for path in named:
        # The file itself may be a link; where it lies counts, not where it leads.
        place = Path(os.path.realpath(path.parent)) / path.name if path.name not in ("", "..") else path.resolve()
        if not place.is_relative_to(top):
            raise CannotRead(f"{path} is outside of {top}")
        names.append(place.relative_to(top).as_posix())
    return tuple(names)


def _project_around(directory: Path) -> tuple[DirectoryFiles, Path, str]:
    """The files of the project that a folder lies in, its top, and how the names of the folder's own files begin."""
    top = project_around(directory)
    if top is not None:
        inside = os.path.relpath(os.path.realpath(directory), top).replace(os.sep, "/") + "/"
        files = DirectoryFiles(top)
        if any(path.startswith(inside) for path in files.paths()):
            return files, top, inside
    return DirectoryFiles(directory), Path(os.path.realpath(directory)), ""


def scan_commit(repository: Path, commit: str, only: Sequence[str], watch: Watch, wishes: Wishes) -> Report:
    """Judge every action of a commit, or of `only` these files and folders of it. Raises `WrongConfiguration`."""
    with in_one_sentence(), GitFiles(Repository.at(repository), commit) as files:
        return scan_files(files, only, watch, wishes, files.commit)


def configuration_at(place: Path) -> tuple[str, Configured]:
    """The configuration of a folder, or a file of any name; and what it is called.

    Of a folder, what it says of files that are not there is a mistake as well.
    """
    if not place.is_file():
        with in_one_sentence():
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
    tables = partial(analysis.columns_of, files)
    written = partial(analysis.is_written, files)
    met = unmatched_patterns(blob.content, frozenset(files.paths()), names, tables, written)
    return replace(decided, mistakes=met)


def schema_of(directory: Path, repository: Path | None, commit: str | None) -> Sequence[TableSeen]:
    """The tables of the application, with whose their rows are. Raises `WrongConfiguration`."""
    with in_one_sentence(), _tree(directory, repository, commit) as (files, _):
        return analysis.schema(files, right(configured(files)).policy)


def matrix_of(
    directory: Path, repository: Path | None, commit: str | None, only: Sequence[str], watch: Watch
) -> Matrix:
    """Who may do what in the application, or by `only` these files and folders. Raises `WrongConfiguration`."""
    with in_one_sentence(), _tree(directory, repository, commit) as (files, inside):
        asked = [f"{inside}{name.removeprefix('./')}" for name in only] or [inside] * bool(inside)
        return analysis.matrix(files, right(configured(files)).policy, _expanded(asked, files.paths()), watch)


def explain_action(directory: Path, repository: Path | None, commit: str | None, action: str) -> Sequence[str]:
    """What `PATH:NAME` does, in order, with the facts that held there; `PATH` alone: every action of the file."""
    path, _, name = action.rpartition(":") if ":" in action else (action, "", "")
    with in_one_sentence(), _tree(directory, repository, commit) as (files, inside):
        policy = right(configured(files)).policy
        lines = analysis.explain(files, f"{inside}{path}", name or None, policy)
        if not lines:
            raise CannotRead(_no_action(action, analysis.actions_by_file(files, policy)))
    return lines


def _no_action(asked: str, names: Mapping[str, Sequence[str]]) -> str:
    """What is said of an action that there is not, and what may have been meant: `PATH:NAME`, or a part of it."""
    known = [f"{path}:{name}" for path in names for name in names[path]]
    path, _, name = asked.rpartition(":")
    meant = [each for each in known if each.rpartition(":")[2] == name]
    meant = meant or [each for each in known if each.startswith(f"{path or asked}:")]
    meant = (meant or get_close_matches(asked, known, n=MOST_MEANT))[:MOST_MEANT]
    hint = f"; did you mean {' or '.join(meant)}?" if meant else "; it is named as `PATH:NAME`, and `PATH` is a file's"
    return f"there is no Server Action {asked}{hint}"


@contextmanager
def _tree(directory: Path, repository: Path | None, commit: str | None) -> Iterator[tuple[Files, str]]:
    """The commit that is meant, or else the files on disk; and how the names of the folder's own files begin."""
    if repository is None and commit is None:
        around, _, inside = _project_around(directory)
        yield around, inside
        return
    with GitFiles(Repository.at(repository or directory), commit or "HEAD") as files:
        yield files, ""


def review_commits(paths: Sequence[Path], base: str | None, head: str, watch: Watch, wishes: Wishes) -> Report:
    """Judge what the commits up to `head` change since they left `base`, and plan the review that would be posted.

    `paths` is the repository, or files of it: then only their change counts.
    """
    with in_one_sentence():
        opened, only = _opened(paths)
        base = base or default_base(opened, head)
        return _review(opened, _Change(base, head, Compared.COMMITTED, only=only), watch, wishes)


def review_uncommitted(paths: Sequence[Path], base: str | None, what: Compared, watch: Watch, wishes: Wishes) -> Report:
    """The same of the index or the work tree, with the commits that it stands on."""
    with in_one_sentence():
        opened, only = _opened(paths)
        if opened.work_tree is None and what is Compared.UNCOMMITTED:
            return review_commits(paths, base, "HEAD", watch, wishes)
        found = staged(opened) if what is Compared.STAGED else work_tree(opened)
        base = base or default_base(opened, None)
        if what is Compared.UNCOMMITTED and not found.is_new:
            return _review(opened, _Change(base, "HEAD", Compared.COMMITTED, only=only), watch, wishes)
        return _review(found.repository, _Change(base, found.commit, what, found.refusals, only), watch, wishes)


def _opened(paths: Sequence[Path]) -> tuple[Repository, Sequence[str]]:
    """The repository that is meant, and the names of the files whose change counts; none: all."""
    folder, named = _folder_and_files(paths)
    opened = Repository.at(folder)
    return opened, names_in(opened.work_tree, named) if opened.work_tree is not None else ()


@dataclass(frozen=True, slots=True)
class _Change:
    """What is reviewed, and against what."""

    base: str
    head: str
    what: Compared
    unread: Mapping[str, str] = field(default_factory=dict)
    """What could not be read of the work tree, and why."""

    only: Sequence[str] = ()
    """The files whose change counts; none: all."""

    def counts(self, path: str) -> bool:
        """Whether the change of a file is reviewed."""
        return not self.only or path in self.only


@dataclass(frozen=True, slots=True)
class Voice:
    """How a review speaks where it is posted."""

    number: int = NO_PULL_REQUEST
    marker_key: bytes = NO_KEY
    source_url: str | None = None
    """Where the head's files can be read."""

    said: frozenset[str] = frozenset()
    """Fingerprints of what our comments say already."""

    base: str = ""
    """What the branch is called into which it would be merged; else the commit stands for it."""

    is_obeying: bool = True
    """Whether somebody listens to the commands that people write."""


def review_mirrored(
    mirror: Mirror, base: str, merge_base: str, head: str, voice: Voice, watch: Watch, wishes: Wishes
) -> Report:
    """Judge what a pull request changes; a mirror has its commits, and brings the files that are asked for."""
    with in_one_sentence(), mirror.files(merge_base) as before, mirror.files(head) as after, mirror.files(base) as tip:
        change = _Change(voice.base or base, head, Compared.COMMITTED)
        return _judged(mirror.repository, (before, after, tip), change, watch, wishes, voice, mirror.fetch)


def _review(opened: Repository, change: _Change, watch: Watch, wishes: Wishes) -> Report:
    """Judge what a change does. What is not committed stands on the commit that is checked out."""
    base_sha = merge_base(opened, change.base, change.head if change.what is Compared.COMMITTED else "HEAD")
    with (
        GitFiles(opened, base_sha) as before,
        GitFiles(opened, change.head, unread=change.unread) as after,
        GitFiles(opened, change.base) as tip,
    ):
        return _judged(opened, (before, after, tip), change, watch, wishes)


def _judged(
    opened: Repository,
    trees: tuple[GitFiles, GitFiles, GitFiles],
    change: _Change,
    watch: Watch,
    wishes: Wishes,
    voice: Voice = Voice(),
    fetch: FetchObjects | None = None,
) -> Report:
    """Judge what leads from the first tree to the second, as is decided in the third: the tip of the base branch."""
    before, after, tip = trees
    listed = changes(opened, before.commit, after.commit, fetch)
    changed = tuple(each for each in listed if change.counts(each.path))
    decided = configured(tip)
    policy, notes = wishes.among(decided.review), notes_of(decided, after, changed)
    asked, other = wishes.judging(decided.policy), tip if tip.commit != before.commit else None
    steps = analysis.STEPS_OF_A_REVIEW if wishes.challenges else 0
    judged = analysis.review(
        before, after, changed, asked, time.process_time, tip=other, watch=watch, challenge_steps=steps
    )
    found = as_tried(without_accepted(judged, wishes.accepted), wishes.tried(after))
    shown = shown_files(opened, (before.commit, after.commit), changed, found, fetch)
    files = tuple(PatchedFile(file.path, file.old_path, file.status, file.patch) for file in shown)
    plan = plan_review(
        found,
        Comparison(before.commit, files, is_complete=True),
        voice.number,
        after.commit,
        marker_key=voice.marker_key,
        policy=policy,
        notes=notes,
        source_url=voice.source_url,
        said=voice.said,
        is_obeying=voice.is_obeying,
    )
    commit = after.commit if change.what is Compared.COMMITTED else None
    reviewed = Reviewed(change.what, change.base, before.commit, is_change=bool(listed))
    return Report(as_asked(found, policy.persona), commit, plan, found, policy, notes, reviewed)


def scan_files(
    files: Files,
    only: Sequence[str],
    watch: Watch,
    wishes: Wishes,
    commit: str | None = None,
    scan: Callable[..., Analysis] = analysis.scan,
) -> Report:
    """Judge every action of some files, or of `only` these files and folders. Raises `WrongConfiguration`."""
    decided = right(configured(files))
    policy = wishes.among(decided.review)
    chosen = _expanded(only, files.paths())
    asked = partial(scan, challenge_steps=analysis.STEPS_OF_A_CHALLENGE) if wishes.challenges else scan
    judged = asked(files, wishes.judging(decided.policy), chosen, time.process_time, watch)
    found = without_accepted(judged, wishes.accepted)
    return Report(as_asked(found, policy.persona), commit, whole=found, policy=policy)


def right(decided: Configured) -> Configured:
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
def in_one_sentence() -> Iterator[None]:
    """Turn what git and the disk refuse into `CannotRead`."""
    try:
        yield
    except GitError as error:
        raise CannotRead(str(error)) from error
    except OSError as error:
        raise CannotRead(f"{error.filename or 'a file'} cannot be read: {error.strerror}") from error
