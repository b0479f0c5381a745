"""Directives spelled and placed at random, and what the Next.js compiler makes of each module: discovery must agree.

A module that the compiler cannot parse is left out of the comparison: it is never deployed, whatever we find in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.actions.directives import SERVER
from preship.analyzers.actions.discovery import discover
from preship.analyzers.source.parse import parse_module
from preship.analyzers.source.spelling import may_spell
from tests.analyzers.actions.compiler import Said, agrees, ask, names_of

LINE_ENDS = ("\n", "\n", "\n", "\r\n", "\r", "\u2028", "\u2029")
SUFFIXES = ("ts", "tsx", "tsx", "js", "jsx", "mts", "cts", "mjs", "cjs")
SPACES = (
    "\t",
    " ",
    "\u00a0",
    "\ufeff",
    "\u3000",
    "\u0085",
    "\u2003",
    "/* it's */",
    "/* a\n * b */",
    "// don't\n",
    "\n\n",
)
OTHER_TEXTS = (
    "use strict",
    "use cache",
    "use cache: remote",
    "use asm",
    "",
    "use client of",
    "it\u2019s",
    "use action",
)

BEFORE = (
    "",
    "",
    "",
    "",
    "'use strict'",
    '"a \\" b";',
    "('foo');",
    "'x' ;'y'",
    ";",
    "1;",
    "`use server`;",
    "{}",
    "let z;",
)
BEFORE_IN_TYPESCRIPT = (
    "interface X {}",
    "type X = string;",
    "declare const x: any;",
    "const enum E { A }",
    "namespace N { type X = 1 }",
    "enum E { A }",
    "'foo' as any;",
    "('foo') satisfies string;",
    "'foo'!;",
)
BEFORE_IN_A_FILE = ("export {};", "export {} from 'y';", "import 'y';", "import y from 'y';", "#!/usr/bin/env node\n")
BEFORE_IN_A_TYPED_FILE = (
    "import type { X } from 'y';",
    "import { type X } from 'y';",
    "export type X = 1;",
    "export interface X {}",
    "declare module 'x' {}",
    "export declare function f(): void;",
    "import A = B.C;",
)

EXPORTS = (
    "export async function a() {}",
    "export const a = async () => {}, b = wrap()",
    "export default async function () {}",
    "export default async () => {}",
    "export default wrap(async () => {})",
    "async function a() {} export { a, a as b }",
    "async function a() {} export { a as default }",
    "async function a() {} export default a",
    "import { a } from './a'; export { a }",
    "export * from './a'",
    "export { a } from './a'",
    "export function a() {}",
    "export class A {}",
    "export const a = 1",
    "module.exports = { a: async () => {} }",
    "const a = async () => {}",
)

FUNCTIONS = (
    "async function a() { BODY }",
    "export async function a() { BODY }",
    "export default async function () { BODY }",
    "const a = async () => { BODY }",
    "const a = async function () { BODY }",
    "const a = async x => { BODY }",
    "const a = wrap(async () => { BODY })",
    "export const a = wrap(async () => { BODY })",
    "const o = { async m() { BODY } }",
    "const o = { 'm': async () => { BODY }, async [k]() { BODY } }",
    "const o = { get m() { BODY } }",
    "const o = { set m(v) { BODY } }",
    "class A { static async m() { BODY } }",
    "class A { static async #m() { BODY } }",
    "class A { async m() { BODY } }",
    "class A { m = async () => { BODY } }",
    "class A { constructor() { BODY } }",
    "class A { static { BODY } }",
    "class A { get m() { BODY } }",
    "class A extends B(async () => { BODY }) {}",
    "class A { [wrap(async () => { BODY })]() {} }",
    "function a() { BODY }",
    "const a = () => { BODY }",
    "async function* a() { BODY }",
    "function f(x = async () => { BODY }) {}",
    "const { x = async () => { BODY } } = y",
    "[x = async () => { BODY }] = y",
    "for (const x of [async () => { BODY }]) {}",
    "if (x) { y(async () => { BODY }) } else z(async () => { BODY })",
    "try { x() } catch { y(async () => { BODY }) } finally { z(async () => { BODY }) }",
    "switch (x) { case 1: y(async () => { BODY }) }",
    "label: { async function a() { BODY } }",
    "const x = `${async () => { BODY }}`",
    "tag`${async () => { BODY }}`",
    "(async () => { BODY })()",
    "new X(async () => { BODY })",
    "x?.y(async () => { BODY })",
    "x ||= async () => { BODY }",
    "x = y ? async () => { BODY } : async () => { BODY }",
    "import('x', async () => { BODY })",
    "async function outer() { async function inner() { BODY } return inner }",
    "const a = async () => { if (x) { BODY } }",
    "throw async () => { BODY }",
    "export const a = { b: [async () => { BODY }] }",
)
FUNCTIONS_WITH_TYPES = (
    "namespace N { export async function a() { BODY } }",
    "export namespace N { const a = async () => { BODY } }",
    "enum E { A = wrap(async () => { BODY }) }",
    "class A { @dec(async () => { BODY }) m() {} }",
    "@dec(async () => { BODY }) class A { m(@dec(async () => { BODY }) x: string) {} }",
    "class A { private static async m() { BODY } }",
    "const a = (async () => { BODY }) as any;",
    "const a = async (x: string): Promise<void> => { BODY }",
    "const a = wrap<string>(async () => { BODY })!",
    "abstract class A { static async m(this: A) { BODY } }",
    "export = wrap(async () => { BODY })",
)
FUNCTIONS_WITH_ELEMENTS = (
    "export default function P() { return <form action={async () => { BODY }}/> }",
    "const x = <A b={c(async () => { BODY })}>don't {async () => { BODY }} \"</A>",
    "const x = <><a.b {...{ c: async () => { BODY } }}/></>",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found."""

    faults: tuple[str, ...]
    built: int
    """Modules that the compiler builds."""

    with_actions: int
    """Those of them with actions."""

    without_the_text: int
    """Those of these in which the directive never stands in plain letters."""

    refused: int
    """Modules that it refuses because of their directives and exports."""


