"""The app directory's route tree, by the names of its files.

https://nextjs.org/docs/app/getting-started/layouts-and-pages
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from analyzers.project.layout import ancestors, folder_of

ROUTE_FILE = re.compile(r"(^|/)app/(.*/)?(page|layout|route|template|loading|error|not-found|default)\.[jt]sx?$")
"""Files that the app directory's router calls itself. https://nextjs.org/docs/app/api-reference/file-conventions"""

PAGE = re.compile(r"(^|/)app/(.*/)?page\.[jt]sx?$")

LAYOUT = re.compile(r"(^|/)app/(.*/)?layout\.[jt]sx?$")

IN_FRONT = re.compile(r"^(.*/)?(middleware|proxy)\.[jt]s$")
"""Code that runs before each page. https://nextjs.org/docs/app/api-reference/file-conventions/proxy"""

CONFIGURATION = re.compile(r"(^|/)next\.config\.([cm]?js|m?ts)$")
"""https://nextjs.org/docs/app/api-reference/config/next-config-js"""


class Routes:
    """The pages of a tree, and the layouts around each."""

    def __init__(self, paths: Iterable[str]) -> None:
        paths = tuple(paths)
        found = sorted(path for path in paths if LAYOUT.search(path) or PAGE.search(path))
        self.is_guarded_in_front = any(IN_FRONT.search(path) for path in paths)
        """Whether code runs before the pages, which may ask who is there."""

        self.pages = frozenset(path for path in found if PAGE.search(path))
        self._layouts = {folder_of(path): path for path in found if LAYOUT.search(path)}

    @property
    def layouts(self) -> frozenset[str]:
        """Every layout."""
        return frozenset(self._layouts.values())

    def layouts_above(self, path: str) -> tuple[str, ...]:
        """The layouts that surround what a file renders, the innermost first."""
        return tuple(self._layouts[folder] for folder in ancestors(folder_of(path)) if folder in self._layouts)

    def pages_beneath(self, layout: str) -> tuple[str, ...]:
        """The pages that a layout surrounds."""
        start = f"{folder_of(layout)}/"
        return tuple(sorted(page for page in self.pages if page.startswith(start)))
