"""What an action does, operation by operation: what people look at when they decide that a finding may stand.

An operation is named by its kind, its target, what chooses it and what it writes; by no line, no spelling, and no name
that its author could give to a parameter or a variable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from preship.analyzers.actions.parameters import DeclaredParameter
from preship.analyzers.actions.words import described, not_followed
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Authenticated, Owns, Strength, has_right
from preship.analyzers.flow.origins import (
    Captured,
    Caught,
    Input,
    Origin,
    Remote,
    Request,
    Secret,
    Session,
    Stored,
    roots,
)
from preship.analyzers.flow.values import (
    Array,
    Constant,
    Library,
    Object,
    Promise,
    Shape,
    Undefined,
    Unknown,
    Value,
    origins_of,
)

LOOKED_AT = frozenset(
    {
        EffectKind.READ,
        EffectKind.INSERT,
        EffectKind.WRITE,
        EffectKind.DELETE,
        EffectKind.SQL,
        EffectKind.SEND,
        EffectKind.PAY,
        EffectKind.FETCH,
        EffectKind.FILE,
        EffectKind.RUN,
        EffectKind.REDIRECT,
        EffectKind.DIAL,
        EffectKind.IDENTIFY,
        EffectKind.SIGN,
        EffectKind.UNSEEN,
    }
)
"""What counts as done. Logs, caches and cookies of the caller's own do not, nor does asking who calls."""

CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE, EffectKind.PAY})
"""What makes, changes or removes a record."""

TOLD = (Stored, Secret, Caught, Remote)
"""Origins of what an answer hands out."""

DEEPEST = 6
"""Values inside values that are told apart."""

_LONGEST = 400
"""Characters of a value's text; a longer one goes by its digest, because values share their parts without end."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that an action does."""

    print: str
    """Names it: 16 hexadecimal digits over its kind, its target, and where its key and its data come from."""

    says: str
    """What it does, as the end of a sentence: "deletes from `post` (`prisma.post.delete`)"."""

    behind: tuple[str, ...] = ()
    """What is known of the caller when it happens, sorted."""

    is_change: bool = field(default=False, compare=False)
    """Whether a record is made, changed or removed."""

    def is_covered_by(self, others: Iterable[Operation]) -> bool:
        """Whether one of these is the same thing, for nobody who is kept from it now."""
        return any(other.print == self.print and set(other.behind) <= set(self.behind) for other in others)


def beyond(operations: Sequence[Operation], looked_at: Collection[Operation]) -> tuple[Operation, ...]:
    """Those operations that nobody has looked at, each once."""
    return tuple(dict.fromkeys(each for each in operations if not each.is_covered_by(looked_at)))


def operations_of(effects: Iterable[Effect], parameters: Sequence[DeclaredParameter] = ()) -> tuple[Operation, ...]:
    """What some effects come to; `parameters` are those of the action, so that their names do not count."""
    naming = _Naming({declared.name: str(index) for index, declared in enumerate(parameters)})
    found: dict[Operation, None] = {}
    for effect in effects:
        if effect.kind is EffectKind.RETURN:
            found |= dict.fromkeys(_handed_out(effect, naming))
        elif effect.kind in LOOKED_AT and not _asks_for_the_caller(effect):
            found[_operation(effect, naming)] = None
    return tuple(found)


def _operation(effect: Effect, naming: _Naming) -> Operation:
    target = effect.target or (effect.what if effect.kind is EffectKind.UNSEEN else "")
    parts = (effect.kind, target, effect.client, naming.value(effect.key), naming.value(effect.data))
    says = f"could not be followed: {not_followed(effect)}" if effect.kind is EffectKind.UNSEEN else described(effect)
    behind = tuple(sorted(_known(effect)))
    return Operation(_digest("\0".join(parts)), says, behind, is_change=effect.kind in CHANGES)


def _handed_out(effect: Effect, naming: _Naming) -> Iterator[Operation]:
    """What an answer tells, by where it comes from: how it is put together is of no account."""
    behind = tuple(sorted(_known(effect)))
    told = {naming.origin(o): o for o in origins_of(effect.data) if isinstance(o, TOLD)}
    for text, origin in sorted(told.items(), key=lambda each: each[0]):
        yield Operation(_digest(f"returns\0{text}"), _handing_out(origin), behind)


