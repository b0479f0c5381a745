"""The examples of the excuses: one applies to some effect of each of its own, and to none of the others."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from preship.analyzers.actions import excuses
from preship.analyzers.actions.excuses.form import Example, Excuse
from preship.analyzers.analysis import explain
from preship.analyzers.examples import actions
from preship.analyzers.policy import Policy
from preship.analyzers.project.memory import MemoryFiles

MODULES = [
    import_module(f"{excuses.__name__}.{path.stem}") for path in sorted(Path(excuses.__file__).parent.glob("*.py"))
]
EXCUSES: list[Excuse[Any]] = [module.EXCUSE for module in MODULES if hasattr(module, "EXCUSE")]
EXAMPLES = [(excuse, example) for excuse in EXCUSES for example in excuse.examples]
OTHERS = [(excuse, example) for excuse in EXCUSES for example in excuse.others]


def explained(example: Example) -> list[str]:
    files = MemoryFiles(actions(example.code) if isinstance(example.code, str) else example.code)
    return [line.strip() for line in explain(files, "app/actions.ts", None, Policy())]


def named(case: tuple[Excuse[Any], Example]) -> str:
    return f"{case[0].id}: {case[1].title}"


@pytest.mark.parametrize("case", EXAMPLES, ids=named)
def test_an_excuse_applies_to_its_examples(case: tuple[Excuse[Any], Example]) -> None:
    excuse, example = case
    assert {f"excuse  {excuse.id}: {excuse.why}", f"public: {excuse.why}"} & set(explained(example))


@pytest.mark.parametrize("case", OTHERS, ids=named)
def test_an_excuse_applies_to_none_of_the_others(case: tuple[Excuse[Any], Example]) -> None:
    excuse, example = case
    told = (f"excuse  {excuse.id}:", f"public: {excuse.why}")
    assert [line for line in explained(example) if line.startswith(told)] == []


def test_each_excuse_has_an_id_of_its_own_and_examples_of_both_kinds() -> None:
    assert len({each.id for each in EXCUSES}) == len(EXCUSES)
    assert [each.id for each in EXCUSES if not (each.examples and each.others)] == []


def test_an_excuse_stands_in_a_file_that_is_called_after_it() -> None:
    assert [m.EXCUSE.id for m in MODULES if hasattr(m, "EXCUSE")] == [
        m.__name__.rpartition(".")[2].replace("_", "-") for m in MODULES if hasattr(m, "EXCUSE")
    ]


def test_what_was_missing_for_an_excuse_is_explained_line_by_line() -> None:
    code = """
        'use server'
        import { cookies } from 'next/headers'
        import { prisma } from '../lib/prisma'
        export async function begin(id: string) {
          const cart = await prisma.cart.update({ where: { id }, data: { taken: true } })
          ;(await cookies()).set('cart', cart.id)
        }
    """
    assert explained(Example("", code)) == [
        "app/actions.ts:5  begin(id: string)",
        "meant for nobody: nothing uses it",
        "app/actions.ts:6  write cart (prisma.cart.update)",
        "key     { id: input id }",
        "with    { taken: True }",
        "almost  handed-back: it makes a record whose name the caller gets as a cookie; what is missing: "
        "it makes the record",
        "app/actions.ts:7  cookie cart (next/headers.set)",
        "with    id of the cart found by input id",
        "+ checked: input id, app/actions.ts:6",
        "app/actions.ts:5  returns undefined",
    ]
