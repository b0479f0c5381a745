"""From the files around actions to what we say of them, in a scan and in a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from preship.analyzers.actions.operations import Operation, operations_of
from preship.analyzers.actions.pages import OpenPage
from preship.analyzers.codebase import Codebase
from preship.analyzers.comparison import compared_file
from preship.analyzers.decisions import Decided, Stood, marked
from preship.analyzers.intent import ignored_on_lines, weighed
from preship.analyzers.judgement.findings import findings_of, worst_first
from preship.analyzers.policy import Policy
from preship.analyzers.project.files import FileChange
from preship.analyzers.results import JudgedFile
from preship.analyzers.rule import Finding, Step
from preship.analyzers.rulebook import RULES
from preship.analyzers.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Around:
    """The files around the actions of one commit, and who judges them."""

    tree: Codebase
    surroundings: Surroundings
    policy: Policy

    def judged(
        self, paths: Iterable[str], names: Mapping[str, str] | None = None, decided: Decided | None = None
    ) -> Iterator[JudgedFile]:
        """Each of these files of which something is to say.

        `names` are the paths in the new tree of those that stand elsewhere there; `decided`, which comments count that
        ignore findings: all of them where None.
        """
        covered = [path for path in paths if self.policy.covers(path)]
        for path, grouped in groupby(self.surroundings.all_of(covered), key=lambda subject: subject.path):
            name, subjects = (names or {}).get(path, path), list(grouped)
            found = [f for subject in subjects for f in findings_of(subject, RULES, name, self.tree.failures)]
            reads = [read for subject in subjects if isinstance(subject, OpenPage) for read in subject.reads]
            operations = operations_of(reads)
            told = self._weighed(found, decided, operations, path)
            if told:
                yield JudgedFile(name, None, elsewhere(told), told, operations=operations)

    def stood(self, paths: Iterable[str]) -> Stood:
        """What these files do, and the comments in them that ignore findings."""
        files = list(self.judged(paths))
        ignored = ignored_on_lines(self.tree, [finding for file in files for finding in file.findings])
        return Stood(ignored, tuple(operation for file in files for operation in file.operations))

    def _weighed(
        self, found: Sequence[Finding], decided: Decided | None, operations: Sequence[Operation], path: str
    ) -> tuple[Finding, ...]:
        here = ignored_on_lines(self.tree, found)
        told = marked(weighed(found, self.policy, path, None), here, decided, operations)
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


def reviewed(
    before: Codebase, after: Codebase, tip: Codebase, changes: Sequence[FileChange], policy: Policy
) -> Iterator[JudgedFile]:
    """What is said of the files around actions that a change touches, at head against base.

    `tip` is the commit whose comments count; it may be `before` itself.
    """
    old, new = around(before, policy), around(after, policy)
    paths = new.surroundings.behind({change.path for change in changes if not change.is_deleted})
    names = {change.old_path: change.path for change in changes if change.old_path and not change.is_deleted}
    olds = {new_path: old_path for old_path, new_path in names.items()}
    at_base = [olds.get(path, path) for path in paths]
    earlier = {file.path: file for file in old.judged(at_base, names)}
    stood = old.stood(at_base)
    decided = Decided(stood, stood if tip is before else around(tip, policy).stood(at_base))
    later = {file.path: file for file in new.judged(paths, decided=decided)}
    for path in sorted(earlier.keys() | later.keys()):
        yield compared_file(later.get(path, JudgedFile(path, None, (), ())), earlier.get(path))
