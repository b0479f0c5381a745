"""Runs snippets through the whole analysis, as every test of the engine does."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed

Code = str | Mapping[str, str]
"""The text of `app/actions.ts`, or files by path."""


def files_of(code: Code) -> dict[str, str]:
    """The files of an example, unindented."""
    files = {"app/actions.ts": code} if isinstance(code, str) else dict(code)
    return {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}


def run(code: Code) -> dict[str | None, ActionFacts]:
    """Every action of the files, executed, by name."""
    files = files_of(code)
    tree = codebase_of(MemoryFiles(files), Parsed())
    with deep_recursion():
        return {a.name: tree.executed(a) for path in sorted(files) for a in tree.actions(path)}


BESIDES = frozenset({"Case", "NotCase", "Configured", "Names"})
"""Facts that prove nothing and only say which path it is, or how it was shown that something is the caller's."""


def effects(facts: ActionFacts) -> list[str]:
    """The effects on the world in order, each as `kind target: facts that held`."""
    return [
        f"{e.kind} {e.target}: {', '.join(sorted({type(f).__name__ for f in e.facts} - BESIDES))}".rstrip(": ")
        for e in facts.touching_effects()
    ]
