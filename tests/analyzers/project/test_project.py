from preship.analyzers.project.bindings import (
    COMMON_JS,
    NOT_CODE,
    SEVERAL_SOURCES,
    TOO_FAR,
    Binding,
    LocalBinding,
    NamespaceBinding,
    OneOf,
    PackageBinding,
)
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed, Project
from preship.analyzers.project.resolution import NOT_IN_TREE, Package
from preship.analyzers.source.tree import Call


def project(files: dict[str, str]) -> Project:
    return Project(MemoryFiles(files))


def place(binding: Binding | None) -> tuple[str, str | None] | Binding | None:
    """A local binding as its file and name."""
    return (binding.path, binding.local) if isinstance(binding, LocalBinding) else binding


def test_a_declaration_is_found_where_it_stands() -> None:
    code = "export const a = 1; export function b() {} export class C {} const d = 1; export { d as e, f }; let f = 1"
    found = project({"m.ts": code})
    assert [place(found.export("m.ts", name)) for name in "abCef"] == [("m.ts", name) for name in "abCdf"]
    assert found.export("m.ts", "d") is None


def test_default_exports() -> None:
    found = project(
        {
            "named.ts": "export default function load() {}",
            "value.ts": "export default wrap(async () => {})",
            "variable.ts": "const a = 1; export default a",
        }
    )
    assert place(found.export("named.ts", "default")) == ("named.ts", "load")
    assert place(found.export("variable.ts", "default")) == ("variable.ts", "a")
    anonymous = found.export("value.ts", "default")
    assert isinstance(anonymous, LocalBinding)
    assert anonymous.local is None
    assert anonymous.export is not None
    assert isinstance(anonymous.export.value, Call)


def test_names_are_followed_through_barrels_renames_and_imports() -> None:
    found = project(
        {
            "app/actions.ts": "import { requireUser as guard } from '../lib'",
            "lib/index.ts": "export * from './nothing'; export * from './guards'",
            "lib/nothing.ts": "export const other = 1",
            "lib/guards.ts": "import check from './check'; export { check as requireUser }",
            "lib/check.ts": "export { assertUser as default } from './dal'",
            "lib/dal.ts": "export async function assertUser() {}",
        }
    )
    assert place(found.local("app/actions.ts", "guard")) == ("lib/dal.ts", "assertUser")
    assert place(found.imported("app/actions.ts", "../lib", "requireUser")) == ("lib/dal.ts", "assertUser")
    assert found.local("app/actions.ts", "requireUser") is None


def test_namespaces() -> None:
    found = project(
        {
            "a.ts": "import * as db from './db'; export { db }; export * as again from './db'",
            "b.ts": "import { db, again } from './a'",
            "db.ts": "export const x = 1",
        }
    )
    assert found.local("b.ts", "db") == NamespaceBinding("db.ts")
    assert found.local("b.ts", "again") == NamespaceBinding("db.ts")


def test_what_packages_give() -> None:
    found = project(
        {
            "a.ts": "import NextAuth from 'next-auth'; import * as z from 'zod'",
            "b.ts": "export { headers } from 'next/headers'; export * from 'drizzle-orm'; export const own = 1",
        }
    )
    assert found.local("a.ts", "NextAuth") == PackageBinding(Package("next-auth"), "default")
    assert found.local("a.ts", "z") == PackageBinding(Package("zod"), "*")
    assert found.export("b.ts", "headers") == PackageBinding(Package("next", "headers"), "headers")
    assert found.export("b.ts", "eq") == PackageBinding(Package("drizzle-orm"), "eq")
    assert place(found.export("b.ts", "own")) == ("b.ts", "own")
    assert found.export("b.ts", "default") is None


def test_what_cannot_be_followed_says_why() -> None:
    found = project(
        {
            "a.ts": "export * from './generated'; export { b } from './data.json'; export { c } from './old'",
            "two.ts": "export * from 'x'; export * from 'y'",
            "lost.ts": "export * from 'x'; export * from './generated'",
            "data.json": "{}",
            "old.js": "module.exports = { c: 1 }",
        }
    )
    assert found.export("a.ts", "anything") == NOT_IN_TREE
    assert found.export("a.ts", "b") == NOT_CODE
    assert found.export("a.ts", "c") == COMMON_JS
    assert found.export("lost.ts", "c") == SEVERAL_SOURCES
    assert found.export("two.ts", "c") == OneOf((PackageBinding(Package("x"), "c"), PackageBinding(Package("y"), "c")))


