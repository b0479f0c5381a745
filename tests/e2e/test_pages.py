"""The pages of the service in a browser: in both schemes, on a phone, by axe, with a clean console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import browser
from tests.e2e.service import Service
from tests.npm_modules import node_modules

PAGES = ("", "rules", "rules/missing-authentication", "rules/no-such-rule")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def violations(page: Page) -> list[str]:
    """What axe finds serious or worse. https://github.com/dequelabs/axe-core"""
    page.evaluate((node_modules() / "axe-core/axe.min.js").read_text())
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_readable_in_both_schemes_on_a_phone_too(
    chromium: Browser, service: Service, scheme: str, width: int
) -> None:
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        answer = page.goto(f"{service.url}/{path}")
        assert answer is not None
        assert answer.status == (404 if path == "rules/no-such-rule" else 200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert violations(page) == [], path
    context.close()
    # Of a page that is not there, the browser itself says that it is not.
    assert [text for text in said if "404" not in text] == []


def test_a_keyboard_alone_leads_from_the_front_page_to_a_rule(chromium: Browser, service: Service) -> None:
    page = chromium.new_page()
    page.goto(service.url)
    for name in ("Rules", "No authentication"):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip().startswith(name):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith("/rules/missing-authentication")
    page.close()
