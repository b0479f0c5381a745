"""Code of an action that its execution never came to: every path ends in front of it, or nothing calls it.

A guard that can never succeed is seldom what somebody wrote; likelier it was not understood. What stands behind it was
not judged then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.flow.effects import Trace
from preship.analyzers.flow.interpreter import Interpreter, PathEnded
from preship.analyzers.flow.machine import Frame
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.values import Library
from preship.analyzers.source import tree
from preship.analyzers.source.tree import Span
from preship.analyzers.source.walk import children, is_within, within

HERE = "the code behind it: every path ends here"
NEVER = "its code: nothing calls it"


def unreached(interpreter: Interpreter, action: ServerAction, trace: Trace) -> Iterator[tuple[Span, str]]:
    """Where the paths of an action end in front of code that calls something, and why that was not judged.

    What needs an argument that no request brings ends for good where it is used: a client that only tests pass.
    """
    visited, failing = trace.visited, [crash.span for crash in trace.crashes if crash.is_certain]
    handlers = list(_outermost(action.function or action.value))
    executed = [each for each in handlers if each.span in visited]
    if handlers and not executed:
        yield from ((each.span, NEVER) for each in handlers[:1] if _calls(each.body.statements))
    for function in executed:
        for block in _blocks(function.body.statements):
            begun = interpreter.entered.get(block[0], 0)
            if 0 < begun < len(block) and _calls(block[begun:]):
                last = block[begun - 1]
                if not any(is_within(span, last.span) for span in failing) and not _is_meant(interpreter, last):
                    yield last.span, HERE


def _outermost(node: tree.Node | None) -> Iterator[tree.Function]:
    """The functions that stand in an expression, but for those inside of others."""
    if isinstance(node, tree.Function):
        yield node
    elif node is not None:
        for child in children(node):
            yield from _outermost(child)


def _blocks(statements: Sequence[tree.Statement]) -> Iterator[Sequence[tree.Statement]]:
    """Some statements and all blocks inside of them, those of other functions left out."""
    if statements:
        yield statements
    waiting: list[tree.Node] = list(statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Block | tree.Case) and node.statements:
            yield node.statements
        if not isinstance(node, tree.Function):
            waiting += children(node)


def _calls(statements: Sequence[tree.Statement]) -> bool:
    """Whether statements call anything that they wait for."""
    return any(isinstance(node, tree.Await) and isinstance(node.value, tree.Call) for node in within(*statements))


def _is_meant(interpreter: Interpreter, statement: tree.Statement) -> bool:
    """Whether a statement ends every path by what the code itself says there: `return`, `throw`, `redirect(…)`."""
    if isinstance(statement, tree.Return | tree.Throw | tree.Break | tree.Continue | tree.Loop | tree.Switch):
        return True
    if isinstance(statement, tree.Evaluate):
        return _is_of_a_library(interpreter, statement.value)
    if isinstance(statement, tree.Block):
        begun = interpreter.entered.get(statement.statements[0], 0) if statement.statements else 0
        return begun > 0 and _is_meant(interpreter, statement.statements[begun - 1])
    if isinstance(statement, tree.If):
        return _is_meant(interpreter, statement.then) and _is_end(interpreter, statement.otherwise)
    if isinstance(statement, tree.Try):
        return _is_meant(interpreter, statement.body) and _is_end(interpreter, statement.handler or statement.body)
    return False


def _is_end(interpreter: Interpreter, statement: tree.Statement | None) -> bool:
    return statement is not None and _is_meant(interpreter, statement)


def _is_of_a_library(interpreter: Interpreter, node: tree.Expression) -> bool:
    """Whether a function of a library is called that never returns: `redirect('/')`."""
    if isinstance(node, tree.Await):
        node = node.value
    if not isinstance(node, tree.Call) or not isinstance(node.callee, tree.Name):
        return False
    path = node.span.path
    try:
        scope = interpreter.modules.scope(path) or Scope(None, path)
        callee = interpreter.variable(node.callee.name, Frame(path, Trace(), (), 0), scope, interpreter.begun())
    except PathEnded:
        return False
    return bool(callee.alternatives) and all(isinstance(a.shape, Library) for a in callee.alternatives)