def compare(seed: int, count: int) -> Outcome:
    """Ask the compiler and discovery about as many different modules."""
    modules = dict(_modules(seed, count))
    said = ask(modules)
    built = {path: said[path] for path in modules if "actions" in said[path]}
    refused = {path: said[path] for path in modules if "error" in said[path] and not _cannot_be_read(said[path])}
    exposing = [path for path in built if built[path]["actions"]]
    faults = [fault for path in (*built, *refused) if (fault := _fault(path, modules[path], said[path]))]
    escaped = sum(SERVER not in modules[path] for path in exposing)
    return Outcome(tuple(faults), len(built), len(exposing), escaped, len(refused))


_NOT_OUR_CASE = (
    "Syntax Error",
    "character boundary",
    '"use cache" file',
    '"use cache" functions',
    '"use cache" annotated',
)


def _cannot_be_read(said: Said) -> bool:
    """Whether the compiler does not parse a module, or finds a fault with what is cached in it, which is no action."""
    return any(words in said["error"] for words in _NOT_OUR_CASE)


def _fault(path: str, source: str, said: Said) -> str:
    content = source.encode()
    discovery = discover(parse_module(path, content))
    wrong = []
    if not agrees(said, discovery):
        wrong.append(f"{names_of(discovery)} {[refusal.why for refusal in discovery.refusals]}")
    if said.get("actions") and not may_spell(SERVER)(content):
        wrong.append("the file is not looked at")
    if not all(1 <= each.line <= each.end_line <= source.count("\n") + 1 for each in discovery.actions):
        wrong.append("a line that is not there")
    heard = said.get("actions", " ".join(str(said.get("error")).split())[:200])
    return f"{path} {source!r}: the compiler says {heard}, we say {'; '.join(wrong)}" if wrong else ""


