"""`instanceof`: what an object was made by, and what it proves of an exception that nobody here made."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.flow.answers import ANSWER
from preship.analyzers.flow.classes import lineage
from preship.analyzers.flow.facts import NO_FACTS, Facts, Valid
from preship.analyzers.flow.language import ROOT
from preship.analyzers.flow.machine import Frame, Machine
from preship.analyzers.flow.origins import NOTHING, Caught, Session, Stored
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    TRUE_VALUE,
    Array,
    Blueprint,
    Constant,
    Library,
    Object,
    Shape,
    Truth,
    Unknown,
    Value,
    of,
    under,
    unite,
)
from preship.analyzers.source.tree import Span

SCHEMAS = frozenset({"ZodError", "ValiError", "ValidationError"})
"""What schema libraries throw."""


def instance_of(m: Machine, value: Value, kind: Value, frame: Frame, state: State, span: Span) -> Value:
    """`value instanceof kind`."""
    wanted = [a.shape for a in kind.alternatives]
    proof = frozenset({Valid(Caught(), span)}) if is_told_to_clients(wanted) else NO_FACTS
    answers = [under(of_one(m, a.shape, wanted, proof, frame, state), a.under) for a in value.alternatives]
    return unite(*answers)


def of_one(m: Machine, shape: Shape, wanted: Sequence[Shape], proof: Facts, frame: Frame, state: State) -> Value:
    """What an object was made by is known where it was made here; an exception of another's making may be anything."""
    if isinstance(shape, Constant | Array) or (isinstance(shape, Object) and shape.brand is None):
        return FALSE_VALUE
    if isinstance(shape, Unknown) and all(map(is_of_answers, wanted)) and is_data(shape):
        return FALSE_VALUE
    if isinstance(shape, Object) and len(wanted) == 1:
        is_one = is_made_by(m, shape.brand, wanted[0], frame, state)
        if is_one is not None:
            return TRUE_VALUE if is_one else FALSE_VALUE
    return of(Unknown(NOTHING, Truth.MAYBE, proof))


def is_made_by(m: Machine, brand: object, wanted: Shape, frame: Frame, state: State) -> bool | None:
    """Whether a class or one of its bases is the one that is asked for; None where that is a library's secret."""
    if not isinstance(brand, Blueprint):
        return native_name(wanted) == brand or (False if isinstance(wanted, Blueprint) else None)
    top: Shape = brand
    for top in lineage(m, brand, frame, state):
        if top == wanted or (native_name(top) is not None and native_name(top) == native_name(wanted)):
            return True
    is_read_whole = isinstance(top, Blueprint) or (isinstance(top, Library) and top.root == ROOT)
    return False if is_read_whole or isinstance(wanted, Blueprint) else None


def is_of_answers(wanted: Shape) -> bool:
    """Whether a class is that of the answers to requests, or one of a framework that extends it."""
    return native_name(wanted) == ANSWER


def is_data(shape: Unknown) -> bool:
    """Whether a value is a part of a session or of a record, where no answer to a request lies."""
    return bool(shape.origins) and all(isinstance(o, Session | Stored) for o in shape.origins)


def is_told_to_clients(wanted: Sequence[Shape]) -> bool:
    """Whether the messages of these classes are the project's own words, or a schema's about what was sent."""
    return bool(wanted) and all(
        isinstance(shape, Blueprint) or (isinstance(shape, Library) and bool(shape.path) and shape.path[-1] in SCHEMAS)
        for shape in wanted
    )


def native_name(shape: Shape) -> str | None:
    """The brand of the objects of a class that is not the repository's."""
    if not isinstance(shape, Library) or not shape.path:
        return None
    name = shape.path[-1]
    is_error = shape.root == ROOT and name.endswith("Error")
    return "Error" if is_error else ANSWER if name == f"Next{ANSWER}" else name
