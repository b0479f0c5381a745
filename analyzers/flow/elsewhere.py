"""What other files put into the properties of what a file exports: a registry that is filled at the start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.flow.reassigned import Reassignment, assigned_in
from preship.analyzers.flow.values import Array, Object, Value, is_nullish
from preship.analyzers.project.bindings import LocalBinding
from preship.analyzers.project.project import Project

DEEPEST = 2
"""Objects inside objects that are looked at for what is left to be filled."""

PUTS = re.compile(
    rb"[\w\]]\s*(?:\.\s*[\w$]+|\[[^\]\n]*\])\s*(?:\?\?|\|\|)?=[^=>]|Object\.assign\(|\.(?:push|unshift)\("
)
"""A file without it puts nothing into any property."""


def is_left_to_be_filled(value: Value, depth: int = DEEPEST) -> bool:
    """Whether something is empty, or has a property that holds nothing yet."""
    for a in value.alternatives:
        if isinstance(a.shape, Array) and a.shape.items == ():
            return True
        if isinstance(a.shape, Object) and a.shape.brand is None and not a.shape.fields and a.shape.rest is None:
            return True
        if isinstance(a.shape, Object) and depth and any(_is_empty(v, depth - 1) for _, v in a.shape.fields):
            return True
    return False


def _is_empty(value: Value, depth: int) -> bool:
    return all(is_nullish(a.shape) for a in value.alternatives) or is_left_to_be_filled(value, depth)


def put_elsewhere(project: Project, path: str, name: str) -> Iterator[tuple[str, Reassignment]]:
    """What other files put into properties of what a file declares under a name, and which files do."""
    module = project.module(path)
    if module is None or not any(name == (export.local or export.name) for export in module.exports):
        return
    for importer in project.importers_of(path):
        blob = project.blob(importer) if importer != path else None
        using = project.module(importer) if blob is not None and PUTS.search(blob.content) else None
        for each in using.imports if using is not None else ():
            if is_it(project, importer, each.local, path, name):
                found = assigned_in(using.statements if using is not None else (), {each.local}, (), {each.local})
                yield from ((importer, put) for put in found.get(each.local, ()))


def filled_by(project: Project, path: str) -> Iterator[str]:
    """The files into whose exports a file may put something: what they do, it decides as well."""
    module, blob = project.module(path), project.blob(path)
    if module is None or blob is None or not PUTS.search(blob.content):
        return
    imported = {each.local for each in module.imports}
    for name in assigned_in(module.statements, imported, (), imported):
        binding = project.local(path, name)
        if isinstance(binding, LocalBinding):
            yield binding.path


def is_it(project: Project, importer: str, local: str, path: str, name: str) -> bool:
    """Whether an imported name is what a file declares under a name."""
    binding = project.local(importer, local)
    if not isinstance(binding, LocalBinding) or binding.path != path:
        return False
    return binding.local == name or (binding.local is None and name == "default")
