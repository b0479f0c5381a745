"""What a name of a module stands for, followed through re-exports, barrels and imports to where it is declared.

https://tc39.es/ecma262/#sec-resolveexport
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from preship.analyzers.project.layout import is_source
from preship.analyzers.project.resolution import Package, Resolution, ResolvedFile, Unresolved
from preship.analyzers.source.tree import Export, ImportedName, Module

_DEPTH_LIMIT = 40
"""Files that a name may be handed through; real barrels nest five deep."""

_WIDTH_LIMIT = 20_000
"""Files that one search may look into: a generated barrel of icons has a few thousand."""

NO_TEXT = Unresolved("a file without readable text")
NOT_CODE = Unresolved("not code")
COMMON_JS = Unresolved("a CommonJS module")
TOO_FAR = Unresolved("re-exported through too many files")
SEVERAL_SOURCES = Unresolved("one of several `export *` that cannot be seen")


@dataclass(frozen=True, slots=True)
class LocalBinding:
    """A name declared in a file of the repository."""

    path: str
    local: str | None
    """The variable, function or class at the top level of that file; None for an anonymous default export."""

    export: Export | None
    """The export that ends the search, with the `value` of an anonymous default; None where no export was passed."""


@dataclass(frozen=True, slots=True)
class PackageBinding:
    """A name that a package gives away."""

    package: Package
    imported: str
    """The name there; `default`, or `*` for its namespace."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A name that one of several packages gives away, each re-exported whole: which, only who knows them can tell."""

    packages: tuple[PackageBinding, ...]


@dataclass(frozen=True, slots=True)
class NamespaceBinding:
    """All exports of a file of the repository, as one object."""

    path: str


Binding = LocalBinding | PackageBinding | OneOf | NamespaceBinding | Unresolved


class _Names:
    """The exports and imports of one module by name."""

    __slots__ = ("exports", "imports", "is_common_js", "stars")

    def __init__(self, module: Module) -> None:
        self.exports = {export.name: export for export in module.exports if export.name != "*"}
        self.stars = tuple(export.specifier for export in module.exports if export.name == "*" and export.specifier)
        self.imports = {each.local: each for each in module.imports}
        self.is_common_js = not module.exports and not module.imports and module.path.endswith((".js", ".cjs"))


@dataclass(slots=True)
class _Search:
    """Where one search has been."""

    visited: set[tuple[str, str]]
    depth: int = 0


class Bindings:
    """Follows names through the modules of one tree. Every question is answered once."""

    def __init__(self, module: Callable[[str], Module | None], resolve: Callable[[str, str], Resolution]) -> None:
        self._module = module
        self._resolve = resolve
        self._names: dict[str, _Names | None] = {}
        self._exports: dict[tuple[str, str], Binding | None] = {}

    def export(self, path: str, name: str) -> Binding | None:
        """What the module `path` exports as `name`; None where it exports no such value."""
        key = (path, name)
        if key not in self._exports:
            self._exports[key] = self._export(path, name, _Search(set()))
        return self._exports[key]

    def imported(self, importer: str, specifier: str, name: str) -> Binding | None:
        """What an import of `name` (`default`, `*` for the namespace) from `specifier` binds in the file `importer`."""
        return self._imported(importer, specifier, name, _Search(set()))

    def local(self, path: str, name: str) -> Binding | None:
        """What the variable `name` at the top level of a file is bound to by an import; None if no import binds it."""
        names = self._names_of(path)
        each = names.imports.get(name) if names else None
        return self.imported(path, each.specifier, each.imported) if each else None

    def export_names(self, path: str) -> tuple[str, ...]:
        """Every name that a module exports, those of `export *` included (but for packages)."""
        names: dict[str, None] = {}
        for number, module in enumerate(self._with_stars(path)):
            names |= dict.fromkeys(name for name in module.exports if number == 0 or name != "default")
        return tuple(names)

    def _export(self, path: str, name: str, search: _Search) -> Binding | None:
        """A pair seen before on this search adds nothing: it was found, is being searched, or has nothing."""
        if (path, name) in search.visited:
            return None
        if search.depth > _DEPTH_LIMIT or len(search.visited) > _WIDTH_LIMIT:
            return TOO_FAR
        known = self._exports.get((path, name))
        if known is not None:
            return known
        search.visited.add((path, name))
        search.depth += 1
        found = self._found(path, name, search)
        search.depth -= 1
        if found is not None and found is not TOO_FAR:
            self._exports[path, name] = found
        return found

    def _found(self, path: str, name: str, search: _Search) -> Binding | None:
        names = self._names_of(path)
        if names is None:
            return NO_TEXT if is_source(path) else NOT_CODE
        export = names.exports.get(name)
        if export:
            return self._declared(path, names, export, search)
        return self._starred(path, names, name, search)

    def _declared(self, path: str, names: _Names, export: Export, search: _Search) -> Binding | None:
        """What an export statement gives away: another module's name, an import of this one, or its own variable."""
        if export.specifier is not None:
            return self._imported(path, export.specifier, export.imported or export.name, search)
        passed_on: ImportedName | None = names.imports.get(export.local) if export.local else None
        if passed_on:
            return self._imported(path, passed_on.specifier, passed_on.imported, search)
        return LocalBinding(path, export.local, export)

    def _starred(self, path: str, names: _Names, name: str, search: _Search) -> Binding | None:
        """What `export *` gives away, never a default: of this repository's files first, else of a package."""
        if names.is_common_js:
            return COMMON_JS
        if name == "default":
            return None
        elsewhere: list[Binding] = []
        for specifier in names.stars:
            found = self._imported(path, specifier, name, search)
            if isinstance(found, LocalBinding | NamespaceBinding):
                return found
            if found is not None:
                elsewhere.append(found)
        return one_of(elsewhere)

    def _imported(self, importer: str, specifier: str, name: str, search: _Search) -> Binding | None:
        target = self._resolve(importer, specifier)
        if isinstance(target, Package):
            return PackageBinding(target, name)
        if isinstance(target, Unresolved):
            return target
        if name == "*":
            return NamespaceBinding(target.path) if is_source(target.path) else NOT_CODE
        return self._export(target.path, name, search)

    def _with_stars(self, path: str) -> Iterator[_Names]:
        """The names of a module, then of all modules of this repository that it re-exports whole."""
        waiting, seen = [path], {path}
        while waiting:
            current = waiting.pop(0)
            names = self._names_of(current)
            if names is None:
                continue
            yield names
            targets = (self._resolve(current, specifier) for specifier in names.stars)
            fresh = [each.path for each in targets if isinstance(each, ResolvedFile) and each.path not in seen]
            seen.update(fresh)
            waiting.extend(fresh)

    def _names_of(self, path: str) -> _Names | None:
        if path not in self._names:
            module = self._module(path) if is_source(path) else None
            self._names[path] = None if module is None else _Names(module)
        return self._names[path]


def one_of(found: Sequence[Binding]) -> Binding | None:
    """What a name is that all of these may give away."""
    packages = tuple(each for each in found if isinstance(each, PackageBinding))
    if len(found) < 2:
        return found[0] if found else None
    return OneOf(packages) if len(packages) == len(found) else SEVERAL_SOURCES
