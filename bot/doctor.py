"""Looks whether a machine has what Preship needs, and says what is missing."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from preship.bot.report.version import tool_version
from preship.bot.settings import Settings, SettingsError, load_settings


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_well: bool
    says: str
    """What was found, or what to do about it."""


def examine() -> Iterator[Check]:
    """Every check, in the order in which they matter; a later one does not wait for a failed one."""
    yield Check("preship", True, f"{tool_version()} on Python {platform.python_version()}")
    yield _git()
    try:
        settings = load_settings()
    except SettingsError as error:
        yield from (Check("settings", False, problem) for problem in error.problems)
        return
    yield Check("settings", True, _mode(settings))
    if settings.private_key is not None:
        yield _app(settings, settings.private_key.get_secret_value())
    yield _database(settings)


def _git() -> Check:
    from preship.bot.git.errors import GitError
    from preship.bot.git.process import run

    try:
        return Check("git", True, run(["--version"]).output.decode().strip())
    except GitError as error:
        return Check("git", False, str(error))


def _mode(settings: Settings) -> str:
    if settings.has_app:
        return f"GitHub App {settings.app_id} at {settings.api_url}"
    return "no GitHub App yet: `preship serve` starts in set-up mode and says what to do"


def _app(settings: Settings, private_key: str) -> Check:
    """Whether GitHub knows us: it is asked who we are."""
    try:
        from preship.bot.github.access import GitHubAccess
        from preship.bot.github.tokens import Tokens
        from preship.bot.review.forge import ForgeError
    except ModuleNotFoundError:
        return Check("app", False, "GitHub was not asked: `preship[serve]` is not installed")
    access = GitHubAccess(str(settings.app_id), private_key, settings.api_url, timeout_seconds=settings.request_seconds)
    try:
        return Check("app", True, f"GitHub knows it as {Tokens(access).own_login(lambda: None)}")
    except (ForgeError, ValueError) as error:
        return Check("app", False, f"GitHub does not say who app {settings.app_id} is: {error}")


def _database(settings: Settings) -> Check:
    try:
        from preship.bot.store.database import Database, StoreUnavailable
        from preship.bot.store.embedded import EmbeddedDatabaseError
        from preship.bot.store.store import DatabaseServer
    except ModuleNotFoundError:
        return Check(
            "server", True, "not installed, and no command but `serve` and `worker` needs it: `preship-bot[serve]`"
        )

    url = settings.database_url.get_secret_value() if settings.database_url else None
    server = DatabaseServer(url, settings.data_directory)
    try:
        database = Database(server.url(), size=1)
        database.open()
        version = database.rows("show server_version")[0]["server_version"]
        database.close()
        return Check("database", True, f"Postgres {version}, {'by DATABASE_URL' if url else 'embedded'}")
    except (StoreUnavailable, EmbeddedDatabaseError, OSError) as error:
        return Check("database", False, str(error))
    finally:
        server.close()
