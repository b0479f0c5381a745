import json
from collections.abc import Mapping

import pytest

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.resolution import (
    NO_PACKAGE,
    NOT_IN_TREE,
    OUTSIDE,
    Package,
    Resolution,
    ResolvedFile,
    Resolver,
)


def resolver(files: Mapping[str, str | dict[str, object]]) -> Resolver:
    return Resolver(
        MemoryFiles({path: text if isinstance(text, str) else json.dumps(text) for path, text in files.items()})
    )


def resolved(files: Mapping[str, str | dict[str, object]], importer: str, specifier: str) -> Resolution:
    return resolver(files).resolve(importer, specifier)


@pytest.mark.parametrize(
    ("specifier", "path"),
    [
        ("./b", "app/b.ts"),
        ("./b.js", "app/b.ts"),
        ("./b.ts", "app/b.ts"),
        ("./view", "app/view.tsx"),
        ("./view.jsx", "app/view.tsx"),
        ("./m.mjs", "app/m.mts"),
        ("./c.cjs", "app/c.cts"),
        ("./dotted.server", "app/dotted.server.ts"),
        ("./folder", "app/folder/index.ts"),
        ("./folder/", "app/folder/index.ts"),
        ("./b/", "app/b/index.js"),
        (".", "app/index.ts"),
        ("./", "app/index.ts"),
        ("..", "index.js"),
        ("../lib/x", "lib/x.ts"),
        ("./messages.json", "app/messages.json"),
        ("./messages", "app/messages.json"),
        ("./icon.svg?url", "app/icon.svg"),
        ("./folder//index", "app/folder/index.ts"),
    ],
)
def test_relative_imports(specifier: str, path: str) -> None:
    names = (
        *("app/a.ts", "app/b.ts", "app/b/index.js", "app/view.tsx", "app/m.mts", "app/c.cts", "app/dotted.server.ts"),
        *("app/folder/index.ts", "app/index.ts", "index.js", "lib/x.ts", "app/messages.json", "app/icon.svg"),
    )
    assert resolved(dict.fromkeys(names, ""), "app/a.ts", specifier) == ResolvedFile(path)


def test_a_declaration_is_no_code() -> None:
    files = {"app/a.ts": "", "app/types.d.ts": "", "app/lib.d.ts": "", "app/lib.js": ""}
    assert resolved(files, "app/a.ts", "./types") == NOT_IN_TREE
    assert resolved(files, "app/a.ts", "./lib") == ResolvedFile("app/lib.js")


def test_generated_code_is_not_in_the_tree_and_no_import_leaves_it() -> None:
    assert resolved({"a.ts": ""}, "a.ts", "./generated/prisma") == NOT_IN_TREE
    assert resolved({"a.ts": ""}, "a.ts", "../../etc/passwd") == OUTSIDE


@pytest.mark.parametrize(
    ("specifier", "package"),
    [
        ("next/headers", Package("next", "headers")),
        ("@clerk/nextjs/server", Package("@clerk/nextjs", "server")),
        ("zod", Package("zod")),
        ("node:fs/promises", Package("fs", "promises")),
        ("crypto", Package("crypto")),
        ("bun:test", Package("bun:test")),
    ],
)
def test_packages(specifier: str, package: Package) -> None:
    assert resolved({"a.ts": ""}, "a.ts", specifier) == package


@pytest.mark.parametrize(
    "specifier", ["", "@/lib/db", "~/lib", "a b", "/etc/passwd", "x" * 501, "https://esm.sh/zod", "\0", "@"]
)
def test_what_is_neither_file_nor_package_is_said(specifier: str) -> None:
    assert resolved({"a.ts": ""}, "a.ts", specifier) == NO_PACKAGE


