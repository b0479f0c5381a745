"""No bytes make parsing raise: not as a whole, nor when the insides of functions are asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preship.analyzers.source.lowering import DEEPEST
from preship.analyzers.source.parse import LARGEST_BYTES
from preship.analyzers.source.tree import Node, Unreadable
from preship.analyzers.source.walk import within
from tests.analyzers.source.shape import module

TOKENS = (
    "a b async await function => ( ) [ ] { } < > </ /> ` ${ ' \" ; : , . ?. ... = == === + - ! ? ?? && || & | as "
    "typeof import export default from type class extends static get set new if else for of in while switch case try "
    "catch return yield 'use server' <T>( import('x') using namespace enum #p @d 0x \\u00 \0 \n \r\n 😀"
).split(" ")


def everything(source: str | bytes) -> list[Node]:
    found = module(source)
    return list(within(*found.statements, *(export.value for export in found.exports if export.value is not None)))


@given(st.binary(max_size=200))
def test_any_bytes_are_read(content):
    everything(content)


@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_any_heap_of_tokens_is_read(tokens):
    everything(" ".join(tokens))


def test_nesting_behind_the_limit_is_said():
    found = everything("f(" * 10_000 + "a" + ")" * 10_000)
    assert isinstance(found[-1], Unreadable)
    assert len(found) < 3 * DEEPEST


NESTS = {
    "parentheses": ("(", "a", ")"),
    "arrays": ("[", "a", "]"),
    "arrow functions": ("() => ", "a", ""),
    "blocks": ("{", "a", "}"),
    "objects": ("({a:", "b", "})"),
    "not": ("!", "a", ""),
    "else if": ("if (a) {} else ", "b", ""),
    "calls": ("f(", "a", ")"),
    "chains": ("", "a", ".b()"),
    "sums": ("a + ", "b", ""),
    "templates": ("`${", "a", "}`"),
    "elements": ("<a>", "b", "</a>"),
    "functions": ("function f() {", "a", "}"),
    "classes": ("class A { static x = ", "1", "}"),
    "conditions": ("a ? b : ", "c", ""),
    "patterns": ("[", "a", "] = b"),
    "types": ("const a: Array<", "b", ">"),
    "namespaces": ("namespace A {", "a", "}"),
    "unclosed": ("({[", "", ""),
}


@pytest.mark.parametrize("nest", NESTS)
def test_no_nest_is_too_deep_to_be_read_somehow(nest):
    before, middle, behind = NESTS[nest]
    everything(before * 10_000 + middle + behind * 10_000)


def test_code_below_the_limit_is_read():
    depth = DEEPEST - 10
    assert not [node for node in everything("f(" * depth + "a" + ")" * depth) if isinstance(node, Unreadable)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff\xfea\0",
        b"const a = '\xff\xfe'",
        "const a = 'x\u2028y'".encode(),
        b"a\rb\rc",
        b"x" * 1_000_000,
        b"/*",
        b"`${",
        b"'use server",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_odd_files_are_read(content):
    everything(content)


def test_a_file_above_the_limit_is_one_gap():
    found = module(b"a\n" * (LARGEST_BYTES // 2 + 1))
    assert [(gap.span.line, gap.span.end, gap.is_normalised) for gap in found.gaps] == [(1, LARGEST_BYTES + 2, False)]
    assert found.statements == ()
