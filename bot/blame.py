"""Since when a fault stands: the commit of the main line that opened it, found by judging the older ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from preship.analyzers import analysis
from preship.analyzers.analysis import Finding, Item, JudgedAction, Policy, Traced, Tracing
from preship.analyzers.rulebook import ITEMS
from preship.bot.configuration.reading import configured
from preship.bot.git.commit_files import GitFiles
from preship.bot.git.history import Change, changes_of, parent_of
from preship.bot.git.process import Repository, resolve_commit
from preship.bot.local import CannotRead, in_one_sentence, right
from preship.bot.review.policy import is_told

ABOUT_CALLERS = (Item.AUTHENTICATION, Item.OWNERSHIP)
"""What is asked of a caller, in its order."""


@dataclass(frozen=True, slots=True)
class Since:
    """A fault that stands, and what opened it."""

    action: JudgedAction
    finding: Finding
    opened: Change | None
    """None where it is older than the history at hand."""

    is_new_with_the_action: bool = False
    """Whether the action came with the fault."""

    judged: int = 0
    """Commits that were judged to find it."""


def blame(directory: Path, repository: Path | None, commit: str, path: str, name: str | None) -> Sequence[Since]:
    """Since when the faults of a file's actions stand, or of the named one. Raises `CannotRead`."""
    with in_one_sentence():
        opened = Repository.at(repository or directory)
        head = resolve_commit(opened, commit)
        with GitFiles(opened, head) as files:
            policy = right(configured(files)).policy
            past = _Past(opened, policy)
            traced = past.at(head, path)
        chosen = [each for each in traced if name is None or name in (each.action.name, each.action.name_in_code)]
        if name is not None and not chosen:
            raise CannotRead(f"There is no Server Action {path}:{name}.")
        faults = [(each, f) for each in chosen for f in each.action.findings if is_told(f) and f.ignored is None]
        return [past.since(head, each, finding) for each, finding in faults]


@dataclass(slots=True)
class _Past:
    """The older commits of a repository, each judged at most once for a file."""

    repository: Repository
    policy: Policy
    tracing: Tracing = field(default_factory=Tracing)
    _known: dict[tuple[str, str], tuple[Traced, ...]] = field(default_factory=dict)

    def at(self, sha: str, path: str) -> tuple[Traced, ...]:
        """The actions of a file at a commit, with the files that they execute; none where there is no such file."""
        if (sha, path) not in self._known:
            with GitFiles(self.repository, sha) as files:
                found = analysis.traced(files, self.policy, path, self.tracing) if path in files.paths() else ()
            self._known[sha, path] = found
        return self._known[sha, path]

    def since(self, head: str, traced: Traced, finding: Finding) -> Since:
        """What opened a fault: bisected over the commits of the files involved, and of those involved before it."""
        action, involved, before = traced.action, set(traced.files), len(self._known)
        while True:
            changes = changes_of(self.repository, head, action.path, involved)
            first = self._first_bad(changes, action, finding) if changes else None
            good = parent_of(self.repository, first.sha) if first is not None else None
            older = self._same(good, first, action) if good is not None and first is not None else None
            more = set(older.files) - involved if older is not None else set()
            if not more:
                is_new = first is not None and older is None
                return Since(action, finding, first, is_new, len(self._known) - before)
            involved |= more

    def _first_bad(self, changes: Sequence[Change], action: JudgedAction, finding: Finding) -> Change | None:
        """The oldest commit behind which the fault stands; changes are newest first, the newest of them has it."""
        newest, oldest = 0, len(changes) - 1
        if self._has(changes[oldest], action, finding):
            is_the_beginning = parent_of(self.repository, changes[oldest].sha) is None
            has_no_earlier = self._came_with(changes[oldest], action)
            return changes[oldest] if has_no_earlier or is_the_beginning else None
        while oldest - newest > 1:
            middle = (newest + oldest) // 2
            if self._has(changes[middle], action, finding):
                newest = middle
            else:
                oldest = middle
        return changes[newest]

    def _came_with(self, change: Change, action: JudgedAction) -> bool:
        older = parent_of(self.repository, change.sha)
        return older is None or self._same(older, change, action) is None

    def _has(self, change: Change, action: JudgedAction, finding: Finding) -> bool:
        found = self._same(change.sha, change, action)
        return found is not None and any(_is_the_same(each, finding) for each in found.action.findings)

    def _same(self, sha: str, change: Change, action: JudgedAction) -> Traced | None:
        names = (action.name, action.name_in_code)
        found = self.at(sha, change.path or action.path)
        return next((t for t in found if t.action.name in names and t.action.form == action.form), None)


def _is_the_same(one: Finding, other: Finding) -> bool:
    """Whether an older finding of an action is the same hole, whatever it was called before the code was changed.

    Where nobody was asked who is calling, nobody was asked whose the records are either.
    """
    if one.ignored is not None or not is_told(one):
        return False
    was, now = ITEMS[one.rule], ITEMS[other.rule]
    return one.rule == other.rule or (now in ABOUT_CALLERS and was in ABOUT_CALLERS[: ABOUT_CALLERS.index(now) + 1])


def lines_of(found: Since) -> list[str]:
    """A fault in two lines: what it is, and since when it stands."""
    action, finding = found.action, found.finding
    name = action.name_in_code or action.name or f"the inline action of line {action.line}"
    head = f"{finding.path}:{finding.line}  {finding.severity}  {finding.rule}  {name}"
    if found.opened is None:
        return [head, "  could not see since when: it is older than the history at hand, or than its file is followed"]
    opened = found.opened
    pull_request = f", pull request #{opened.pull_request}" if opened.pull_request is not None else ""
    how = "came with the action" if found.is_new_with_the_action else "opened"
    return [head, f"  {how} {opened.date} by {opened.sha[:12]}{pull_request}: {opened.subject}"]
