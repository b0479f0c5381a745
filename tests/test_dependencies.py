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

OURS = {"preship", "tests"}
COMMANDS = {"import-linter", "mypy", "pytest-xdist", "ruff"}
"""What is run, or is a plug-in, and is not imported."""

FOR_FORMS = {"python-multipart"}
"""FastAPI imports it by itself where a route takes a form: https://fastapi.tiangolo.com/tutorial/request-forms/"""


def named(requirements: list[str]) -> set[str]:
    """The distributions that requirements name."""
    return {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in requirements}


def imported(*places: str) -> set[str]:
    """The distributions that the files of folders, or single files, import."""
    paths = [path for place in places for path in ([ROOT / place] if place.endswith(".py") else _files(ROOT / place))]
    modules = {
        name.partition(".")[0]
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    homes = packages_distributions()
    return {homes[module][0].lower().replace("_", "-") for module in modules - OURS - set(sys.stdlib_module_names)}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


CORE = named(DECLARED["project"]["dependencies"])
EXTRAS = {name: named(listed) for name, listed in DECLARED["project"]["optional-dependencies"].items()}

COMMAND_LINE = (
    "analyzers",
    "bot/configuration",
    "bot/git",
    "bot/report",
    "bot/review",
    "bot/cli",
    *(f"bot/{name}.py" for name in ("doctor", "fixes", "local", "options", "output", "settings")),
)
"""What runs without any extra."""


def test_the_command_line_declares_exactly_what_it_imports():
    assert imported(*COMMAND_LINE) == CORE


def test_each_extra_declares_what_its_part_imports_besides():
    assert imported("bot/github", "bot/workflow.py") - CORE == EXTRAS["action"]
    assert imported("bot/mcp", "bot/workspace.py") - CORE == EXTRAS["mcp"]
    assert imported("bot/lsp", "bot/workspace.py") - CORE == EXTRAS["lsp"]
    assert imported("bot/probe") - CORE == EXTRAS["probe"]
    every = EXTRAS["serve"] | EXTRAS["lsp"] | EXTRAS["mcp"] | EXTRAS["probe"]
    assert imported("analyzers", "bot") - CORE | FOR_FORMS == every


def test_the_tests_declare_what_they_import_besides():
    dev = named(DECLARED["dependency-groups"]["dev"])
    stubs = {name for name in dev if name.startswith("types-")}
    assert imported("tests") - CORE - set().union(*EXTRAS.values()) == dev - COMMANDS - stubs - {"preship-bot"}
