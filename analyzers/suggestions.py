"""Edits that fix a finding, each tried before it is offered: the edited file is judged again, and must be fixed.

An edit imports nothing: only what the file has already is called, so that its lines are all that there is to accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.world import evidence
from preship.analyzers.codebase import STEPS_OF_AN_EDIT, Codebase
from preship.analyzers.edits.candidates import candidates
from preship.analyzers.edits.scene import Scene
from preship.analyzers.project.edited import EditedFiles
from preship.analyzers.results import Answer, JudgedAction, Touch
from preship.analyzers.rule import Confidence, Edit, Finding, Item, Persona, Status
from preship.analyzers.rulebook import rule
from preship.analyzers.source.tree import Function
from preship.analyzers.source.walk import within

MOST_TRIED = 12
"""Edits tried in one review: each costs the execution of one action."""

MOST_STEPS = 300_000
"""Steps taken for all of them: some 10 seconds."""

MOST_OF_ONE = 4
"""Edits tried for one finding."""

Judge = Callable[[Codebase, ServerAction], JudgedAction]

Wants = Callable[[JudgedAction, Finding], bool]
"""Whether an edit is looked for that fixes a finding."""


@dataclass(slots=True)
class Budget:
    """What may still be tried in one review."""

    edits: int = MOST_TRIED
    steps: int = MOST_STEPS

    @property
    def is_left(self) -> bool:
        """Whether one more edit may be tried."""
        return self.edits > 0 and self.steps > 0

    def spend(self, tree: Codebase) -> None:
        """One edit was tried, in a tree of its own."""
        self.edits -= 1
        self.steps -= tree.interpreter.spent


def with_suggestions(
    tree: Codebase, judged: Iterable[JudgedAction], judge: Judge, wants: Wants
) -> Iterator[JudgedAction]:
    """The same actions; findings that are wanted have a suggestion where an edit was found that fixes them."""
    budget = Budget()
    for action in judged:
        findings: list[Finding] = []
        for finding in action.findings:
            edits = takewhile(lambda _: budget.is_left, islice(_edits(tree, action, finding, wants), MOST_OF_ONE))
            mending = (_mending(tree, action, finding, edit, judge, budget) for edit in edits)
            findings.append(replace(finding, suggestion=next(filter(None, mending), None)))
        yield replace(action, findings=tuple(findings))


def brought_by_the_change(action: JudgedAction, finding: Finding) -> bool:
    """Whether a finding is new on lines that the change touches: what a review offers edits for."""
    return finding.status in (Status.INTRODUCED, Status.WORSENED) and action.touch is Touch.EDITED


def _edits(tree: Codebase, action: JudgedAction, finding: Finding, wants: Wants) -> Iterator[Edit]:
    """What might fix a finding that is wanted; nothing where it stands outside of the action, or is meant to stand."""
    module, text = tree.project.module(action.path), _text(tree, action.path)
    found = _action_at(tree, action)
    function = _code_around(found, finding.line) if found is not None else None
    is_open = finding.ignored is None and finding.path == action.path and _counts(finding)
    if not is_open or not wants(action, finding) or module is None or text is None or found is None or function is None:
        return
    neighbours = tuple(_knowing_neighbours(tree, found))
    yield from candidates(Scene(text, module, function, finding, neighbours))


def _code_around(action: ServerAction, line: int) -> Function | None:
    """The code of an action in which a line stands: its own, or what it hands to a wrapper."""
    given = within(action.value) if action.value is not None else ()
    functions = [action.function] if action.function is not None else [f for f in given if isinstance(f, Function)]
    return next((each for each in functions if each.span.line <= line <= each.span.end_line), None)


def _counts(finding: Finding) -> bool:
    """Whether it is more than a doubt or a nuance: every caller of a guard shares those of the guard's own module."""
    return finding.confidence is not Confidence.LOW and finding.persona is Persona.REGULAR


def _knowing_neighbours(tree: Codebase, action: ServerAction) -> Iterator[Function]:
    """The other actions of the file that do something, and nothing for those who are not known."""
    for other in tree.beside(action):
        if other.function is not None:
            facts = tree.executed(other)
            if facts.public is None and facts.touching_effects() and facts.anonymous_effect() is None:
                yield other.function


def _mending(
    tree: Codebase, action: JudgedAction, finding: Finding, edit: Edit, judge: Judge, budget: Budget
) -> Edit | None:
    """The edit with what it leaves, if the file is read as well as before and the action has but lost this finding.

    Faults that were hidden behind it are none that the edit brings: who is not known is not asked for a right either.
    """
    then = _judged_with(tree, action, edit, judge, budget)
    if then is None or not _is_answered(then, finding):
        return None
    before = {each.fingerprint for each in action.findings} - {finding.fingerprint}
    more = [each for each in then.findings if _counts(each) and each.fingerprint not in before]
    hidden = _hidden_behind(tree, action, finding)
    if any(each.fingerprint == finding.fingerprint or each.evidence not in hidden for each in more):
        return None
    return replace(edit, leaves=tuple(dict.fromkeys(each.title for each in more)))


def _judged_with(tree: Codebase, action: JudgedAction, edit: Edit, judge: Judge, budget: Budget) -> JudgedAction | None:
    """The action in the file with an edit; None where that is not read as well as before."""
    text = _text(tree, action.path)
    if text is None:
        return None
    lines = text.decode().split("\n")
    lines[edit.line - 1 : edit.end_line] = edit.text.split("\n")
    files = EditedFiles(tree.project.files, action.path, "\n".join(lines).encode())
    edited = tree.edited(files, (action.path,), STEPS_OF_AN_EDIT)
    then = _action_at(edited, action)
    judged = judge(edited, then) if then is not None else None
    budget.spend(edited)
    return judged if not edited.failures else None


def _hidden_behind(tree: Codebase, action: JudgedAction, finding: Finding) -> frozenset[str]:
    """The evidences of the faults that a finding hides: where nobody is asked who is calling, all that happens."""
    told, found = rule(finding.rule), _action_at(tree, action)
    if told is None or told.item is not Item.AUTHENTICATION or found is None:
        return frozenset()
    return frozenset(evidence(effect) for effect in tree.executed(found).effects)


def _is_answered(judged: JudgedAction, finding: Finding) -> bool:
    """Whether the question behind a finding is answered with a yes: what nobody can follow silences it as well."""
    told = rule(finding.rule)
    return any(
        told and entry.item is told.item and entry.answer in (Answer.YES, Answer.NOT_APPLICABLE)
        for entry in judged.checklist
    )


def _action_at(tree: Codebase, action: JudgedAction) -> ServerAction | None:
    """The same action in a tree, whose first line no edit moves."""
    here = (each for each in tree.actions(action.path) if (each.name, each.line) == (action.name, action.line))
    return next(here, None)


def _text(tree: Codebase, path: str) -> bytes | None:
    """The text of a file; None for one whose line ends or characters an edit would change."""
    blob = tree.project.blob(path)
    if blob is None or b"\r" in blob.content:
        return None
    try:
        blob.content.decode()
    except UnicodeDecodeError:
        return None
    return blob.content
