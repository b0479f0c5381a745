"""Where the application renders a field of its records as HTML: what stands in it runs in its readers' browsers.

Only what is handed over as it is stored counts: a call around it (`sanitize(post.body)`) has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.project.project import Project
from analyzers.source.tree import Span

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


def rendered_as_html(project: Project) -> tuple[Rendered, ...]:
    """Each field of a record that some component renders as HTML."""
    return tuple(
        found for path in project.files.matching(_may_render, project.sources) for found in _in_file(project, path)
    )


def _may_render(content: bytes) -> bool:
    return NEEDLE in content


def _in_file(project: Project, path: str) -> Iterator[Rendered]:
    blob = project.blob(path)
    for match in RENDERED.finditer(blob.content) if blob is not None else ():
        line = blob.content.count(b"\n", 0, match.start()) + 1 if blob is not None else 1
        yield Rendered(match[1].decode(), match[2].decode(), Span(path, line, line, 0, 0))


def place_of(found: tuple[Rendered, ...], model: str, field: str) -> Span | None:
    """Where a field of a model is rendered as HTML; the record is called as its model is, one or many of it."""
    return next((each.at for each in found if each.field == field and _is_called(each.record, model)), None)


def _is_called(record: str, model: str) -> bool:
    one, other = (re.sub(r"[^a-z0-9]|s$", "", word.lower()) for word in (record, model))
    return bool(one) and one == other
