"""From the files around actions to what we say of them, in a scan and in a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from analyzers.codebase import Codebase
from analyzers.comparison import compared_file
from analyzers.intent import Ignored, ignored_on_lines, marked, weighed
from analyzers.judgement.findings import findings_of, worst_first
from analyzers.nouns import JudgedFile
from analyzers.policy import Policy
from analyzers.project.files import FileChange
from analyzers.rule import Finding, Step
from analyzers.rulebook import RULES
from analyzers.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Around:
    """The files around the actions of one commit, and who judges them."""

    tree: Codebase
    surroundings: Surroundings
    policy: Policy

    def judged(
        self, paths: Iterable[str], names: Mapping[str, str] | None = None, base: Ignored | None = None
    ) -> Iterator[JudgedFile]:
        """Each of these files of which something is to say.

        `names` are the paths in the new tree of those that stand elsewhere there; `base`, which comments count that
        ignore findings: all of them where None.
        """
        covered = [path for path in paths if self.policy.covers(path)]
        for path, subjects in groupby(self.surroundings.all_of(covered), key=lambda subject: subject.path):
            name = (names or {}).get(path, path)
            found = [f for subject in subjects for f in findings_of(subject, RULES, name, self.tree.failures)]
            told = self._weighed(found, base)
            if told:
                yield JudgedFile(name, None, elsewhere(told), told)

    def ignored(self, paths: Iterable[str]) -> Ignored:
        """The comments in these files that ignore findings."""
        found = [finding for file in self.judged(paths) for finding in file.findings]
        return ignored_on_lines(self.tree, found)

    def _weighed(self, found: Sequence[Finding], base: Ignored | None) -> tuple[Finding, ...]:
        told = marked(weighed(found, self.policy), ignored_on_lines(self.tree, found), base)
        return worst_first(finding for finding in told if finding.rule not in self.policy.off)


def elsewhere(findings: Sequence[Finding]) -> tuple[Step, ...]:
    """The places in other files that belong to findings."""
    steps = (step for finding in findings for step in finding.trail if step.path != finding.path)
    return tuple(dict.fromkeys(steps))


def around(tree: Codebase, policy: Policy) -> Around:
    """What stands around the actions of a commit."""
    return Around(tree, Surroundings(tree), policy)


def scanned(tree: Codebase, policy: Policy, paths: Iterable[str]) -> tuple[JudgedFile, ...]:
    """What is said of the files among these that stand around actions."""
    return tuple(around(tree, policy).judged(paths))


def reviewed(before: Codebase, after: Codebase, changes: Sequence[FileChange], policy: Policy) -> Iterator[JudgedFile]:
    """What is said of the files around actions that a change touches, at head against base."""
    old, new = around(before, policy), around(after, policy)
    paths = new.surroundings.behind({change.path for change in changes if not change.is_deleted})
    names = {change.old_path: change.path for change in changes if change.old_path and not change.is_deleted}
    olds = {new_path: old_path for old_path, new_path in names.items()}
    at_base = [olds.get(path, path) for path in paths]
    earlier = {file.path: file for file in old.judged(at_base, names)}
    later = {file.path: file for file in new.judged(paths, base=old.ignored(at_base))}
    for path in sorted(earlier.keys() | later.keys()):
        yield compared_file(later.get(path, JudgedFile(path, None, (), ())), earlier.get(path))
