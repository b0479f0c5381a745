"""The one door of the analysis: two trees and the changed lines go in, judged actions come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from preship.analyzers.actions.declared import declared_public
from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.openness import DeclaredIn, Public
from preship.analyzers.actions.operations import Operation, beyond, operations_of
from preship.analyzers.actions.parameters import DeclaredParameter
from preship.analyzers.actions.touched import ChangedLines, changed_at_base, changed_at_head, renamed
from preship.analyzers.actions.weakened import newly_exposed
from preship.analyzers.actions.world import evidence
from preship.analyzers.around import reviewed, scanned
from preship.analyzers.challenge import STEPS_OF_A_CHALLENGE, STEPS_OF_A_REVIEW, Challenger
from preship.analyzers.codebase import Codebase, codebase_of, deep_recursion
from preship.analyzers.comparison import caused_before, compared, prints
from preship.analyzers.conventions.changes import Change, in_force
from preship.analyzers.conventions.form import Convention
from preship.analyzers.conventions.table import CONVENTIONS
from preship.analyzers.decisions import Decided, Stood, marked
from preship.analyzers.declared import Declared
from preship.analyzers.endpoints import expected, made
from preship.analyzers.endpoints.endpoint import Endpoint, Key, cookies_named, endpoint_of
from preship.analyzers.endpoints.parameters import Parameter
from preship.analyzers.explanation import explanation
from preship.analyzers.flow.budget import OUT_OF_STEPS
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.modules import declared_names
from preship.analyzers.intent import Ignored, declares, ignored_by, pending, unused, weighed
from preship.analyzers.inventory import pages_of
from preship.analyzers.judgement.access import access_of
from preship.analyzers.judgement.checklist import checklist_of
from preship.analyzers.judgement.findings import findings_of, one_per_cause, unseen_of, worst_first
from preship.analyzers.judgement.intended import intended
from preship.analyzers.judgement.ownership import needed_by
from preship.analyzers.knowledge.own import Guard, Passed, Proof, Wrapper
from preship.analyzers.memory import Memory
from preship.analyzers.models.form import CODE_KEYS, Entry, Example, kind_of, mistakes_of, rows_of
from preship.analyzers.models.listing import Known, known_models
from preship.analyzers.paths import matches
from preship.analyzers.policy import ActionPattern, ExceptedActions, Policy, PublicActions, RoleBoundActions, Scope
from preship.analyzers.project.database import is_sql
from preship.analyzers.project.files import SUBMODULE, Blob, FileChange, Files, Link
from preship.analyzers.project.layout import is_source
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.phases import Clock, Phases, stopped
from preship.analyzers.project.project import Parsed, Project
from preship.analyzers.regression.writing import regression_tests
from preship.analyzers.results import (
    ANONYMOUS,
    MEMBER,
    OTHER_MEMBER,
    Access,
    Analysis,
    Answer,
    Challenge,
    ChecklistEntry,
    Entrance,
    Failure,
    Intended,
    JudgedAction,
    JudgedFile,
    Matrix,
    Pending,
    RegressionTest,
    Stats,
    Touch,
    Unjudged,
    Unseen,
)
from preship.analyzers.rule import (
    ActionFacts,
    Advice,
    Confidence,
    Edit,
    Finding,
    Item,
    Lapsed,
    Meant,
    Persona,
    Severity,
    Status,
    Step,
)
from preship.analyzers.rulebook import ITEMS, RULES, rule
from preship.analyzers.schema.corrections import Correction, Rows
from preship.analyzers.schema.description import TableSeen, tables_seen
from preship.analyzers.shares import execute_fairly
from preship.analyzers.source.spelling import Test
from preship.analyzers.source.tree import Span
from preship.analyzers.suggestions import Wants, brought_by_the_change, with_suggestions
from preship.analyzers.unread import unread_files, unread_links
from preship.analyzers.versions import Hole, Outdated, outdated

__all__ = [
    "ANONYMOUS",
    "CODE_KEYS",
    "CONVENTIONS",
    "MEMBER",
    "OTHER_MEMBER",
    "STEPS_OF_A_CHALLENGE",
    "STEPS_OF_A_REVIEW",
    "SUBMODULE",
    "Access",
    "ActionPattern",
    "Advice",
    "Analysis",
    "Answer",
    "Blob",
    "Challenge",
    "Change",
    "ChecklistEntry",
    "Confidence",
    "Convention",
    "Correction",
    "DeclaredIn",
    "DeclaredParameter",
    "Edit",
    "Endpoint",
    "Entrance",
    "Entry",
    "Example",
    "ExceptedActions",
    "Failure",
    "FileChange",
    "Files",
    "Finding",
    "Guard",
    "Hole",
    "Intended",
    "Item",
    "JudgedAction",
    "JudgedFile",
    "Key",
    "Known",
    "Lapsed",
    "Link",
    "Matrix",
    "Meant",
    "Memory",
    "MemoryFiles",
    "Operation",
    "Outdated",
    "Parameter",
    "Passed",
    "Pending",
    "Persona",
    "Policy",
    "Proof",
    "Public",
    "PublicActions",
    "RegressionTest",
    "RoleBoundActions",
    "Rows",
    "Scope",
    "Severity",
    "Stats",
    "Status",
    "Step",
    "TableSeen",
    "Test",
    "Touch",
    "Traced",
    "Tracing",
    "Unjudged",
    "Unseen",
    "Wants",
    "Watch",
    "Wrapper",
    "beyond",
    "columns_of",
    "cookies_of",
    "endpoints",
    "expected",
    "explain",
    "is_source",
    "is_written",
    "kind_of",
    "known_models",
    "made",
    "matches",
    "matrix",
    "mistakes_of",
    "names_of",
    "review",
    "rows_of",
    "scan",
    "schema",
    "traced",
]


STEPS_OF_A_SIDE = 700_000
"""Steps that a review may take for what the change touches, at base and at head: some 25 seconds each."""

STEPS_BESIDE = 300_000
"""Steps that it may take, at base and at head, for neighbours and pages that tell what is usual."""


ABOUT_RIGHTS = frozenset({"missing-role-check", "self-granted-privilege"})
"""Rules about what somebody may do, and not about whose the records are."""


Opened = Callable[[Files, Declared, bool], Codebase]
"""Makes a tree ready to be analysed, with handlers of requests or without."""

Watch = Callable[[int, int], None]
"""Hears how many files with actions are judged, and of how many."""


def unwatched(done: int, total: int) -> None:
    """Nobody wants to hear how far it is."""


def nothing(action: JudgedAction, finding: Finding) -> bool:
    """No edit is looked for."""
    return False


def scan(
    files: Files,
    policy: Policy,
    only: Sequence[str] = (),
    clock: Clock = stopped,
    watch: Watch = unwatched,
    opened: Opened | None = None,
    wants: Wants = nothing,
    challenge_steps: int = 0,
) -> Analysis:
    """Judge every action of a tree, or of the files `only`. `clock` gives seconds, for the statistics.

    With `challenge_steps`, the checks that answers rest on are taken out one by one, until those steps are used up.

    `opened` is how the tree is made ready: by a `Memory`, for whoever scans it again and again. Edits are looked for
    that fix what `wants` says yes to.
    """
    is_wide = policy.scope is not Scope.ACTIONS
    tree = (opened or partial(opened_anew, clock))(files, policy.declared, is_wide)
    known = set(tree.project.compiled)
    tree.failures += [Failure(path, "there is no such source file") for path in only if path not in known]
    candidates = [p for p in only if p in known] if only else tree.judged_files()
    if not only:
        tree.note_unread(policy.covers)
    meant = [path for path in candidates if policy.covers(path)]
    unbuilt = tree.unbuilt(meant)
    covered = [path for path in meant if path not in unbuilt]
    judged: list[JudgedAction] = []
    with in_force(policy.conventions), deep_recursion():
        for done, path in enumerate(covered):
            watch(done, len(covered))
            for action in tree.actions(path):
                judged.append(as_declared(tree, action, policy))
        judged = list(with_suggestions(tree, judged, partial(as_declared, policy=policy), wants))
        challenger = Challenger(tree, partial(as_declared, policy=policy), challenge_steps)
        judged = [challenger.challenged(action) for action in judged] if challenge_steps else judged
        beside = scanned(tree, policy, [path for path in only if path in known] if only else tree.project.sources)
    left_out = set(tree.judged_files()) & set(candidates) - set(meant)
    if not only:
        tree.failures += [Failure(path, f"{SUBMODULE}, which is not read") for path in tree.project.submodules()]
    found = finished(judged, beside, (tree,), tree.project.phases, left_out, unbuilt & set(tree.judged_files()))
    return replace(found, challenge=challenger.outcome()) if challenge_steps else found


def opened_anew(clock: Clock, files: Files, declared: Declared, with_handlers: bool) -> Codebase:
    """A tree of which nothing is kept from the last time."""
    return codebase_of(files, Parsed(clock), declared, with_handlers=with_handlers)


def as_declared(tree: Codebase, action: ServerAction, policy: Policy) -> JudgedAction:
    """What we say of an action of which every declaration counts."""
    return judge(tree, action, policy, declared(tree, action, policy))


def explain(files: Files, path: str, name: str | None, policy: Policy) -> tuple[str, ...]:
    """What the actions of a file do, in order, with the facts that held and where each came from; all, or the named."""
    tree = codebase_of(files, Parsed(), policy.declared, with_handlers=True)
    with in_force(policy.conventions), deep_recursion():
        chosen = [a for a in tree.actions(path) if name in (None, a.name, a.name_in_code)]
        return tuple(line for action in chosen for line in explanation(tree.executed(action)))


def actions_by_file(files: Files, policy: Policy) -> dict[str, tuple[str, ...]]:
    """The names of the Server Actions of each file that has any, and the methods of route handlers."""
    tree = codebase_of(files, Parsed(), policy.declared, with_handlers=True)
    with deep_recursion():
        found = {path: tuple(a.name for a in tree.actions(path) if a.name) for path in tree.judged_files()}
    return {path: names for path, names in found.items() if names}


def endpoints(
    files: Files, policy: Policy, is_meant: Callable[[str], bool] = lambda path: True
) -> tuple[tuple[JudgedAction, Endpoint], ...]:
    """The actions of the files that are meant, each judged, and as whoever calls it over the network meets it."""
    tree = codebase_of(files, Parsed(), policy.declared)
    with deep_recursion():
        return tuple(
            (as_declared(tree, action, policy), endpoint_of(tree, action))
            for path in tree.action_files()
            if is_meant(path)
            for action in tree.actions(path)
        )


def cookies_of(files: Files) -> tuple[str, ...]:
    """The cookies that code of the server reads by name; sorted."""
    return cookies_named(Project(files, Parsed()))


def matrix(files: Files, policy: Policy, only: Sequence[str] = (), watch: Watch = unwatched) -> Matrix:
    """Who may do what by each action, page and handler of requests of a tree, or of the files `only`."""
    tree = codebase_of(files, Parsed(), policy.declared, with_handlers=True)
    chosen = [path for path in only or tree.project.sources if policy.covers(path)]
    with_actions = [path for path in chosen if path in set(tree.judged_files()) - tree.unbuilt(chosen)]
    found: list[Entrance] = []
    with deep_recursion():
        for done, path in enumerate(with_actions):
            watch(done, len(with_actions))
            found += [entrance_of(as_declared(tree, action, policy)) for action in tree.actions(path)]
        found += pages_of(tree, chosen)
    return Matrix(tuple(found), tuple({(f.path, f.reason): f for f in tree.failures}.values()))


def entrance_of(action: JudgedAction) -> Entrance:
    """The row of an action."""
    name = action.name_in_code or action.name or f"inline action of line {action.line}"
    kind = "route" if action.address else "action"
    return Entrance(kind, action.path, action.line, name, action.access)


@dataclass(frozen=True, slots=True)
class Traced:
    """A judged action, and the files that it executes."""

    action: JudgedAction
    files: frozenset[str]


class Tracing:
    """What is kept between trees of one repository: files that are the same are parsed once."""

    def __init__(self) -> None:
        self.parsed = Parsed()


def traced(files: Files, policy: Policy, path: str, tracing: Tracing) -> tuple[Traced, ...]:
    """The actions of a file, each with the files that it executes."""
    tree = codebase_of(files, tracing.parsed, policy.declared, with_handlers=True)
    with deep_recursion():
        return tuple(
            Traced(as_declared(tree, action, policy), frozenset(span.path for span in tree.executed(action).visited))
            for action in tree.actions(path)
        )


def names_of(files: Files, path: str) -> frozenset[str]:
    """The names that a file exports or declares at its top level."""
    project = Project(files, Parsed())
    module = project.module(path)
    declared_here = [name for each in module.statements for name in declared_names(each)] if module is not None else []
    return frozenset((*project.export_names(path), *declared_here))


def schema(files: Files, policy: Policy) -> tuple[TableSeen, ...]:
    """The tables of a tree, with whose their rows are and why."""
    with in_force(policy.conventions):
        return tuple(tables_seen(codebase_of(files, Parsed(), policy.declared).ownership()))


def columns_of(files: Files) -> dict[str, tuple[str, ...]]:
    """The tables of a tree by all their names, each with its columns and the relations that it names."""
    tables = codebase_of(files, Parsed()).ownership().tables.all
    relations = {t.name: tuple(r.relation for r in t.references if r.relation) for t in tables}
    return {name: (*table.columns, *relations[table.name]) for table in tables for name in table.names}


def is_written(files: Files, name: Change) -> bool:
    """Whether some name in the code, or in a schema, is one of those that a change of a convention speaks of."""
    paths = [path for path in files.paths() if is_source(path) or path.endswith((".prisma", ".sql"))]
    texts = (blob.content.decode("utf-8", "replace") for blob in files.read(paths).values())
    words = (word for text in texts for word in set(_WORD.findall(text)))
    return any(name.says(word) is not None for word in words)


_WORD = re.compile(r"[\w$-]+")


def review(
    base: Files,
    head: Files,
    changes: Sequence[FileChange],
    policy: Policy,
    clock: Clock = stopped,
    most_steps: int = STEPS_OF_A_SIDE,
    tip: Files | None = None,
    watch: Watch = unwatched,
    challenge_steps: int = 0,
) -> Analysis:
    """Judge the actions that a change touches, and say what it introduced and what it fixed.

    `challenge_steps`, see `scan`: the checks of the touched actions are taken out, as they stand at head.

    `tip` is the commit whose comments count, where that is not `base`: the branch may have gone on since.

    Those for which `most_steps` do not suffice are not judged, and named as such.
    """
    parsed = Parsed(clock)
    opened = partial(codebase_of, parsed=parsed, declared=policy.declared, most_steps=STEPS_BESIDE)
    opened = partial(opened, with_handlers=policy.scope is Scope.BOTH)
    before, after = opened(base), opened(head)
    now = opened(tip) if tip is not None else before
    with in_force(policy.conventions), deep_recursion():
        found = list(touched(before, after, now, changes, policy, most_steps, watch))
        at_head = partial(judge, policy=policy, public=None)
        judged = list(with_suggestions(after, found, at_head, brought_by_the_change))
        challenger = Challenger(after, at_head, challenge_steps)
        judged = [challenger.challenged(action) for action in judged] if challenge_steps else judged
        beside = tuple(reviewed(before, after, now, changes, policy))
        after.note_unread({change.path for change in changes if policy.covers(change.path)}.__contains__)
    after.failures += unread_links(after, changes)
    known = {action.path for action in judged} | {each.path for each in after.unjudged}
    after.unjudged += unread_files(after, [c for c in changes if policy.covers(c.path)], known)
    changed = {change.path for change in changes} & set(after.judged_files())
    left_out = {path for path in changed if not policy.covers(path)}
    unbuilt = after.unbuilt(changed - left_out)
    with deep_recursion():
        tests = tuple(regression_tests(after, judged))
    analysis = finished(judged, beside, (after,), parsed.phases, left_out, unbuilt)
    return replace(analysis, tests=tests, challenge=challenger.outcome() if challenge_steps else None)


def touched(
    before: Codebase,
    after: Codebase,
    tip: Codebase,
    changes: Sequence[FileChange],
    policy: Policy,
    most_steps: int,
    watch: Watch,
) -> Iterator[JudgedAction]:
    """The actions that a change touches, judged at head against base; what is decided at `tip` counts."""
    at_head, at_base, old_paths = changed_at_head(changes), changed_at_base(changes), renamed(changes)
    candidates = [
        # What a change moves out of sight is looked at once more.
        path
        for path in candidates_of(before, after, changes)
        if policy.covers(path) or policy.covers(old_paths.get(path, path))
    ]
    unbuilt = after.unbuilt(candidates)
    candidates = [path for path in candidates if path not in unbuilt]
    after.project.prefetch(candidates)
    before.project.prefetch(old_paths.get(path, path) for path in candidates)
    edited = {change.path for change in changes}
    candidates = sorted(candidates, key=lambda path: (path not in edited, path))
    execute_fairly(after, [after.actions(path) for path in candidates], most_steps, watch)
    execute_fairly(before, [before.actions(old_paths.get(path, path)) for path in candidates], most_steps)
    for path in candidates:
        old_path = old_paths.get(path, path)
        old = by_identity(before.actions(old_path))
        current = old if tip is before else by_identity(tip.actions(old_path) or tip.actions(path))
        for key, action in by_identity(after.actions(path)).items():
            then = old.get(key)
            if action not in after.facts or (then is not None and then not in before.facts):
                after.unjudged.append(Unjudged(path, action.name, action.line, OUT_OF_STEPS))
                continue
            if then is None:
                decided = Decided(tip=stood(tip, current.get(key), policy, path))
                judged = judge(after, action, policy, public_in(after, action, policy, decided), decided=decided)
                new = compared(judged, None, frozenset(), {}, Touch.EDITED, ())
                yield meant(after, action, caused_before(new, edited))
                continue
            was = before.executed(then).effects
            earlier = judge(before, then, policy, declared(before, then, policy), path)
            decided = decided_at(before, then, earlier, tip, current.get(key), policy, path)
            # What the change does to the neighbours says nothing about this action.
            public = public_in(after, action, policy, decided)
            judged = judge(after, action, policy, public, before=was, decided=decided, witness=(before, then))
            touch = touch_of(after, action, at_head) or touch_of(before, then, at_base)
            if touch is None and declares(after, action) != declares(before, then):
                touch = (Touch.EDITED, ())
            if touch is None and prints(judged).keys() != prints(earlier).keys():
                touch = (Touch.REACHED, ())
            if touch is not None:
                bared = newly_exposed(after.executed(action).effects, was)
                found = compared(judged, earlier, evidences(was), bared, *touch)
                yield meant(after, action, caused_before(found, edited))


def meant(tree: Codebase, action: ServerAction, judged: JudgedAction) -> JudgedAction:
    """A touched action, with the callers for whom it is there, where who gets through is in question."""
    in_question = {entry.item for entry in judged.checklist if entry.answer in (Answer.NO, Answer.UNSEEN)}
    if in_question.isdisjoint({Item.AUTHENTICATION, Item.OWNERSHIP}):
        return judged
    facts = tree.executed(action)
    return replace(judged, intended=intended(facts.audience(), facts.reserved()))


def decided_at(
    before: Codebase,
    then: ServerAction,
    earlier: JudgedAction,
    tip: Codebase,
    current: ServerAction | None,
    policy: Policy,
    path: str,
) -> Decided:
    """What comments decide about an action that stood at base. `path` is where it stands in the new tree."""
    ignored = ignored_by(before, then, earlier.findings)
    at_base = Stood(ignored, earlier.operations, declared_in_code(before, then))
    return Decided(at_base, at_base if tip is before else stood(tip, current, policy, path))


def stood(tree: Codebase, action: ServerAction | None, policy: Policy, path: str) -> Stood:
    """An action under its comments; one without any is not executed, because nothing hangs on what it does."""
    if action is None or not (declares(tree, action) or policy_public(action, policy)):
        return Stood()
    judged = judge(tree, action, policy, declared(tree, action, policy), path)
    return Stood(ignored_by(tree, action, judged.findings), judged.operations, declared_in_code(tree, action))


def public_in(tree: Codebase, action: ServerAction, policy: Policy, decided: Decided) -> Public | None:
    """Why an action of a change is public, if somebody declared so on the base branch."""
    return policy_public(action, policy) or decided.public(declared_in_code(tree, action))


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
        return list(after.judged_files())
    return sorted(set(after.judged_files()) & reached)


def evidences(effects: Iterable[Effect]) -> frozenset[str]:
    """What findings on these effects would name as their cause."""
    return frozenset(evidence(effect) for effect in effects)


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


def declared(tree: Codebase, action: ServerAction, policy: Policy) -> Public | None:
    """Why an action is public by declaration, if it is."""
    return policy_public(action, policy) or declared_in_code(tree, action)


def policy_public(action: ServerAction, policy: Policy) -> Public | None:
    """Why the configuration declares an action public, if it does."""
    reason = policy.why_public(action.path, action.name)
    return Public(reason, DeclaredIn.CONFIGURATION) if reason is not None else None


def declared_in_code(tree: Codebase, action: ServerAction) -> Public | None:
    """Why a comment declares an action public, if one does."""
    module = tree.project.module(action.path)
    found = declared_public(module, action) if module is not None else None
    return Public(found.reason, DeclaredIn.CODE) if found is not None else None


def judge(
    tree: Codebase,
    action: ServerAction,
    policy: Policy,
    public: Public | None,
    path: str | None = None,
    before: tuple[Effect, ...] = (),
    decided: Decided | None = None,
    witness: tuple[Codebase, ServerAction] | None = None,
) -> JudgedAction:
    """What we say of an action. `path` is where it stands in the new tree, if elsewhere; `before`, what it once did.

    `decided` is what counts of the comments, and for what; None: all of them. `witness` is the action as it once
    was, whose neighbours tell what is usual here; None: its neighbours of today do.
    """
    facts = replace(tree.executed(action), before=before, role=policy.role_of(action.path, action.name))
    if public is not None:
        facts = replace(facts, opened=public)
    elif facts.is_only_read():
        among, one = witness or (tree, action)
        facts = replace(facts, siblings=among.siblings(one))
    found = one_per_cause(findings_of(facts, RULES, path or action.path, tree.failures), ITEMS)
    here = ignored_by(tree, action, found)
    found += idle_findings(tree, action, facts, here, path or action.path)
    operations = operations_of(facts.effects, facts.parameters)
    found = worst_first(marked(weighed(found, policy, action.path, action.name), here, decided, operations))
    checklist = checklist_of(facts, found, ITEMS)
    about_owners = [each for each in found if ITEMS[each.rule] is Item.OWNERSHIP and each.rule not in ABOUT_RIGHTS]
    return JudgedAction(
        path=action.path,
        name=action.name,
        line=action.line,
        end_line=action.end_line,
        form=action.form,
        opened=facts.opened,
        parameters=facts.parameters,
        touch=None,
        touched_by=(),
        checklist=checklist,
        unseen=unseen_of(facts, checklist),
        findings=tuple(each for each in found if each.rule not in policy.off),
        role=facts.role,
        needs=needed_by(facts),
        pending=pending_in(tree, action, here, decided, public) if decided is not None else (),
        operations=operations,
        beyond_declared=decided.beyond(operations) if decided is not None and public is not None else (),
        name_in_code=action.name_in_code,
        address=action.address,
        access=access_of(facts, checklist, about_owners),
    )


def pending_in(
    tree: Codebase, action: ServerAction, here: Ignored, decided: Decided, public: Public | None
) -> tuple[Pending, ...]:
    """The declarations that a change adds."""
    was_public = public is not None or decided.before.public is not None
    return pending(tree, action, here, decided.before.ignored, was_public)


def idle_findings(
    tree: Codebase, action: ServerAction, facts: ActionFacts, here: Ignored, path: str
) -> tuple[Finding, ...]:
    """What is said of declarations from which nothing follows, now that all other findings are known."""
    idle = replace(facts, idle_declarations=tuple(unused(tree, action, here)))
    told = rule("idle-declaration")
    return findings_of(idle, (told,), path, tree.failures) if told is not None else ()


def finished(
    judged: Sequence[JudgedAction],
    beside: tuple[JudgedFile, ...],
    trees: Sequence[Codebase],
    phases: Phases,
    left_out: Iterable[str],
    unbuilt: Iterable[str],
) -> Analysis:
    """The analysis as a whole."""
    paths = [action.path for action in judged]
    failures = {(f.path, f.reason): f for tree in trees for f in tree.failures}
    for tree in trees:
        failures |= {(path, why): Failure(path, why) for path, why in tree.project.refusals().items()}
    return Analysis(
        tuple(sorted(judged, key=lambda a: (a.path, a.line))),
        tuple(failures.values()),
        Stats(
            sum(t.project.files_read for t in trees),
            sum(t.project.bytes_read for t in trees),
            phases.milliseconds(),
        ),
        tuple(sorted(left_out)),
        beside,
        tuple(sorted((each for tree in trees for each in tree.unjudged), key=lambda each: (each.path, each.line or 0))),
        tuple(sorted(unbuilt)),
        outdated=tuple(outdated(trees[-1].project.files, paths, trees[-1].renderings.routes.has_code_in_front))
        if paths
        else (),
    )
