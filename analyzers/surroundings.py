"""What stands around actions and is judged by itself: the configuration, and the pages beneath layouts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from preship.analyzers.actions.next_config import next_config
from preship.analyzers.actions.pages import open_page
from preship.analyzers.codebase import Codebase
from preship.analyzers.project.routes import CONFIGURATION, Routes
from preship.analyzers.results import Failure
from preship.analyzers.rule import Subject

MOST_PAGES = 60
"""Pages beneath one layout that are looked at; the largest real layout seen has about forty."""


class Surroundings:
    """The files around the actions of one commit."""

    def __init__(self, tree: Codebase) -> None:
        self._tree = tree

    @property
    def routes(self) -> Routes:
        """The route tree."""
        return self._tree.renderings.routes

    def all_of(self, paths: Iterable[str]) -> Iterator[Subject]:
        """What there is to judge in these files: configurations, and pages that only a layout keeps."""
        asked = sorted(path for path in paths if CONFIGURATION.search(path) or path in self.routes.pages)
        self._tree.project.prefetch([*asked, *(up for path in asked for up in self.routes.layouts_above(path))])
        for path in asked:
            module = self._tree.project.module(path) if CONFIGURATION.search(path) else None
            if module is not None:
                yield next_config(module)
            if path in self.routes.pages:
                yield from self._open(path)

    def behind(self, paths: Iterable[str]) -> frozenset[str]:
        """These files, and what is to be judged anew where they change: a layout brings the pages beneath it."""
        found = set(paths)
        for path in sorted(found):
            beneath = self.routes.pages_beneath(path) if path in self.routes.layouts else ()
            found.update(beneath[:MOST_PAGES])
            if len(beneath) > MOST_PAGES:
                why = f"of the {len(beneath)} pages beneath this layout, {MOST_PAGES} were looked at"
                self._tree.failures.append(Failure(path, why))
        return frozenset(found)

    def _open(self, path: str) -> Iterator[Subject]:
        """A page, if the layouts around it ask who is there and it does not."""
        around = self._tree.renderings.layout_that_asks(path)
        found = open_page(self._tree.renderings.of(path), around) if around is not None else None
        if found is not None:
            yield found
