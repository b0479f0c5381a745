"""The laws of the house: which part may know which. A module that has no place in them is refused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PLACES = (
    # analyzers, from the ground up
    "analyzers.source",
    "analyzers.project",
    "analyzers.flow",
    "analyzers.knowledge",
    "analyzers.models",
    "analyzers.schema",
    "analyzers.actions",
    "analyzers.examples",
    "analyzers.rule",
    "analyzers.rules",
    "analyzers.rulebook",
    "analyzers.results",
    "analyzers.paths",
    "analyzers.policy",
    "analyzers.codebase",
    "analyzers.surroundings",
    "analyzers.judgement",
    "analyzers.intent",
    "analyzers.decisions",
    "analyzers.comparison",
    "analyzers.edits",
    "analyzers.suggestions",
    "analyzers.around",
    "analyzers.shares",
    "analyzers.unread",
    "analyzers.explanation",
    "analyzers.analysis",
    # bot
    "bot.settings",
    "bot.git",
    "bot.intake",
    "bot.store",
    "bot.review",
    "bot.configuration",
    "bot.github",
    "bot.child",
    "bot.jobs",
    "bot.web",
    "bot.report",
    "bot.local",
    "bot.fixes",
    "bot.options",
    "bot.output",
    "bot.workflow",
    "bot.doctor",
    "bot.logs",
    "bot.service",
    "bot.app",
    "bot.cli",
)
"""Every part. A module belongs to the one whose name is its own or the start of it."""

BELOW = {
    "analyzers.source": set(),
    "analyzers.project": {"analyzers.source"},
    "analyzers.flow": {"analyzers.source", "analyzers.project"},
    "analyzers.knowledge": {"analyzers.source", "analyzers.project", "analyzers.flow"},
    "analyzers.models": {"analyzers.flow", "analyzers.knowledge"},
    "analyzers.schema": {"analyzers.source", "analyzers.project"},
    "analyzers.actions": {"analyzers.source", "analyzers.project", "analyzers.flow", "analyzers.schema"},
    "analyzers.examples": set(),
    "analyzers.rule": {"analyzers.actions", "analyzers.flow", "analyzers.examples", "analyzers.source"},
    "analyzers.rules": {"analyzers.rule"},
    "analyzers.rulebook": {"analyzers.rule", "analyzers.rules"},
    "analyzers.results": {"analyzers.rule"},
    "analyzers.paths": set(),
    "analyzers.policy": {"analyzers.rule", "analyzers.knowledge", "analyzers.models", "analyzers.paths"},
    "analyzers.codebase": {
        "analyzers.actions",
        "analyzers.flow",
        "analyzers.knowledge",
        "analyzers.models",
        "analyzers.results",
        "analyzers.project",
        "analyzers.schema",
    },
    "analyzers.surroundings": {
        "analyzers.actions",
        "analyzers.codebase",
        "analyzers.results",
        "analyzers.project",
        "analyzers.rule",
    },
    "analyzers.judgement": {
        "analyzers.rule",
        "analyzers.results",
        "analyzers.flow",
        "analyzers.actions",
        "analyzers.source",
    },
    "analyzers.intent": {
        "analyzers.actions",
        "analyzers.codebase",
        "analyzers.results",
        "analyzers.policy",
        "analyzers.rule",
        "analyzers.rulebook",
    },
    "analyzers.decisions": {"analyzers.actions", "analyzers.intent", "analyzers.rule"},
    "analyzers.edits": {"analyzers.rule", "analyzers.source"},
    "analyzers.shares": {"analyzers.actions", "analyzers.codebase", "analyzers.flow"},
    "analyzers.unread": {"analyzers.codebase", "analyzers.results", "analyzers.project"},
    "analyzers.suggestions": {
        "analyzers.actions",
        "analyzers.codebase",
        "analyzers.edits",
        "analyzers.results",
        "analyzers.project",
        "analyzers.rule",
        "analyzers.rulebook",
        "analyzers.source",
    },
    "analyzers.around": {
        "analyzers.actions",
        "analyzers.codebase",
        "analyzers.comparison",
        "analyzers.decisions",
        "analyzers.intent",
        "analyzers.judgement",
        "analyzers.results",
        "analyzers.policy",
        "analyzers.project",
        "analyzers.rule",
        "analyzers.rulebook",
        "analyzers.surroundings",
    },
    "analyzers.explanation": {"analyzers.rule", "analyzers.flow", "analyzers.source"},
    "analyzers.comparison": {"analyzers.rule", "analyzers.results", "analyzers.rulebook"},
    "analyzers.analysis": {place for place in PLACES if place.startswith("analyzers.")} - {"analyzers.rules"},
    "bot.settings": set(),
    "bot.git": {"analyzers.analysis"},
    "bot.intake": {"bot.settings"},
    "bot.store": {"bot.settings"},
    "bot.review": {"analyzers.analysis", "analyzers.rulebook"},
    "bot.configuration": {"bot.review", "analyzers.analysis", "analyzers.rulebook"},
    "bot.github": {"bot.review"},
    "bot.child": {"bot.git", "bot.configuration", "bot.review", "analyzers.analysis"},
    "bot.jobs": {
        "bot.settings",
        "bot.git",
        "bot.store",
        "bot.review",
        "bot.configuration",
        "bot.child",
        "bot.intake",
        "analyzers.analysis",
    },
    "bot.web": {"bot.settings", "bot.store", "bot.intake", "bot.review", "analyzers.rulebook"},
    "bot.report": {"bot.review", "analyzers.analysis", "analyzers.rulebook"},
    "bot.local": {
        "bot.git",
        "bot.review",
        "bot.configuration",
        "bot.report",
        "analyzers.analysis",
        "analyzers.rulebook",
    },
    "bot.fixes": {"bot.git", "bot.report", "bot.review", "analyzers.analysis"},
    "bot.options": {"analyzers.rulebook"},
    "bot.workflow": {"bot.git", "bot.github", "bot.local", "bot.report", "bot.review", "analyzers.analysis"},
    "bot.output": {"bot.options", "bot.report", "analyzers.analysis"},
    "bot.doctor": {"bot.settings", "bot.git", "bot.store", "bot.report"},
    "bot.logs": {"bot.settings"},
}
"""What each part may import of ours, besides itself. Parts that are not named join the others: they may import all."""

LIBRARIES_AT_HOME = {
    "tree_sitter": "analyzers.source",
    "tree_sitter_typescript": "analyzers.source",
    "github": "bot.github",
    "subprocess": ("bot.git", "bot.jobs"),
}
"""Libraries that only one part knows."""


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of ours, with its file."""
    for folder in ("analyzers", "bot"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def place_of(module: str) -> str | None:
    """The part that a module belongs to."""
    fitting = [place for place in PLACES if module == place or module.startswith(f"{place}.")]
    return max(fitting, key=len) if fitting else None


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = [pytest.param(module, path, id=module) for module, path in modules() if module not in {"analyzers", "bot"}]


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_a_module_imports_only_what_its_place_may_know(module: str, path: Path) -> None:
    place = place_of(module)
    assert place is not None, f"{module} has no place in the house"
    for imported in imports(path):
        target = place_of(imported)
        if target is None or target == place or place not in BELOW:
            continue
        assert target in BELOW[place], f"{module} imports {imported}: {place} may not know {target}"


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_a_library_is_known_only_where_it_is_at_home(module: str, path: Path) -> None:
    for imported in imports(path):
        for library, home in LIBRARIES_AT_HOME.items():
            if imported == library or imported.startswith(f"{library}."):
                homes = (home,) if isinstance(home, str) else home
                assert place_of(module) in homes, f"{module} imports {imported}, which only {home} may know"


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {known(i) for i in imports(path)} - {None, module} for module, path in modules()}
    assert list(circles(graph)) == []


NAMES = frozenset(module for module, _ in modules())


def known(imported: str) -> str | None:
    """The module of ours that an import names, if it is one."""
    while imported:
        if imported in NAMES:
            return imported
        imported = imported.rpartition(".")[0]
    return None


def circles(graph: dict[str, set[str | None]]) -> Iterator[list[str]]:
    """Modules that reach themselves."""
    for start in graph:
        waiting, seen = list(graph[start]), set()
        while waiting:
            module = waiting.pop()
            if module == start:
                yield [start]
                break
            if module is not None and module not in seen:
                seen.add(module)
                waiting += graph.get(module, set())
