"""Who uses what a module exports, how, and on which side: called, or handed on; by browsers, components, the server.

Followed through barrels, namespaces and `import()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.project.project import Project
from preship.analyzers.project.references import Mention, References, exported_as, names_declared_by
from preship.analyzers.project.resolution import ResolvedFile
from preship.analyzers.source.tree import Export, Module

MOST_PASSERS = 200
"""Files that one name is followed through."""

DEEPEST = 8
"""Functions of functions that are asked who calls them, to learn whether browsers do."""

TESTS = re.compile(
    r"(^|/)(__tests__|__mocks__|tests?|e2e|cypress|playwright)/|\.(test|spec|stories|e2e|cy)\.[cm]?[jt]sx?$"
)
"""Files that run beside the application and are no part of it, by the conventions of the test runners."""


MARKER = "server-only"
"""The package whose import makes a build fail that would send the module to browsers.

https://nextjs.org/docs/app/getting-started/server-and-client-components#preventing-environment-poisoning
"""


class Side(StrEnum):
    """Where a file that uses something runs."""

    BROWSER = "browser"
    COMPONENT = "component"
    """On the server, in a file that renders elements: what it hands on may reach browsers."""

    SERVER = "server"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Use:
    """One file that uses an export."""

    path: str
    line: int
    """Of the first place where it does."""

    is_only_called: bool
    """False where it is given to something else at any place: a form, a prop, a wrapper."""

    side: Side
    is_server_only: bool
    """Whether the file refuses to be loaded by browsers and renders nothing: what it hands on stays on the server."""

    is_only_rendered: bool = False
    """Whether it is a component there, and nothing else."""


class Uses:
    """Finds users of exports in one tree. Every question is answered once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._references: dict[str, References | None] = {}
        self._by_browsers: dict[tuple[str, int, str], Use | None] = {}
        self._found: dict[tuple[str, str], tuple[Use, ...]] = {}

    def of(self, path: str, name: str, depth: int = DEEPEST) -> tuple[Use, ...]:
        """The files that use what `path` exports as `name`, each once; the file itself where it does."""
        key = (path, name)
        if key not in self._found:
            self._found[key] = ()
            self._found[key] = (*self._inside(path, name), *self._elsewhere(path, name, depth))
        return self._found[key]

    def behind(self, path: str, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The files that mention what `path` exports as `name`, with the exports of theirs that depend on it.

        The file itself comes first where other exports of it do; a file that only passes the name on is one as well.
        """
        inside = tuple(each for each in self._dependent(path, self._locals(path, name)) if each != name)
        if inside:
            yield path, inside
        for importer in self._project.importers_of(path):
            module, references = self._project.module(importer), self._references_of(importer)
            if module is None or references is None:
                continue
            mentions = self._mentions(module, references, path, name)
            passed = tuple(self._passed_on(module, path, name))
            if mentions or passed:
                declared = frozenset(each for mention in mentions for each in mention.declares)
                yield importer, tuple(dict.fromkeys((*passed, *self._dependent(importer, declared))))

    def exports_around(self, path: str, line: int) -> tuple[str, ...]:
        """The exports of a file that depend on the declaration which stands at a line."""
        module = self._project.module(path)
        statements = module.statements if module is not None else ()
        around = [each for each in statements if each.span.line <= line <= each.span.end_line]
        return self._dependent(path, frozenset(name for each in around for name in names_declared_by(each)))

    def _locals(self, path: str, name: str) -> frozenset[str]:
        module = self._project.module(path)
        found = (e.local or e.name for e in module.exports if e.name == name) if module is not None else ()
        return frozenset(found)

    def _dependent(self, path: str, declared: frozenset[str]) -> tuple[str, ...]:
        """The exports of a file that depend on these declarations of it."""
        module, references = self._project.module(path), self._references_of(path)
        if module is None or references is None or not declared:
            return ()
        return tuple(exported_as(module, references.declarations_behind(declared)))

    def _inside(self, path: str, name: str) -> Iterator[Use]:
        module, references = self._project.module(path), self._references_of(path)
        local = next((e.local for e in module.exports if e.name == name), None) if module is not None else None
        if local is not None and references is not None:
            mentions = [m for m in references.of((local,)) if local not in m.declares]
            if mentions:
                yield _use(path, mentions, Side.SERVER, is_server_only=False)

    def _elsewhere(self, path: str, name: str, depth: int) -> Iterator[Use]:
        waiting, seen = [(path, name)], {(path, name)}
        while waiting and len(seen) < MOST_PASSERS:
            current, exported = waiting.pop(0)
            for importer in self._project.importers_of(current):
                module, references = self._project.module(importer), self._references_of(importer)
                if module is None or references is None:
                    continue
                fresh = [(importer, passed) for passed in self._passed_on(module, current, exported)]
                waiting += [each for each in fresh if each not in seen]
                seen.update(fresh)
                mentions = self._mentions(module, references, current, exported)
                if mentions:
                    is_server_only = MARKER in module.side_effects and not references.has_elements
                    side = self._side(module, references, mentions, depth)
                    yield _use(importer, mentions, side, is_server_only=is_server_only)

    def _passed_on(self, module: Module, target: str, name: str) -> Iterator[str]:
        """The names under which a module gives away again what `target` exports as `name`."""
        bound = {i.local for i in module.imports if i.imported == name and self._leads(module, i.specifier, target)}
        for export in module.exports:
            if export.specifier is None:
                if export.local in bound:
                    yield export.name
            elif self._leads(module, export.specifier, target):
                yield from _renamed(export, name)

    def _mentions(self, module: Module, references: References, target: str, name: str) -> list[Mention]:
        """The places of a module that mention what `target` exports as `name`."""
        imports = [each for each in module.imports if self._leads(module, each.specifier, target)]
        locals_ = {each.local for each in imports if each.imported == name}
        spaces = frozenset(each.local for each in imports if each.imported == "*")
        later = [places for each, places in references.imports_later.items() if self._leads(module, each, target)]
        if later:
            # `lazy(() => import('./form'))` takes what is exported by default, and never says so.
            unsaid = [place for places in later for place in places] if name == "default" else []
            return [*references.of({name, *locals_, *spaces}), *references.properties(name, None), *unsaid]
        bare = references.as_they_are(spaces)
        return [*references.of(locals_), *bare, *references.properties(name, spaces)]

    def _side(self, module: Module, references: References, mentions: Sequence[Mention], depth: int) -> Side:
        if TESTS.search(module.path):
            return Side.TEST
        if self._is_in_browsers(module, references, mentions, depth):
            return Side.BROWSER
        return Side.COMPONENT if references.has_elements else Side.SERVER

    def _is_in_browsers(self, module: Module, references: References, mentions: Sequence[Mention], depth: int) -> bool:
        """Whether browsers load these places: a bundler leaves out what nobody there asks for."""
        if "use client" in module.directives or any(references.is_of_a_hook(m) for m in mentions):
            return True
        if not self._project.is_client(module.path):
            return False
        if depth == 0 or any(not m.declares for m in mentions):
            return True
        behind = references.declarations_behind({name for m in mentions for name in m.declares})
        users = [use for name in exported_as(module, behind) for use in self.of(module.path, name, depth - 1)]
        # What nobody uses was written for those who load the rest of its file.
        return not users or any(use.side is Side.BROWSER for use in users)

    def by_browsers(self, path: str, line: int, client: str) -> Use | None:
        """The code of browsers that uses what stands at a line of a module, or what else calls a client in it."""
        asked = (path, line, client)
        if asked not in self._by_browsers:
            module = self._project.module(path)
            is_imported = module is not None and any(each.local == client for each in module.imports)
            others = self._dependent(path, frozenset({client})) if is_imported else ()
            names = dict.fromkeys((*self.exports_around(path, line), *others))
            uses = (use for name in names for use in self.of(path, name))
            self._by_browsers[asked] = next((use for use in uses if use.side is Side.BROWSER), None)
        return self._by_browsers[asked]

    def browsers_load(self, path: str) -> bool:
        """Whether code of browsers uses something that this module gives away; types leave no trace there."""
        return any(use.side is Side.BROWSER for name in self._project.export_names(path) for use in self.of(path, name))

    def _leads(self, module: Module, specifier: str, target: str) -> bool:
        found = self._project.resolve(module.path, specifier)
        return isinstance(found, ResolvedFile) and found.path == target

    def _references_of(self, path: str) -> References | None:
        if path not in self._references:
            module = self._project.module(path)
            self._references[path] = References(module) if module is not None else None
        return self._references[path]


def _renamed(export: Export, name: str) -> Iterator[str]:
    if export.name == "*":
        if name != "default":
            yield name
    elif (export.imported or export.name) == name:
        yield export.name


def _use(path: str, mentions: Sequence[Mention], side: Side, *, is_server_only: bool) -> Use:
    line = min(m.line for m in mentions)
    is_only_rendered = all(m.is_rendered for m in mentions)
    return Use(path, line, all(m.is_called for m in mentions), side, is_server_only, is_only_rendered)
