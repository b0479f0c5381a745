"""How every page and plain answer is made: by a template, with headers that let a browser run next to nothing."""

from __future__ import annotations

import secrets

from fastapi import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from preship.bot.review.characters import spelled

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
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


def page(template: str, status_code: int = 200, *, form_target: str = "", **values: object) -> Response:
    """A page. What is put into it is text, escaped unless it says that it is markup.

    Its forms may be sent to ourselves, and to `form_target`, an origin, besides.
    """
    nonce = secrets.token_urlsafe(16)
    text = _templates.get_template(template).render(nonce=nonce, **values)
    headers = HEADERS | {"Content-Security-Policy": _policy(nonce, form_target)}
    return Response(spelled(text), status_code, media_type="text/html; charset=utf-8", headers=headers)


def plain(status: int, text: str) -> Response:
    """A line for monitors."""
    headers = HEADERS | {"Content-Security-Policy": _policy("", "")}
    return Response(text, status, media_type="text/plain", headers=headers)


def redirect(address: str) -> Response:
    """Lead the browser elsewhere, by GET."""
    return Response(status_code=303, headers=HEADERS | {"Location": address})


def _policy(nonce: str, form_target: str) -> str:
    """https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy"""
    allowed = {
        "default-src": "'none'",
        "style-src": f"'nonce-{nonce}'",
        "script-src": f"'nonce-{nonce}'",
        "connect-src": "'self'",
        "form-action": f"'self' {form_target}".strip(),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())
