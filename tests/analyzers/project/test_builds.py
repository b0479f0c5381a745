"""Files that the build leaves out: excluded by the compiler's configuration, and reached by no route."""

from __future__ import annotations

import json

import pytest

from preship.analyzers.analysis import FileChange, Policy, review, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import Persona

ACTION = "'use server'\nexport async function removePost(id) { await db.post.delete({ where: { id } }) }\n"
PAGE = "import { removePost } from '%s'\nexport default function Page() { return <form action={removePost} /> }\n"
FILES = {
    "package.json": "{}",
    "app/page.tsx": PAGE % "./actions",
    "app/actions.ts": ACTION,
}


def judged(*exclude: str, **files: str) -> tuple[list[str], list[str]]:
    """The files whose actions are judged, and those that are no part of the build, for what is excluded."""
    tree = {**FILES, "tsconfig.json": json.dumps({"exclude": list(exclude)}), **files}
    analysis = scan(MemoryFiles(tree), Policy())
    return sorted({action.path for action in analysis.actions}), list(analysis.unbuilt)


@pytest.mark.parametrize("pattern", ["review", "review/", "./review", "review/**/*", "**/copy", "review/*", "*view"])
def test_a_copy_that_is_excluded_and_that_no_route_reaches_is_no_part_of_the_build(pattern: str) -> None:
    found = judged("node_modules", pattern, **{"review/copy/app/actions.ts": ACTION})
    assert found == (["app/actions.ts"], ["review/copy/app/actions.ts"])


def test_pages_of_a_copy_are_no_routes() -> None:
    copy = {"review/copy/app/page.tsx": PAGE % "./actions", "review/copy/app/actions.ts": ACTION}
    assert judged("review", **copy) == (["app/actions.ts"], ["review/copy/app/actions.ts"])


def test_what_a_route_imports_is_built_whatever_the_configuration_excludes() -> None:
    files = {"app/posts/page.tsx": PAGE % "../../review/actions", "review/actions.ts": ACTION}
    assert judged("review", **files) == (["app/actions.ts", "review/actions.ts"], [])


def test_what_a_route_reaches_through_another_file_is_built() -> None:
    files = {
        "app/posts/page.tsx": PAGE % "../../review",
        "review/index.ts": "export * from './actions'",
        "review/actions.ts": ACTION,
    }
    assert judged("review", **files) == (["app/actions.ts", "review/actions.ts"], [])


def test_an_application_of_its_own_is_built() -> None:
    files = {
        "other/package.json": "{}",
        "other/app/page.tsx": PAGE % "./actions",
        "other/app/actions.ts": ACTION,
    }
    assert judged("other", **files) == (["app/actions.ts", "other/app/actions.ts"], [])


@pytest.mark.parametrize("pattern", ["rev", "copy", "app/other", "review/*.ts"])
def test_what_no_pattern_excludes_is_judged(pattern: str) -> None:
    found = judged(pattern, **{"review/copy/actions.ts": ACTION})
    assert found == (["app/actions.ts", "review/copy/actions.ts"], [])


def test_a_configuration_nearer_to_the_file_decides() -> None:
    files = {"review/tsconfig.json": "{}", "review/actions.ts": ACTION}
    assert judged("review", **files) == (["app/actions.ts", "review/actions.ts"], [])


def test_a_change_in_a_copy_is_named_and_nothing_of_it_is_judged() -> None:
    before = {**FILES, "tsconfig.json": '{"exclude": ["review"]}'}
    path = "review/app/actions.ts"
    change = FileChange(path, None, added=(1, 2))
    analysis = review(MemoryFiles(before), MemoryFiles({**before, path: ACTION}), [change], Policy())
    assert (analysis.actions, analysis.unbuilt, analysis.left_out) == ((), (path,), ())


USED = {
    path: text
    for name in ("a", "b", "c")
    for path, text in (
        (f"app/{name}/page.tsx", PAGE % "./actions"),
        (f"app/{name}/actions.ts", ACTION),
    )
}


def posted(path: str, files: dict[str, str]) -> bool:
    """Whether what is said of the actions of a file is worth a comment."""
    analysis = scan(MemoryFiles({"package.json": "{}", **files}), Policy())
    (action,) = (each for each in analysis.actions if each.path == path)
    said = [each for each in action.findings if each.rule == "missing-authentication"]
    return [each.persona for each in said] == [Persona.REGULAR]


FORGOTTEN = {
    "imported by nothing": {},
    "in a barrel that nothing imports": {"lib/index.ts": "export * from './forgotten'"},
    "used by a component that no page shows": {"components/button.tsx": PAGE % "../lib/forgotten"},
    "used by another forgotten file": {"lib/other.ts": "import { removePost } from './forgotten'\nremovePost('1')"},
    "tested": {"tests/forgotten.test.ts": "import { removePost } from '../lib/forgotten'\nremovePost('1')"},
}


@pytest.mark.parametrize("files", FORGOTTEN.values(), ids=FORGOTTEN.keys())
def test_actions_that_no_page_comes_to_yet_are_what_their_first_use_opens(files: dict[str, str]) -> None:
    assert posted("lib/forgotten.ts", {**USED, "lib/forgotten.ts": ACTION, **files})


AWAKE = {
    "a page, by a barrel": {"lib/index.ts": "export * from './forgotten'", "app/d/page.tsx": PAGE % "../../lib"},
    "a page, when it is needed": {"app/d/page.tsx": "export default () => import('../../lib/forgotten')"},
    "a route handler": {
        "app/d/route.ts": "import { removePost } from '../../lib/forgotten'\nexport const GET = removePost"
    },
    "a page of the Pages Router": {"pages/d.tsx": PAGE % "../lib/forgotten"},
    "code in front of the pages": {"middleware.ts": "import { removePost } from './lib/forgotten'\nremovePost('1')"},
}


@pytest.mark.parametrize("files", AWAKE.values(), ids=AWAKE.keys())
def test_actions_that_the_router_comes_to_are_endpoints(files: dict[str, str]) -> None:
    assert posted("lib/forgotten.ts", {**USED, "lib/forgotten.ts": ACTION, **files})


def test_a_change_that_brings_actions_before_their_page_is_told_what_they_lack() -> None:
    path, before = "lib/forgotten.ts", {"package.json": "{}", **USED}
    analysis = review(
        MemoryFiles(before), MemoryFiles({**before, path: ACTION}), [FileChange(path, None, added=(1, 2))], Policy()
    )
    (action,) = analysis.actions
    assert [each.persona for each in action.findings if each.rule == "missing-authentication"] == [Persona.REGULAR]
