"""The registration of our GitHub App, the keys that processes share, and what was heard of GitHub."""

from __future__ import annotations

import secrets
from datetime import datetime

from pydantic import SecretStr

from preship.bot.credentials import App
from preship.bot.store.database import Database


class Registration:
    """The tables `registration`, `shared_keys`, `administrators`, `heard` and `audit`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def app(self) -> App | None:
        """The app that was registered here, if any."""
        rows = self._database.rows("SELECT * FROM registration")
        if not rows:
            return None
        row = rows[0]
        webhook_secrets = (row["webhook_secret"], row["webhook_secret_previous"])
        return App(
            app_id=row["app_id"],
            private_key=SecretStr(row["private_key"]),
            webhook_secrets=tuple(SecretStr(secret) for secret in webhook_secrets if secret),
            git_url=row["git_url"],
            api_url=row["api_url"],
            client_id=row["client_id"],
            client_secret=SecretStr(row["client_secret"]),
            slug=row["slug"],
            public_url=row["public_url"],
            is_registered_here=True,
        )

    def register(self, app: App) -> bool:
        """Keep a newly registered app; False if there is one already, which stays."""
        return bool(
            self._database.rows(
                "INSERT INTO registration (app_id, slug, client_id, client_secret, private_key, webhook_secret,"
                " git_url, api_url, public_url) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING RETURNING app_id",
                app.app_id,
                app.slug,
                app.client_id,
                app.client_secret.get_secret_value() if app.client_secret else "",
                app.private_key.get_secret_value(),
                app.webhook_secrets[0].get_secret_value(),
                app.git_url,
                app.api_url,
                app.public_url,
            )
        )

    def rotate(self, webhook_secret: str) -> None:
        """Accept a new secret of deliveries; the last one stays good until the next rotation."""
        self._database.rows(
            "UPDATE registration SET webhook_secret_previous = webhook_secret, webhook_secret = %s", webhook_secret
        )

    def key(self, name: str) -> str:
        """A secret that every process finds the same; made where there is none yet."""
        made = secrets.token_urlsafe(32)
        self._database.rows("INSERT INTO shared_keys VALUES (%s, %s) ON CONFLICT DO NOTHING", name, made)
        return str(self._database.rows("SELECT value FROM shared_keys WHERE name = %s", name)[0]["value"])

    def has_administrator(self) -> bool:
        """Whether anybody may operate this service by its pages."""
        return bool(self._database.rows("SELECT 1 FROM administrators LIMIT 1"))

    def appoint_first(self, user_id: int, login: str) -> bool:
        """Make somebody the administrator, where there is none; gives whether they are it now."""
        return bool(
            self._database.rows(
                "INSERT INTO administrators (user_id, login) SELECT %s, %s"
                " WHERE NOT EXISTS (SELECT 1 FROM administrators) ON CONFLICT DO NOTHING RETURNING user_id",
                user_id,
                login,
            )
        )

    def hear(self, event: str) -> None:
        """Note that a signed delivery came."""
        self._database.rows("INSERT INTO heard (event) VALUES (%s) ON CONFLICT (event) DO UPDATE SET at = now()", event)

    def heard_last(self) -> tuple[str, datetime] | None:
        """The event that came last, and when."""
        rows = self._database.rows("SELECT event, at FROM heard ORDER BY at DESC LIMIT 1")
        return (rows[0]["event"], rows[0]["at"]) if rows else None

    def note(self, who: str, what: str, repository_id: int | None, about: str) -> None:
        """Write down what somebody does."""
        self._database.rows(
            "INSERT INTO audit (who, what, repository_id, about) VALUES (%s, %s, %s, %s)",
            who,
            what,
            repository_id,
            about,
        )
