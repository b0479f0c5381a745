"""What expressions become, shape for shape."""

from __future__ import annotations

import pytest

from tests.analyzers.source.shape import shapes

SHAPES = {
    "x as any satisfies Y": "Name('x')",
    "(x!)": "Name('x')",
    "undefined": "Name('undefined')",
    "a?.b.c": "Member(Member(Name('a'), 'b', True), 'c')",
    "a.b?.[c]?.(d)": "Call(Index(Member(Name('a'), 'b'), Name('c'), True), [Name('d')], True)",
    "f(1, ...rest)": "Call(Name('f'), [Literal(1), Spread(Name('rest'))])",
    "new Foo<Bar>(1)": "New(Name('Foo'), [Literal(1)])",
    "`a${b}c\\n`": "Template(['a', 'c\\n'], [Name('b')])",
    "import('./x')": "DynamicImport(Literal('./x'))",
    "require('./x')": "DynamicImport(Literal('./x'), True)",
    "a, b, c": "Sequence([Name('a'), Name('b'), Name('c')])",
    "[a, , ...b]": "ArrayLiteral([Name('a'), None, Spread(Name('b'))])",
    "typeof a === 'b' || !c": (
        "Logical('||', Binary('===', Unary('typeof', Name('a')), Literal('b')), Unary('!', Name('c')))"
    ),
    "a ?? b ? c : d": "Conditional(Logical('??', Name('a'), Name('b')), Name('c'), Name('d'))",
    "a.b ||= c": "Assign('||=', Member(Name('a'), 'b'), Name('c'))",
    "({ a, b: [c = 1, ...d], ...e } = f)": (
        "Assign('=', ObjectPattern([PatternProperty('a', NamePattern('a')), PatternProperty('b', "
        "ArrayPattern([PatternItem(NamePattern('c'), Literal(1))], NamePattern('d')))], NamePattern('e')), Name('f'))"
    ),
    "[a.b, , c[d]] = e": (
        "Assign('=', ArrayPattern([PatternItem(Member(Name('a'), 'b')), None, "
        "PatternItem(Index(Name('c'), Name('d')))]), Name('e'))"
    ),
    "i++": "Update('++', Name('i'))",
    "x => x": "Function(None, arrow, [Parameter(NamePattern('x'))], [Return(Name('x'))], [])",
    "async (a: A.B, { b } = c, ...d) => { 'use server' }": (
        "Function(None, async, arrow, [Parameter(NamePattern('a'), None, 'A.B'), Parameter(ObjectPattern("
        "[PatternProperty('b', NamePattern('b'))]), Name('c')), Parameter(NamePattern('d'), None, None, True)], "
        "[Evaluate(Literal('use server'))], ['use server'])"
    ),
    "({ a, [c]: 2, 'd-e': 3, 4: 5, ...f, get h() { return 1 }, async *i() {}, j: () => {} })": (
        "ObjectLiteral([Property('a', Name('a')), Property(Name('c'), Literal(2)), Property('d-e', Literal(3)), "
        "Property('4', Literal(5)), Spread(Name('f')), Property('h', Function('h', [], [Return(Literal(1))], []), "
        "'get'), Property('i', Function('i', async, *, [], [], []), 'method'), "
        "Property('j', Function('j', arrow, [], [], []))])"
    ),
    "import.meta.env.X": "Member(Member(Name('import.meta'), 'env'), 'X')",
    "/a\\/b/gi": "RegularExpression('/a\\\\/b/gi')",
    "#p in a": "Binary('in', Literal('#p'), Name('a'))",
    '<a href="x&amp;y" {...p} on={() => {}} b>text {y} {/* c */}<B.C /><></></a>': (
        "Element('a', [Property('href', Literal('x&y')), Spread(Name('p')), "
        "Property('on', Function('on', arrow, [], [], [])), Property('b', Literal(True))], "
        "[Literal('text'), Name('y'), Element(Member(Name('B'), 'C'), [], []), Element(None, [], [])])"
    ),
}


@pytest.mark.parametrize("source", SHAPES)
def test_an_expression_becomes_its_shape(source):
    assert shapes(source) == [f"Evaluate({SHAPES[source]})"]


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        ("0x1F", 31),
        ("1_000", 1000),
        ("10n", 10),
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("017", 15),
        ("019", 19),
        (r"'\u0041\x42\u{1F600}\ud83d\ude00'", "AB😀😀"),
        (r"'\ud83d'", "\N{REPLACEMENT CHARACTER}"),
        (r"'a\tb\'\0'", "a\tb'\0"),
        ("'a\\\nb'", "ab"),
        ("true", True),
        ("null", None),
    ],
)
def test_a_literal_has_the_value_that_it_spells(spelled, value):
    assert shapes(f"f({spelled})") == [f"Evaluate(Call(Name('f'), [Literal({value!r})]))"]


def test_a_type_assertion_in_angle_brackets_leaves_nothing_in_plain_typescript():
    assert shapes("<Row>x", "a.ts") == ["Evaluate(Name('x'))"]


def test_an_identifier_with_escapes_is_the_one_without():
    assert shapes(r"\u0061uth()") == ["Evaluate(Call(Name('auth'), []))"]