def test_aliases_of_the_nearest_configuration() -> None:
    files = {
        "tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./wrong/*"]}}},
        "wrong/db.ts": "",
        "apps/web/tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"], "@/exact": ["./src/other.ts"]}}},
        "apps/web/src/db.ts": "",
        "apps/web/src/exact.ts": "",
        "apps/web/src/other.ts": "",
        "apps/web/src/folder/index.tsx": "",
    }
    answers = resolver(files)
    assert answers.resolve("apps/web/app/deep/page.tsx", "@/db") == ResolvedFile("apps/web/src/db.ts")
    assert answers.resolve("apps/web/a.ts", "@/exact") == ResolvedFile("apps/web/src/other.ts")
    assert answers.resolve("apps/web/a.ts", "@/folder/") == ResolvedFile("apps/web/src/folder/index.tsx")
    assert answers.resolve("apps/web/a.ts", "@/generated/client") == NOT_IN_TREE


def test_a_configuration_with_comments_and_trailing_commas() -> None:
    text = """\ufeff{
      // the "app" router
      "compilerOptions": { /* paths, */ "paths": { "@/*": ["./src/*",], /* , */ }, },
    }"""
    assert resolved({"jsconfig.json": text, "src/a.js": ""}, "x.js", "@/a") == ResolvedFile("src/a.js")


def test_the_longest_alias_wins_and_its_places_are_tried_in_order() -> None:
    paths = {"@/*": ["./src/*"], "@/ui/*": ["./missing/*", "./ui/*"], "*.css": ["./styles/*.css"]}
    files = {"tsconfig.json": {"compilerOptions": {"paths": paths}}, "ui/button.tsx": "", "src/ui/button.tsx": ""}
    assert resolved(files, "a.ts", "@/ui/button") == ResolvedFile("ui/button.tsx")


def test_base_url_comes_before_packages() -> None:
    files = {"tsconfig.json": {"compilerOptions": {"baseUrl": "src"}}, "src/lib/db.ts": "", "src/index.ts": ""}
    assert resolved(files, "src/a.ts", "lib/db") == ResolvedFile("src/lib/db.ts")
    assert resolved(files, "src/a.ts", "zod") == Package("zod")


def test_settings_are_inherited_from_files_and_packages_of_the_repository() -> None:
    files = {
        "package.json": {"workspaces": ["packages/*", "apps/*"]},
        "packages/config/package.json": {"name": "@acme/config"},
        "packages/config/next.json": {"extends": "./base", "compilerOptions": {}},
        "packages/config/base.json": {"compilerOptions": {"paths": {"~/*": ["${configDir}/src/*"]}}},
        "apps/web/package.json": {"name": "web"},
        "apps/web/tsconfig.json": {"extends": ["@acme/config/next.json"]},
        "apps/web/src/db.ts": "",
    }
    assert resolved(files, "apps/web/a.ts", "~/db") == ResolvedFile("apps/web/src/db.ts")


def test_inherited_paths_are_seen_from_where_they_are_written() -> None:
    files = {
        "tsconfig.base.json": {"compilerOptions": {"paths": {"@acme/*": ["libs/*/src"]}}},
        "apps/web/tsconfig.json": {"extends": "../../tsconfig.base.json"},
        "libs/db/src/index.ts": "",
    }
    assert resolved(files, "apps/web/a.ts", "@acme/db") == ResolvedFile("libs/db/src/index.ts")


def test_configurations_that_inherit_from_each_other_end() -> None:
    files = {"tsconfig.json": {"extends": "./b.json"}, "b.json": {"extends": "./tsconfig.json"}}
    assert resolved(files, "a.ts", "zod") == Package("zod")


def test_references_of_a_solution_are_asked() -> None:
    files = {
        "tsconfig.json": {"files": [], "references": [{"path": "./tsconfig.app.json"}]},
        "tsconfig.app.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}},
        "src/db.ts": "",
    }
    assert resolved(files, "src/a.ts", "@/db") == ResolvedFile("src/db.ts")


def test_an_alias_that_takes_in_everything_leaves_packages_alone() -> None:
    files = {"tsconfig.json": {"compilerOptions": {"paths": {"@*": ["./src/*"]}}}, "src/lib/db.ts": ""}
    assert resolved(files, "a.ts", "@lib/db") == ResolvedFile("src/lib/db.ts")
    assert resolved(files, "a.ts", "@clerk/nextjs") == Package("@clerk/nextjs")


