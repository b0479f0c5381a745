"""The table of conventions: every row means what its examples say, and stands where it says that it is used."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from preship.analyzers import conventions
from preship.analyzers.conventions.form import Case, Convention
from preship.analyzers.conventions.table import CONVENTIONS

ANALYZERS = Path(conventions.__file__).parent.parent
ROWS = tuple(CONVENTIONS.values())


def id_of(convention: Convention) -> str:
    return convention.id


@pytest.mark.parametrize("convention", ROWS, ids=id_of)
def test_the_examples_of_a_convention_follow_it(convention: Convention) -> None:
    assert [name for name in convention.examples if not convention.matches(name)] == []


@pytest.mark.parametrize("convention", ROWS, ids=id_of)
def test_the_counterexamples_of_a_convention_do_not_follow_it(convention: Convention) -> None:
    assert [name for name in convention.others if convention.matches(name)] == []


@pytest.mark.parametrize("convention", ROWS, ids=id_of)
def test_canonical_examples_are_written_as_the_convention_reads_them(convention: Convention) -> None:
    if convention.case is Case.CANONICAL:
        assert all(name.isalnum() and name == name.lower() for name in convention.examples)


def test_a_convention_is_called_in_the_configuration_as_in_the_code() -> None:
    assert {name.lower().replace("_", "-"): each.id for name, each in names_in_code().items()} == {
        each.id: each.id for each in ROWS
    }


def test_a_convention_says_where_it_is_used() -> None:
    names = names_in_code()
    used: dict[str, set[str]] = {each.id: set() for each in ROWS}
    for path in sorted(ANALYZERS.rglob("*.py")):
        module = path.relative_to(ANALYZERS).with_suffix("").as_posix()
        if module.startswith("conventions/"):
            continue
        imported = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("preship.analyzers.conventions.")
            for alias in node.names
        }
        for name in imported & names.keys():
            used[names[name].id].add(module)
    assert {each.id: sorted(each.used_in) for each in ROWS} == {id_: sorted(modules) for id_, modules in used.items()}


def test_an_answer_of_a_convention_is_compared_with_nothing() -> None:
    """It is true or false, and never None, as that of a pattern was."""
    compared = [
        f"{path.name}:{node.lineno}"
        for path in sorted(ANALYZERS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
        if isinstance(node.left, ast.Call) and isinstance(node.left.func, ast.Attribute)
        if node.left.func.attr == "matches"
    ]
    assert compared == []


def names_in_code() -> dict[str, Convention]:
    return {
        name: value
        for path in sorted(Path(conventions.__file__).parent.glob("*.py"))
        for name, value in vars(__import__(f"{conventions.__name__}.{path.stem}", fromlist=["*"])).items()
        if isinstance(value, Convention)
    }
