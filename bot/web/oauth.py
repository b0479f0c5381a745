"""The way through GitHub by which people sign in to the pages: OAuth's code flow, with a proof of who began it.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

from dataclasses import dataclass, field

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from requests.exceptions import RequestException

from preship.bot.credentials import App
from preship.bot.github.people import identified
from preship.bot.review.forge import Refused, Unavailable

# GitHub's tokens of people live for eight hours, where the app's owner did not choose otherwise.
_LONGEST_SECONDS = 8 * 3600.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in."""

    id: int
    login: str
    token: str = field(repr=False)
    seconds: float
    """For how long the token is good."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The way through GitHub by which people sign in."""

    app: App
    redirect_url: str
    """Where GitHub sends the browser back to."""

    timeout_seconds: float

    def address(self, state: str, verifier: str) -> str:
        """Where the browser is to go."""
        with self._session() as session:
            url, _ = session.create_authorization_url(
                f"{self.app.git_url}/login/oauth/authorize", state=state, code_verifier=verifier
            )
            return str(url)

    def person(self, code: str, verifier: str) -> Person:
        """Who came back with a code. Raises `ForgeError`; `Refused` for a code that is not good."""
        try:
            with self._session() as session:
                granted = session.fetch_token(
                    f"{self.app.git_url}/login/oauth/access_token",
                    code=code,
                    code_verifier=verifier,
                    headers={"Accept": "application/json"},
                    timeout=self.timeout_seconds,
                )
        except AuthlibBaseError as error:
            raise Refused(400, f"{error.error}: {error.description}"[:200]) from error
        except RequestException as error:
            raise Unavailable(f"GitHub did not answer ({type(error).__name__})") from error
        token, seconds = str(granted["access_token"]), float(granted.get("expires_in") or _LONGEST_SECONDS)
        number, login = identified(self.app, token, self.timeout_seconds)
        return Person(number, login, token, min(seconds, _LONGEST_SECONDS))

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.app.client_id,
            self.app.client_secret.get_secret_value() if self.app.client_secret else "",
            token_endpoint_auth_method="client_secret_post",  # noqa: S106
            redirect_uri=self.redirect_url,
            code_challenge_method="S256",
        )


def new_verifier() -> str:
    """What proves that whoever brings a code back began the way: https://www.rfc-editor.org/rfc/rfc7636."""
    return str(generate_token(64))