def _modules(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Different modules by path, the same for a seed."""
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        chance = random.Random(f"directive {seed} {number}")
        number += 1
        suffix = chance.choice(SUFFIXES)
        source = _module(chance, suffix)
        if source not in seen:
            seen.add(source)
            yield f"app/{number}.{suffix}", source


def _module(chance: random.Random, suffix: str) -> str:
    is_typed, has_elements = suffix in ("ts", "tsx", "mts", "cts"), suffix not in ("ts", "mts", "cts")
    if chance.random() < 0.45:
        before = (*BEFORE, *BEFORE_IN_A_FILE, *(BEFORE_IN_TYPESCRIPT + BEFORE_IN_A_TYPED_FILE if is_typed else ()))
        source = f"{_prologue(chance, before, is_typed)}\n{chance.choice(EXPORTS)}\n"
    else:
        shapes = (
            *FUNCTIONS,
            *(FUNCTIONS_WITH_TYPES if is_typed else ()),
            *(FUNCTIONS_WITH_ELEMENTS if has_elements else ()),
        )
        before = (*BEFORE, *(BEFORE_IN_TYPESCRIPT if is_typed else ()))
        source = "\n".join(_function(chance, shapes, before, is_typed) for _ in range(chance.choice((1, 1, 1, 2))))
    mark = chance.choice(("\ufeff", "// it's\n", "", "", ""))
    return (mark + source).replace("\n", chance.choice(LINE_ENDS))


def _function(chance: random.Random, shapes: tuple[str, ...], before: tuple[str, ...], is_typed: bool) -> str:
    pieces = chance.choice(shapes).split("BODY")
    body = [f"{_prologue(chance, before, is_typed)}\n{chance.choice(('', 'x()', 'return 1'))}" for _ in pieces[1:]]
    return pieces[0] + "".join(inside + piece for inside, piece in zip(body, pieces[1:], strict=True)) + "\n"


def _prologue(chance: random.Random, before: tuple[str, ...], is_typed: bool) -> str:
    """A directive, and what may stand in front of it and behind it."""
    space, other = (chance.choice(("", "", *SPACES)) for _ in range(2))
    first = f"{chance.choice(before)}\n{space}"
    second = chance.choice(("", "", "", "", f"\n{_statement(chance, is_typed)}", f"\n{chance.choice(before)}"))
    return first + _statement(chance, is_typed) + other + second


def _statement(chance: random.Random, is_typed: bool) -> str:
    text = chance.choices((SERVER, _misspelt(chance), chance.choice(OTHER_TEXTS)), (20, 2, 2))[0]
    spelled = _spelled(chance, text)
    around = (
        ("{}", "{}", "{};", "{} ;;"[:3])
        if chance.random() < 0.85
        else ("({})", "(({}))", "{}.x", "{}, 1", "+{}", "({});")
    )
    typed = ("{} as any", "{}!", "({} as any)", "({}) as any", "{} satisfies string;", "{} as const")
    return chance.choice(typed if is_typed and chance.random() < 0.12 else around).format(spelled)


def _misspelt(chance: random.Random) -> str:
    letters = list(SERVER)
    for _ in range(chance.choice((1, 1, 2, 3))):
        place = chance.randrange(len(letters))
        letters[place] = chance.choice(("", "x", letters[place] * 2, letters[place].upper(), "\u00e9"))
    return "".join(letters)


def _spelled(chance: random.Random, text: str) -> str:
    """A text between quotes, some of its characters escaped."""
    quote = chance.choice("'\"")
    share = chance.choice((0, 0, 0.1, 0.4, 1))
    spelled = [_escaped(chance, each) if chance.random() < share else each for each in text]
    if chance.random() < 0.2:
        spelled.insert(chance.randrange(len(spelled) + 1), "\\\n")
    return quote + "".join(spelled) + quote


def _escaped(chance: random.Random, character: str) -> str:
    code = ord(character)
    forms = [f"\\u{code:04x}", f"\\u{code:04X}", f"\\u{{{code:x}}}", f"\\u{{{code:05X}}}"]
    if code < 256:
        forms.append(f"\\x{code:02x}")
    if character not in "uxbfnrtv0123456789":
        forms.append(f"\\{character}")
    if chance.random() < 0.01:
        forms.append(f"\\{code:o}")
    return chance.choice(forms)
