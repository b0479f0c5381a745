"""The pages of the rules as a reader meets them: by the server, in the order of the eye, along the links."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from preship.analyzers.analysis import Item
from preship.analyzers.rulebook import RULES, Bad
from preship.bot.web.rule_pages import ITEMS, rendered, rules_router, shown

app = FastAPI()
app.include_router(rules_router())


def get(address: str) -> httpx.Response:
    """What the server answers."""

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://host") as client:
            return await client.get(address)

    return asyncio.run(answer())


@dataclass
class Reader(HTMLParser):
    """What a page shows and where it leads."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    """The lines that are marked as found."""

    _skips: bool = False
    _is_marked: bool = False

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._skips = tag == "style"
        self._is_marked = "found" in (given.get("class") or "").split()
        if tag == "a":
            self.links.append(given["href"])

    def handle_endtag(self, tag):
        self._skips = self._is_marked = False

    def handle_data(self, data):
        if not self._skips:
            self.text += data
        if self._is_marked:
            self.marked.append(data.strip())


def read(address: str, status: int = 200) -> Reader:
    """The page at an address."""
    answer = get(address)
    assert answer.status_code == status
    reader = Reader()
    reader.feed(answer.text)
    return reader


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page_that_says_what_it_finds_and_what_to_write_instead(rule):
    page = read(f"/rules/{rule.id}")
    sections = ("Why this is bad", "Use instead", "Examples", "How it is decided", "When it is intended")
    places = [page.text.find(f"\n{title}\n") for title in sections]
    assert -1 not in places
    assert places == sorted(places)
    assert f"CWE-{rule.cwe}" in page.text
    for example in rule.examples:
        assert example.title in page.text or example.title[:1].upper() + example.title[1:] in page.text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_marks_the_lines_that_the_rule_finds_and_leaves_no_markdown_and_no_bare_address(rule):
    page = read(f"/rules/{rule.id}")
    assert "<- finding" not in page.text
    bad = [line for e in rule.examples if isinstance(e, Bad) for _, lines in shown(e).files for line in lines]
    assert page.marked == [line.text.strip() for line in bad if line.is_found]
    prose = page.text.partition("\nReferences\n")[2]
    assert "](" not in prose
    assert "http" not in prose


def test_the_list_leads_to_every_rule_and_back():
    index = read("/rules")
    found = {urlsplit(urljoin("http://host/rules", link)).path for link in index.links}
    assert found >= {f"/rules/{rule.id}" for rule in RULES}
    there = read(f"/rules/{RULES[0].id}")
    assert urljoin(f"http://host/rules/{RULES[0].id}", there.links[2]) == "http://host/rules"


def test_the_links_hold_behind_a_proxy_that_serves_below_a_path():
    for address in ("/rules", f"/rules/{RULES[0].id}", "/rules/nothing"):
        links = read(address, 404 if "nothing" in address else 200).links
        inside = [link for link in links if not link.startswith("https://")]
        assert all(urljoin(f"http://host/preship{address}", link).startswith("http://host/preship/") for link in inside)


def test_an_unknown_rule_is_not_found_and_those_that_may_be_meant_are_named():
    page = read("/rules/missing-authentification", 404)
    assert "no rule missing-authentification" in page.text
    assert "Did you mean missing-authentication" in page.text
    assert "missing-authentication" in page.links
    assert "Did you mean" not in read("/rules/zzzz", 404).text


def test_what_is_asked_for_is_shown_as_text_and_no_script_could_run():
    answer = get("/rules/<script>alert(1)<script>")
    assert answer.status_code == 404
    assert "<script" not in answer.text
    for address in ("/rules", f"/rules/{RULES[0].id}", "/rules/nothing"):
        headers = get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_html_in_a_page_is_text():
    assert rendered("a <img src=x> b") == "<p>a &lt;img src=x&gt; b</p>\n"


def test_every_item_of_the_checklist_has_a_sentence_and_so_has_what_stands_outside():
    assert set(ITEMS) == {*Item, None}