def _handing_out(origin: Origin) -> str:
    if isinstance(origin, Stored):
        return f"hands out `{origin.model}`"
    if isinstance(origin, Secret):
        return f"hands out `{origin.name}`"
    return "hands out what an exception says" if isinstance(origin, Caught) else "hands out what a service answers"


def _asks_for_the_caller(effect: Effect) -> bool:
    """Whether an effect only reads what the session itself names: guards do so."""
    found = roots(origins_of(effect.key))
    return effect.kind is EffectKind.READ and bool(found) and all(isinstance(o, Session) for o in found)


def _known(effect: Effect) -> Iterator[str]:
    if any(isinstance(fact, Authenticated) and fact.strength is not Strength.POSSIBLE for fact in effect.facts):
        yield "an account"
    if has_right(effect.facts):
        yield "a right"
    if any(isinstance(fact, Owns) for fact in effect.facts):
        yield "something of the caller's"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Naming:
    """Puts values and origins of one action into words that no author's choice of names changes."""

    places: Mapping[str, str]
    """Which argument a parameter is, from 0."""

    known: dict[tuple[Value, int], str] = field(default_factory=dict)
    """Values that were put into words, by how deep they stand."""

    def value(self, value: Value | None, depth: int = 0) -> str:
        """A value by its columns, its constants and the origins of the rest."""
        if value is None or depth > DEEPEST:
            return ""
        key = (value, depth)
        if key not in self.known:
            text = "|".join(sorted({self._shape(a.shape, depth + 1) for a in value.alternatives}))
            self.known[key] = text if len(text) <= _LONGEST else _digest(text)
        return self.known[key]

    def _shape(self, shape: Shape, depth: int) -> str:
        if isinstance(shape, Constant):
            # How a text is broken into lines is formatting: SQL is, most of all.
            text = " ".join(shape.value.split()) if isinstance(shape.value, str) else shape.value
            return "undefined" if isinstance(text, Undefined) else repr(text)
        if isinstance(shape, Unknown):
            opening = shape.text.opening if shape.text is not None else ""
            return f"<{','.join(sorted({self.origin(o) for o in shape.origins}))} {' '.join(opening.split())}>"
        if isinstance(shape, Object):
            return self._object(shape, depth)
        if isinstance(shape, Array):
            items = shape.items if shape.items is not None else (shape.element,)
            return f"[{','.join(self.value(item, depth) for item in items)}]"
        if isinstance(shape, Promise):
            return self.value(shape.value, depth)
        if isinstance(shape, Library):
            inner = [self.value(part, depth) for part in shape.state if isinstance(part, Value)]
            return f"{shape.root}.{'.'.join(shape.path)}({','.join(inner)})"
        return type(shape).__name__

    def _object(self, shape: Object, depth: int) -> str:
        if not shape.fields and shape.rest is None:
            # A filter without a condition is none.
            return ""
        fields = sorted(f"{name}:{self.value(inner, depth)}" for name, inner in shape.fields)
        return f"{{{','.join(fields)},...{self.value(shape.rest, depth)}}}"

    def origin(self, origin: Origin) -> str:
        """An origin, without the names that its author gave to variables."""
        if isinstance(origin, Input):
            return ".".join(("input", self._place(origin), *origin.path))
        if isinstance(origin, Session):
            return ".".join(("session" if origin.is_verified else "claimed", *origin.path))
        if isinstance(origin, Stored):
            key = ",".join(sorted(self.origin(o) for o in origin.key))
            columns = "whole" if origin.is_whole else "named"
            return f"{'the' if origin.is_exact else 'a'} {origin.model}({key}) {columns}.{'.'.join(origin.path)}"
        if isinstance(origin, Request):
            return f"{origin.kind} {origin.name}"
        if isinstance(origin, Remote):
            return ".".join((f"remote {origin.host}", *origin.path))
        if isinstance(origin, Caught):
            return ".".join(("caught", *origin.path))
        if isinstance(origin, Secret):
            return f"secret {origin.name}"
        return "captured" if isinstance(origin, Captured) else f"unfollowed {origin.package}"

    def _place(self, origin: Input) -> str:
        """Which argument it is; one that only a wrapper knows goes by its name."""
        named = self.places.get(origin.parameter, origin.parameter)
        return named if origin.place is None else str(origin.place)
