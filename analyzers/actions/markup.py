"""Where the application renders a field of its records as HTML: what stands in it runs in its readers' browsers.

Only what is handed over as it is stored counts: a call around it (`sanitize(post.body)`) has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from preship.analyzers.project.project import Project
from preship.analyzers.source.tree import Span

NEEDLE = b"dangerouslySetInnerHTML"

RENDERED = re.compile(rb"__html:\s*(?:[\w$]+\??\.)*([\w$]+)[?!]?\.([\w$]+)!?\s*[},]")
"""`__html: post.body`. https://react.dev/reference/react-dom/components/common#dangerously-setting-the-inner-html"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A field that is rendered as HTML."""

    record: str
    """What the code calls the record there: `post`."""

    field: str
    at: Span


class Markup:
    """The fields of records that the components of a tree render as HTML; looked for when first asked about."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def rendered(self) -> tuple[Rendered, ...]:
        """Each of them."""
        paths = self._project.files.matching(_may_render, self._project.sources)
        return tuple(found for path in paths for found in _in_file(self._project, path))

    def place_of(self, model: str, field: str) -> Span | None:
        """Where a field of a model is rendered; the record is called as its model is, one or many of it."""
        return next((e.at for e in self.rendered if e.field == field and _is_called(e.record, model)), None)


def _may_render(content: bytes) -> bool:
    return NEEDLE in content


def _in_file(project: Project, path: str) -> Iterator[Rendered]:
    blob = project.blob(path)
    for match in RENDERED.finditer(blob.content) if blob is not None else ():
        line = blob.content.count(b"\n", 0, match.start()) + 1 if blob is not None else 1
        yield Rendered(match[1].decode(), match[2].decode(), Span(path, line, line, 0, 0))


def _is_called(record: str, model: str) -> bool:
    one, other = (re.sub(r"[^a-z0-9]|s$", "", word.lower()) for word in (record, model))
    return bool(one) and one == other
