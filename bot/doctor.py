"""Looks whether a machine has what Preship needs, and says what is missing."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from preship.bot.credentials import App, app_of
from preship.bot.report.version import tool_version
from preship.bot.settings import Settings, SettingsError, load_settings
from preship.bot.web.registration import EVENTS, PERMISSIONS, is_unreachable

if TYPE_CHECKING:
    from preship.bot.github.registering import HookConfig, Identity
    from preship.bot.store.database import Database

_MEGABYTE = 1024 * 1024

_FREE_MEGABYTES = 1024
"""Mirrors of a few large repositories, and a database that has to go on writing."""

_CLOCK_SECONDS = 30

_NO_SERVER = "`preship-bot[serve]` is not installed"


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
    yield _directory(settings)
    if not _has_server():
        yield Check("server", True, f"{_NO_SERVER}, and no command but `serve` and `worker` needs it")
        return
    app = app_of(settings)
    for found in _database(settings):
        if isinstance(found, Check):
            yield found
        else:
            app = app or found
    yield Check("settings", True, _mode(app))
    if app is not None:
        yield from _github(settings, app)


def _git() -> Check:
    from preship.bot.git.errors import GitError
    from preship.bot.git.process import run

    try:
        return Check("git", True, run(["--version"]).output.decode().strip())
    except GitError as error:
        return Check("git", False, f"{error}: install git, 2.30 or newer, and put it on the PATH")


def _directory(settings: Settings) -> Check:
    """Whether what we keep can be kept, and nobody else reads it."""
    folder = settings.data_directory.expanduser()
    standing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(standing, os.W_OK | os.X_OK):
        return Check("data", False, f"{standing} cannot be written to: give it to this user, or set PRESHIP_DATA")
    free = shutil.disk_usage(standing).free // _MEGABYTE
    if free < _FREE_MEGABYTES:
        return Check("data", False, f"{free} MB are free in {standing}: make room, or move PRESHIP_DATA")
    if folder.exists() and os.name == "posix" and folder.stat().st_mode & 0o066:
        return Check("data", False, f"others can read {folder}: chmod 700 it")
    return Check(
        "data", True, f"{folder}, {free // 1024} GB free{'' if folder.exists() else '; it is made at the start'}"
    )


def _has_server() -> bool:
    try:
        from preship.bot.github import registering
        from preship.bot.store import store
    except ModuleNotFoundError:
        return False
    return bool(registering and store)


def _mode(app: App | None) -> str:
    if app is None:
        return "no GitHub App yet: `preship serve` shows a link in its log that sets one up"
    origin = "registered by the set-up page" if app.is_registered_here else "by the environment"
    return f"GitHub App {app.app_id} at {app.api_url}, {origin}"


def _database(settings: Settings) -> Iterator[Check | App]:
    """Whether the database answers and has our tables; the app that is registered in it, if any. Nothing is changed."""
    from preship.bot.store.database import Database, StoreUnavailable
    from preship.bot.store.embedded import EmbeddedDatabaseError
    from preship.bot.store.registration import Registration
    from preship.bot.store.store import DatabaseServer

    url = settings.database_url.get_secret_value() if settings.database_url else None
    server = DatabaseServer(url, settings.data_directory)
    try:
        database = Database(server.url(), size=1)
        database.open()
        version = database.rows("show server_version")[0]["server_version"]
        yield Check("database", True, f"Postgres {version}, {'by DATABASE_URL' if url else 'embedded'}")
        yield _migrations(database)
        if database.rows("SELECT to_regclass('registration') AS found")[0]["found"] and (
            app := Registration(database).app()
        ):
            yield app
        database.close()
    except (StoreUnavailable, EmbeddedDatabaseError, OSError) as error:
        what = (
            "look whether it runs, and at DATABASE_URL" if url else "look at the log in its folder, and for free space"
        )
        yield Check("database", False, f"{error}: {what}")
    finally:
        server.close()


def _migrations(database: Database) -> Check:
    from preship.bot.store.schema import known_migrations

    known = set(known_migrations())
    exists = database.rows("SELECT to_regclass('migrations') AS found")[0]["found"]
    applied = {row["name"] for row in database.rows("SELECT name FROM migrations")} if exists else set()
    if newer := applied - known:
        return Check(
            "migrations",
            False,
            f"a newer Preship has changed the tables ({max(newer)}): install that version here, too",
        )
    if missing := known - applied:
        return Check(
            "migrations", True, f"{len(missing)} of {len(known)} to come, when `serve` or `worker` starts next"
        )
    return Check("migrations", True, f"all {len(known)} applied")


def _github(settings: Settings, app: App) -> Iterator[Check]:
    """Whether GitHub knows us, as what we need to be, and sends deliveries to where we are."""
    from preship.bot.github.access import GitHubAccess
    from preship.bot.github.registering import AppItself
    from preship.bot.review.forge import ForgeError

    key, seconds = app.private_key.get_secret_value(), settings.request_seconds
    try:
        itself = AppItself(GitHubAccess(str(app.app_id), key, app.api_url, timeout_seconds=seconds))
        identity = itself.identity()
    except (ForgeError, ValueError) as error:
        says = f"GitHub does not say who app {app.app_id} is: {error}"
        yield Check("app", False, f"{says}; look at the id, the key, PRESHIP_API_URL, and the way to it")
        return
    yield Check("app", True, f"GitHub knows it as {identity.login}")
    yield _permissions(identity, app)
    yield _events(identity, app)
    yield _clock(identity)
    try:
        yield _hook(itself.hook(), settings.public_url or app.public_url, app.git_url)
    except ForgeError as error:
        yield Check("webhook", False, f"GitHub does not say where deliveries go: {error}")


def _permissions(identity: Identity, app: App) -> Check:
    levels = {"": 0, "read": 1, "write": 2, "admin": 3}
    missing = [
        f"{need.name} ({need.access})"
        for need in PERMISSIONS
        if levels[identity.permissions.get(need.name, "")] < levels[need.access]
    ]
    if missing:
        return Check("permissions", False, f"missing: {', '.join(missing)}. {_grant(identity, app)}")
    return Check("permissions", True, f"all {len(PERMISSIONS)} that reviews need")


def _events(identity: Identity, app: App) -> Check:
    missing = [need.name for need in EVENTS if need.name not in identity.events]
    if missing:
        return Check("events", False, f"not sent: {', '.join(missing)}. {_grant(identity, app)}")
    return Check("events", True, f"all {len(EVENTS)} that reviews wait for")


def _grant(identity: Identity, app: App) -> str:
    place = f"under Permissions & events of {identity.slug} at {app.git_url}"
    return f"Add them {place}, and accept them where it is installed"


def _clock(identity: Identity) -> Check:
    """GitHub refuses a token that seems to be made in the future, or too long ago."""
    if identity.at is None:
        return Check("clock", True, "GitHub did not say what time it is")
    off = (datetime.now(UTC) - identity.at).total_seconds()
    if abs(off) > _CLOCK_SECONDS:
        return Check(
            "clock", False, f"{off:+.0f} s beside GitHub’s: let it be set by NTP, tokens are refused beyond 60 s"
        )
    return Check("clock", True, f"within {_CLOCK_SECONDS} s of GitHub’s")


def _hook(config: HookConfig, public_url: str | None, git_url: str) -> Check:
    if config.content_type != "json":
        return Check("webhook", False, f"GitHub sends {config.content_type}: set its content type to application/json")
    if public_url is not None and config.url != f"{public_url}/webhook":
        return Check(
            "webhook", False, f"deliveries go to {config.url or 'nowhere'}: change that to {public_url}/webhook"
        )
    if not config.url or is_unreachable(config.url, git_url):
        return Check("webhook", False, f"GitHub cannot reach {config.url or 'an empty address'}: set a public one")
    return Check("webhook", True, f"deliveries go to {config.url}")
