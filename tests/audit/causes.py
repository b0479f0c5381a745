"""What is suspicious about one executed action: signs that the engine has lost a path or a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.actions.world import TOUCHES
from preship.analyzers.codebase import Codebase
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Case, Configured, NotCase
from preship.analyzers.flow.values import Array, Constant, Object, Undefined, Value
from preship.analyzers.project.resolved import ResolvedFile
from preship.analyzers.source.tree import Function, Span
from preship.analyzers.source.walk import within
from tests.audit.code import Called, Code


class Cause(StrEnum):
    """The kinds of signs."""

    SILENT = "no effect, and calls are awaited"
    CALLED = "undefined or null is called"
    READ = "a property of undefined or null is read"
    UNDEFINED = "a key or data is undefined"
    WRITE = "a write-like call without effect or unseen"
    GUARD = "a guard-like exit, and nothing is proven"


@dataclass(frozen=True, slots=True, order=True)
class Sign:
    """One suspicious place of an action."""

    cause: Cause
    path: str
    line: int


WRITE_LIKE = re.compile(
    "(create|update|delete|insert|save|remove|send|publish|upload|upsert|destroy|add|set|put|post|patch|write|push"
    "|invite|archive|cancel|revoke|grant|assign|enqueue|dispatch|trigger|sync)(?![a-z])"
)
"""The first word of a name that promises a change."""

NOTES = frozenset(
    {
        EffectKind.RETURN,
        EffectKind.THROW,
        EffectKind.PROOF,
        EffectKind.OWN,
        EffectKind.CLAIM,
        EffectKind.STOP,
        EffectKind.PARSE,
        EffectKind.SCREEN,
        EffectKind.FILTER,
    }
)
"""What is no effect on anything outside."""

NO_PROOFS = (Case, NotCase, Configured)


class Audit:
    """The signs of one codebase's actions."""

    def __init__(self, tree: Codebase) -> None:
        self._tree = tree
        self._code = cache(lambda path: Code(tree.project, path))

    def signs(self, action: ServerAction) -> frozenset[Sign]:
        """Everything suspicious about an action."""
        facts = self._tree.executed(action)
        return frozenset(
            (
                *self._silent(action, facts),
                *crashes(facts),
                *undefined_parts(facts),
                *self._writes(facts),
                *self._guards(action, facts),
            )
        )

    def _silent(self, action: ServerAction, facts: ActionFacts) -> Iterator[Sign]:
        """An action that awaits what leaves no trace, and does nothing besides."""
        if any(effect.kind not in NOTES for effect in facts.effects):
            return
        for span in self._own_functions(action):
            for call in self._code(span.path).calls(span):
                if call.is_awaited and not has_left_a_trace(call, facts):
                    yield Sign(Cause.SILENT, action.path, call.span.line)
                    return

    def _writes(self, facts: ActionFacts) -> Iterator[Sign]:
        """Calls that promise a change, of what was imported, at which nothing stands."""
        for span in facts.visited:
            code = self._code(span.path)
            for call in code.calls(span):
                promises_a_change = WRITE_LIKE.match(call.name) and self._is_foreign(call, code, span.path)
                if promises_a_change and not has_left_a_trace(call, facts):
                    yield Sign(Cause.WRITE, call.span.path, call.span.line)

    def _is_foreign(self, call: Called, code: Code, path: str) -> bool:
        """Whether a call is of something imported; a function of the repository is looked into by itself.

        What is known by name, and has no effect, is known to have none.
        """
        found = code.import_behind(call.root)
        if found is None:
            return False
        specifier, name = found
        if isinstance(self._tree.project.resolve(path, specifier), ResolvedFile):
            return call.root != call.name
        known = self._tree.libraries.library_model(specifier)
        row = known.handler((name,)) if known and call.root == call.name else known and known.otherwise
        return row is None

    def _guards(self, action: ServerAction, facts: ActionFacts) -> Iterator[Sign]:
        """Early exits before the first effect, where that effect has nothing proven."""
        first = next((effect for effect in facts.effects if effect.kind in TOUCHES), None)
        if first is None or any(not isinstance(fact, NO_PROOFS) for fact in first.facts):
            return
        places = (*first.trail, first.span)
        for span in self._own_functions(action):
            inside = [place for place in places if is_within(place, span)]
            for each in self._code(span.path).exits(span):
                if inside and each.span.end <= inside[0].start:
                    yield Sign(Cause.GUARD, each.span.path, each.span.line)

    def _own_functions(self, action: ServerAction) -> Sequence[Span]:
        """The functions that an action is written as."""
        if action.function is not None:
            return (action.function.span,)
        nodes = within(action.value) if action.value is not None else ()
        return [node.span for node in nodes if isinstance(node, Function)]


def crashes(facts: ActionFacts) -> Iterator[Sign]:
    """Where a path ended because something is null or undefined."""
    for crash in facts.crashes:
        yield Sign(Cause.CALLED if crash.is_call else Cause.READ, crash.span.path, crash.span.line)


def undefined_parts(facts: ActionFacts) -> Iterator[Sign]:
    """Effects on the world whose key or data is, or holds, what is surely undefined."""
    for effect in facts.effects:
        if effect.kind in TOUCHES and any(holds_undefined(value) for value in (effect.key, effect.data)):
            yield Sign(Cause.UNDEFINED, effect.span.path, effect.span.line)


def holds_undefined(value: Value | None, depth: int = 4) -> bool:
    """Whether a value, or a field of it, is surely undefined."""
    if value is None or depth == 0:
        return False
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Constant):
        return isinstance(shape.value, Undefined)
    if isinstance(shape, Object):
        return any(holds_undefined(field, depth - 1) for _, field in shape.fields)
    return isinstance(shape, Array) and any(holds_undefined(item, depth - 1) for item in shape.items or ())


def has_left_a_trace(call: Called, facts: ActionFacts) -> bool:
    """Whether any effect stands at a call, or behind it."""
    return any(stands_at(effect, call.span) for effect in facts.effects)


def stands_at(effect: Effect, span: Span) -> bool:
    """Whether an effect is a call's: of a chain it may be noted at another link."""
    return any(is_within(place, span) for place in (effect.span, *effect.trail)) or (
        effect.kind not in NOTES and is_within(span, effect.span)
    )


def is_within(inner: Span, outer: Span) -> bool:
    """Whether one stretch lies in another of the same file."""
    return inner.path == outer.path and outer.start <= inner.start and inner.end <= outer.end
