"""Arguments that are made up: as types and schemas ask for, and such that they name no record."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from preship.analyzers.endpoints import expected
from preship.analyzers.endpoints.endpoint import Endpoint

NUMBER = 2_000_000_011
"""A number that fits into 32 bits, and to which no table counts."""

MOMENT = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)

_ID = re.compile(r"(^|[a-z_])(id|ids|uuid|key|slug|token)$|(?<=[a-z])I[dD]s?$", re.IGNORECASE)
_EMAIL = re.compile(r"e-?mail", re.IGNORECASE)
_URL = re.compile(r"(url|link|website)$", re.IGNORECASE)
_DATE = re.compile(r"(date|At|On)$")

FORMATS = {
    "email": "nobody@preship.invalid",
    "url": "https://preship.invalid/",
    "datetime": "2001-02-03T04:05:06Z",
    "date": "2001-02-03",
    "time": "04:05:06",
    "ip": "192.0.2.1",
}
"""Texts of a form; `.invalid` is a domain that nobody can have (RFC 2606), and 192.0.2.0/24 a network (RFC 5737)."""

Place = tuple[str, tuple[str, ...]]
"""A parameter, and the path to a part of it."""


def nowhere() -> str:
    """A name of no record."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Moment:
    """A `Date`."""

    at: datetime = MOMENT


@dataclass(frozen=True, slots=True)
class Big:
    """A `bigint`."""

    number: int = NUMBER


@dataclass(frozen=True, slots=True)
class Form:
    """A `FormData`."""

    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Makes the arguments of one call."""

    chosen: Mapping[Place, object] = field(default_factory=dict)
    """What stands at a place instead: the id of somebody's record."""

    named: Callable[[], str] = nowhere
    """Names nothing."""

    def arguments(self, endpoint: Endpoint) -> list[object]:
        """One value for each parameter."""
        return [self._value(each.expected, each.name, (each.name, ())) for each in endpoint.parameters]

    def _value(self, what: expected.Expected, name: str, place: Place) -> object:
        if place in self.chosen:
            chosen = self.chosen[place]
            return [chosen] if isinstance(what, expected.Items) else chosen
        if isinstance(what, expected.Record):
            fields = {f.name: self._value(f.expected, f.name, _inside(place, f.name)) for f in self._sent(what, place)}
            # Never an empty object: as a filter it would match every record.
            return fields or {"id": self.named()}
        if isinstance(what, expected.Form):
            fields = {f.name: self._value(f.expected, f.name, _inside(place, f.name)) for f in self._sent(what, place)}
            return Form(tuple((name, _as_text(value)) for name, value in fields.items()))
        if isinstance(what, expected.Items):
            return [self._value(what.element, name, place) for _ in range(max(1, what.least))]
        return _plain(what, name, self.named)

    def _sent(self, what: expected.Record | expected.Form, place: Place) -> list[expected.Field]:
        """The fields that are sent: what may be left out is, unless it is to hold something of our choice."""
        return [f for f in what.fields if not f.is_optional or _inside(place, f.name) in self.chosen]


MADE_UP = Made()
"""Arguments of which nothing is chosen."""


def _inside(place: Place, name: str) -> Place:
    return place[0], (*place[1], name)


def _plain(what: expected.Expected, name: str, named: Callable[[], str]) -> object:
    if isinstance(what, expected.Text):
        return _text(what, name, named)
    if isinstance(what, expected.Number):
        return _number(what, name)
    if isinstance(what, expected.Flag):
        return False
    if isinstance(what, expected.Moment):
        return Moment()
    if isinstance(what, expected.Choice):
        return what.values[0] if what.values else None
    return _text(expected.TEXT, name, named)


def _text(what: expected.Text, name: str, named: Callable[[], str]) -> str:
    if what.format in expected.ID_FORMATS or (not what.format and _ID.search(name)):
        return named()
    if what.format in FORMATS:
        return FORMATS[what.format]
    for pattern, known in ((_EMAIL, "email"), (_URL, "url"), (_DATE, "date")):
        if pattern.search(name):
            return FORMATS[known]
    text = f"preship {named()}"
    if what.most is not None and what.most < len(text):
        text = named().replace("-", "")[: what.most]
    return text.ljust(what.least, "x")


def _number(what: expected.Number, name: str) -> object:
    if what.is_big:
        return Big()
    if what.most is None and (_ID.search(name) or what.least is None):
        return NUMBER
    return what.least if what.least is not None else what.most


def _as_text(value: object) -> str:
    if isinstance(value, Moment):
        return value.at.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.number if isinstance(value, Big) else "" if value is None else value)
