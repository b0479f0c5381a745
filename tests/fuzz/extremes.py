"""Sources at the edge of what a file can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DEPTH = 10_000
EXPORTS = 20_000

HEAD = "'use server'\nimport { db } from '@/lib/db'\n\n"
FAULT = "export async function removePost(id: string) {\n  await db.post.delete({ where: { id } })\n}\n"


def nested(opening: str, inside: str, closing: str) -> str:
    """An action that holds an expression so many levels deep."""
    expression = opening * DEPTH + inside + closing * DEPTH
    return f"{HEAD}{FAULT}\nexport async function deep(x: any) {{\n  return {expression}\n}}\n"


def blocks(opening: str, closing: str) -> str:
    """An action that holds statements so many levels deep."""
    return f"{HEAD}{FAULT}\nexport async function deep(x: any) {{\n{opening * DEPTH}{closing * DEPTH}\n}}\n"


EXTREMES: Mapping[str, Callable[[], bytes]] = {
    "parentheses": lambda: nested("(", "x", ")").encode(),
    "arrays": lambda: nested("[", "x", "]").encode(),
    "objects": lambda: nested("{ a: ", "x", " }").encode(),
    "calls": lambda: nested("f(", "x", ")").encode(),
    "calls of calls": lambda: nested("", "x", "()").encode(),
    "members": lambda: nested("", "x", ".a").encode(),
    "awaits": lambda: nested("await ", "x", "").encode(),
    "negations": lambda: nested("!", "x", "").encode(),
    "sums": lambda: nested("", "x", " + x").encode(),
    "conjunctions": lambda: nested("", "x", " && x").encode(),
    "conditions": lambda: nested("x ? ", "x", " : x").encode(),
    "functions": lambda: nested("() => ", "x", "").encode(),
    "templates": lambda: nested("`${", "x", "}`").encode(),
    "elements": lambda: nested("<a>", "x", "</a>").encode(),
    "types": lambda: nested("", "x as ", "A<").encode() + b"A" + b">" * DEPTH,
    "blocks": lambda: blocks("{", "}").encode(),
    "ifs": lambda: blocks("if (x) {", "}").encode(),
    "elses": lambda: blocks("if (x) {} else ", "").encode() + b"{}",
    "tries": lambda: blocks("try {", "} catch {}").encode(),
    "loops": lambda: blocks("for (;;) {", "}").encode(),
    "unclosed": lambda: nested("(", "x", "").encode(),
    "one line of ten megabytes": lambda: f"{HEAD}{FAULT}const s = '{'x' * 10_000_000}'\n".encode(),
    "one line below the limit": lambda: f"{HEAD}{FAULT}const s = '{'x' * 1_900_000}'\n".encode(),
    "NUL bytes": lambda: f"{HEAD}{FAULT}".replace("id", "i\0d").encode() + b"\0" * 1000,
    "invalid UTF-8": lambda: f"{HEAD}{FAULT}".encode().replace(b"post", b"po\xff\xfest\xc3"),
    "CRLF": lambda: f"{HEAD}{FAULT}".replace("\n", "\r\n").encode(),
    "CR": lambda: f"{HEAD}{FAULT}".replace("\n", "\r").encode(),
    "BOM": lambda: b"\xef\xbb\xbf" + f"{HEAD}{FAULT}".encode(),
    "UTF-16": lambda: f"{HEAD}{FAULT}".encode("utf-16"),
    "U+2028": lambda: f"{HEAD}{FAULT}".replace("\n", "\u2028").encode(),
    "twenty thousand exports": lambda: (
        f"{HEAD}{FAULT}" + "".join(f"export let a{n}=0\n" for n in range(EXPORTS))
    ).encode(),
    "twenty thousand actions": lambda: (
        HEAD + "export async function f(id: string) { await db.post.delete({ where: { id } }) }\n"
        "export { " + ", ".join(f"f as a{n}" for n in range(EXPORTS)) + " }"
    ).encode(),
    "an import of itself": lambda: f"{HEAD}export * from './actions'\n{FAULT}".encode(),
    "nothing": lambda: b"",
    "only a directive": lambda: b"'use server'",
}
"""By name, the bytes of `app/actions.ts`."""
