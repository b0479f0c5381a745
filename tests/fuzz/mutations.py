"""How a source is bent: bytes, spans and tokens are moved, lost, doubled and replaced, by a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

# What a tokenizer, a lowering or a report may stumble over.
NASTY = (
    b"{", b"}", b"(", b")", b"[", b"]", b"<", b">", b"`", b"'", b'"', b"${", b"/*", b"*/", b"//", b"\\", b"#", b"@",
    b"=>", b"...", b"?.", b"??=", b"**", b"</", b"<>", b"/>", b";", b",", b":", b"\0", b"\r", b"\r\n", b"\xff", b"\xc3",
    b"\xef\xbb\xbf", "\u2028".encode(), "\u202e".encode(), "\U0001f980".encode(), b"'use server'", b'"use client"',
    b"import", b"export", b"export default", b"export *", b"async", b"await", b"yield", b"function*", b"class", b"enum",
    b"namespace", b"declare", b"abstract", b"satisfies", b"as const", b"using", b"accessor", b"static {", b"get",
    b"new", b"this", b"super", b"arguments", b"__proto__", b"constructor", b"undefined", b"NaN", b"0n", b"1e999",
    b"/(/", b"<!-- preship", b"// preship: public -- ", b"@everyone", b"for await (", b"try {", b"switch (",
    b"case", b"label:",
)  # fmt: skip

_TOKEN = re.compile(rb"\w+|\s+|.", re.DOTALL)

Mutation = Callable[[random.Random, bytes, bytes], bytes]
"""From a chance, a source and another one to a bent source."""


def bent(chance: random.Random, sources: Sequence[bytes]) -> bytes:
    """One of the sources, bent a few times."""
    text = chance.choice(sources)
    for _ in range(chance.randint(1, 6)):
        text = chance.choice(MUTATIONS)(chance, text, chance.choice(sources))
    return text


def _span(chance: random.Random, text: bytes) -> tuple[int, int]:
    """A stretch, mostly a short one."""
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + int(chance.paretovariate(0.6)))


def _lost(chance: random.Random, text: bytes, other: bytes) -> bytes:
    start, end = _span(chance, text)
    return text[:start] + text[end:]


def _doubled(chance: random.Random, text: bytes, other: bytes) -> bytes:
    start, end = _span(chance, text)
    return text[:end] + text[start:end] * chance.randint(1, 3) + text[end:]


def _moved(chance: random.Random, text: bytes, other: bytes) -> bytes:
    start, end = _span(chance, text)
    rest, place = text[:start] + text[end:], chance.randrange(len(text) - (end - start) + 1)
    return rest[:place] + text[start:end] + rest[place:]


def _flipped(chance: random.Random, text: bytes, other: bytes) -> bytes:
    flipped = bytearray(text)
    for _ in range(chance.randint(1, 4) if text else 0):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _pierced(chance: random.Random, text: bytes, other: bytes) -> bytes:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(NASTY) * chance.choice((1, 1, 1, 3, 200)) + text[place:]


def _renamed(chance: random.Random, text: bytes, other: bytes) -> bytes:
    words = re.findall(rb"\w+", text) or [b"x"]
    return text.replace(chance.choice(words), chance.choice([*NASTY, *words]))


def _shuffled(chance: random.Random, text: bytes, other: bytes) -> bytes:
    tokens = _TOKEN.findall(text)
    for _ in range(chance.randint(1, 5) if tokens else 0):
        one, two = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        tokens[one], tokens[two] = tokens[two], tokens[one]
    return b"".join(tokens)


def _grafted(chance: random.Random, text: bytes, other: bytes) -> bytes:
    start, end = _span(chance, other)
    place = chance.randrange(len(text) + 1)
    return text[:place] + other[start : end + 200] + text[place:]


def _joined(chance: random.Random, text: bytes, other: bytes) -> bytes:
    return text + other


def _cut(chance: random.Random, text: bytes, other: bytes) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


def _other_lines(chance: random.Random, text: bytes, other: bytes) -> bytes:
    return text.replace(b"\n", chance.choice((b"\r\n", b"\r", "\u2028".encode(), b"\n\n", b" ")))


MUTATIONS: Sequence[Mutation] = (
    _lost, _doubled, _moved, _flipped, _pierced, _renamed, _shuffled, _grafted, _joined, _cut, _other_lines,
)  # fmt: skip
