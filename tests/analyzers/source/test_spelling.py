"""Which files may hold a directive, judged by their bytes."""

from __future__ import annotations

import pytest

from preship.analyzers.source.spelling import at_the_head, may_spell

SPELLED = [
    rb"'use server'",
    rb'"use server"',
    rb"'use\u0020server'",
    rb"'use\x20server'",
    rb"'use\u{20}server'",
    rb"'use\u{000020}server'",
    rb"'use\40server'",
    rb"'use\040server'",
    rb"'\u0075\u0073\u0065 server'",
    rb"'u\s\e\ \s\er\u{76}\x65\162'",
    b"'use \\\nserver'",
    b"'use \\\r\nserver'",
    b"'use \\\rserver'",
    b"'\\\n\\\nuse server\\\n'",
    "'use \\\u2028ser\\\u2029ver'".encode(),
]


@pytest.mark.parametrize("source", SPELLED)
def test_a_file_with_any_spelling_of_the_directive_is_let_through(source: bytes) -> None:
    assert may_spell("use server")(b"// \\ \n" + source + b"\nexport async function a() {}\n")


@pytest.mark.parametrize("source", [b"", b"'use strict'", rb"'user\n server'", rb"'\use client'", b"'use\\\n'"])
def test_other_files_are_not_read(source: bytes) -> None:
    assert not may_spell("use server")(source)


def test_one_of_several_directives_is_enough() -> None:
    assert may_spell("use server", "use client")(rb"'use \x63lient'")


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\xef\xbb\xbf#!/usr/bin/env node\n"[3:],
        b"// it's here\r/* 'use server */;",
        b"'use strict'\n\"it's \\\" ok\";",
        "\ufeff\u3000\u0085// c\u2028".encode(),
    ],
)
@pytest.mark.parametrize("source", SPELLED)
def test_a_directive_at_the_head_stands_behind_comments_and_other_directives(before: bytes, source: bytes) -> None:
    assert at_the_head("use server")(before + source + b"\n")


@pytest.mark.parametrize("before", [b"const a = 1;", b"// ", b"/* ", b"`", b"import 'x';", b"'"])
def test_a_directive_behind_code_is_not_at_the_head(before: bytes) -> None:
    assert not at_the_head("use server")(before + b"'use server'\n")


@pytest.mark.parametrize("piece", [b"'", b"\\\n", b"'\\\n", b"'\\u{00", b"/*", b"//", b"'use ", b"\\", b"';", b"\"'"])
def test_a_hostile_file_costs_no_more_than_its_length(piece: bytes) -> None:
    content = piece * (1_000_000 // len(piece))
    assert not may_spell("use server")(content)
    assert not at_the_head("use server")(content)
