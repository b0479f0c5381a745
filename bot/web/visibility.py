"""Which repositories a person may know of here: those that they see on GitHub, asked for now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from preship.bot.credentials import App
from preship.bot.github.people import Seen, seen_by
from preship.bot.review.forge import Refused
from preship.bot.store.sessions import Session
from preship.bot.web.backend import Backend
from preship.bot.web.gate import NotSignedIn

FRESH_SECONDS = 60.0
"""For so long an answer of GitHub's is believed: who lost access sees nothing after that."""

_MOST_KEPT = 1000

Ask = Callable[[App, str, float], tuple[Seen, ...]]


@dataclass(slots=True)
class Visibility:
    """What people see, remembered for a short time."""

    backend: Backend
    timeout_seconds: float
    ask: Ask = seen_by
    fresh_seconds: float = FRESH_SECONDS
    _known: dict[str, tuple[float, Mapping[int, Seen]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, session: Session) -> Mapping[int, Seen]:
        """The repositories of somebody by id. Raises `ForgeError`; `NotSignedIn` where GitHub took the token back."""
        now = time.monotonic()
        known = self._known.get(session.digest)
        if known is not None and now - known[0] < self.fresh_seconds:
            return known[1]
        app = self.backend.app()
        if app is None:
            raise NotSignedIn
        try:
            seen = {each.id: each for each in self.ask(app, session.token, self.timeout_seconds)}
        except Refused as refusal:
            if refusal.status != 401:
                raise
            self.backend.store().sessions.end(session)
            raise NotSignedIn from refusal
        with self._lock:
            while len(self._known) >= _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[session.digest] = (now, seen)
        return seen
