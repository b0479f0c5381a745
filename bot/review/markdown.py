"""Untrusted words as Markdown that can do nothing: no ping, no link, no HTML, no broken page.

Names, paths and messages come from code under review, which is hostile. On GitHub a bare `@name`, `#1` or `fixes #1`
would notify and close, an image would call home, and a stray fence or table bar would swallow the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from preship.bot.review.characters import on_one_line, spelled

# https://docs.github.com/en/rest/issues/comments: bodies of more than 65,536 characters are refused. Counting bytes
# and staying below spares us the question what GitHub counts as one character.
BODY_LIMIT_BYTES = 65_000

NAME_LIMIT = 200
PROSE_LIMIT = 2_000

_BACKTICKS = re.compile(r"`+")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_BREAK = "\u200b"
"""Invisible and without width: keeps what it divides from being read as one word."""

_MARKUP = re.compile(r"([\\\[\]!~$`])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_REFERENCE = re.compile(r"(@|#|://|\bGH-|\bwww\.)", re.IGNORECASE)


def visible(text: str, limit: int = NAME_LIMIT) -> str:
    """The text on one line and not too long, with invisible and steering characters spelled out."""
    line = on_one_line(text[: 4 * limit + 4])
    return line if len(line) <= limit else line[: limit - 1] + "…"


def code(text: str, limit: int = NAME_LIMIT) -> str:
    """A code span that shows the text as it is."""
    shown = visible(text, limit) or " "
    fence = _longer_than_runs_in(shown, 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def fenced(lines: str, language: str) -> str:
    """A code block that shows the lines as they are, and what would hide in them spelled out."""
    lines = spelled(lines, "\n\r\t")
    fence = _longer_than_runs_in(lines, 3)
    return f"{fence}{language}\n{lines.rstrip()}\n{fence}"


def prose(text: str, limit: int = PROSE_LIMIT) -> str:
    """One paragraph whose code spans and emphasis stay, and in which nothing else has a meaning."""
    line = visible(text, limit)
    parts: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(line):
        parts += [_inert(line[end : span.start()]), code(span[2].strip(), limit)]
        end = span.end()
    return "".join([*parts, _inert(line[end:])])


def cell(markdown: str) -> str:
    """Markdown for the cell of a table: a bar would end it, even in a code span."""
    # A backslash in front would escape ours instead of the bar.
    return markdown.replace("\\|", f"\\{_BREAK}|").replace("|", "\\|")


def link(markdown: str, url: str) -> str:
    """A link to an address that we made; nothing in it can end it."""
    return f"[{markdown}]({url.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"


def folded(summary: str, content: str) -> str:
    """A section that opens on a click."""
    return f"<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>"


def fitting(render: Callable[[int], str], sizes: Iterable[int]) -> str:
    """The first rendering that fits into a body; `render` is asked with ever smaller sizes."""
    body = ""
    for size in sizes:
        body = render(size)
        if len(body.encode()) <= BODY_LIMIT_BYTES:
            break
    return body


def _inert(text: str) -> str:
    broken = _REFERENCE.sub(lambda found: found[1][0] + _BREAK + found[1][1:] + _after(found[1]), text)
    return _MARKUP.sub(r"\\\1", broken).translate(_ENTITIES)


def _after(reference: str) -> str:
    """A second break behind what is longer than one character, so that it also parts from what follows."""
    return _BREAK if len(reference) > 1 else ""


def _longer_than_runs_in(text: str, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
