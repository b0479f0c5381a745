"""Browsers that we know, who signed in with each, and the ways through GitHub that they have begun."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from preship.bot.store.database import Database

VISIT_SECONDS = 3600.0
"""For how long a browser is known before anybody signs in. GitHub gives an hour for a registration."""


@dataclass(frozen=True, slots=True)
class Session:
    """What we know of a browser."""

    digest: str
    """Its name in the table; the secret behind it is known to the browser alone."""

    csrf: str = field(repr=False)
    """What every form of this browser has to bring."""

    is_setup: bool
    """Whether it came by the link that the log shows to the operator."""

    user_id: int | None
    """Of the GitHub account; None before sign-in."""

    login: str
    token: str = field(repr=False)
    is_administrator: bool


class Sessions:
    """The tables `sessions` and `begun`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, *, is_setup: bool = False, seconds: float = VISIT_SECONDS) -> str:
        """Know a new browser, and give the secret that its cookie is to hold."""
        secret = secrets.token_urlsafe(32)
        self._database.rows(
            "INSERT INTO sessions (digest, csrf, is_setup, expires_at)"
            " VALUES (%s, %s, %s, now() + make_interval(secs => %s))",
            digest(secret),
            secrets.token_urlsafe(32),
            is_setup,
            seconds,
        )
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a cookie, unless it is over."""
        rows = self._database.rows(
            "SELECT digest, csrf, is_setup, sessions.user_id, sessions.login, token,"
            " administrators.user_id IS NOT NULL AS is_administrator FROM sessions"
            " LEFT JOIN administrators USING (user_id) WHERE digest = %s AND expires_at > now()",
            digest(secret),
        )
        return Session(**rows[0]) if rows else None

    def sign_in(self, old: Session, user_id: int, login: str, token: str, seconds: float) -> str:
        """Begin the session of somebody who signed in, under a new secret: the old one may be known to others."""
        secret = self.begin(seconds=seconds)
        self._database.rows(
            "UPDATE sessions SET user_id = %s, login = %s, token = %s WHERE digest = %s",
            user_id,
            login,
            token,
            digest(secret),
        )
        self.end(old)
        return secret

    def end(self, session: Session) -> None:
        """Forget a browser, and what it had begun."""
        self._database.rows("DELETE FROM sessions WHERE digest = %s", session.digest)
        self._database.rows("DELETE FROM begun WHERE session = %s", session.digest)

    def end_setup(self) -> None:
        """Forget all that came by the set-up link: it opens nothing any more."""
        self._database.rows("DELETE FROM sessions WHERE is_setup")

    def begin_way(self, session: Session, purpose: str, details: Mapping[str, str]) -> str:
        """Begin a way through GitHub, and give the `state` that leads back from it, once."""
        state = secrets.token_urlsafe(32)
        self._database.rows(
            "INSERT INTO begun VALUES (%s, %s, %s, %s, now() + make_interval(secs => %s))",
            digest(state),
            session.digest,
            purpose,
            Jsonb(dict(details)),
            VISIT_SECONDS,
        )
        return state

    def end_way(self, session: Session, purpose: str, state: str) -> dict[str, Any] | None:
        """What a way was begun with; None where this browser began none that this `state` could end."""
        rows = self._database.rows(
            "DELETE FROM begun WHERE digest = %s AND session = %s AND purpose = %s AND expires_at > now()"
            " RETURNING details",
            digest(state),
            session.digest,
            purpose,
        )
        return dict(rows[0]["details"]) if rows else None

    def forget_expired(self) -> None:
        """Drop what is over."""
        self._database.rows("DELETE FROM begun WHERE expires_at < now()")
        self._database.rows("DELETE FROM sessions WHERE expires_at < now()")


def digest(secret: str) -> str:
    """What stands for a secret in the database."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
