"""What every page has to be: readable for all, narrow enough for a phone, and quiet in the console."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.npm_modules import node_modules

SCHEMES = ("light", "dark")
WIDTHS = (390, 1280)


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


def assert_fine(page: Page) -> None:
    """The page as it stands, in both schemes and both widths; kept as pictures where `PRESHIP_PICTURES` says so."""
    for scheme in SCHEMES:
        for width in WIDTHS:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
            found = violations(page)
            assert found == [], (page.url, scheme, width, found)
            _keep(page, scheme, width)


def _keep(page: Page, scheme: str, width: int) -> None:
    if folder := os.environ.get("PRESHIP_PICTURES"):
        name = page.url.split("/", 3)[3].split("?")[0].replace("/", "-").partition("#")[0] or "front"
        title = "".join(letter if letter.isalnum() else "_" for letter in page.title())[:30]
        page.screenshot(path=Path(folder) / f"{name}-{title}-{scheme}-{width}.png", full_page=True)


@contextmanager
def watched(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page of a browser that nobody used yet, and everything that its console says."""
    context = chromium.new_context()
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, said
    context.close()
