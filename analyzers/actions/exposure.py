"""Whether an action is meant to be one: who calls it, what it gives, and what its module says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.conventions.routes import FOLDER_OUTSIDE_THE_APP
from preship.analyzers.flow.answers import ANSWER
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.values import Closure, Library, Native, Object, Value
from preship.analyzers.project.bindings import PackageBinding
from preship.analyzers.project.project import Project
from preship.analyzers.project.routes import ROUTE_FILE
from preship.analyzers.project.serving import Served, is_built_by_turbopack, serving
from preship.analyzers.project.uses import MARKER, Side, Use, Uses
from preship.analyzers.source.tree import Call, Module, Name

STORES = frozenset({EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE, EffectKind.SQL})

COMPUTED = ("pure#", "http#", "schema#")
"""Roots of what only holds plain data, is read once, or describes it."""


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A module that reaches a store and that nothing keeps from browsers."""

    effect: Effect
    is_loaded: bool
    """Whether browsers use something that it gives away."""

    run_by: Use | None = None
    """The code of browsers that calls what has the effect, or another function of the module that reaches the store."""


class Exposure:
    """How an export of a module of actions is used in its repository; found out when it is first asked for."""

    def __init__(self, project: Project, uses: Uses, action: ServerAction) -> None:
        self._project, self._uses, self._action = project, uses, action

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """The files that use it, tests left out."""
        if self._action.form != "module":
            return ()
        found = self._uses.of(self._action.path, self._action.name or "default")
        return tuple(use for use in found if use.side is not Side.TEST)

    @property
    def stays_on_the_server(self) -> bool:
        """Whether it is used, and every use is a call by code of the server."""
        return bool(self.uses) and not any(reaches_browsers(use) for use in self.uses)

    @cached_property
    def served(self) -> Served:
        """Whether it answers over the network, where no code of browsers uses it."""
        return serving(self._project, self._action.path)

    @cached_property
    def is_built_by_turbopack(self) -> bool | None:
        """Whether Turbopack builds its application; None where the manifest does not tell."""
        return is_built_by_turbopack(self._project, self._action.path)

    @property
    def is_left_out(self) -> bool:
        """Whether the build does not serve it as it stands, as far as is seen."""
        return self.served is Served.NO or (self.served is Served.BY_WEBPACK and bool(self.is_built_by_turbopack))

    @property
    def server_callers(self) -> tuple[Use, ...]:
        """The uses in code that renders nothing: route handlers, other actions, libraries."""
        return tuple(use for use in self.uses if use.side is Side.SERVER)

    @property
    def is_route_file(self) -> bool:
        """Whether the router, and not a form or a component, calls this export."""
        return self._action.form == "module" and bool(ROUTE_FILE.search(self._action.path))

    @property
    def is_a_component(self) -> bool:
        """Whether it is used as a component, and as nothing else."""
        return bool(self.uses) and all(use.is_only_rendered for use in self.uses)

    @property
    def is_marked_for_the_server(self) -> bool:
        """Whether its module refuses to be loaded by browsers."""
        module = self._project.module(self._action.path)
        return module is not None and MARKER in module.side_effects

    def unmarked(self, effects: Iterable[Effect]) -> Iterator[Unmarked]:
        """An effect on a store of each module that browsers may load: one that they would run, where there is one."""
        by_module: dict[str, list[Effect]] = {}
        for effect in effects:
            if effect.kind in STORES and effect.client is Client.SERVER:
                by_module.setdefault(effect.span.path, []).append(effect)
        for path, found in by_module.items():
            module = self._project.module(path) if path != self._action.path else None
            if module is not None and not is_marked(module) and not FOLDER_OUTSIDE_THE_APP.matches(path):
                yield self._unmarked(path, found)

    def _unmarked(self, path: str, effects: Sequence[Effect]) -> Unmarked:
        for effect in effects:
            use = self._uses.by_browsers(path, effect.span.line, effect.what.partition(".")[0])
            if use is not None:
                return Unmarked(effect, True, use)
        return Unmarked(effects[0], self._uses.browsers_load(path))

    def keeps_on_the_server(self, path: str) -> bool:
        """Whether a module cannot come to browsers."""
        module = self._project.module(path)
        return module is not None and is_marked(module)

    @property
    def is_memoised(self) -> bool:
        """Whether it is a read that React keeps for the time of one render: `cache(…)`."""
        value = self._action.value
        if not isinstance(value, Call) or not isinstance(value.callee, Name):
            return False
        binding = self._project.local(self._action.path, value.callee.name)
        return isinstance(binding, PackageBinding) and binding.package.name == "react" and binding.imported == "cache"


def is_marked(module: Module) -> bool:
    """Whether a module cannot come to browsers: it refuses to, or its exports are actions there."""
    return MARKER in module.side_effects or "use server" in module.directives


def reaches_browsers(use: Use) -> bool:
    """Whether a use makes it an endpoint that somebody wants."""
    return use.side is Side.BROWSER or not (use.is_only_called or use.is_server_only)


def gives_a_client(result: Value) -> bool:
    """Whether what an action gives is a connection or a function, which no caller over the network could use."""
    return any(_is_live(inner) for a in result.alternatives for inner in _with_fields(a.shape))


def _with_fields(shape: object) -> tuple[object, ...]:
    # The answer of a route is none that a connection could be taken from; what gives one is a part of the route.
    if isinstance(shape, Object) and shape.brand == ANSWER:
        return ()
    if isinstance(shape, Object):
        return tuple(a.shape for _, value in shape.fields for a in value.alternatives)
    return (shape,)


def _is_live(shape: object) -> bool:
    if isinstance(shape, Library):
        return "#" in shape.root and not shape.root.startswith(COMPUTED)
    return isinstance(shape, Closure | Native)
