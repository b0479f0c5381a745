"""`/rules` and `/rules/RULE`: what each rule finds, why that is bad, and what to write instead. Comments link here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent

from fastapi import APIRouter, Response
from markdown_it import MarkdownIt

from preship.analyzers.rulebook import RULES, STACK, Bad, Good, Item, KnownMiss, Rule, rule, rules_like
from preship.bot.web.rendering import page

ITEMS: Mapping[Item | None, str] = {
    Item.AUTHENTICATION: "The action authenticates before it touches data",
    Item.OWNERSHIP: "Every mutation checks ownership before it executes",
    Item.INPUT: "Input is validated, and identity comes from the session",
    Item.OUTPUT: "What returns holds what the client needs, and no more",
    Item.DATA_ACCESS: "Data is read on the server alone, and only what is meant to be called is exported",
    Item.PLACEMENT: "Authentication lives in pages and actions, not in layouts",
    Item.DIRECT_CALL: "Called directly with curl, it refuses",
    None: "Outside of the checklist",
}
"""The checklist in whole sentences, and what stands behind it."""

TONES = {"critical": "bad", "high": "bad", "medium": "warn", "low": ""}
"""The colour of a severity."""

EXAMPLES_STAND_BEFORE = "How it is decided"
"""Whoever has read what to use instead wants to see it; how it is decided asks for more patience."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False})

_REFERENCE = re.compile(r"^- (.+?),\s+(https://\S+)$", re.MULTILINE)
"""A line of a list as the pages write it: `- CWE-306: Missing Authentication, https://…`."""

MARK = "// <- finding"
"""What an example's line ends with where the rule fires."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a rule's page."""

    title: str
    html: str
    """Safe to put into a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an example."""

    text: str
    is_found: bool
    """Whether the rule fires here."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as its page shows it."""

    kind: str
    """`Found`, `Accepted` or `Missed`."""

    tone: str
    title: str
    files: tuple[tuple[str, tuple[Line, ...]], ...]
    """Path and lines of each file that tells something; those that only set up a library are told once, apart."""


def rules_router() -> APIRouter:
    """The pages of the rules."""
    router = APIRouter()

    @router.get("/rules")
    async def index() -> Response:
        return _index()

    @router.get("/rules/{rule_id}")
    async def one(rule_id: str) -> Response:
        found = rule(rule_id)
        return _missing(rule_id) if found is None else _rule_page(found)

    return router


def _index() -> Response:
    groups = [(letter(item), ITEMS[item], list(rules)) for item, rules in groupby(_in_order(), lambda r: r.item)]
    return page("rules.html", groups=groups, count=len(RULES), tones=TONES, lead_of=lead_of)


def _in_order() -> list[Rule]:
    """The rules by item; within an item as the book has them."""
    return sorted(RULES, key=lambda rule: tuple(ITEMS).index(rule.item))


def _rule_page(found: Rule) -> Response:
    sections = list(sections_of(found.page))
    before = next((i for i, s in enumerate(sections) if s.title == EXAMPLES_STAND_BEFORE), len(sections))
    return page(
        "rule.html",
        rule=found,
        tone=TONES[found.severity],
        letter=letter(found.item),
        item=ITEMS[found.item],
        lead=lead_of(found),
        before=sections[:before],
        behind=sections[before:],
        examples=[shown(example) for example in found.examples],
        setup=[(path, _text(text)) for path, text in STACK.items()],
    )


def _missing(rule_id: str) -> Response:
    return page("no_rule.html", 404, rule_id=rule_id[:100], meant=rules_like(rule_id[:100]))


def letter(item: Item | None) -> str:
    """The letter under which the checklist of a review has an item."""
    return "ABCDEFG"[tuple(Item).index(item)] if item is not None else "–"


def lead_of(rule: Rule) -> str:
    """The sentence that says what a rule finds."""
    return " ".join(rule.page.partition("\n\n")[0].split())


def sections_of(markdown: str) -> Iterator[Section]:
    """The parts of a page, each with its title; the sentence in front of them belongs to none."""
    for part in f"\n{markdown}".split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        yield Section(title.strip(), rendered(body))


def rendered(markdown: str) -> str:
    """Markdown as HTML; HTML in it is shown as text, and what has an address becomes a link to it."""
    return str(_MARKDOWN.render(_REFERENCE.sub(r"- [\1](\2)", markdown)))


def shown(example: Bad | Good | KnownMiss) -> Shown:
    """An example with the lines on which the rule fires."""
    kind, tone = _kind(example)
    code = {"app/actions.ts": example.code} if isinstance(example.code, str) else example.code
    told = [(path, _text(text)) for path, text in code.items() if not _only_sets_up(path, text)]
    return Shown(kind, tone, example.title, tuple((path, tuple(_lines(text))) for path, text in told))


def _kind(example: Bad | Good | KnownMiss) -> tuple[str, str]:
    if isinstance(example, Bad):
        return "Found", "bad"
    return ("Accepted", "good") if isinstance(example, Good) else ("Missed", "warn")


def _only_sets_up(path: str, text: str) -> bool:
    """Whether a file is one of those that the examples share, or less."""
    return path in STACK and MARK not in text and len(_text(text)) <= len(_text(STACK[path]))


def _text(code: str) -> str:
    return dedent(code).strip("\n").rstrip()


def _lines(text: str) -> Iterator[Line]:
    for line in text.split("\n"):
        yield Line(line.replace(MARK, "").rstrip(), MARK in line)