@pytest.mark.parametrize(
    "root",
    [
        {"package.json": json.dumps({"workspaces": ["packages/*"]})},
        {"package.json": json.dumps({"workspaces": {"packages": ["./packages/**"]}})},
        {"pnpm-workspace.yaml": "packages:\n  - '{apps,packages}/*'\n", "package.json": "{}"},
        {"lerna.json": json.dumps({"packages": ["packages/*"]}), "package.json": "{}"},
    ],
)
def test_a_package_of_the_workspace_is_its_source(root: dict[str, str]) -> None:
    files = root | {"packages/db/package.json": json.dumps({"name": "@acme/db"}), "packages/db/src/index.ts": ""}
    assert resolved(files, "apps/web/a.ts", "@acme/db") == ResolvedFile("packages/db/src/index.ts")


@pytest.mark.parametrize(
    ("manifest", "specifier", "path"),
    [
        ({"main": "./dist/index.js"}, "@acme/db", "src/index.ts"),
        ({"main": "./dist/index.js", "types": "./lib/entry.ts"}, "@acme/db", "src/index.ts"),
        ({"types": "lib/entry.ts"}, "@acme/db", "lib/entry.ts"),
        ({"exports": "./src/client.ts"}, "@acme/db", "src/client.ts"),
        (
            {"exports": {".": {"types": "./dist/client.d.ts", "import": "./dist/client.mjs"}}},
            "@acme/db",
            "src/client.ts",
        ),
        (
            {"exports": {".": {"import": {"types": "./dist/x.d.ts", "default": "./dist/esm/client.js"}}}},
            "@acme/db",
            "src/client.ts",
        ),
        ({"exports": {".": {"browser": "./src/index.ts", "default": "./src/client.ts"}}}, "@acme/db", "src/client.ts"),
        ({"exports": {".": ["./none.js", "./src/client.ts"]}}, "@acme/db", "src/client.ts"),
        ({"exports": {"./*": "./src/*.ts"}}, "@acme/db/deep/query", "src/deep/query.ts"),
        (
            {"exports": {"./*": "./src/*/index.ts", "./deep/*": "./src/deep/*.ts"}},
            "@acme/db/deep/query",
            "src/deep/query.ts",
        ),
        ({"exports": {"./client": "./dist/client.js"}}, "@acme/db/client", "src/client.ts"),
        ({}, "@acme/db/src/client", "src/client.ts"),
        ({}, "@acme/db/client", "src/client.ts"),
        ({}, "@acme/db/lib", "lib/index.ts"),
    ],
)
def test_the_source_of_an_export(manifest: dict[str, object], specifier: str, path: str) -> None:
    inside = ("src/index.ts", "src/client.ts", "src/deep/query.ts", "lib/entry.ts", "lib/index.ts")
    files: dict[str, str | dict[str, object]] = {f"packages/db/{name}": "" for name in inside}
    files |= {
        "package.json": {"workspaces": ["packages/*"]},
        "packages/db/package.json": {"name": "@acme/db", **manifest},
    }
    assert resolved(files, "apps/web/a.ts", specifier) == ResolvedFile(f"packages/db/{path}")


def test_an_export_that_is_generated_is_not_in_the_tree() -> None:
    files = {
        "package.json": {"workspaces": ["packages/*"]},
        "packages/db/package.json": {"name": "@acme/db", "exports": {".": "./generated/client.js"}},
    }
    assert resolved(files, "a.ts", "@acme/db") == NOT_IN_TREE


def test_no_manifest_leads_out_of_its_package() -> None:
    files = {
        "package.json": {"workspaces": ["packages/*"]},
        "packages/db/package.json": {
            "name": "@acme/db",
            "exports": {".": "../../secret.ts"},
            "main": "../auth/index.ts",
        },
        "packages/auth/index.ts": "",
        "secret.ts": "",
    }
    assert resolved(files, "a.ts", "@acme/db") == NOT_IN_TREE


