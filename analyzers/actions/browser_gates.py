"""What code of browsers asks for before it shows anything: who is signed in there, as its hooks tell.

By names, as the code is written: state and contexts of browsers are filled by callbacks that run at any time. It tells
for whom a page is, and guards nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeGuard

from preship.analyzers.actions.bare_elements import name_of
from preship.analyzers.conventions.browsers import (
    BROWSER_SESSION_CALL,
    HOOK_OF_DATA,
    LEAVING_CALL,
    SESSION_HOOK,
    SIGN_IN_COMPONENT,
    SIGNED_IN_NAME,
    STORED_SESSION,
    WAITING_NAME,
)
from preship.analyzers.conventions.permissions import PANEL_COMPONENT, USABLE_ELEMENT
from preship.analyzers.flow.facts import Claimed
from preship.analyzers.source.tree import (
    Assign,
    Await,
    Binary,
    Block,
    Call,
    Conditional,
    Declare,
    Element,
    Evaluate,
    Expression,
    Function,
    If,
    Literal,
    Logical,
    Member,
    Name,
    NamePattern,
    Node,
    ObjectLiteral,
    Property,
    Return,
    Unary,
)
from preship.analyzers.source.walk import bound_names, code_of, within, within_function

EFFECTS = frozenset({"useEffect", "useLayoutEffect"})
"""Hooks of React whose function runs once the page is there. https://react.dev/reference/react/useEffect"""

EQUAL, UNEQUAL = frozenset({"===", "=="}), frozenset({"!==", "!="})


def asked_in_browsers(component: Function) -> Claimed | None:
    """The session that a component asks for in the browser, where it shows nothing without one, or sends away."""
    known = frozenset(callers_in(component))
    found = next(refusals(component, known), None) if not component.is_async else None
    return Claimed("a session", found.span) if found is not None else None


def refusals(component: Function, known: Collection[str]) -> Iterator[Node]:
    """Where a component, or what it does once it is there, turns away whom nobody knows."""
    for statement in component.body.statements:
        if isinstance(statement, If):
            if is_absent(statement.test, known) and is_refused_in(statement.then):
                yield statement
        elif isinstance(statement, Return):
            if is_kept(statement.value, known):
                yield statement
        elif isinstance(statement, Evaluate):
            yield from sent_away(statement.value, known)
        elif isinstance(statement, Declare) and is_required(statement.value):
            yield statement


def waits_in_browsers(component: Function) -> bool:
    """Whether an effect of a component does nothing until somebody is signed in: what visitors see is unsaid."""
    known = frozenset(callers_in(component))
    effects = [each.value for each in component.body.statements if isinstance(each, Evaluate)]
    functions = [argument for each in effects if is_effect(each) for argument in each.arguments[:1]]
    inside = [n for each in functions if isinstance(each, Function) for n in within_function(each)]
    return any(isinstance(n, If) and is_absent(n.test, known) and is_bare_return(n.then) for n in inside)


def is_effect(value: Expression) -> TypeGuard[Call]:
    """Whether a call gives React what it runs once the page is there."""
    return isinstance(value, Call) and last_name(value.callee) in EFFECTS


def is_bare_return(statement: Node) -> bool:
    """Whether a branch ends a function, and does no more."""
    last = statement.statements[-1:] if isinstance(statement, Block) else (statement,)
    return any(isinstance(each, Return) and each.value is None for each in last)


def is_required(value: Expression | None) -> bool:
    """Whether a hook sends away by itself whom nobody knows: `useSession({ required: true })`."""
    if not isinstance(value, Call) or not SESSION_HOOK.matches(last_name(value.callee)):
        return False
    options = [p for each in value.arguments if isinstance(each, ObjectLiteral) for p in each.properties]
    return any(
        isinstance(p, Property) and p.key == "required" and isinstance(p.value, Literal) and p.value.value is True
        for p in options
    )


def sent_away(effect: Expression, known: Collection[str]) -> Iterator[Node]:
    """Where the function of an effect sends whom nobody knows elsewhere."""
    if not is_effect(effect):
        return
    for function in effect.arguments[:1]:
        for node in within_function(function) if isinstance(function, Function) else ():
            test, then = branch_of(node)
            if test is not None and then is not None and is_absent(test, known) and leaves(then):
                yield node


