"""Shapes on which the published grammar fails, read as TypeScript reads them."""

from __future__ import annotations

import pytest

from tests.analyzers.source.shape import module, shapes

MENDED = {
    "sql<Row[]>`select ${id}`": "TaggedTemplate(Name('sql'), Template(['select ', ''], [Name('id')]))",
    "await tx.$queryRaw<{ id: string }[]>`\n  select ${id}\n`": (
        "Await(TaggedTemplate(Member(Name('tx'), '$queryRaw'), Template(['\\n  select ', '\\n'], [Name('id')])))"
    ),
    "sql<A | Map<B, () => void>>`x`": "TaggedTemplate(Name('sql'), Template(['x'], []))",
    "await get<T>(x)": "Await(Call(Name('get'), [Name('x')]))",
    "(await get<T>(x)).y": "Member(Await(Call(Name('get'), [Name('x')])), 'y')",
    "await a.get<T>(x).y()": "Await(Call(Member(Call(Member(Name('a'), 'get'), [Name('x')]), 'y'), []))",
    "!has<T>(x)": "Unary('!', Call(Name('has'), [Name('x')]))",
    "!user!.isAdmin": "Unary('!', Member(Name('user'), 'isAdmin'))",
    "!env.A!.split(',').includes(x)": (
        "Unary('!', Call(Member(Call(Member(Member(Name('env'), 'A'), 'split'), [Literal(',')]), 'includes'), "
        "[Name('x')]))"
    ),
    "!!a!.b![0]": "Unary('!', Unary('!', Index(Member(Name('a'), 'b'), Literal(0))))",
    "typeof a!.b": "Unary('typeof', Member(Name('a'), 'b'))",
    "!may!(x)": "Unary('!', Call(Name('may'), [Name('x')]))",
    "new a!.B(x)": "New(Member(Name('a'), 'B'), [Name('x')])",
    'await original<typeof import("./x")>()': "Await(Call(Name('original'), []))",
    'x as import("./x").Row[]': "Name('x')",
    "x as A.B.C | null": "Name('x')",
    '<a href="https://x?a=1&b=2">P&L & more</a>': (
        "Element('a', [Property('href', Literal('https://x?a=1&b=2'))], [Literal('P&L & more')])"
    ),
    "String.raw`a\\u00 b`": "TaggedTemplate(Member(Name('String'), 'raw'), Template(['au00 b'], []))",
}


@pytest.mark.parametrize("source", MENDED)
def test_a_shape_that_the_grammar_fails_on_is_mended(source):
    assert shapes(source) == [f"Evaluate({MENDED[source]})"]
    gaps = module(source).gaps
    assert gaps
    assert all(gap.is_normalised for gap in gaps)


@pytest.mark.parametrize(
    "source",
    [
        'export type * from "./x"',
        'type R = import("./x").Row',
        "interface A { in?: string }",
        "export interface Log<in T, out U extends V = never> {}",
    ],
)
def test_types_that_the_grammar_fails_on_leave_nothing(source):
    found = module(source, "a.ts")
    assert (found.statements, found.exports) == ((), ())
    assert all(gap.is_normalised for gap in found.gaps)


@pytest.mark.parametrize(
    "source",
    [
        "a < b && c > (d)",
        "const f = <T,>(x: T) => x",
        "const t = `foo <b>`",
        "const t = 'await get<T>(x)'",
        "const e = <p>Use<code>`x`</code>(twice)</p>",
        "(!a)!.b",
        "!f(a!.b)",
        "await a!.b",
        "new A()!.b",
        "if (a) !(b)",
        "!a!",
        'const lazy = await import("./x")',
        "function f<T>(x: T) {}",
    ],
)
def test_what_needs_no_mending_is_left_alone(source):
    assert module(source).gaps == ()


@pytest.mark.parametrize("head", ["", "const b = ", "await c, ", "return_ || "])
def test_a_typed_call_behind_an_operator_is_no_comparison(head):
    (said,) = shapes(f"{head}a && get<T>(x)")
    assert "Call(Name('get'), [Name('x')])" in said


def test_text_comes_from_the_original_even_where_it_looked_like_a_mended_shape():
    assert shapes("f('x as A.B.C', await get<T>(y))") == [
        "Evaluate(Call(Name('f'), [Literal('x as A.B.C'), Await(Call(Name('get'), [Name('y')]))]))"
    ]
