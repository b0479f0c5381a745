"""How every page and plain answer is made: by a template, with headers that let a browser load and run nothing."""

from __future__ import annotations

from fastapi import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from preship.bot.review.characters import spelled

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=PackageLoader("preship.bot.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_templates.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
"""`no authentication` as a title; Jinja's own `capitalize` would also make `SQL` small."""


def page(template: str, status_code: int = 200, **values: object) -> Response:
    """A page. What is put into it is text, escaped unless it says that it is markup."""
    text = _templates.get_template(template).render(**values)
    return Response(spelled(text), status_code, media_type="text/html; charset=utf-8", headers=HEADERS)


def plain(status: int, text: str) -> Response:
    """A line for monitors."""
    return Response(text, status, media_type="text/plain", headers=HEADERS)
