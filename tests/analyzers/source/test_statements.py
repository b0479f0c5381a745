"""What statements become, shape for shape."""

from __future__ import annotations

import pytest

from tests.analyzers.source.shape import shapes

SHAPES = {
    "const f = async () => {}, { a: [b] } = c": [
        "Declare('const', NamePattern('f'), Function('f', async, arrow, [], [], []))",
        "Declare('const', ObjectPattern([PatternProperty('a', ArrayPattern([PatternItem(NamePattern('b'))]))]), "
        "Name('c'))",
    ],
    "using file = open()": ["Declare('using', NamePattern('file'), Call(Name('open'), []))"],
    "for (using file of all) {}": ["Iterate('of', 'using', NamePattern('file'), Name('all'), Block([]))"],
    "if (a) b(); else if (c) {}": [
        "If(Name('a'), Evaluate(Call(Name('b'), [])), If(Name('c'), Block([]), None))",
    ],
    "for (let i = 0; i < n; i++) continue": [
        "Loop([Declare('let', NamePattern('i'), Literal(0))], Binary('<', Name('i'), Name('n')), "
        "Update('++', Name('i')), Continue(None))",
    ],
    "for (;;) {}": ["Loop([], None, None, Block([]))"],
    "do { a() } while (b)": ["Loop([], Name('b'), None, Block([Evaluate(Call(Name('a'), []))]), False)"],
    "for await (const [a] of b) {}": [
        "Iterate('await', 'const', ArrayPattern([PatternItem(NamePattern('a'))]), Name('b'), Block([]))",
    ],
    "for (k in o) {}": ["Iterate('in', None, NamePattern('k'), Name('o'), Block([]))"],
    "outer: while (a) { break outer }": ["Labeled('outer', Loop([], Name('a'), None, Block([Break('outer')])))"],
    "switch (a) { case 1: b(); default: }": [
        "Switch(Name('a'), [Case(Literal(1), [Evaluate(Call(Name('b'), []))]), Case(None, [])])",
    ],
    "try { a } catch ({ b }) { c } finally { d }": [
        "Try(Block([Evaluate(Name('a'))]), ObjectPattern([PatternProperty('b', NamePattern('b'))]), "
        "Block([Evaluate(Name('c'))]), Block([Evaluate(Name('d'))]))",
    ],
    "try { a } catch {}": ["Try(Block([Evaluate(Name('a'))]), None, Block([]), None)"],
    "throw a": ["Throw(Name('a'))"],
    "enum Color { Red, Green = 5, Blue, Other = 'x' }": [
        "Declare('const', NamePattern('Color'), ObjectLiteral([Property('Red', Literal(0)), "
        "Property('Green', Literal(5)), Property('Blue', Literal(6)), Property('Other', Literal('x'))]))",
    ],
    "enum May { View = 1 << 0, Edit = View << 1, Both = May.View | May['Edit'], Next, Rest = ~May.Both, Own = f() }": [
        "Declare('const', NamePattern('May'), ObjectLiteral([Property('View', Literal(1)), "
        "Property('Edit', Literal(2)), Property('Both', Literal(3)), Property('Next', Literal(4)), "
        "Property('Rest', Literal(-4)), Property('Own', Call(Name('f'), []))]))",
    ],
    "namespace A.B { export const c = 1; interface D {} }": [
        "Declare('const', NamePattern('A'), ObjectLiteral([Property('B', Call(Function('B', arrow, [], "
        "[Declare('const', NamePattern('c'), Literal(1)), Return(ObjectLiteral([Property('c', Name('c'))]))], []), "
        "[]))]))",
    ],
    "function f(a: string): void\nfunction f(this: Window, a?: any) {}": [
        "DeclareFunction('f', Function('f', [Parameter(NamePattern('a'), None, 'any', False, False, True)], [], []))",
    ],
    "class A extends B<T> { static #p = 1; constructor(private db: Db) { super() } static { f() } "
    "get v() { return this.#p } abstract n(): void; [k: string]: any; h = async () => {} }": [
        "DeclareClass('A', Class('A', Name('B'), [ClassMember('#p', Literal(1), 'field', True), "
        "ClassMember('constructor', Function('constructor', [Parameter(NamePattern('db'), None, 'Db', False, True)], "
        "[Evaluate(Call(Super(), []))], []), 'method'), "
        "ClassMember('', Function(None, [], [Evaluate(Call(Name('f'), []))], []), 'block', True), "
        "ClassMember('v', Function('v', [], [Return(Member(This(), '#p'))], []), 'get'), "
        "ClassMember('h', Function('h', async, arrow, [], [], []), 'field')]))",
    ],
    "interface A {}\ntype B = string\ndeclare const c: string\ndeclare module 'd' {}\n;": [],
}


@pytest.mark.parametrize("source", SHAPES)
def test_a_statement_becomes_its_shape(source):
    assert shapes(source) == SHAPES[source]


def test_directives_are_the_strings_at_the_head_of_a_body():
    (said,) = shapes("async function f() { /* a */ 'use strict'; \"use server\"; g(); 'late' }")
    assert said.endswith("['use strict', 'use server']))")
