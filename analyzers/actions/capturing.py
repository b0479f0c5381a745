"""What an inline action captures of the render that makes it.

The compiler encrypts captured variables and sends them along with the action: https://nextjs.org/docs/app/guides/data-security
"""

from __future__ import annotations

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.flow.budget import OutOfSteps
from preship.analyzers.flow.calls import run
from preship.analyzers.flow.effects import Trace
from preship.analyzers.flow.facts import NO_FACTS, Authenticated, Case, Claimed, Facts, Strength
from preship.analyzers.flow.interpreter import Interpreter, Made
from preship.analyzers.flow.library import Arguments
from preship.analyzers.flow.machine import Frame, joined
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import Alternative, Closure, Value, possible, unite, unknown
from preship.analyzers.source import tree
from preship.analyzers.source.walk import bound_names, within


def captured(interpreter: Interpreter, action: ServerAction) -> Made | None:
    """An inline action as the render made it, with what it captured; None where no render that was seen makes it."""
    assert action.function is not None  # noqa: S101
    found = [as_sent(action.function, value, state) for value, state in renderings(interpreter, action)]
    path = joined([state for _, state in found], (action.span, "rendered"))
    return (unite(*[value for value, _ in found]), path) if path is not None else None


def renderings(interpreter: Interpreter, action: ServerAction) -> list[Made]:
    """The closures that are made of an inline action, each with the path on which it was made.

    A function around it that the render hands to somebody else, as a component inside a page, is called here.
    """
    assert action.function is not None  # noqa: S101
    outermost, *inner = action.enclosing
    made = interpreter.renders.get(outermost)
    if made is None:
        made = interpreter.renders[outermost] = {f: [] for f in within(outermost) if isinstance(f, tree.Function)}
        scope = interpreter.modules.scope(action.path) or Scope(None, action.path)
        render(interpreter, Closure(outermost, scope), interpreter.begun(), made)
    for function in inner:
        if not made[action.function]:
            for value, state in list(made[function]):
                for a in value.alternatives:
                    if isinstance(a.shape, Closure):
                        render(interpreter, a.shape, state.fork(), made)
    return made[action.function]


def render(interpreter: Interpreter, component: Closure, state: State, made: dict[tree.Function, list[Made]]) -> None:
    """Run a function that makes inline actions, with whatever it is given; what it does is not what they do."""
    frame = Frame(component.scope.module, Trace(), (), 0, is_async=component.function.is_async)
    interpreter.watched = made
    try:
        run(interpreter, component, Arguments((), unknown()), frame, state, component.this)
    except OutOfSteps:
        return
    finally:
        interpreter.watched = {}


def as_sent(function: tree.Function, value: Value, state: State) -> Made:
    """An inline action at the time of the call: what the render had proven holds no longer."""
    kept = {cell: forgotten(possible(held, state.facts)) for cell, held in state.store.items()}
    known = known_at_render(state.facts) if captures_anything(function, value) else NO_FACTS
    return value, State(kept, state.meter, known)


def captures_anything(function: tree.Function, value: Value) -> bool:
    """Whether the server's own words go with the action, so that only somebody who was given them can send it."""
    scopes = [a.shape.scope for a in value.alternatives if isinstance(a.shape, Closure)]
    own = {name.name for node in within(function) for name in names_bound_by(node)}
    used = {node.name for node in within(function) if isinstance(node, tree.Name)} - own
    return any(is_variable_of_a_render(name, scope) for name in used for scope in scopes)


def names_bound_by(node: tree.Node) -> list[tree.NamePattern]:
    """The variables that a parameter or a declaration makes."""
    return list(bound_names(node.pattern)) if isinstance(node, tree.Parameter | tree.Declare) else []


def is_variable_of_a_render(name: str, scope: Scope | None) -> bool:
    """Whether a name means a variable of an activation, and not one of the module."""
    while scope is not None and scope.parent is not None:
        if name in scope.cells:
            return True
        scope = scope.parent
    return False


def known_at_render(facts: Facts) -> Facts:
    """What is left of a proof of identity that the render made: somebody was known then."""
    return frozenset(
        Claimed(fact.source, fact.by, is_captured=True)
        for fact in facts
        if isinstance(fact, Authenticated) and fact.strength is Strength.PROVEN
    )


def forgotten(value: Value) -> Value:
    """A value without what had been proven when it was captured."""
    return Value(
        tuple(Alternative(a.shape, frozenset(f for f in a.under if isinstance(f, Case))) for a in value.alternatives)
    )
