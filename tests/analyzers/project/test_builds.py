"""Files that the build leaves out: excluded by the compiler's configuration, and reached by no route."""

from __future__ import annotations

import json

import pytest

from analyzers.analysis import FileChange, Policy, review, scan
from analyzers.project.memory import MemoryFiles

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
