"""What people see here is what they see on GitHub, asked for again after a short time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from preship.bot.credentials import App
from preship.bot.github.people import Seen
from preship.bot.review.forge import Refused, Unavailable
from preship.bot.store.sessions import Session
from preship.bot.store.store import Store
from preship.bot.web.gate import NotSignedIn
from preship.bot.web.visibility import Visibility
from preship.bot.web.words import lasting

SHOP = Seen(501, "acme/shop", 99, may_write=True)


@dataclass
class Service:
    """A service with an app."""

    opened: Store

    def store(self) -> Store:
        return self.opened

    def app(self) -> App:
        return App(1, SecretStr("key"), (SecretStr("secret"),), "https://github.com", "https://api.github.com")

    def renew_app(self) -> None:
        """It has one."""


@dataclass
class Answers:
    """What GitHub says, one answer after the other."""

    left: list[tuple[Seen, ...] | Exception]
    asked: list[str] = field(default_factory=list)

    def __call__(self, app: App, token: str, seconds: float) -> tuple[Seen, ...]:
        self.asked.append(token)
        answer = self.left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def session(store: Store) -> Session:
    visit = store.sessions.find(store.sessions.begin())
    assert visit is not None
    signed_in = store.sessions.find(store.sessions.sign_in(visit, 7, "ada", "token-of-ada", 60))
    assert signed_in is not None
    return signed_in


def test_an_answer_is_believed_for_a_short_time(store: Store, session: Session):
    github = Answers([(SHOP,)])
    visibility = Visibility(Service(store), 1, github)
    assert visibility.of(session) == visibility.of(session) == {501: SHOP}
    assert github.asked == ["token-of-ada"]


def test_who_lost_access_sees_nothing_once_it_is_over(store: Store, session: Session):
    visibility = Visibility(Service(store), 1, Answers([(SHOP,), ()]), fresh_seconds=0)
    assert visibility.of(session) == {501: SHOP}
    assert visibility.of(session) == {}


def test_a_token_that_is_good_no_more_ends_the_session(store: Store, session: Session):
    visibility = Visibility(Service(store), 1, Answers([Refused(401, "Bad credentials")]))
    with pytest.raises(NotSignedIn):
        visibility.of(session)
    assert store.database.rows("SELECT 1 FROM sessions WHERE login = 'ada'") == []


def test_a_github_that_is_away_shows_nothing_old(store: Store, session: Session):
    visibility = Visibility(Service(store), 1, Answers([(SHOP,), Unavailable("away")]), fresh_seconds=0)
    visibility.of(session)
    with pytest.raises(Unavailable):
        visibility.of(session)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (12.4, "12 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (-1, "0.0 s"),
    ],
)
def test_durations_read_well(seconds: float | None, text: str):
    assert lasting(seconds) == text