def test_circles_end_and_hide_nothing() -> None:
    found = project(
        {
            "a.ts": "export * from './b'; export { lost } from './b'",
            "b.ts": "export * from './a'; export * from './c'; export { lost } from './a'",
            "c.ts": "export * from './a'; export const found = 1",
            "self.ts": "export * from './self'; export { me } from './self'",
        }
    )
    assert found.export("a.ts", "lost") is None
    assert place(found.export("a.ts", "found")) == ("c.ts", "found")
    assert place(found.export("b.ts", "found")) == ("c.ts", "found")
    assert found.export("a.ts", "nothing") is None
    assert found.export("self.ts", "me") is None


def test_a_chain_without_end_is_left() -> None:
    files = {f"f{number}.ts": f"export * from './f{number + 1}'" for number in range(3000)}
    assert project(files).export("f0.ts", "x") == TOO_FAR


def test_all_names_of_a_module() -> None:
    found = project(
        {
            "a.ts": "export * from './b'; export * from 'zod'; export const a = 1; export default 1; export type T = 1",
            "b.ts": "export * from './a'; export const b = 1; export default 2",
        }
    )
    assert found.export_names("a.ts") == ("a", "default", "b")


def test_base_and_head_share_what_did_not_change() -> None:
    parsed = Parsed()
    base = Project(MemoryFiles({"a.ts": "1", "b.ts": "2"}), parsed)
    head = Project(MemoryFiles({"a.ts": "1", "b.ts": "3"}), parsed)
    assert base.module("a.ts") is head.module("a.ts")
    assert base.module("b.ts") is not head.module("b.ts")


def test_only_code_makes_modules() -> None:
    found = project({"a.ts": "1", "b.json": "{}", "c.d.ts": "declare const x: 1"})
    assert found.sources == ("a.ts",)
    assert [found.module(path) is not None for path in ("a.ts", "b.json", "c.d.ts", "none.ts")] == [
        True,
        False,
        True,
        False,
    ]


def test_a_file_without_text_is_named_with_the_reason() -> None:
    found = project({"a.ts": "x" * (2 * 1024 * 1024 + 1), "b.ts": "import { x } from './a'"})
    assert found.module("a.ts") is None
    assert place(found.local("b.ts", "x")) is not None
    assert found.refusals() == {"a.ts": "larger than 2 MB"}


def test_everything_that_reaches_a_changed_file_is_found() -> None:
    found = project(
        {
            "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
            "lib/auth.ts": "import 'server-only'",
            "lib/index.ts": "export * from './auth'",
            "app/actions.ts": "'use server'; import { x } from '@/lib'",
            "app/lazy.ts": "const m = () => import('@/lib/auth')",
            "app/types.ts": "import type { User } from '@/lib/auth'",
            "app/other.ts": "import { y } from './unrelated'",
            "app/unrelated.ts": "export const y = 1",
            "lib/circle.ts": "import './auth'; import '../app/other2'",
            "app/other2.ts": "import '../lib/circle'",
        }
    )
    assert found.importers_closure(["lib/auth.ts"]) == {
        "lib/auth.ts",
        "lib/index.ts",
        "app/actions.ts",
        "app/lazy.ts",
        "lib/circle.ts",
        "app/other2.ts",
    }
    assert found.importers_closure(["app/actions.ts", "gone.ts"]) == {"app/actions.ts", "gone.ts"}
    assert found.imports_of("app/actions.ts") == ("lib/index.ts",)


class CountingFiles(MemoryFiles):
    """Counts round trips."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(texts)
        self.trips: list[tuple[str, ...]] = []

    def read(self, paths):  # type: ignore[no-untyped-def]
        wanted = tuple(paths)
        self.trips.append(wanted)
        return super().read(wanted)


def test_one_round_trip_for_each_level_of_imports() -> None:
    files = CountingFiles(
        {
            "a.ts": "import './b'; import './c'",
            "b.ts": "import './d'",
            "c.ts": "import './d'; import './a'; import './style.css'",
            "d.ts": "import 'zod'",
            "style.css": "",
            "unrelated.ts": "",
        }
    )
    found = Project(files)
    found.prefetch(["a.ts"])
    assert [trip for trip in files.trips if trip] == [("a.ts",), ("b.ts", "c.ts"), ("d.ts",)]
    files.trips.clear()
    assert found.module("d.ts") is not None
    assert found.prefetch(["c.ts"]) is None
    assert [trip for trip in files.trips if trip] == []


def test_only_code_is_searched() -> None:
    found = project({"a.ts": "'use server'", "b.md": "'use server'", "node_modules/c/i.js": "'use server'"})
    assert found.may_spell("use server") == ["a.ts"]


def test_an_escaped_directive_is_found_among_the_sources() -> None:
    found = project({"a.ts": r"'use\x20server'", "b.ts": "'use \\\nserver'", "c.ts": r"'use \w server'"})
    assert found.may_spell("use server") == ["a.ts", "b.ts"]