def test_a_folder_that_only_bears_a_packages_name_is_not_that_package() -> None:
    files = {
        "package.json": {"workspaces": ["packages/*"]},
        "evil/package.json": {"name": "next-auth", "main": "index.ts"},
        "evil/index.ts": "",
        "packages/dayjs/package.json": {"name": "dayjs", "version": "0.0.0"},
        "packages/dayjs/index.ts": "",
        "web/package.json": {"dependencies": {"dayjs": "^1.11.0"}},
    }
    assert resolved(files, "web/a.ts", "next-auth") == Package("next-auth")
    assert resolved(files, "web/a.ts", "dayjs") == Package("dayjs")


@pytest.mark.parametrize("wanted", ["16.1.6", "^15", "latest", "canary", ">=14.2 <16"])
def test_an_application_that_is_called_as_a_package_it_installs_is_not_that_package(wanted: str) -> None:
    alone = {"package.json": {"name": "next", "dependencies": {"next": wanted}}, "navigation.ts": ""}
    assert resolved(alone, "app/a.ts", "next/navigation") == Package("next", "navigation")
    files = {
        "package.json": {"name": "shop", "workspaces": ["apps/*"]},
        "apps/web/package.json": {"name": "react", "version": "0.1.0", "dependencies": {"react": wanted}},
        "apps/web/index.ts": "",
    }
    assert resolved(files, "apps/web/a.ts", "react") == Package("react")


def test_a_package_imports_itself_by_its_name() -> None:
    files = {"package.json": {"name": "shop", "exports": {"./db": "./src/db.ts"}}, "src/db.ts": "", "lib/auth.ts": ""}
    assert resolved(files, "app/a.ts", "shop/db") == ResolvedFile("src/db.ts")
    assert resolved(files | {"package.json": {"name": "shop"}}, "app/a.ts", "shop/lib/auth") == (
        ResolvedFile("lib/auth.ts")
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("latest", Package("ui")),
        ("*", ResolvedFile("packages/ui/index.ts")),
        ("workspace:^", ResolvedFile("packages/ui/index.ts")),
        ("workspace:latest", ResolvedFile("packages/ui/index.ts")),
    ],
)
def test_a_tag_asks_for_what_is_published(wanted: str, found: Resolution) -> None:
    files = {
        "package.json": {"workspaces": ["packages/*", "web"]},
        "packages/ui/package.json": {"name": "ui", "version": "1.0.0"},
        "packages/ui/index.ts": "",
        "web/package.json": {"dependencies": {"ui": wanted}},
    }
    assert resolved(files, "web/a.ts", "ui") == found


def test_linked_and_renamed_dependencies() -> None:
    files = {
        "web/package.json": {"dependencies": {"shared": "link:../shared", "zod3": "npm:zod@^3", "@a/b": "npm:@c/d@1"}},
        "shared/package.json": {"name": "anything"},
        "shared/index.ts": "",
    }
    assert resolved(files, "web/a.ts", "shared") == ResolvedFile("shared/index.ts")
    assert resolved(files, "web/a.ts", "zod3") == Package("zod")
    assert resolved(files, "web/a.ts", "@a/b/sub") == Package("@c/d", "sub")


def test_internal_imports_of_a_package() -> None:
    files = {
        "package.json": {"imports": {"#db": "./src/db.ts", "#lib/*": {"node": "./src/lib/*.js"}, "#zod": "zod"}},
        "src/db.ts": "",
        "src/lib/x.ts": "",
    }
    answers = resolver(files)
    assert answers.resolve("app/a.ts", "#db") == ResolvedFile("src/db.ts")
    assert answers.resolve("app/a.ts", "#lib/x") == ResolvedFile("src/lib/x.ts")
    assert answers.resolve("app/a.ts", "#zod") == Package("zod")
    assert answers.resolve("app/a.ts", "#none") == NOT_IN_TREE


