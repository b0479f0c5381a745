"""What an operator may decide, read from environment variables; every mistake is reported, all at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

_MEGABYTE = 1024 * 1024
_APP = ("PRESHIP_APP_ID", "PRESHIP_PRIVATE_KEY", "PRESHIP_WEBHOOK_SECRET")


class SettingsError(Exception):
    """The environment does not configure a service."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        """One sentence each, with the name of the variable in front."""


def default_data_directory() -> Path:
    """Where Preship keeps its database and mirrors unless told otherwise."""
    # The embedded Postgres runs as its own user when we are root, and must be able to enter every folder above its
    # own; /root is none that should be opened for it.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/preship")
    import platformdirs

    return Path(platformdirs.user_data_dir("preship", appauthor=False))


def _key_text(given: object) -> object:
    """The PEM text itself: given as text (with real or written-out line ends), or as the path of a file."""
    if not isinstance(given, str):
        return given
    text = given.replace("\\n", "\n") if given.lstrip().startswith("-----BEGIN") else _file_text(given)
    if "PRIVATE KEY-----" not in text:
        raise ValueError("holds no PEM private key")
    return text


def _file_text(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise ValueError(f"is neither a PEM text nor a readable file ({reason})") from None


def _web_address(given: object) -> object:
    if isinstance(given, str):
        if not given.startswith(("https://", "http://")):
            raise ValueError("must start with https:// or http://")
        return given.rstrip("/")
    return given


WebAddress = Annotated[str, BeforeValidator(_web_address)]


def _variable(field: str) -> str:
    return f"PRESHIP_{field.upper()}"


class Settings(BaseModel):
    """One value per environment variable: `PRESHIP_` and the field's name, unless an alias says otherwise."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=_variable,
        populate_by_name=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    data_directory: Annotated[Path, Field(alias="PRESHIP_DATA", default_factory=default_data_directory)]
    """Holds the embedded database and the git mirrors."""

    database_url: Annotated[SecretStr | None, Field(alias="DATABASE_URL")] = None
    """A Postgres server; None starts the embedded one in the data directory."""

    app_id: Annotated[int, Field(gt=0)] | None = None
    """The GitHub App's id. With the key and the secret it makes a registered app; without all three: set-up mode."""

    private_key: Annotated[SecretStr, BeforeValidator(_key_text)] | None = None
    """The app's private key: the PEM text, or the path of the file."""

    webhook_secret: Annotated[SecretStr, Field(min_length=1)] | None = None
    """What GitHub signs deliveries with."""

    webhook_secret_previous: Annotated[SecretStr, Field(min_length=1)] | None = None
    """Accepted too, while a rotation lasts."""

    client_id: str | None = None
    """The app's client id. With the client secret it lets people sign in to the pages."""

    client_secret: Annotated[SecretStr, Field(min_length=1)] | None = None
    """The app's client secret."""

    api_url: WebAddress = "https://api.github.com"
    """GitHub's REST API; `https://HOST/api/v3` for an Enterprise Server."""

    git_url: WebAddress = "https://github.com"
    """Where repositories are cloned from: `{git_url}/{owner}/{name}.git`."""

    public_url: WebAddress | None = None
    """How browsers and GitHub reach this service; None where nobody told."""

    host: str = "127.0.0.1"
    """The address to listen on."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on; 0 takes a free one."""

    # GitHub never sends more: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
    body_limit_bytes: Annotated[int, Field(gt=0)] = 25 * _MEGABYTE
    """Larger webhook bodies are refused unread."""

    connections: Annotated[int, Field(ge=1)] = 500
    """How many connections may be open; beyond that, those that have been sending for longest are closed."""

    analysis_memory_megabytes: Annotated[int, Field(ge=256)] = 2048
    """What the process that reads hostile code may allocate."""

    analysis_seconds: Annotated[int, Field(gt=0)] = 120
    """How long it may take; the inventory of a whole repository takes three times as long at most."""

    worker: bool = True
    """Whether `preship serve` also reviews; without it, `preship worker` must run somewhere."""

    concurrency: Annotated[int, Field(ge=1, le=64)] = 2
    """How many reviews one worker process runs at a time."""

    heartbeat_seconds: Annotated[float, Field(gt=0)] = 5.0
    """How often a worker says that it lives."""

    stalled_seconds: Annotated[float, Field(gt=0)] = 20.0
    """After so long without a heartbeat a worker's jobs are given to others."""

    attempts: Annotated[int, Field(ge=1)] = 6
    """How often a review is tried while GitHub or git fails, before its check run says so."""

    retry_seconds: Annotated[float, Field(gt=0)] = 10.0
    """The wait after the first failure; it doubles with each further one."""

    write_interval_seconds: Annotated[float, Field(ge=0)] = 1.0
    """The distance that GitHub asks for between two writes of one installation."""

    request_seconds: Annotated[float, Field(gt=0)] = 15.0
    """How long GitHub may take to answer one request; it ends them itself after ten."""

    missed_seconds: Annotated[float, Field(gt=0)] = 3600.0
    """How often deliveries that did not reach us are asked for again."""

    cooldown_seconds: Annotated[float, Field(ge=0)] = 300.0
    """For how long a review that somebody asked for answers everybody else who asks for one of the same head."""

    reconcile_seconds: Annotated[float, Field(gt=0)] = 120.0
    """How often check runs are looked for that were begun and whose job is gone."""

    settled_seconds: Annotated[float, Field(gt=0)] = 60.0
    """For how long GitHub's API may still show an older head than the one that a webhook announced."""

    writes_per_minute: Annotated[int, Field(ge=1)] = 80
    """How much one installation may create in a minute, as GitHub counts."""

    writes_per_hour: Annotated[int, Field(ge=1)] = 500
    """How much one installation may create in an hour, as GitHub counts."""

    probe_seconds: Annotated[float, Field(gt=0)] = 60.0
    """After so long without a call to GitHub it is asked whether it is there."""

    keep_deliveries_days: Annotated[int, Field(ge=4)] = 30
    """For how long what became of a delivery is known; GitHub sends one again for three days."""

    keep_reviews_days: Annotated[int, Field(ge=1)] = 400
    """For how long reviews and what they found are known."""

    keep_lost_days: Annotated[int, Field(ge=0)] = 7
    """For how long everything about a repository is kept after the app was taken from it."""

    keep_mirrors_days: Annotated[int, Field(ge=1)] = 30
    """For how long a mirror is kept that nobody uses."""

    mirrors_megabytes: Annotated[int, Field(ge=1)] = 20_480
    """How much the mirrors of one machine may take; the ones that were unused for longest go first."""

    scarce_megabytes: Annotated[int, Field(ge=1)] = 500
    """With less room than this on the disk of the data directory, all is not well any more."""

    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    """With it as a bearer token `/metrics` shows figures; without, it shows none."""

    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Another port where figures are shown to whoever reaches it: of `serve` and of `worker` alike."""

    organization_configuration: bool = True
    """Whether `.github/preship.yml` in an account's repository `.github` counts for all its repositories."""

    review_drafts: bool = False
    """Whether draft pull requests are reviewed before they are ready."""

    @property
    def webhook_secrets(self) -> tuple[SecretStr, ...]:
        """Every secret that a delivery may be signed with."""
        return tuple(secret for secret in (self.webhook_secret, self.webhook_secret_previous) if secret)

    @property
    def has_app(self) -> bool:
        """Whether the environment describes a GitHub App; without one the set-up page registers it."""
        return self.app_id is not None


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; empty variables count as unset. Raises `SettingsError`."""
    given = os.environ if environment is None else environment
    present = {name: value for name, value in given.items() if value.strip()}
    problems = [*_half_an_app(present), *_previous_without_current(present)]
    try:
        settings = Settings.model_validate(present)
    except ValidationError as error:
        raise SettingsError((*_wrong_values(error), *problems)) from None
    if settings.stalled_seconds < 2 * settings.heartbeat_seconds:
        problems.append("PRESHIP_STALLED_SECONDS: must be at least twice PRESHIP_HEARTBEAT_SECONDS")
    if problems:
        raise SettingsError(tuple(problems))
    return settings


def _half_an_app(present: Mapping[str, str]) -> list[str]:
    missing = [name for name in _APP if name not in present]
    if not missing or len(missing) == len(_APP):
        return []
    return [f"{name}: missing, while other parts of the GitHub App are configured" for name in missing]


def _previous_without_current(present: Mapping[str, str]) -> list[str]:
    if "PRESHIP_WEBHOOK_SECRET_PREVIOUS" in present and "PRESHIP_WEBHOOK_SECRET" not in present:
        return ["PRESHIP_WEBHOOK_SECRET_PREVIOUS: set, but there is no PRESHIP_WEBHOOK_SECRET that follows it"]
    return []


def _wrong_values(error: ValidationError) -> list[str]:
    details = error.errors(include_url=False, include_input=False)
    return [f"{detail['loc'][0]}: {detail.get('ctx', {}).get('error', detail['msg'])}" for detail in details]
