"""Where a module mentions names, and which of its declarations mention each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from preship.analyzers.source.tree import (
    Call,
    Declare,
    DeclareClass,
    DeclareFunction,
    DynamicImport,
    Element,
    Literal,
    Member,
    Module,
    Name,
    Node,
)
from preship.analyzers.source.walk import bound_names, children


class Mention(NamedTuple):
    """One place that mentions a name."""

    name: str
    """The variable, or the property where one of an object is taken."""

    owner: str | None
    """The variable whose property it is, if it is one of a variable."""

    is_property: bool
    is_called: bool
    """Whether nothing else happens to it there."""

    line: int
    declares: frozenset[str]
    """The names that the statement at the top level declares in which it stands."""

    is_rendered: bool = False
    """Whether it is the component of an element there: `<Comments />`."""


OWN_HOOK = re.compile(r"use[A-Z]\w*")
"""How React wants functions called that call its hooks. https://react.dev/reference/rules/rules-of-hooks"""

BROWSER_HOOKS = frozenset(
    {
        "useState",
        "useEffect",
        "useLayoutEffect",
        "useReducer",
        "useRef",
        "useTransition",
        "useOptimistic",
        "useActionState",
    }
    | {"useFormState", "useSyncExternalStore", "useContext", "useQuery", "useMutation", "useInfiniteQuery", "useSWR"}
    | {"useSuspenseQuery", "useQueries", "useSWRMutation", "useSWRInfinite"}
)
"""Hooks that server components cannot call: React's, and those that ask for something once the page is there.

https://react.dev/reference/rsc/server-components#adding-interactivity-to-server-components
"""


class References:
    """The mentions of one module."""

    def __init__(self, module: Module) -> None:
        self.mentions: list[Mention] = []
        self.imports_later: dict[str, list[Mention]] = {}
        """Where `import()` and `require()` stand, by their specifiers: each as a mention of the default export."""

        self.has_elements = False
        for root in module.statements:
            self._walk(root, names_declared_by(root))
        for export in module.exports:
            if export.value is not None:
                self._walk(export.value, frozenset({export.name}))

    def of(self, names: Iterable[str]) -> list[Mention]:
        """Where these variables are mentioned; where a property is taken of one (`save.bind`), it is not called."""
        wanted = frozenset(names)
        owned = [m._replace(is_called=False) for m in self.mentions if m.is_property and m.owner in wanted]
        return [m for m in self.mentions if not m.is_property and m.name in wanted] + owned

    def as_they_are(self, names: Iterable[str]) -> list[Mention]:
        """Where these variables are mentioned and no property is taken of them."""
        wanted = frozenset(names)
        return [m for m in self.mentions if not m.is_property and m.name in wanted]

    def properties(self, name: str, owners: frozenset[str] | None) -> list[Mention]:
        """Where a property is taken of one of these variables; of anything where None."""
        return [m for m in self.mentions if m.is_property and m.name == name and (owners is None or m.owner in owners)]

    def is_of_a_hook(self, mention: Mention) -> bool:
        """Whether a mention stands in a hook, or in a declaration that calls one which only browsers run."""
        if any(OWN_HOOK.fullmatch(name) for name in mention.declares):
            return True
        called = (m for m in self.mentions if m.is_called and m.name in BROWSER_HOOKS)
        return any(m.declares & mention.declares for m in called)

    def declarations_behind(self, names: Iterable[str]) -> frozenset[str]:
        """These declarations, and all that mention them in turn."""
        reached = set(names)
        waiting = list(reached)
        while waiting:
            name = waiting.pop()
            fresh = {d for m in self.of((name,)) for d in m.declares} - reached
            reached |= fresh
            waiting += fresh
        return frozenset(reached)

    def _walk(self, root: Node, declares: frozenset[str]) -> None:
        waiting: list[tuple[Node, Node | None]] = [(root, None)]
        while waiting:
            node, holder = waiting.pop()
            is_called = isinstance(holder, Call) and holder.callee is node
            if isinstance(node, Name):
                is_rendered = isinstance(holder, Element) and holder.tag is node
                self.mentions.append(Mention(node.name, None, False, is_called, node.span.line, declares, is_rendered))
            elif isinstance(node, Member):
                owner = node.object.name if isinstance(node.object, Name) else None
                self.mentions.append(Mention(node.name, owner, True, is_called, node.span.line, declares))
            elif isinstance(node, DynamicImport) and isinstance(node.specifier, Literal):
                place = Mention("default", None, True, False, node.span.line, declares)
                self.imports_later.setdefault(str(node.specifier.value), []).append(place)
            self.has_elements = self.has_elements or isinstance(node, Element)
            waiting += [(child, node) for child in children(node) if not is_owner(child, node)]


def is_owner(child: Node, node: Node) -> bool:
    """Whether a variable only stands there for its property to be taken."""
    return isinstance(node, Member) and child is node.object and isinstance(child, Name)


def names_declared_by(statement: Node) -> frozenset[str]:
    """The variables that a statement declares; none for one that runs as the module loads."""
    if isinstance(statement, DeclareFunction | DeclareClass):
        return frozenset({statement.name})
    if isinstance(statement, Declare):
        return frozenset(bound.name for bound in bound_names(statement.pattern))
    return frozenset()


def exported_as(module: Module, names: frozenset[str]) -> Iterator[str]:
    """The names under which a module gives declarations of its own away."""
    for export in module.exports:
        if export.specifier is None and (export.local in names or (export.local is None and export.name in names)):
            yield export.name
