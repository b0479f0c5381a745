"""The permission that a page asks for with a component around all that it shows: `<PermissionGuard permission="…">`.

By the name of the component and of what it is given, as the code is written: what it does is hide, mostly in the
browser, and that tells for whom the page is.
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.actions.bare_elements import name_of, shows_words_only
from preship.analyzers.actions.demand import Demand, is_ordinary
from preship.analyzers.actions.locals import Locals
from preship.analyzers.conventions.permissions import GATE_COMPONENT, GATE_PROPERTY, ROLE_COMPONENT
from preship.analyzers.source.tree import (
    Call,
    Conditional,
    Element,
    Expression,
    Function,
    Literal,
    Logical,
    Member,
    Module,
    Name,
    Node,
    Property,
    Return,
)
from preship.analyzers.source.walk import children, within


def demand_of_markup(module: Module) -> Demand | None:
    """The permission or role that the component asks for which a file of the router exports, with all that it shows."""
    component = component_of(module)
    if component is None:
        return None
    shown = [each for value in _returned(component) for each in _roots(value)]
    gates = [_gate(element) for element in shown if not shows_words_only(element)]
    if not gates or None in gates:
        return None
    words = {word for gate in gates if gate is not None for word in gate.words}
    first = next(gate for gate in gates if gate is not None)
    return Demand(tuple(sorted(words)), first.at)


def component_of(module: Module) -> Function | None:
    """The function that a module exports as its default, as far as that is plain."""
    export = next((each for each in module.exports if each.name == "default"), None)
    if export is None:
        return None
    if isinstance(export.value, Function):
        return export.value
    if isinstance(export.value, Call):
        return next((each for each in export.value.arguments if isinstance(each, Function)), None)
    local = Locals(module).of(export.local) if export.local is not None else None
    return local.function if local is not None else None


def _returned(component: Function) -> Iterator[Expression]:
    """What a component itself returns, without what the functions in it do."""
    waiting: list[Node] = list(component.body.statements)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Return) and node.value is not None:
            yield node.value
        elif not isinstance(node, Function):
            waiting += children(node)


def _roots(value: Expression) -> Iterator[Element]:
    """The outermost elements that a value may be."""
    if isinstance(value, Conditional):
        yield from _roots(value.then)
        yield from _roots(value.otherwise)
    elif isinstance(value, Logical):
        yield from _roots(value.right)
    elif isinstance(value, Element):
        yield value


def _gate(element: Element) -> Demand | None:
    """What is asked for around all that an element shows: by itself, or by the only one in it that shows anything."""
    asked = _asked_by(element)
    if asked:
        return None if any(map(is_ordinary, asked)) else Demand(tuple(sorted(asked)), element.span)
    inner = [each for each in element.children if isinstance(each, Element) and not shows_words_only(each)]
    return _gate(inner[0]) if len(inner) == 1 else None


def _asked_by(element: Element) -> frozenset[str]:
    """The permissions or roles for which a component asks; none where it is no gate."""
    name = name_of(element.tag)
    only = ROLE_COMPONENT.word_in(name)
    if only is not None and element.children and name.lower() != only.lower():
        return frozenset({only.lower()})
    if not GATE_COMPONENT.matches(name) or not element.children:
        return frozenset()
    given = [each for each in element.attributes if isinstance(each, Property) and isinstance(each.key, str)]
    return frozenset(text for each in given if GATE_PROPERTY.matches(str(each.key)) for text in _texts(each.value))


def _texts(value: Expression) -> Iterator[str]:
    for node in within(value):
        if isinstance(node, Literal) and isinstance(node.value, str) and node.value:
            yield node.value
        elif isinstance(node, Member) and isinstance(node.object, Name) and node.object.name[:1].isupper():
            yield node.name
