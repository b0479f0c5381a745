"""The one door of the analysis: two trees and the changed lines go in, judged actions come out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from analyzers.actions.discovery import ServerAction, discover
from analyzers.actions.execution import execute
from analyzers.actions.facts import ActionFacts
from analyzers.actions.touched import changed_at_base, changed_at_head, renamed
from analyzers.flow.interpreter import Interpreter
from analyzers.judgement import checklist_of, findings_of, unseen_of
from analyzers.knowledge.libraries import Libraries
from analyzers.nouns import (
    Analysis,
    Answer,
    ChecklistEntry,
    Failure,
    JudgedAction,
    Policy,
    Stats,
    Touch,
    Unseen,
)
from analyzers.project.files import Blob, FileChange, Files
from analyzers.project.project import Parsed, Project
from analyzers.rule import Confidence, Finding, Item, Persona, Severity, Status, Step
from analyzers.rulebook import RULES
from analyzers.source.tree import Span

__all__ = [
    "Analysis",
    "Answer",
    "Blob",
    "ChecklistEntry",
    "Confidence",
    "Failure",
    "FileChange",
    "Files",
    "Finding",
    "Item",
    "JudgedAction",
    "Persona",
    "Policy",
    "Severity",
    "Stats",
    "Status",
    "Step",
    "Touch",
    "Unseen",
    "review",
    "scan",
]

DIRECTIVE = b"use server"
"""What every file with a Server Action contains; found by bytes before anything is parsed."""

PYTHON_FRAMES = 20_000
"""Code under review nests: each level costs the execution several frames of its own."""


@dataclass(slots=True)
class Tree:
    """One commit under analysis."""

    project: Project
    interpreter: Interpreter
    failures: list[Failure] = field(default_factory=list)
    facts: dict[ServerAction, ActionFacts] = field(default_factory=dict)
    _actions: dict[str, tuple[ServerAction, ...]] = field(default_factory=dict)

    def actions(self, path: str) -> tuple[ServerAction, ...]:
        """The actions of a file, in source order."""
        if path not in self._actions:
            self._actions[path] = self._discovered(path)
        return self._actions[path]

    def _discovered(self, path: str) -> tuple[ServerAction, ...]:
        module = self.project.module(path)
        if module is None:
            return ()
        if any(not gap.is_normalised for gap in module.gaps):
            gap = next(gap for gap in module.gaps if not gap.is_normalised)
            self.failures.append(
                Failure(path, f"read in part: line {gap.span.line} holds syntax that the grammar lacks")
            )
        found = discover(module)
        self.failures += [Failure(path, f"line {r.span.line}: {r.why}") for r in found.refusals]
        return tuple(found.actions)

    def executed(self, action: ServerAction) -> ActionFacts:
        """What an action does."""
        if action not in self.facts:
            self.facts[action] = execute(self.interpreter, action)
        return self.facts[action]


def tree_of(files: Files, parsed: Parsed) -> Tree:
    """A commit, ready to be analysed."""
    project = Project(files, parsed)
    return Tree(project, Interpreter(project, Libraries()))


def scan(files: Files, policy: Policy, only: Sequence[str] = (), clock: Callable[[], float] = lambda: 0.0) -> Analysis:
    """Judge every action of a tree, or of the files `only`. `clock` gives seconds, for the statistics."""
    start = clock()
    tree = tree_of(files, Parsed())
    known = set(tree.project.sources)
    tree.failures += [Failure(path, "there is no such source file") for path in only if path not in known]
    candidates = [p for p in only if p in known] if only else tree.project.containing(DIRECTIVE)
    judged: list[JudgedAction] = []
    with deep_recursion():
        for path in candidates:
            for action in tree.actions(path):
                judged.append(judge(tree, action, policy))
    return finished(judged, (tree,), clock() - start)


def review(
    base: Files,
    head: Files,
    changes: Sequence[FileChange],
    policy: Policy,
    clock: Callable[[], float] = lambda: 0.0,
) -> Analysis:
    """Judge the actions that a change touches, and say what it introduced and what it fixed."""
    start = clock()
    parsed = Parsed()
    before, after = tree_of(base, parsed), tree_of(head, parsed)
    with deep_recursion():
        judged = list(touched(before, after, changes, policy))
    return finished(judged, (after,), clock() - start)


def touched(before: Tree, after: Tree, changes: Sequence[FileChange], policy: Policy) -> Iterator[JudgedAction]:
    """The actions that a change touches, judged at head against base."""
    at_head, at_base, old_paths = changed_at_head(changes), changed_at_base(changes), renamed(changes)
    for path in candidates_of(before, after, changes):
        old = by_identity(before.actions(old_paths.get(path, path)))
        for key, action in by_identity(after.actions(path)).items():
            then = old.get(key)
            judged = judge(after, action, policy)
            earlier = judge(before, then, policy, path) if then is not None else None
            own = [span_of(action)]
            if then is None or at_head.first_inside(own) or (then and at_base.first_inside([span_of(then)])):
                yield compared(judged, earlier, Touch.EDITED, ())
                continue
            meeting = at_head.first_inside(after.executed(action).visited)
            if meeting is None:
                meeting = at_base.first_inside(before.executed(then).visited)
            if meeting is not None:
                yield compared(judged, earlier, Touch.REACHED, (Step(meeting.path, meeting.line, "changed"),))
            elif earlier is not None and prints(judged) != prints(earlier):
                yield compared(judged, earlier, Touch.REACHED, ())


def candidates_of(before: Tree, after: Tree, changes: Sequence[FileChange]) -> list[str]:
    """The files whose actions the change may touch, sorted."""
    paths = {c.path for c in changes if not c.is_deleted}
    reached = after.project.importers_closure(paths)
    gone = {c.old_path or c.path for c in changes if c.is_deleted or c.old_path not in (None, c.path)}
    if gone:
        known = set(after.project.sources)
        reached |= {p for p in before.project.importers_closure(gone) if p in known}
    return sorted(set(after.project.containing(DIRECTIVE)) & reached)


def span_of(action: ServerAction) -> Span:
    """Where an action stands."""
    return Span(action.path, action.line, action.end_line, 0, 0)


def by_identity(actions: Iterable[ServerAction]) -> dict[tuple[str | None, int], ServerAction]:
    """Actions by what tells them apart in their file: their name, or their place among the nameless ones."""
    found: dict[tuple[str | None, int], ServerAction] = {}
    for action in actions:
        number = 0
        while (action.name, number) in found:
            number += 1
        found[action.name, number] = action
    return found


def judge(tree: Tree, action: ServerAction, policy: Policy, path: str | None = None) -> JudgedAction:
    """What we say of an action, seen by itself. `path` is where it stands in the new tree, if elsewhere."""
    facts = tree.executed(action)
    if facts.public is None and any(fnmatchcase(action.path, pattern) for pattern in policy.public_paths):
        facts = replace(facts, public="declared in the configuration")
    findings = findings_of(facts, RULES, path or action.path, tree.failures)
    return JudgedAction(
        path=action.path,
        name=action.name,
        line=action.line,
        end_line=action.end_line,
        form=action.form,
        public=facts.public,
        parameters=facts.parameters,
        touch=None,
        touched_by=(),
        checklist=checklist_of(facts, findings, RULES),
        unseen=unseen_of(facts),
        findings=findings,
    )


def compared(
    judged: JudgedAction, earlier: JudgedAction | None, touch: Touch, touched_by: tuple[Step, ...]
) -> JudgedAction:
    """An action at head, with what the change did to its findings."""
    old = {f.fingerprint: f for f in earlier.findings} if earlier else {}
    new = prints(judged)
    return replace(
        judged,
        touch=touch,
        touched_by=touched_by,
        findings=tuple(replace(f, status=status_of(f, old.get(f.fingerprint))) for f in judged.findings),
        fixed=tuple(replace(f, status=Status.FIXED) for f in old.values() if f.fingerprint not in new),
    )


def status_of(finding: Finding, earlier: Finding | None) -> Status:
    """How a finding stands to the change."""
    if earlier is None:
        return Status.INTRODUCED
    severities, confidences = list(Severity), list(Confidence)
    rose = severities.index(finding.severity) < severities.index(earlier.severity)
    surer = confidences.index(finding.confidence) < confidences.index(earlier.confidence)
    return Status.WORSENED if rose or surer else Status.STANDING


def prints(judged: JudgedAction) -> Mapping[str, Finding]:
    """The findings of an action by fingerprint."""
    return {f.fingerprint: f for f in judged.findings}


def finished(judged: Sequence[JudgedAction], trees: Sequence[Tree], seconds: float) -> Analysis:
    """The analysis as a whole."""
    failures = {(f.path, f.reason): f for tree in trees for f in tree.failures}
    for tree in trees:
        failures |= {(path, why): Failure(path, why) for path, why in tree.project.refusals().items()}
    return Analysis(
        tuple(sorted(judged, key=lambda a: (a.path, a.line))),
        tuple(failures.values()),
        Stats(
            sum(t.project.files_read for t in trees),
            sum(t.project.bytes_read for t in trees),
            {"total": round(seconds * 1000)},
        ),
    )


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let Python nest as deep as code under review does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, PYTHON_FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
