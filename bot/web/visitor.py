"""Somebody who signed in, before any page of theirs is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from preship.bot.github.people import Seen
from preship.bot.store.sessions import Session
from preship.bot.web.gate import Gate, NotFound, root
from preship.bot.web.rendering import page
from preship.bot.web.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who signed in, and what is theirs to see."""

    request: Request
    session: Session
    repositories: Mapping[int, Seen]

    def page(self, template: str, section: str, **values: object) -> Response:
        """A page of theirs."""
        common: dict[str, Any] = {"root": root(self.request), "session": self.session, "section": section}
        return page(template, **common | values)

    def own(self, repository_id: int) -> Seen:
        """One repository. Raises `NotFound`."""
        if repository_id not in self.repositories:
            raise NotFound
        return self.repositories[repository_id]


def visitors(gate: Gate, visibility: Visibility) -> Callable[[Request], Visitor]:
    """What routes depend on. Raises `NotSignedIn` and `ForgeError`."""

    def visitor(request: Request) -> Visitor:
        session = gate.person(request)
        return Visitor(request, session, visibility.of(session))

    return visitor
