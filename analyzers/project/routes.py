"""The files that the router calls: which kind each is, the address of a page, and what stands around it.

https://nextjs.org/docs/app/getting-started/project-structure
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.project.layout import ancestors, folder_of

_APP_FILE = re.compile(
    r"app/(?P<route>(?:.*/)?)"
    r"(?P<kind>page|layout|template|default|route|error|global-error|loading|not-found|forbidden|unauthorized)"
    r"\.(?:[jt]sx?|mdx?)"
)

_PAGES_FILE = re.compile(r"pages/(?P<route>.+)\.(?:[jt]sx?|mdx?)")

ROUTE_FILE = re.compile(r"(^|/)app/(.*/)?(page|layout|route|template|loading|error|not-found|default)\.[jt]sx?$")
"""Files that the app directory's router calls itself. https://nextjs.org/docs/app/api-reference/file-conventions"""

CONFIGURATION = re.compile(r"(^|/)next\.config\.([cm]?js|m?ts)$")
"""https://nextjs.org/docs/app/api-reference/config/next-config-js"""

_APPLICATION = re.compile(r"(?P<folder>(?:.*/)?)(?:package\.json|next\.config\.(?:[cm]?js|m?ts))")
"""What stands at the root of an application."""

_IN_FRONT = re.compile(r"(?P<root>(?:.*/)?)(?:middleware|proxy)\.[jt]s")
"""Code that runs before each page. https://nextjs.org/docs/app/api-reference/file-conventions/proxy"""

LOCALE_PARAMETERS = frozenset({"locale", "lang", "lng", "language"})
"""Names of the dynamic segment that holds a language, by the convention of the libraries for translations."""

SAMPLE_LOCALE = "en"


class RouterFile(Enum):
    """What the router does with a file."""

    PAGE = "page"
    LAYOUT = "layout"
    """Rendered around the pages beneath it: layouts, templates, and what stands in for pages."""

    ROUTE = "route"
    """Answers requests itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that the router calls."""

    path: str
    kind: RouterFile
    root: str
    """The folder of the application, with a slash at its end; empty for the tree itself. `src/` is part of it."""

    address: str
    """A path of the site at which it answers: `/teams/id` for `app/teams/[id]/page.tsx`."""

    route: str = ""
    """The same as the folders are called: `/teams/[id]`."""

    @property
    def answers_by_methods(self) -> bool:
        """Whether it exports a function for each method of HTTP: `route.ts` of the app directory."""
        return self.kind is RouterFile.ROUTE and bool(ROUTE_FILE.search(self.path))


def _entry(path: str, root: str) -> Entry | None:
    inside = path.removeprefix(root)
    if found := _APP_FILE.fullmatch(inside):
        kind = {"page": RouterFile.PAGE, "route": RouterFile.ROUTE}.get(found["kind"], RouterFile.LAYOUT)
        return Entry(path, kind, root, _address(found["route"]), _route(found["route"]))
    if (found := _PAGES_FILE.fullmatch(inside)) is None:
        return None
    route = found["route"]
    if route.startswith("api/"):
        return Entry(path, RouterFile.ROUTE, root, _address(route), _route(route))
    if route in {"_app", "_document"}:
        return Entry(path, RouterFile.LAYOUT, root, "/", "/")
    page = route.removesuffix("index")
    return Entry(path, RouterFile.PAGE, root, _address(page), _route(page))


def _address(route: str) -> str:
    """The path at which a folder of the router answers; a name stands for each dynamic segment."""
    found: list[str] = []
    for plain in _segments(route):
        if parameter := re.fullmatch(r"\[?\[(?:\.\.\.)?([^\]]+)\]\]?", plain):
            plain = SAMPLE_LOCALE if parameter[1] in LOCALE_PARAMETERS else parameter[1]
        found.append(plain)
    return "/" + "/".join(found)


def _route(route: str) -> str:
    """The same, with dynamic segments as they are written."""
    return "/" + "/".join(_segments(route))


def _segments(route: str) -> Iterator[str]:
    """The folders that stand in an address: no groups, no slots, and of what intercepts others what it stands for."""
    for segment in route.strip("/").split("/"):
        if segment.startswith("@") or (segment.startswith("(") and segment.endswith(")")):
            continue
        if plain := re.sub(r"^(\((\.{1,3})\))+", "", segment):
            yield plain


class Routes:
    """The routes of a tree."""

    def __init__(self, paths: Iterable[str]) -> None:
        """`paths` are all files of the tree, manifests included."""
        paths = tuple(paths)
        folders = {"", *(found["folder"] for path in paths if (found := _APPLICATION.fullmatch(path)))}
        roots = sorted({f"{folder}{inner}" for folder in folders for inner in ("", "src/")}, key=len, reverse=True)
        self.entries: dict[str, Entry] = {}
        """Every file that the router calls, by path."""

        for root in roots:
            inside = (path for path in paths if path.startswith((f"{root}app/", f"{root}pages/")))
            self.entries |= {p: entry for p in inside if p not in self.entries and (entry := _entry(p, root))}
        self._in_front = {found["root"]: path for path in paths if (found := _IN_FRONT.fullmatch(path))}
        pages = (each.path for each in self.entries.values() if each.kind is RouterFile.PAGE)
        self._pages = tuple(sorted(path for path in pages if ROUTE_FILE.search(path)))
        around: dict[str, list[str]] = {}
        for path, entry in self.entries.items():
            if entry.kind is RouterFile.LAYOUT and re.search(r"(^|/)(layout|template)\.", path):
                around.setdefault(folder_of(path), []).append(path)
        self._around = {folder: tuple(sorted(found)) for folder, found in around.items()}

    @property
    def pages(self) -> frozenset[str]:
        """Every page of the app directory."""
        return frozenset(self._pages)

    @property
    def layouts(self) -> frozenset[str]:
        """Every layout and template."""
        return frozenset(path for found in self._around.values() for path in found)

    def layouts_above(self, path: str) -> tuple[str, ...]:
        """The layouts and templates that surround what a file renders, the innermost first."""
        folders = ancestors(folder_of(path))
        return tuple(layout for folder in folders for layout in self._around.get(folder, ()) if layout != path)

    def pages_beneath(self, layout: str) -> tuple[str, ...]:
        """The pages that a layout surrounds, sorted."""
        start = f"{folder_of(layout)}/"
        return tuple(page for page in self._pages if page.startswith(start))

    @property
    def has_code_in_front(self) -> bool:
        """Whether any application has a middleware or proxy."""
        return bool(self._in_front)

    def in_front_of(self, entry: Entry) -> str | None:
        """The middleware or proxy of an application."""
        return self._in_front.get(entry.root)
