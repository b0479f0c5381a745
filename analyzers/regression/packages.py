"""What an action's code imports from outside of the project, by all the files that it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath

from preship.analyzers.project.project import Project
from preship.analyzers.project.resolution import Package
from preship.analyzers.source.tree import Module


@dataclass(frozen=True, slots=True)
class Imported:
    """One package, as some code imports it."""

    package: str
    """`next/headers`; what a generator writes into the project goes by the package that it stands for."""

    spelled: str
    """How a file beside the action names it."""

    names: tuple[str, ...]
    """The names that are taken, sorted; the default export and the namespace left out."""


def imported_packages(project: Project, path: str) -> tuple[Imported, ...]:
    """The packages that a file and all that it imports name, by how a file beside it names them."""
    found: dict[tuple[str, str], set[str]] = {}
    seen, waiting = {path}, [path]
    while waiting:
        here = waiting.pop()
        module = project.module(here)
        for specifier, name in _imports(module) if module is not None else ():
            package = project.resolve(here, specifier)
            if isinstance(package, Package):
                spelled = _spelled(specifier, here, dirname(path))
                found.setdefault((spelled, "/".join(filter(None, (package.name, package.subpath)))), set()).add(name)
        fresh = [each for each in project.imports_of(here) if each not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return tuple(
        Imported(package, spelled, tuple(sorted(names - {"", "default", "*"})))
        for (spelled, package), names in sorted(found.items())
    )


def _imports(module: Module) -> Iterator[tuple[str, str]]:
    """What a module imports: from where, and by what name there."""
    yield from ((specifier, "") for specifier in module.side_effects)
    yield from ((each.specifier, each.imported) for each in module.imports)
    for each in module.exports:
        if each.specifier:
            yield each.specifier, each.imported or each.name


def _spelled(specifier: str, here: str, folder: str) -> str:
    """A specifier of one file as a file in another folder writes it."""
    if not specifier.startswith("."):
        return specifier
    place = relpath(normpath(join(dirname(here), specifier)), folder or ".")
    return place if place.startswith(".") else f"./{place}"