def branch_of(node: Node) -> tuple[Expression | None, Node | None]:
    """A condition, and what is done where it holds."""
    if isinstance(node, If):
        return node.test, node.then
    return (node.left, node.right) if isinstance(node, Logical) and node.operator == "&&" else (None, None)


def is_kept(shown: Expression | None, known: Collection[str]) -> bool:
    """Whether what a component returns is there for who is known, and words alone for others."""
    if isinstance(shown, Conditional):
        return (is_present(shown.test, known) and is_words(shown.otherwise)) or (
            is_absent(shown.test, known) and is_words(shown.then)
        )
    return isinstance(shown, Logical) and shown.operator == "&&" and is_present(shown.left, known)


def is_refused_in(statement: Node) -> bool:
    """Whether a branch shows nothing but words, or sends elsewhere."""
    ends = [each for each in code_of((statement,)) if isinstance(each, Return)]
    return leaves(statement) or (bool(ends) and all(each.value is None or is_words(each.value) for each in ends))


def leaves(node: Node) -> bool:
    """Whether code sends its visitor elsewhere."""
    return any(
        (isinstance(each, Call) and LEAVING_CALL.matches(last_name(each.callee)))
        or (isinstance(each, Assign) and is_location(each.target))
        for each in code_of((node,))
    )


def is_location(target: Node) -> bool:
    """Whether a target is the address that the browser shows: `window.location.href`."""
    return isinstance(target, Member) and "location" in {target.name, last_name(target.object)}


def is_words(shown: Expression) -> bool:
    """Whether what is shown are words, or a way to sign in."""
    inside = [each for each in within(shown) if isinstance(each, Element)]
    return (isinstance(shown, Literal | Element) or last_name(shown) == "undefined") and not any(
        map(shows_something, inside)
    )


def shows_something(element: Element) -> bool:
    """Whether an element shows or takes something of the application's."""
    if isinstance(element.tag, str):
        return element.tag != "button" and USABLE_ELEMENT.matches(element.tag)
    name = name_of(element.tag)
    return bool(name) and not PANEL_COMPONENT.matches(name) and not SIGN_IN_COMPONENT.matches(name)


# --- who is there -----------------------------------------------------------------------------------------------------


def is_absent(test: Expression, known: Collection[str]) -> bool:
    """Whether a condition holds for everybody whom nobody knows, once the browser has looked."""
    if isinstance(test, Logical):
        if test.operator == "||":
            return is_absent(test.left, known) or is_absent(test.right, known)
        sides = (test.left, test.right)
        others = [side for side in sides if not is_absent(side, known)]
        return test.operator == "&&" and len(others) < len(sides) and all(map(is_waiting, others))
    if isinstance(test, Binary):
        text, value = literal_of(test.right), test.left
        if test.operator in UNEQUAL:
            return text == "authenticated" and root_of(value) in known
        is_nobody = text == "unauthenticated" or (text is None and is_caller(value, known))
        return test.operator in EQUAL and is_nobody and root_of(value) in known
    return isinstance(test, Unary) and test.operator == "!" and is_present(test.operand, known)


def is_present(test: Expression, known: Collection[str]) -> bool:
    """Whether a condition holds for nobody whom nobody knows."""
    if isinstance(test, Logical):
        return test.operator == "&&" and (is_present(test.left, known) or is_present(test.right, known))
    if isinstance(test, Binary):
        return test.operator in EQUAL and literal_of(test.right) == "authenticated" and root_of(test.left) in known
    if isinstance(test, Unary) and test.operator == "!":
        return is_absent(test.operand, known)
    return is_caller(test, known) or is_stored(test)


def is_caller(value: Expression, known: Collection[str]) -> bool:
    """Whether a value is who is signed in, or a part of that."""
    if isinstance(value, Member) and is_caller(value.object, known):
        return not WAITING_NAME.matches(value.name)
    return root_of(value) in known and is_callers_name(last_name(value))