def test_a_package_may_import_itself() -> None:
    files = {"package.json": {"name": "app", "exports": {"./db": "./src/db.ts"}}, "src/db.ts": ""}
    assert resolved(files, "src/a.ts", "app/db") == ResolvedFile("src/db.ts")


def test_a_generated_prisma_client_stands_for_its_package() -> None:
    schema = """
        // generator none { output = "./none" }
        generator client {
          provider = "prisma-client"   // since version 7
          output   = "../src/generated/prisma"
        }
        generator zod {
          provider = "zod-prisma-types"
          output   = "../src/zod"
        }
    """
    files = {
        "prisma/schema.prisma": schema,
        "tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}},
        "src/generated/prisma/own.ts": "",
    }
    answers = resolver(files)
    assert answers.resolve("src/lib/db.ts", "../generated/prisma/client") == Package("@prisma/client")
    assert answers.resolve("src/lib/db.ts", "@/generated/prisma") == Package("@prisma/client")
    assert answers.resolve("src/lib/db.ts", "@/generated/prisma/own") == ResolvedFile("src/generated/prisma/own.ts")
    assert answers.resolve("src/lib/db.ts", "@/generated/prisma2") == NOT_IN_TREE
    assert answers.resolve("src/lib/db.ts", "@/zod") == NOT_IN_TREE


def test_a_directorys_manifest_tells_its_entry() -> None:
    files = {"lib/db/package.json": {"main": "client.js"}, "lib/db/client.ts": "", "lib/db/index.ts": ""}
    assert resolved(files, "a.ts", "./lib/db") == ResolvedFile("lib/db/client.ts")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nonsense",
        "{" * 50_000,
        "[" * 50_000,
        '{"compilerOptions": 7, "extends": {"a": 1}, "references": "x"}',
        '{"compilerOptions": {"paths": {"@/*": "src/*", "x": [1, null], "": []}, "baseUrl": null}}',
        '{"compilerOptions": {"baseUrl": "../../.."}}',
        '"' + '\\"' * 50_000,
        "/*" * 50_000,
        "," + "/**/" * 20_000,
        '{"workspaces": {"packages": {"a": 1}}, "exports": {".": {"a": {"a": 7}}}, "name": [], "imports": 3}',
    ],
)
def test_nonsense_in_a_configuration_is_no_configuration(text: str) -> None:
    files = {"tsconfig.json": text, "package.json": text, "pnpm-workspace.yaml": text, "a.ts": ""}
    assert resolved(files, "a.ts", "zod") == Package("zod")


def test_hostile_globs_of_a_workspace_are_passed_over() -> None:
    globs = ["*a" * 100, "**/" * 50 + "x", "x" * 100_000, "[", "{", "(?:", "!"]
    files = {"package.json": {"workspaces": globs}, f"{'a' * 200}/package.json": {"name": "p"}}
    assert resolved(files, "a.ts", "p") == Package("p")


@pytest.mark.parametrize(
    ("conditions", "path"),
    [
        ({"storybook": "./lib/db.mock.ts", "default": "./lib/db.ts"}, "lib/db.ts"),
        ({"test": "./lib/db.mock.ts", "import": "./lib/db.ts"}, "lib/db.ts"),
        ({"vitest": {"node": "./lib/db.mock.ts"}, "node": "./lib/db.ts"}, "lib/db.ts"),
        ({"types": "./lib/db.mock.ts", "msw": "./lib/db.ts"}, "lib/db.ts"),
        ({"storybook": "./lib/db.mock.ts", "default": "./dist/db.js"}, "lib/db.mock.ts"),
    ],
)
def test_conditions_that_only_a_tool_sets_come_after_the_usual_ones(conditions: object, path: str) -> None:
    files: dict[str, str | dict[str, object]] = {
        "package.json": {"imports": {"#db": conditions}},
        "lib/db.ts": "",
        "lib/db.mock.ts": "",
    }
    assert resolved(files, "app/a.ts", "#db") == ResolvedFile(path)
