"""The GitHub App that we are, wherever its secrets come from: the environment, or the set-up page's registration."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from preship.bot.settings import Settings


@dataclass(frozen=True, slots=True)
class App:
    """A registered GitHub App, with everything that it takes to act as it."""

    app_id: int
    private_key: SecretStr
    """The PEM text."""

    webhook_secrets: tuple[SecretStr, ...]
    """Every secret that a delivery may be signed with, the newest first."""

    git_url: str
    """Root of GitHub's pages and of the git URLs."""

    api_url: str
    client_id: str = ""
    """Empty where nobody can sign in."""

    client_secret: SecretStr | None = None
    slug: str = ""
    """Its name in addresses of GitHub's pages; empty where only the environment describes it."""

    public_url: str | None = None
    """How GitHub and browsers reach us, as it was registered."""

    is_registered_here: bool = False
    """Whether the set-up page registered it, so that its secrets lie in the database."""

    @property
    def signs_people_in(self) -> bool:
        """Whether people can sign in through it."""
        return bool(self.client_id and self.client_secret)


def app_of(settings: Settings) -> App | None:
    """The app that the environment describes; None where it describes none."""
    if settings.app_id is None or settings.private_key is None:
        return None
    return App(
        app_id=settings.app_id,
        private_key=settings.private_key,
        webhook_secrets=settings.webhook_secrets,
        git_url=settings.git_url,
        api_url=settings.api_url,
        client_id=settings.client_id or "",
        client_secret=settings.client_secret,
        public_url=settings.public_url,
    )
