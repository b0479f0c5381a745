"""The one door of the analysis: two trees and the changed lines go in, judged actions come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from analyzers.actions.declared import declared_public
from analyzers.actions.discovery import ServerAction
from analyzers.actions.touched import ChangedLines, changed_at_base, changed_at_head, renamed
from analyzers.actions.world import evidence, is_known
from analyzers.codebase import Codebase, codebase_of, deep_recursion
from analyzers.comparison import compared, prints
from analyzers.explanation import explanation
from analyzers.flow.effects import Effect
from analyzers.judgement import checklist_of, findings_of, unseen_of
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
from analyzers.project.database import is_sql
from analyzers.project.files import Blob, FileChange, Files
from analyzers.project.project import Parsed
from analyzers.rule import Confidence, Finding, Item, Persona, Severity, Status, Step
from analyzers.rulebook import JUDGED, RULES
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
    "explain",
    "review",
    "scan",
]


def scan(files: Files, policy: Policy, only: Sequence[str] = (), clock: Callable[[], float] = lambda: 0.0) -> Analysis:
    """Judge every action of a tree, or of the files `only`. `clock` gives seconds, for the statistics."""
    start = clock()
    tree = codebase_of(files, Parsed())
    known = set(tree.project.sources)
    tree.failures += [Failure(path, "there is no such source file") for path in only if path not in known]
    candidates = [p for p in only if p in known] if only else tree.action_files()
    judged: list[JudgedAction] = []
    with deep_recursion():
        for path in candidates:
            for action in tree.actions(path):
                judged.append(judge(tree, action, declared(tree, action, policy)))
    return finished(judged, (tree,), clock() - start)


def explain(files: Files, path: str, name: str | None) -> tuple[str, ...]:
    """What the actions of a file do, in order, with the facts that held and where each came from; all, or the named."""
    tree = codebase_of(files, Parsed())
    with deep_recursion():
        chosen = [a for a in tree.actions(path) if name is None or a.name == name]
        return tuple(line for action in chosen for line in explanation(tree.executed(action)))


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
    before, after = codebase_of(base, parsed), codebase_of(head, parsed)
    with deep_recursion():
        judged = list(touched(before, after, changes, policy))
    return finished(judged, (after,), clock() - start)


def touched(before: Codebase, after: Codebase, changes: Sequence[FileChange], policy: Policy) -> Iterator[JudgedAction]:
    """The actions that a change touches, judged at head against base."""
    at_head, at_base, old_paths = changed_at_head(changes), changed_at_base(changes), renamed(changes)
    candidates = candidates_of(before, after, changes)
    after.project.prefetch(candidates)
    before.project.prefetch(old_paths.get(path, path) for path in candidates)
    for path in candidates:
        old = by_identity(before.actions(old_paths.get(path, path)))
        for key, action in by_identity(after.actions(path)).items():
            then = old.get(key)
            # A pull request cannot declare its own action public: what counts stands at base.
            public = declared(before, then, policy) if then is not None else None
            was = before.executed(then).effects if then is not None else ()
            judged = judge(after, action, public, before=was)
            if then is None:
                yield compared(judged, None, frozenset(), frozenset(), Touch.EDITED, ())
                continue
            earlier = judge(before, then, public, path)
            touch = touch_of(after, action, at_head) or touch_of(before, then, at_base)
            if touch is None and prints(judged).keys() != prints(earlier).keys():
                touch = (Touch.REACHED, ())
            if touch is not None:
                yield compared(judged, earlier, evidences(was), guarded(was), *touch)


def touch_of(tree: Codebase, action: ServerAction, changed: ChangedLines) -> tuple[Touch, tuple[Step, ...]] | None:
    """How the changed lines of a tree touch an action of it."""
    if changed.first_inside([span_of(action)]):
        return Touch.EDITED, ()
    meeting = changed.first_inside(tree.executed(action).visited)
    return (Touch.REACHED, (Step(meeting.path, meeting.line, "is changed here"),)) if meeting is not None else None


def candidates_of(before: Codebase, after: Codebase, changes: Sequence[FileChange]) -> list[str]:
    """The files whose actions the change may touch, sorted."""
    paths = {c.path for c in changes if not c.is_deleted}
    reached = after.project.importers_closure(paths)
    gone = {c.old_path or c.path for c in changes if c.is_deleted or c.old_path not in (None, c.path)}
    if gone:
        known = set(after.project.sources)
        reached |= {p for p in before.project.importers_closure(gone) if p in known}
    if any(map(is_sql, paths | gone)) and before.project.database != after.project.database:
        # Whatever asks the database may be judged otherwise now.
        return list(after.action_files())
    return sorted(set(after.action_files()) & reached)


def evidences(effects: Iterable[Effect]) -> frozenset[str]:
    """What findings on these effects would name as their cause."""
    return frozenset(evidence(effect) for effect in effects)


def guarded(effects: Sequence[Effect]) -> frozenset[str]:
    """Those of them before which the caller was surely known."""
    return evidences(effects) - evidences(effect for effect in effects if not is_known(effect))


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


def declared(tree: Codebase, action: ServerAction, policy: Policy) -> str | None:
    """Why an action is public by declaration, if it is."""
    if any(fnmatchcase(action.path, pattern) for pattern in policy.public_paths):
        return "declared in the configuration"
    module = tree.project.module(action.path)
    reason = declared_public(module, action) if module is not None else None
    return f"declared: {reason}" if reason else None


def judge(
    tree: Codebase,
    action: ServerAction,
    public: str | None,
    path: str | None = None,
    before: tuple[Effect, ...] = (),
) -> JudgedAction:
    """What we say of an action. `path` is where it stands in the new tree, if elsewhere; `before`, what it once did."""
    facts = replace(tree.executed(action), before=before)
    if public is not None:
        facts = replace(facts, public=public)
    elif facts.is_only_read():
        facts = replace(facts, siblings=tree.siblings(action))
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
        checklist=checklist_of(facts, findings, RULES, JUDGED),
        unseen=unseen_of(facts),
        findings=findings,
    )


def finished(judged: Sequence[JudgedAction], trees: Sequence[Codebase], seconds: float) -> Analysis:
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
