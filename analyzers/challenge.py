"""Whether the checks that a verdict rests on matter: each is taken out, and the action is judged once more.

A verdict that stays as it was rests on something else than what is said, and then nobody can rely on it: the answer is
that it could not be seen. Of several checks in a row each is enough by itself, so they are taken out one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.actions.world import CHOOSE_RECORDS
from preship.analyzers.codebase import Codebase
from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import Authenticated, Owns, Role
from preship.analyzers.project.edited import EditedFiles
from preship.analyzers.project.files import Files
from preship.analyzers.results import Answer, Challenge, ChecklistEntry, JudgedAction, Unflipped
from preship.analyzers.rule import Item
from preship.analyzers.source.tree import (
    Await,
    Block,
    Call,
    Conditional,
    Declare,
    Evaluate,
    Expression,
    Function,
    If,
    Module,
    Node,
    ObjectPattern,
    Return,
    Span,
    Throw,
)
from preship.analyzers.source.walk import within

MOST_TAKEN_OUT = 3
"""Checks of one verdict that are taken out one after another; behind those, all that refuse are, together."""

REFUSAL = b";"
"""What stands in place of a statement that refuses."""

STEPS_OF_A_CHALLENGE = 5_000_000
"""Steps for all actions of a scan: some three minutes."""

STEPS_OF_A_REVIEW = 300_000
"""Steps for the touched actions of a review: some ten seconds."""

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
        is_flipped = self._is_flipped(action, entry) if self.steps > 0 and self._is_a_check(action, entry) else None
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
        place = (entry.path, entry.line)
        effects = self.tree.executed(action).effects
        if any(e.client is not Client.SERVER and (e.span.path, e.span.line) == place for e in effects):
            # The other side judges: nothing here could be taken out.
            return False
        if entry.item is Item.AUTHENTICATION:
            proofs = (fact for effect in effects for fact in effect.facts if isinstance(fact, Authenticated))
            return any((proof.by.path, proof.by.line) == place for proof in proofs)
        changes = (effect.span for effect in effects if effect.kind in CHOOSE_RECORDS)
        return all((span.path, span.line) != place for span in changes)

    def _is_flipped(self, action: ServerAction, entry: ChecklistEntry) -> bool | None:
        """Whether the answer changes once the checks are gone; None where none of them can be taken out."""
        tree, now, taken, item = self.tree, action, 0, entry.item
        for _ in range(MOST_TAKEN_OUT):
            edited = _without_a_check(tree, tree.executed(now), entry)
            found = _same(edited, now) if edited is not None else None
            if edited is None or found is None:
                break
            tree, now, taken = edited, found, taken + 1
            if self._answered(tree, now)[item] is not Answer.YES:
                return True
            if self.steps <= 0:
                return None
        facts = self.tree.executed(action)
        refusals = list(dict.fromkeys(_refusals(self.tree, facts)))
        answers = self._without(action, refusals)
        if answers is None:
            return False if taken else None
        # Where nothing is left to protect, it is not the checks that are gone; of nobody's records nobody asks.
        is_open = answers[Item.AUTHENTICATION] in (Answer.NO, Answer.UNSEEN)
        if answers[item] is not Answer.YES and (is_open or answers[item] is not Answer.NOT_APPLICABLE):
            return True
        return self._fails_for_nobody(action, [*refusals, *_questions(self.tree, facts)])

    def _fails_for_nobody(self, action: ServerAction, pieces: Sequence[Piece]) -> bool:
        """Whether nothing happens without a session even where no statement refuses: `session.user.roles.at(0)` fails.

        Where something does, an answer that does not need the refusals rests on a session that was only read.
        """
        tree = _edited(self.tree, pieces)
        found = _same(tree, action) if tree is not None else None
        if tree is None or found is None:
            return False
        facts = tree.executed(found)
        self.steps -= tree.interpreter.spent
        return not any(facts.touching_effects())

    def _without(self, action: ServerAction, pieces: Sequence[Piece]) -> Mapping[Item, Answer] | None:
        """The answers without these pieces of the code; None where there are none."""
        tree = _edited(self.tree, pieces)
        found = _same(tree, action) if tree is not None else None
        return self._answered(tree, found) if tree is not None and found is not None else None

    def _answered(self, tree: Codebase, action: ServerAction) -> Mapping[Item, Answer]:
        judged = self.judge(tree, action)
        self.steps -= tree.interpreter.spent
        return {entry.item: entry.answer for entry in judged.checklist}


def _same(tree: Codebase, wanted: JudgedAction | ServerAction) -> ServerAction | None:
    """The action that stands where another one does: nothing moves when a check is taken out."""
    return next((a for a in tree.actions(wanted.path) if (a.name, a.line) == (wanted.name, wanted.line)), None)


def _without_a_check(tree: Codebase, facts: ActionFacts, entry: ChecklistEntry) -> Codebase | None:
    """The tree without one of the checks that an answer rests on: the one it names, then what refuses, then calls."""

    def order(piece: Piece) -> tuple[bool, bool]:
        return (piece.at.path, piece.at.line) != (entry.path, entry.line), piece.text != REFUSAL

    pieces = sorted(_pieces(tree, facts, entry.item), key=order)
    return _edited(tree, pieces[:1])


NOBODY = b"null"
"""What callers without a session get of a call that asks who is calling."""


def _questions(tree: Codebase, facts: ActionFacts) -> Iterator[Piece]:
    """The calls that ask who is calling, and answer nothing where there is nobody."""
    for span in dict.fromkeys(e.span for e in facts.effects if e.kind in (EffectKind.ASK, EffectKind.PROOF)):
        module = tree.project.module(span.path)
        around = [n for n in within(*module.statements) if _contains(n.span, span)] if module is not None else []
        calls = [node for node in around if isinstance(node, Call)]
        is_taken_apart = any(isinstance(n, Declare) and isinstance(n.pattern, ObjectPattern) for n in around)
        if calls and not is_taken_apart and calls[-1].span.end - calls[-1].span.start >= len(NOBODY):
            yield Piece(calls[-1].span, NOBODY)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the code, and what is written there instead; the lines stay where they are."""

    at: Span
    text: bytes


