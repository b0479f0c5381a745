"""What an action's code imports from outside of the project, by all the files that it reaches."""

from __future__ import annotations

from preship.analyzers.project.project import Project
from preship.analyzers.project.resolution import Package


def imported_packages(project: Project, path: str) -> dict[str, tuple[str, ...]]:
    """The packages that a file and all that it imports name, each with the names that are taken; sorted."""
    found: dict[str, set[str]] = {}
    seen, waiting = {path}, [path]
    while waiting:
        here = waiting.pop()
        module = project.module(here)
        if module is None:
            continue
        for specifier in module.side_effects:
            found.setdefault(specifier, set())
        for each in module.imports:
            if isinstance(project.resolve(here, each.specifier), Package):
                found.setdefault(each.specifier, set()).add(each.imported)
        for export in module.exports:
            if export.specifier and isinstance(project.resolve(here, export.specifier), Package):
                found.setdefault(export.specifier, set()).add(export.imported or export.name)
        fresh = [each for each in project.imports_of(here) if each not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return {name: tuple(sorted(names - {"default", "*"})) for name, names in sorted(found.items())}
