"""Requests as code gets them that answers them itself: middleware and proxies, and the handlers of a route."""

from __future__ import annotations

import re
from dataclasses import dataclass

from preship.analyzers.flow.answers import REQUEST
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Request
from preship.analyzers.flow.texts import joined
from preship.analyzers.flow.values import (
    PLAIN,
    Array,
    Constant,
    Library,
    Native,
    Object,
    Promise,
    Truth,
    Unknown,
    Value,
    of,
    unknown,
)

HOST = "app.example"

READS = ("json", "formData", "text", "blob", "arrayBuffer", "bytes")
"""What reads a request's body. https://developer.mozilla.org/en-US/docs/Web/API/Request#instance_methods"""

SEGMENTS = "params"
"""The input that the dynamic segments of a path are parts of."""

SEGMENT = re.compile(r"\[\[?(\.\.\.)?([^\[\]]+)\]")
"""A dynamic segment of a route."""

COOKIES, HEADERS = of(Library("next/headers#cookies")), of(Library("next/headers#headers"))


@dataclass(frozen=True, slots=True)
class Sent:
    """A visitor's request, without a cookie that anybody would know."""

    address: str
    method: str

    @property
    def request(self) -> Value:
        """What code in front of the pages gets."""
        path, url = of(Constant(self.address)), of(Constant(f"https://{HOST}{self.address}"))
        nothing = of(Constant(""))
        fields = {
            "pathname": path, "href": url, "origin": of(Constant(f"https://{HOST}")), "search": nothing,
            "hash": nothing, "searchParams": unknown({Request("search", "*")}), "locale": of(Constant("en")),
            "basePath": nothing, "protocol": of(Constant("https:")),
        }  # fmt: skip
        return self._with({"nextUrl": of(Object(tuple(fields.items()), PLAIN, None)), "url": url})

    @property
    def handed(self) -> Arguments:
        """What the handler of a route gets: all of it as the caller likes, but for the method, the host and the path.

        The address is that of the route, with dynamic segments as they are written.
        """
        known, dynamic, _ = self.address.partition("[")
        asked = unknown({Input("url")})
        url = joined((f"https://{HOST}{known}{'' if dynamic else '?'}", asked), Truth.TRUTHY)
        path = joined((known, asked), Truth.TRUTHY) if dynamic else of(Constant(known))
        origin, search = of(Constant(f"https://{HOST}")), unknown({Input("searchParams")})
        fields = (("pathname", path), ("href", url), ("origin", origin), ("searchParams", search))
        next_url = of(Object(fields, url, None))
        next_url = of(Object((*fields, ("clone", _gives(next_url))), url, None))
        body = {name: _gives(of(Promise(unknown({Input("body")})))) for name in READS}
        context = of(Object(((SEGMENTS, self._segments),), unknown({Input("context")}), None))
        return Arguments((self._with({"nextUrl": next_url, "url": url, **body}), context))

    @property
    def _segments(self) -> Value:
        """The dynamic segments of the path: a text each, and of those that take several a list of texts."""
        found = []
        for several, name in SEGMENT.findall(self.address):
            text = of(Unknown(frozenset({Input(SEGMENTS, (name,))}), is_primitive=True))
            found.append((name, of(Array(None, text)) if several else text))
        return of(Object(tuple(found), unknown({Input(SEGMENTS)}), None))

    def _with(self, fields: dict[str, Value]) -> Value:
        method = of(Constant(self.method))
        all_fields = {**fields, "method": method, "cookies": COOKIES, "headers": HEADERS}
        return of(Object(tuple(all_fields.items()), unknown({Input("request")}), REQUEST))


@dataclass(frozen=True, slots=True)
class _Gives:
    """A method that gives the same each time."""

    value: Value

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        return self.value


def _gives(value: Value) -> Value:
    return of(Native("", None, _Gives(value)))
