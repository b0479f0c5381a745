"""What may hold actions and is not read is named; how a file or folder is called hides nothing."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import FileChange, Policy, review, scan
from preship.analyzers.project.memory import MemoryFiles

ACTION = "'use server'\nexport async function remove(id: string) {}\n"
INLINE = "async () => { 'use server' }"
MDX = "import { db } from './db'\n\n# Hello\n\nexport async function remove() {\n  'use server'\n}\n"


def failures(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in scan(MemoryFiles(texts), Policy()).failures]


@pytest.mark.parametrize(
    "path",
    [
        "app/my_node_modules/actions.ts",
        "app/.hidden/actions.ts",
        "dist/actions.js",
        "app/actions.d.ts",
        "app/[...slug]/(group)/@slot/actions.mts",
        "build/a b/\u00e4ctions.cjs",
    ],
)
def test_no_name_of_a_file_or_folder_hides_an_action(path: str) -> None:
    analysis = scan(MemoryFiles({path: ACTION}), Policy())
    assert [(action.path, action.name) for action in analysis.actions] == [(path, "remove")]


@pytest.mark.parametrize(
    "source",
    [
        f"export const deep = {'[' * 120}{INLINE}{']' * 120}\n",
        f"export function P() {{ {'{' * 120} go({INLINE}) {'}' * 120} }}\n",
        f"export const deep = {'f(' * 200}{INLINE}{')' * 200}\n",
        f"export const deep = <a>{'<a>' * 120}{{{INLINE}}}{'</a>' * 120}</a>\n",
    ],
)
def test_an_action_nested_too_deep_to_be_read_is_named(source: str) -> None:
    assert failures({"app/page.tsx": source}) == [
        ("app/page.tsx", "line 1: a directive stands in code that could not be read")
    ]


def test_a_directive_that_was_read_is_not_named_again() -> None:
    source = f"'use strict'\nfunction f() {{ if (x) {{ 'use server' }} }}\nexport const a = [{INLINE}, '{'x' * 100}']\n"
    assert failures({"app/page.tsx": source}) == []


def test_a_page_of_mdx_with_an_action_is_named() -> None:
    assert failures({"app/page.mdx": MDX}) == [("app/page.mdx", "a directive may stand in it, and MDX is not read")]


@pytest.mark.parametrize(
    "text",
    [
        "# Actions\n\n```ts\n'use server'\n```\n\nwrite `'use server'` first, or \"use server\".\n",
        "~~~\n'use server'\n~~~\n",
        "Nothing of the kind.\n",
        "    ```ts filename=a\n    'use server'\n    ```\n",
    ],
)
def test_a_page_that_explains_actions_is_not_named(text: str) -> None:
    assert failures({"docs/actions.mdx": text}) == []


def test_an_action_in_an_installed_package_that_stands_in_the_repository_is_named() -> None:
    path = "src/node_modules/billing/actions.ts"
    assert failures({path: ACTION, "src/node_modules/billing/index.ts": "export const a = 'use server'"}) == [
        (path, "a directive may stand in it, and installed packages are not read")
    ]


def test_a_review_names_what_the_change_touches_alone() -> None:
    base, head = MemoryFiles({"a.mdx": MDX, "b.mdx": MDX}), MemoryFiles({"a.mdx": MDX, "b.mdx": MDX + "more\n"})
    analysis = review(base, head, [FileChange("b.mdx", "b.mdx", added=(8,))], Policy())
    assert [each.path for each in analysis.failures] == ["b.mdx"]


def test_what_is_configured_to_be_ignored_is_not_named() -> None:
    analysis = scan(MemoryFiles({"docs/a.mdx": MDX}), Policy(ignored=("docs/**",)))
    assert analysis.failures == ()


def test_a_file_of_actions_above_the_size_that_is_read_is_named() -> None:
    assert failures({"app/actions.ts": ACTION + "//" + "x" * 1_000_000}) == [
        ("app/actions.ts", "not read: it is larger than 1 MB, or no code")
    ]


@pytest.mark.parametrize(
    "directive",
    [r"'use\u0020server'", r'"\x75se server"', "'use \\\nserver'", "'use server'\u00a0", "('foo')\n'use server'"],
)
@pytest.mark.parametrize("end", ["\n", "\r", "\u2028"])
def test_no_spelling_of_the_directive_keeps_an_unguarded_delete_from_being_reported(directive: str, end: str) -> None:
    source = (
        f"{directive}\nimport {{ db }} from './db'\n"
        "export async function remove(id: string) {\n  await db.post.delete({ where: { id } })\n}\n"
    )
    db = "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n"
    analysis = scan(MemoryFiles({"app/actions.ts": source.replace("\n", end), "app/db.ts": db}), Policy())
    assert [finding.rule for action in analysis.actions for finding in action.findings][:1] == [
        "missing-authentication"
    ]
