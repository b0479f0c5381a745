"""Line ends that JavaScript knows and git does not."""

from __future__ import annotations

import pytest

from preship.analyzers.source.line_ends import readings
from preship.analyzers.source.parse import parse_module
from tests.analyzers.source.shape import shape

ENDS = ["\r", "\u2028", "\u2029"]

SOURCE = """#!/usr/bin/env node
// it's a file of actions
'use strict'
'use server'
let x = 1
let y = 2
/* don't
   read */
export async function a() { return
  x }
// "the end
export const b = async () => y
x++
y
"""


@pytest.mark.parametrize("end", ENDS)
def test_every_line_end_of_javascript_ends_statements_and_comments(end: str) -> None:
    module = parse_module("app/actions.ts", SOURCE.replace("\n", end).encode())
    expected = parse_module("app/actions.ts", SOURCE.encode())
    assert module.gaps == ()
    assert module.directives == ("use strict", "use server")
    assert [export.name for export in module.exports] == ["a", "b"]
    assert list(map(shape, module.statements)) == list(map(shape, expected.statements))


@pytest.mark.parametrize("end", ENDS)
def test_lines_are_counted_as_git_counts_them(end: str) -> None:
    source = f"'use server'{end}export async function a() {{{end}}}\nlet x = 1{end}export async function b() {{\n}}\n"
    module = parse_module("app/actions.ts", source.encode())
    assert [(each.span.line, each.span.end_line) for each in module.statements] == [(1, 1), (1, 1), (2, 2), (2, 3)]


def test_what_stands_in_strings_and_comments_ends_nothing() -> None:
    content = "const a = 'x\u2028y' // it's\u2028const b = \"\\'\u2029\" /* \r\u2028 */\rc()".encode()
    read, uncounted = next(readings(content))
    assert read.decode() == "const a = 'x\u2028y' // it's\n  const b = \"\\'\u2029\" /* \r\u2028 */\nc()"
    assert len(read) == len(content)
    assert uncounted == tuple(i for i, byte in enumerate(read) if byte == ord("\n"))


@pytest.mark.parametrize("space", ["\u00a0", "\ufeff", "\u3000", "\u2003", "\u0085"])
def test_every_space_of_the_compiler_may_stand_between_a_statement_and_its_line_end(space: str) -> None:
    module = parse_module("a.ts", f"'use server'{space}\nexport async function a() {{}}".encode())
    assert (module.directives, module.gaps) == (("use server",), ())


def test_what_looks_like_a_string_may_be_text_between_tags() -> None:
    source = "const a = <p>don't</p>\u2028const b = 'x'\u2028const c = <p>it's</p>\u2028d()"
    module = parse_module("a.tsx", source.encode())
    assert (len(module.statements), module.gaps) == (4, ())


@pytest.mark.parametrize("source", ["'use server' as any\n('x')\n'y'", "'use server' as const\n(x, y)"])
def test_a_cast_is_not_called(source: str) -> None:
    assert parse_module("a.ts", source.encode()).directives[:1] == ("use server",)


def test_next_line_is_white_space_as_the_compiler_reads_it() -> None:
    assert parse_module("a.ts", "\u0085'use server'\u0085".encode()).directives == ("use server",)


@pytest.mark.parametrize("source", ["", "a\nb\r\nc", "'\u00e4\u2026'"])
def test_other_files_are_left_as_they_are(source: str) -> None:
    assert list(readings(source.encode())) == [(source.encode(), ())]


@pytest.mark.parametrize("piece", [b"'\r", b"\\'\r", b"/*\r", b"\r", b"\xe2\x80\xa8'", b"\\'\xe2\x80\xa8"])
def test_a_hostile_file_costs_no_more_than_its_length(piece: bytes) -> None:
    content = piece * (900_000 // len(piece))
    assert all(len(read) == len(content) for read, _ in readings(content))
