"""Who uses an export: followed through barrels, namespaces and `import()`, and told apart by side and manner."""

from __future__ import annotations

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.project.uses import Side, Uses

ACTIONS = "'use server'\nexport async function save(id) {}\nexport async function load(id) { return save(id) }\n"


def used(files: dict[str, str], name: str = "save") -> set[tuple[str, Side, bool]]:
    """The users of an export of `actions.ts`: their file, their side, and whether they only call it."""
    found = Uses(Project(MemoryFiles({"actions.ts": ACTIONS, **files}))).of("actions.ts", name)
    return {(use.path, use.side, use.is_only_called) for use in found if use.path != "actions.ts"}


def test_a_component_that_says_so_is_the_browsers() -> None:
    page = "'use client'\nimport { save } from './actions'\nexport const B = () => <b onClick={() => save(1)} />"
    assert used({"b.tsx": page}) == {("b.tsx", Side.BROWSER, True)}


def test_the_directive_counts_behind_comments_and_other_directives_only() -> None:
    said = "// a\n/* b */ 'use strict'; 'use client'\nimport { save } from './actions'\nexport const b = () => save(1)"
    comment = "// 'use client'\nimport { save } from './actions'\nexport const c = () => save(1)"
    assert used({"b.ts": said, "c.ts": comment}) == {("b.ts", Side.BROWSER, True), ("c.ts", Side.SERVER, True)}


def test_a_hook_is_the_browsers_where_a_client_component_calls_it() -> None:
    files = {
        "use-save.ts": "import { save } from './actions'\nconst run = () => save(1)\nexport const useSave = () => run",
        "b.tsx": "'use client'\nimport { useSave } from './use-save'\nexport const B = () => useSave()",
    }
    assert used(files) == {("use-save.ts", Side.BROWSER, True)}


def test_a_function_of_the_same_file_that_no_browser_asks_for_stays_on_the_server() -> None:
    files = {
        "lib.ts": "import { save } from './actions'\nexport const job = () => save(1)\nexport const words = 'text'",
        "b.tsx": "'use client'\nimport { words } from './lib'\nexport const B = () => <b>{words}</b>",
        "route.ts": "import { job } from './lib'\nexport const POST = () => job()",
    }
    assert used(files) == {("lib.ts", Side.SERVER, True)}


def test_a_hook_that_nobody_calls_yet_is_the_browsers_like_the_rest_of_its_file() -> None:
    files = {
        "hooks.ts": "import { save } from './actions'\nexport const useA = () => save(1)\nexport const useIt = () => 1",
        "b.tsx": "'use client'\nimport { useIt } from './hooks'\nexport const B = () => useIt()",
    }
    assert used(files) == {("hooks.ts", Side.BROWSER, True)}


def test_what_a_server_component_hands_on_is_not_only_called() -> None:
    files = {
        "form.tsx": "import { save } from './actions'\nexport const F = () => <form action={save} />",
        "bound.tsx": "import { save } from './actions'\nexport const G = () => <form action={save.bind(null, 1)} />",
        "called.tsx": "import { save } from './actions'\nexport const H = async () => <p>{await save(1)}</p>",
    }
    assert used(files) == {
        ("form.tsx", Side.COMPONENT, False),
        ("bound.tsx", Side.COMPONENT, False),
        ("called.tsx", Side.COMPONENT, True),
    }


def test_barrels_new_names_namespaces_and_dynamic_imports_are_followed() -> None:
    files = {
        "barrel.ts": "export * from './actions'\nexport { save as keep } from './actions'",
        "one.ts": "import { keep } from './barrel'\nexport const one = () => keep(1)",
        "two.ts": "import * as all from './actions'\nexport const two = () => all.save(1)",
        "three.ts": "export const three = async () => { const { save } = await import('./actions'); await save(1) }",
        "four.ts": "import * as all from './actions'\nexport const four = () => all.load(1)",
    }
    assert used(files) == {(path, Side.SERVER, True) for path in ("one.ts", "two.ts", "three.ts")}


def test_tests_are_told_apart() -> None:
    test = "import { save } from './actions'\nit('saves', () => save(1))"
    assert used({"actions.test.ts": test}) == {("actions.test.ts", Side.TEST, True)}


def test_its_own_file_is_a_user_too() -> None:
    found = Uses(Project(MemoryFiles({"actions.ts": ACTIONS}))).of("actions.ts", "save")
    assert [(use.path, use.line, use.is_only_called) for use in found] == [("actions.ts", 3, True)]


def loaded(client: str) -> bool:
    """Whether browsers load `lib.ts`, which a client component imports so."""
    files = {"lib.ts": "export type Row = {}\nexport const words = 'text'", "b.tsx": f"'use client'\n{client}"}
    return Uses(Project(MemoryFiles(files))).browsers_load("lib.ts")


def test_an_import_of_a_type_loads_nothing() -> None:
    assert loaded("import { words } from './lib'\nexport const B = () => words")
    assert not loaded("import { Row } from './lib'\nexport const B = (row: Row) => null")
    assert not loaded("import type { Row } from './lib'\nexport const B = (row: Row) => null")


def test_a_barrel_loads_nothing_that_is_not_asked_of_it() -> None:
    files = {
        "lib.ts": "export const words = 'text'",
        "other.ts": "export const numbers = [1]",
        "barrel.ts": "export * from './lib'\nexport * from './other'",
        "b.tsx": "'use client'\nimport { numbers } from './barrel'\nexport const B = () => numbers.length",
    }
    uses = Uses(Project(MemoryFiles(files)))
    assert uses.browsers_load("other.ts")
    assert not uses.browsers_load("lib.ts")


def test_a_component_that_is_rendered_is_told_apart_from_what_is_handed_on() -> None:
    files = {
        "a.tsx": "import { save as Save } from './actions'\nexport const A = () => <Save id={1} />",
        "b.tsx": "import { save } from './actions'\nexport const B = () => <Form save={save} />",
    }
    found = Uses(Project(MemoryFiles({"actions.ts": ACTIONS, **files}))).of("actions.ts", "save")
    assert {use.path: use.is_only_rendered for use in found} == {"actions.ts": False, "a.tsx": True, "b.tsx": False}


def test_only_the_declaration_that_stands_at_a_line_is_around_it() -> None:
    lib = "export const amount = () => 1\nexport const find = () => 2\nexport const both = () => find() + amount()\n"
    uses = Uses(Project(MemoryFiles({"lib.ts": lib})))
    assert [uses.exports_around("lib.ts", line) for line in (1, 2, 3)] == [
        ("amount", "both"),
        ("find", "both"),
        ("both",),
    ]
