"""Whether the checks that a verdict rests on matter: each is taken out, and the action is judged once more.

A verdict that stays as it was rests on something else than what is said, and then nobody can rely on it: the answer is
that it could not be seen. Of several checks in a row each is enough by itself, so they are taken out one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.actions.world import CHOOSE_RECORDS
from preship.analyzers.codebase import Codebase
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Owns, Role
from preship.analyzers.project.edited import EditedFiles
from preship.analyzers.results import Answer, Challenge, ChecklistEntry, JudgedAction, Unflipped
from preship.analyzers.rule import Item
from preship.analyzers.source.tree import (
    Await,
    Call,
    Conditional,
    Declare,
    Evaluate,
    Expression,
    If,
    Module,
    Node,
    Return,
    Span,
    Throw,
)
from preship.analyzers.source.walk import within

MOST_TAKEN_OUT = 6
"""Checks of one verdict; more than four in a row were not seen."""

STEPS_OF_A_CHALLENGE = 5_000_000
"""Steps for all actions of a scan: some three minutes."""

Judge = Callable[[Codebase, ServerAction], JudgedAction]


@dataclass(slots=True)
class Challenger:
    """Takes out the checks of one tree's actions, as long as its steps last."""

    tree: Codebase
    judge: Judge
    steps: int
    flipped: int = 0
    unflipped: list[Unflipped] = field(default_factory=list)
    left: int = 0
    """Verdicts that were not tried: the steps were used up, or no statement is the check."""

    def challenged(self, judged: JudgedAction) -> JudgedAction:
        """The same action; an answer that its checks do not decide is one that could not be seen."""
        return replace(judged, checklist=tuple(self._entry(judged, entry) for entry in judged.checklist))

    def outcome(self) -> Challenge:
        """What came of it so far."""
        return Challenge(self.flipped, tuple(self.unflipped), self.left)

    def _entry(self, judged: JudgedAction, entry: ChecklistEntry) -> ChecklistEntry:
        is_asked = entry.item in (Item.AUTHENTICATION, Item.OWNERSHIP) and entry.answer is Answer.YES
        action = _same(self.tree, judged) if is_asked and entry.path is not None else None
        if action is None:
            return entry
        is_flipped = (
            self._is_flipped(action, entry.item) if self.steps > 0 and self._is_a_check(action, entry) else None
        )
        if is_flipped is None:
            self.left += 1
        elif is_flipped:
            self.flipped += 1
        else:
            self.unflipped.append(Unflipped(judged.path, judged.name, judged.line, entry))
            said = f"stays so without this check, so nobody can rely on it: {entry.evidence}"
            return replace(entry, answer=Answer.UNSEEN, evidence=said)
        return entry

    def _is_a_check(self, action: ServerAction, entry: ChecklistEntry) -> bool:
        """Whether an answer rests on what was asked, and not on what the key of a statement says by itself."""
        if entry.item is Item.AUTHENTICATION:
            return True
        changes = (e for e in self.tree.executed(action).effects if e.kind in CHOOSE_RECORDS)
        return all((effect.span.path, effect.span.line) != (entry.path, entry.line) for effect in changes)

    def _is_flipped(self, action: ServerAction, item: Item) -> bool | None:
        """Whether the answer changes once the checks are gone; None where none of them can be taken out."""
        tree, taken = self.tree, 0
        while taken < MOST_TAKEN_OUT:
            edited = next(_without_a_check(tree, tree.executed(action), item), None)
            if edited is None:
                return False if taken else None
            found = _same(edited, action)
            if found is None:
                return None
            tree, action, taken = edited, found, taken + 1
            judged = self.judge(tree, action)
            self.steps -= tree.interpreter.spent
            if _answer(judged, item) is not Answer.YES:
                return True
            if self.steps <= 0:
                return None
        return False


def _answer(judged: JudgedAction, item: Item) -> Answer:
    return next(entry.answer for entry in judged.checklist if entry.item is item)


def _same(tree: Codebase, wanted: JudgedAction | ServerAction) -> ServerAction | None:
    """The action that stands where another one does: nothing moves when a check is taken out."""
    return next((a for a in tree.actions(wanted.path) if (a.name, a.line) == (wanted.name, wanted.line)), None)


def _without_a_check(tree: Codebase, facts: ActionFacts, item: Item) -> Iterator[Codebase]:
    """The tree without one of the checks that an answer rests on, the last one that can be taken out first."""
    for span in dict.fromkeys(reversed(list(_checks(facts, item)))):
        module, blob = tree.project.module(span.path), tree.project.blob(span.path)
        taken = _taken_out(module, span) if module is not None else None
        if blob is not None and taken is not None:
            at, text = taken
            gone = blob.content[at.start : at.end]
            blank = bytes(byte if byte in b"\r\n" else 32 for byte in gone[: -len(text) or None])
            content = blob.content[: at.start] + text + blank[: len(gone) - len(text)] + blob.content[at.end :]
            yield tree.edited(EditedFiles(tree.project.files, span.path, content), {span.path})


def _checks(facts: ActionFacts, item: Item) -> Iterator[Span]:
    """Where it becomes known who is calling, or what is theirs or in their power."""
    kind = EffectKind.PROOF if item is Item.AUTHENTICATION else EffectKind.OWN
    yield from (effect.span for effect in facts.effects if effect.kind is kind)
    if item is Item.OWNERSHIP:
        proven = {fact.by for effect in facts.effects for fact in effect.facts if isinstance(fact, Role | Owns)}
        yield from sorted(proven)


def _taken_out(module: Module, span: Span) -> tuple[Span, bytes] | None:
    """What to write in which place so that a check is gone: the statement that refuses, or the answer of a test."""
    around = [node for node in within(*module.statements) if _contains(node.span, span)]
    for node in reversed(around):
        if isinstance(node, If) and _contains(node.test.span, span):
            if node.otherwise is None and _leaves(node):
                return node.span, b";"
            return node.test.span, b"(true)"
        if isinstance(node, Conditional) and _contains(node.test.span, span):
            return node.test.span, b"true"
        if isinstance(node, Evaluate) and _is_a_call(node.value):
            return node.span, b";"
        if isinstance(node, Declare):
            return _call_in(node.value, span)
    return None


def _contains(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer.end > outer.start


def _leaves(node: If) -> bool:
    """Whether what an `if` does is to refuse: what stands behind it goes on without it."""
    return any(isinstance(each, Return | Throw | Evaluate) for each in within(node.then))


def _is_a_call(value: Expression) -> bool:
    return isinstance(value.value if isinstance(value, Await) else value, Call)


def _call_in(value: Node | None, span: Span) -> tuple[Span, bytes] | None:
    """A call whose answer is used: instead of it stands what proves nothing."""
    if value is not None and _contains(value.span, span) and value.span.end - value.span.start > len("({})"):
        return value.span, b"({})"
    return None
