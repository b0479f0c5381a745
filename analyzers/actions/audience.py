"""Who is meant to call an action, as the pages tell that use it: intent, and never a guard.

An action is an endpoint of its own, whatever page shows its button. Whether it needs a session is told by what keeps
anonymous callers from those pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.actions.demand import Demand, joined
from preship.analyzers.actions.protection import Gate, Guard, Protection, Protections
from preship.analyzers.conventions.routes import OFFICE_ROUTE
from preship.analyzers.conventions.secrets import UNGUESSABLE_NAME
from preship.analyzers.project.reach import Reach
from preship.analyzers.project.routes import Entry, RouterFile

MOST_PAGES = 40
"""Pages that are asked for their protection, for one action."""

SEGMENT = re.compile(r"\[(\w+)\]")
"""A dynamic segment of a route."""


class Meant(StrEnum):
    """For whom an action is there."""

    ANYBODY = "anybody"
    MEMBERS = "members"
    SERVER_CODE = "server code"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom an action is there, and the evidence."""

    meant: Meant
    gate: Gate | None = None
    """Where one of the pages that use it keeps anonymous callers out, where all do."""

    page: Entry | None = None
    """That page; of an action for anybody, one that anybody may visit."""

    pages: int = 0
    """How many pages use it."""

    needs_a_key: bool = False
    """Whether its open pages are for those only who were sent the address."""

    is_for_who_runs_it: bool = False
    """Whether nothing was seen that keeps anybody from its pages, which are those of an office."""

    @property
    def is_for_no_visitor(self) -> bool:
        """Whether no page offers it to visitors, as far as the pages tell."""
        return self.meant is Meant.MEMBERS or self.is_for_who_runs_it


UNKNOWN = Audience(Meant.UNKNOWN)


def audience_of(reach: Reach, protections: Protections) -> Audience:
    """Who is meant to call what these files of the router reach."""
    shown = [entry for entry in reach.entries if entry.kind is not RouterFile.ROUTE]
    if not shown:
        if not reach.is_complete:
            return UNKNOWN
        return Audience(Meant.SERVER_CODE if reach.entries or reach.others else Meant.NOBODY)
    if len(shown) > MOST_PAGES:
        return UNKNOWN
    found = [protections.of(entry) for entry in shown]
    opened = [each.entry for each in found if each.is_protected is False]
    if opened and all(is_for_who_runs_it(entry) for entry in opened):
        # What keeps others from there was not seen: nobody shows it to everybody.
        return Audience(Meant.UNKNOWN, page=opened[0], pages=len(shown), is_for_who_runs_it=True)
    if opened:
        # Where nothing is protected, that a page is open tells nothing.
        meant = Meant.ANYBODY if protections.protects_something else Meant.UNKNOWN
        return Audience(meant, page=opened[0], pages=len(shown), needs_a_key=all(map(needs_a_key, opened)))
    if not reach.is_complete or any(each.is_protected is None for each in found):
        return UNKNOWN
    first = most_telling(found)
    return Audience(Meant.MEMBERS, first.gate, first.entry, len(shown))


def is_for_who_runs_it(entry: Entry) -> bool:
    """Whether a page is for those who run the application, by the convention of most: `/admin/orders`."""
    return OFFICE_ROUTE.matches(entry.path)


def needs_a_key(entry: Entry) -> bool:
    """Whether a page shows something only to those who were sent its address: `/share/[shareKey]`.

    By the name of a segment, which is all that tells a key from the name of an article.
    """
    return any(UNGUESSABLE_NAME.matches(name) for name in SEGMENT.findall(entry.path))


def most_telling(found: Iterable[Protection]) -> Protection:
    """The protection that is named: one by a page or layout rather than by what runs before them all."""
    return min(found, key=lambda each: (each.gate is None or each.gate.guard is Guard.MIDDLEWARE, each.entry.path))


@dataclass(frozen=True, slots=True)
class Reserved:
    """What pages keep for those with a role."""

    page: Entry
    """One of the pages, with the role that it asks for."""

    demand: Demand
    """What all of them ask for: one of these roles."""

    pages: int
    """How many there are."""


def reserved_by(reach: Reach, protections: Protections) -> Reserved | None:
    """The role that everybody needs who comes to what these files of the router reach, where every one asks for one.

    A route is no page: what it asks of its callers is another matter.
    """
    entries = reach.entries
    if not reach.is_complete or not 0 < len(entries) <= MOST_PAGES or any(e.kind is RouterFile.ROUTE for e in entries):
        return None
    found = [(entry, protections.demand_on(entry)) for entry in entries]
    demand = joined(each for _, each in found)
    if demand is None:
        return None
    page = next((entry for entry, each in found if each is not None and each.at == demand.at), entries[0])
    return Reserved(page, demand, len(entries))
