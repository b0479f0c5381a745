"""The linter, the formatter, the type checker and the layers of `.importlinter`, as part of the suite."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from preship.bot.web.registration import EVENTS, PERMISSIONS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "check", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports",)], ids=" ".join
)
def test_the_code_passes(check: tuple[str, ...]):
    command = Path(sys.executable).with_name(check[0])
    run = subprocess.run([command, *check[1:]], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_manifest_asks_for_what_the_registration_page_asks_for():
    manifest = yaml.safe_load((ROOT / "app.yml").read_text())
    assert manifest["default_permissions"] == {need.name: need.access for need in PERMISSIONS}
    assert manifest["default_events"] == [need.name for need in EVENTS]


def test_the_readme_names_every_permission_with_its_reason():
    readme = (ROOT / "README.md").read_text()
    for need in PERMISSIONS:
        assert f"| {need.name.replace('_', ' ')} | {need.access} | {need.reason} |" in readme


# https://github.com/python/cpython/issues/106052: possessive quantifiers and atomic groups around anything that
# branches match wrongly before 3.11.5. Debian 12 has 3.11.2.
TOO_NEW = re.compile(r"[^\s\\+][*+?}]\+|\(\?>")


def texts(path: Path) -> Iterator[str]:
    """Every string constant of a file, docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in told and isinstance(node.value, str | bytes):
            yield node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value


@pytest.mark.parametrize("folder", ["analyzers", "bot"])
def test_no_pattern_needs_a_python_newer_than_the_oldest_that_is_supported(folder: str):
    found = [(path.name, text) for path in sorted((ROOT / folder).rglob("*.py")) for text in texts(path)]
    assert [(name, text) for name, text in found if TOO_NEW.search(text)] == []


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("folder", ["analyzers", "bot", "tests"])
def test_our_modules_have_one_name_each(folder: str):
    """By the name of its folder, as only an interpreter in this one finds it, a module would be another one."""
    found = [(str(path), each) for path in sorted((ROOT / folder).rglob("*.py")) for each in imports(path)]
    assert [(path, each) for path, each in found if each.partition(".")[0] in {"analyzers", "bot"}] == []


NOT_THE_FIELDS = re.compile(
    r"shel(f|ves)|desks?|strangers?|errands?|innocent|forums?|laid[_ ]bare|lays[_ ]bare", re.IGNORECASE
)
"""Words that this project once used for models, contexts, anonymous callers, scheduled tasks, benign effects, fakes."""

NAMED_IN_THE_DATABASE = {"bot/store/scheduled_tasks.py"}
"""A table and a lock keep the names that running versions know."""


def test_names_and_comments_use_the_fields_words() -> None:
    files = [path for top in ("analyzers", "bot") for path in sorted((ROOT / top).rglob("*.py"))]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word[0]}"
        for path in files
        if str(path.relative_to(ROOT)) not in NAMED_IN_THE_DATABASE
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for word in re.finditer(rf"(?<![a-z])({NOT_THE_FIELDS.pattern})(?![a-z])", line, re.IGNORECASE)
    ]
    assert found == []