def _edited(tree: Codebase, pieces: Sequence[Piece]) -> Codebase | None:
    files: Files = tree.project.files
    for path in {piece.at.path for piece in pieces}:
        blob = tree.project.blob(path)
        if blob is None:
            return None
        content, end = blob.content, len(blob.content)
        for piece in sorted((p for p in pieces if p.at.path == path), key=lambda p: (-p.at.end, p.at.start)):
            if piece.at.end <= end:
                content, end = _replaced(content, piece), piece.at.start
        files = EditedFiles(files, path, content)
    return tree.edited(files, {piece.at.path for piece in pieces}) if pieces else None


def _replaced(content: bytes, piece: Piece) -> bytes:
    gone = content[piece.at.start : piece.at.end]
    blank = bytes(byte if byte in b"\r\n" else 32 for byte in gone)[len(piece.text) :]
    return content[: piece.at.start] + piece.text + blank + content[piece.at.end :]


def _pieces(tree: Codebase, facts: ActionFacts, item: Item) -> Iterator[Piece]:
    """What to write in place of each check, in the order of execution."""
    for span in dict.fromkeys(_checks(facts, item)):
        module = tree.project.module(span.path)
        piece = _taken_out(module, span) if module is not None else None
        yield from (piece,) if piece is not None else ()


def _refusals(tree: Codebase, facts: ActionFacts) -> Iterator[Piece]:
    for path in sorted({span.path for span in facts.visited}):
        module, inside = tree.project.module(path), [span for span in facts.visited if span.path == path]
        for node in within(*module.statements) if module is not None else ():
            if isinstance(node, If) and any(_contains(span, node.span) for span in inside) and _refuses(node):
                yield Piece(node.span, REFUSAL)


def _refuses(node: If) -> bool:
    """Whether an `if` does nothing but end the path."""
    last = node.then.statements[-1:] if isinstance(node.then, Block) else (node.then,)
    return node.otherwise is None and bool(last) and isinstance(last[0], Return | Throw | Evaluate)


def _checks(facts: ActionFacts, item: Item) -> Iterator[Span]:
    """Where it becomes known who is calling, or what is theirs or in their power."""
    kind = EffectKind.PROOF if item is Item.AUTHENTICATION else EffectKind.OWN
    yield from (effect.span for effect in facts.effects if effect.kind is kind)
    if item is Item.OWNERSHIP:
        proven = {fact.by for effect in facts.effects for fact in effect.facts if isinstance(fact, Role | Owns)}
        yield from sorted(proven)


def _taken_out(module: Module, span: Span) -> Piece | None:
    """What to write in which place so that a check is gone: the statement that refuses, or the answer of a test."""
    around = [node for node in within(*module.statements) if _contains(node.span, span)]
    for node in reversed(around):
        if isinstance(node, If) and _contains(node.test.span, span):
            return Piece(node.span, REFUSAL) if _refuses(node) else Piece(node.test.span, b"(true)")
        if isinstance(node, Conditional) and _contains(node.test.span, span):
            return Piece(node.test.span, b"true")
        if isinstance(node, Evaluate) and _is_a_call(node.value):
            return Piece(node.span, b"0;")
        if isinstance(node, Declare):
            return _call_in(node.value, span)
    return None


def _contains(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer.end > outer.start


def _is_a_call(value: Expression) -> bool:
    return isinstance(value.value if isinstance(value, Await) else value, Call)


def _call_in(value: Node | None, span: Span) -> Piece | None:
    """A call whose answer is used: instead of it stands what proves nothing."""
    if value is None or not _contains(value.span, span) or value.span.end - value.span.start <= len("({})"):
        return None
    return Piece(value.span, b"({})") if not any(isinstance(each, Function) for each in within(value)) else None
