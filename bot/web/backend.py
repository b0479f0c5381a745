"""What the pages ask of the running service."""

from __future__ import annotations

from typing import Protocol

from preship.bot.credentials import App
from preship.bot.store.store import Store


class Backend(Protocol):
    """The running service. Everything may block: pages are made in threads."""

    def store(self) -> Store:
        """What is remembered. Raises `StoreUnavailable`."""
        ...

    def app(self) -> App | None:
        """The GitHub App that we are; None before the set-up."""
        ...

    def renew_app(self) -> None:
        """Look at once whether the app was registered, or has another secret. Raises `StoreUnavailable`."""
        ...
