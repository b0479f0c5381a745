"""What is imported is declared, and what is declared is used: nothing comes by way of another package's needs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())

OURS = {"analyzers", "bot", "tests"}
COMMANDS = {"mypy", "pytest-xdist", "ruff"}
"""What is run, or is a plug-in, and is not imported."""


def named(requirements: list[str]) -> set[str]:
    """The distributions that requirements name."""
    return {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in requirements}


def imported(*folders: str) -> set[str]:
    """The distributions that files import."""
    modules = {
        name.partition(".")[0]
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    homes = packages_distributions()
    return {homes[module][0].lower().replace("_", "-") for module in modules - OURS - set(sys.stdlib_module_names)}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def test_the_product_declares_exactly_what_it_imports():
    assert imported("analyzers", "bot") == named(DECLARED["project"]["dependencies"])


def test_the_tests_declare_what_they_import_besides():
    product, dev = named(DECLARED["project"]["dependencies"]), named(DECLARED["dependency-groups"]["dev"])
    stubs = {name for name in dev if name.startswith("types-")}
    assert imported("tests") - product == dev - COMMANDS - stubs
