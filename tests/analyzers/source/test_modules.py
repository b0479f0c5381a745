"""Imports, exports, directives and comments of a file."""

from __future__ import annotations

from tests.analyzers.source.shape import module, shape


def exports(source: str) -> list[str]:
    return [shape(export) for export in module(source).exports]


def test_imports_bind_values_and_leave_types_out():
    found = module(
        "import a, { b as c, type D } from './x'\n"
        "import * as ns from 'y'\n"
        "import type E from 'z'\n"
        "import fs = require('fs')\n"
        "import 'server-only'\n"
    )
    assert [(each.imported, each.local, each.specifier) for each in found.imports] == [
        ("default", "a", "./x"),
        ("b", "c", "./x"),
        ("*", "ns", "y"),
        ("*", "fs", "fs"),
    ]
    assert found.side_effects == ("server-only",)


def test_declarations_under_export_are_statements_too():
    found = module("export const a = 1, { b } = c\nexport async function d() {}\nexport class E {}\nexport enum F {}\n")
    assert [(export.name, export.local) for export in found.exports] == [(n, n) for n in ("a", "b", "d", "E", "F")]
    assert len(found.statements) == 5


def test_default_exports_name_a_variable_or_carry_an_expression():
    assert exports("export default a") == ["Export('default', 'a')"]
    assert exports("export default async function f() {}") == ["Export('default', 'f')"]
    assert exports("export default wrap(f)") == ["Export('default', None, Call(Name('wrap'), [Name('f')]))"]
    assert exports("export default () => {}") == ["Export('default', None, Function(None, arrow, [], [], []))"]


def test_listed_and_passed_on_exports_keep_both_names():
    assert exports("export { a, b as c, d as 'e-f', type G }") == [
        "Export('a', 'a')",
        "Export('c', 'b')",
        "Export('e-f', 'd')",
    ]
    assert exports("export { a as b } from './x'") == ["Export('b', None, None, './x', 'a')"]
    assert exports("export * from './x'") == ["Export('*', None, None, './x', '*')"]
    assert exports("export * as ns from './x'") == ["Export('ns', None, None, './x', '*')"]


def test_exports_of_types_give_nothing_away():
    assert (
        exports(
            "import type { T } from 't'\ninterface I {}\ntype S = 1\n"
            "export { T, I, S }\nexport type { U } from 'u'\nexport type * from 'v'\n"
            "export type W = 1\nexport interface X {}\n"
        )
        == []
    )


def test_what_typescript_assigns_to_its_exports_is_an_assignment():
    (statement,) = module("export = a", "a.ts").statements
    assert shape(statement) == "Evaluate(Assign('=', Member(Name('module'), 'exports'), Name('a')))"


def test_exports_behind_an_error_are_still_exports():
    found = module("const = ;\nexport async function a() {}\n")
    assert [export.name for export in found.exports] == ["a"]
    assert [(gap.span.line, gap.is_normalised) for gap in found.gaps] == [(1, False)]


def test_the_directive_of_a_file_stands_before_everything_that_is_not_a_type():
    assert module("#!/usr/bin/env node\n// a\n'use strict'\n\"use server\"\n'x'.y").directives == (
        "use strict",
        "use server",
    )
    assert module("f()\n'use server'").directives == ()
    assert module("`use server`").directives == ()


def test_comments_addressed_to_us_are_kept_with_their_text():
    found = module(
        "// preship: public -- a contact form\n"
        "/* preship: ignore missing-authentication */\n"
        "// not for preship: x\n"
        "const a = '// preship: in a string'\n"
    )
    assert [(comment.span.line, comment.text) for comment in found.comments] == [
        (1, "public -- a contact form"),
        (2, "ignore missing-authentication"),
    ]


def test_spans_count_bytes_and_lines_whatever_the_line_ends():
    (first, second) = module("\ufeffconst ä = 1\r\nconst b = 2\r\n").statements
    assert (first.span.line, second.span.line, second.span.end_line) == (1, 2, 2)
    assert "\ufeffconst ä = 1\r\nconst b = 2\r\n".encode()[second.span.start : second.span.end] == b"b = 2"