def is_callers_name(name: str) -> bool:
    """Whether a variable or a field is called as who is signed in, or as all that a hook tells of them."""
    return name == "data" or SIGNED_IN_NAME.matches(name)


def is_waiting(test: Expression) -> bool:
    """Whether a condition only says that the browser has looked who is there: `!loading`, `isLoaded`."""
    if isinstance(test, Unary):
        return test.operator == "!" and is_waiting(test.operand)
    if isinstance(test, Binary):
        return literal_of(test.right) == "loading" or is_waiting(test.left)
    return WAITING_NAME.matches(last_name(test))


def literal_of(value: Expression) -> object:
    """What is written out; None for `null` and `undefined`, and what is written nowhere for anything else."""
    if isinstance(value, Literal):
        return value.value
    return None if last_name(value) == "undefined" else value


def is_stored(value: Expression) -> bool:
    """Whether a value is the token that the browser keeps: `localStorage.getItem('token')`."""
    if not isinstance(value, Call) or last_name(value.callee) not in {"getItem", "get", "getCookie"}:
        return False
    first = value.arguments[0] if value.arguments else None
    return isinstance(first, Literal) and isinstance(first.value, str) and STORED_SESSION.matches(first.value)


# --- where the browser has it from ------------------------------------------------------------------------------------


def callers_in(component: Function) -> Iterator[str]:
    """The variables of a component in which stands who is signed in."""
    nodes = tuple(within_function(component))
    listens = any(isinstance(each, Call) and BROWSER_SESSION_CALL.matches(last_name(each.callee)) for each in nodes)
    for node in nodes:
        if isinstance(node, Declare) and node.value is not None:
            yield from declared_callers(node, listens=listens)
        elif isinstance(node, Call) and BROWSER_SESSION_CALL.matches(last_name(node.callee)):
            yield from called_back_with(node)


def declared_callers(node: Declare, *, listens: bool) -> Iterator[str]:
    """The variables of one declaration in which stands who is signed in."""
    value = node.value.value if isinstance(node.value, Await) else node.value
    if not isinstance(value, Call):
        return
    names = [each.name for each in bound_names(node.pattern)]
    hook = last_name(value.callee)
    if is_stored(value):
        yield from names
    elif SESSION_HOOK.matches(hook) and not any(map(says_which, value.arguments)):
        is_whole = isinstance(node.pattern, NamePattern)
        yield from (name for name in names if is_whole or is_callers_name(name) or name == "status")
    elif BROWSER_SESSION_CALL.matches(hook) or (hook == "useState" and listens) or is_of_a_context(value, hook):
        yield from filter(SIGNED_IN_NAME.matches, names)


def says_which(argument: Node) -> bool:
    """Whether an argument of a hook may name somebody: options do not, and the client of a library does not."""
    return not isinstance(argument, ObjectLiteral) and last_name(argument) not in {"auth", "supabase", "client"}


def is_of_a_context(value: Call, hook: str) -> bool:
    """Whether a hook gives what the application keeps for all its components: no argument says which record."""
    if not hook.startswith("use") or HOOK_OF_DATA.matches(hook):
        return False
    return all(isinstance(each, Function | ObjectLiteral) or is_context(each) for each in value.arguments)


def is_context(argument: Node) -> bool:
    """Whether an argument is a context of React's, by its name."""
    return isinstance(argument, Name) and argument.name.endswith("Context")


def called_back_with(call: Call) -> Iterator[str]:
    """The parameters in which a listener is given who is signed in: `onAuthStateChanged(auth, (user) => …)`."""
    for function in call.arguments:
        for parameter in function.body.parameters if isinstance(function, Function) else ():
            yield from (each.name for each in bound_names(parameter.pattern) if SIGNED_IN_NAME.matches(each.name))


def last_name(value: Node) -> str:
    """The last part of a chain of names."""
    return value.name if isinstance(value, Name | Member) else ""


def root_of(value: Expression) -> str:
    """The first part of a chain of names."""
    while isinstance(value, Member):
        value = value.object
    return last_name(value)
