"""Everything that can go wrong on the way to GitHub, and what the job is told."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from preship.bot.github.access import GitHubAccess
from preship.bot.github.forge import github_forges
from preship.bot.github.pacing import Pacing
from preship.bot.github.session import Session
from preship.bot.github.tokens import Tokens
from preship.bot.review.forge import ForgeError, Gone, RateLimited, Refused, Unavailable
from preship.bot.review.pull_request import Comparison, Repository
from tests.bot.github.conftest import Scene
from tests.rig.faults import PRIMARY_LIMIT, SECONDARY_LIMIT, Dropped, Failing, Hanging, When
from tests.rig.unpaced import Unpaced

PULL = "/repos/acme/shop/pulls/1"
COMPARE = "/repos/acme/shop/compare/"

TIME_OUT_SECONDS = 2.0
"""After which a client gives up on an answer that never comes; on a busy machine the others come much sooner."""


def read(scene: Scene) -> Comparison:
    """Any read will do; this one is made by REST."""
    return scene.forge.comparison(scene.base, scene.head)


def minutes_from_now(until: datetime) -> int:
    return round((until - datetime.now(UTC)) / timedelta(minutes=1))


@pytest.mark.parametrize("status", [403, 429])
def test_retry_after_is_obeyed_and_never_slept_through(scene: Scene, status: int) -> None:
    scene.rig.fail("GET", COMPARE, Failing(status, SECONDARY_LIMIT, {"Retry-After": "600"}))
    with pytest.raises(RateLimited) as limit:
        read(scene)
    assert minutes_from_now(limit.value.until) == 10
    assert len(scene.rig.calls()) == 2


def test_retry_after_may_be_a_date(scene: Scene) -> None:
    date = (datetime.now(UTC) + timedelta(minutes=20)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    scene.rig.fail("GET", COMPARE, Failing(403, SECONDARY_LIMIT, {"Retry-After": date}))
    with pytest.raises(RateLimited) as limit:
        read(scene)
    assert minutes_from_now(limit.value.until) == 20


def test_an_exhausted_quota_names_its_reset(scene: Scene) -> None:
    reset = int((datetime.now(UTC) + timedelta(minutes=30)).timestamp())
    headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    scene.rig.fail("GET", COMPARE, Failing(403, PRIMARY_LIMIT, headers))
    with pytest.raises(RateLimited) as limit:
        read(scene)
    assert minutes_from_now(limit.value.until) == 30


@pytest.mark.parametrize("fault", [Failing(403, SECONDARY_LIMIT), Failing(429, "Too Many Requests")])
def test_a_limit_without_advice_is_a_minute(scene: Scene, fault: Failing) -> None:
    scene.rig.fail("POST", f"{PULL}/reviews", fault)
    with pytest.raises(RateLimited) as limit:
        scene.forge.post_review(1, scene.head, "Body", [])
    assert minutes_from_now(limit.value.until) == 1
    assert not scene.repository.reviews(1)


@pytest.mark.parametrize("advice", ["-5", "soon", "9" * 30, "٣"])
def test_senseless_advice_parks_no_job_for_good(scene: Scene, advice: str) -> None:
    scene.rig.fail("GET", COMPARE, Failing(429, "", {"Retry-After": advice.encode().decode("latin-1")}))
    with pytest.raises(RateLimited) as limit:
        read(scene)
    assert limit.value.until - datetime.now(UTC) <= timedelta(days=1)


def test_a_limit_on_tokens_is_a_limit(scene: Scene) -> None:
    scene.rig.fail("POST", "/app/installations/", Failing(429, SECONDARY_LIMIT, {"Retry-After": "600"}))
    with pytest.raises(RateLimited):
        scene.forge.post_comment(1, "Body")
    assert not scene.repository.conversation(1)


@pytest.mark.parametrize("fault", [Failing(500), Failing(502, "Bad Gateway"), Failing(503), Dropped()])
def test_a_read_is_repeated_until_it_succeeds(scene: Scene, fault: Failing | Dropped) -> None:
    scene.rig.fail("GET", COMPARE, fault, times=2)
    assert read(scene).merge_base_sha == scene.base


@pytest.mark.parametrize("fault", [Failing(500), Failing(502, "Bad Gateway"), Dropped()])
def test_a_read_that_never_succeeds_is_unavailable(scene: Scene, fault: Failing | Dropped) -> None:
    scene.rig.fail("GET", COMPARE, fault, times=3)
    with pytest.raises(Unavailable):
        read(scene)


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("kind", ["server error", "dropped connection", "time-out"])
def test_a_write_is_sent_once_whatever_becomes_of_it(scene: Scene, when: When, kind: str) -> None:
    faults = {
        "server error": Failing(502, "Bad Gateway", when=when),
        "dropped connection": Dropped(when),
        "time-out": Hanging(when=when),
    }
    scene.rig.fail("POST", f"{PULL}/reviews", faults[kind])
    hasty = github_forges(scene.rig.access(timeout_seconds=TIME_OUT_SECONDS), Unpaced())(scene.repository.typed)
    with pytest.raises(Unavailable):
        (hasty if kind == "time-out" else scene.forge).post_review(1, scene.head, "Body", [])
    scene.rig.release()
    assert [call for call in scene.rig.calls() if call == f"POST {PULL}/reviews"] == [f"POST {PULL}/reviews"]
    assert len(scene.forge.own_reviews(1)) == (1 if when is When.AFTER else 0)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (403, Refused), (404, Gone), (410, Gone), (422, Refused), (451, Refused), (408, Unavailable)],
)
def test_a_refusal_is_told_from_an_outage(scene: Scene, status: int, kind: type[ForgeError]) -> None:
    scene.rig.fail("POST", "/repos/acme/shop/issues/1/comments", Failing(status, "No"))
    with pytest.raises(ForgeError) as error:
        scene.forge.post_comment(1, "Body")
    assert type(error.value) is kind


def test_a_refusal_says_what_github_said(scene: Scene) -> None:
    body = {"message": "Validation Failed", "errors": [{"field": "body", "code": "missing"}]}
    scene.rig.fail("POST", "/repos/acme/shop/issues/1/comments", Failing(422, body=body))
    with pytest.raises(Refused, match=r"refused with 422: Validation Failed .*'field': 'body'"):
        scene.forge.post_comment(1, "Body")


def test_a_token_that_was_revoked_is_replaced_once(scene: Scene) -> None:
    forge = scene.forge
    forge.pull_request(1)
    scene.rig.revoke_tokens()
    assert forge.post_comment(1, "Body") == scene.repository.conversation(1)[0].id
    assert len(scene.repository.conversation(1)) == 1


def test_a_key_that_is_not_ours_is_refused_not_repeated_for_ever(scene: Scene) -> None:
    scene.rig.fail("POST", "/app/installations/", Failing(401, "A JSON web token could not be decoded"), times=9)
    with pytest.raises(Refused) as refusal:
        read(scene)
    assert refusal.value.status == 401
    assert len(scene.rig.calls()) == 2


def test_an_installation_that_went_away_is_gone(scene: Scene) -> None:
    scene.rig.fail("POST", "/app/installations/", Failing(404, "Not Found"))
    with pytest.raises(Gone):
        read(scene)


@pytest.mark.parametrize("body", [[], {}, "text", {"id": "one"}])
def test_a_success_without_the_documented_shape_is_no_success(scene: Scene, body: object) -> None:
    scene.rig.fail("POST", "/repos/acme/shop/issues/1/comments", Failing(201, body=body))
    with pytest.raises(Unavailable):
        scene.forge.post_comment(1, "Body")


def test_a_comparison_without_the_documented_shape_is_no_comparison(scene: Scene) -> None:
    body = {"url": "https://elsewhere.example/x", "files": [], "merge_base_commit": None}
    scene.rig.fail("GET", COMPARE, Failing(200, body=body))
    with pytest.raises(Unavailable):
        read(scene)


@pytest.mark.parametrize(
    "fault",
    [Failing(502, "Bad Gateway"), Dropped(), Failing(200, body={"data": {"viewer": None}}), Failing(200, body=[])],
)
def test_a_pull_request_is_asked_by_rest_where_graphql_fails(scene: Scene, fault: Failing | Dropped) -> None:
    scene.rig.fail("POST", "/graphql", fault)
    forge = scene.forge
    assert forge.pull_request(1).head_sha == scene.head
    assert scene.rig.calls()[-2:] == [f"GET {PULL}", "GET /repos/acme/shop/branches/main"]
    number = forge.post_review(1, scene.head, "Body", [])
    assert [review.id for review in forge.own_reviews(1)] == [number]


def test_a_limit_on_graphql_is_a_limit(scene: Scene) -> None:
    error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for installation ID 99."}
    scene.rig.fail("POST", "/graphql", Failing(200, body={"data": None, "errors": [error]}))
    with pytest.raises(RateLimited):
        scene.forge.pull_request(1)


def test_a_redirect_to_another_host_is_not_followed(scene: Scene) -> None:
    scene.rig.fail("GET", COMPARE, Failing(301, "Moved", {"Location": "http://elsewhere.example/repositories/1"}))
    with pytest.raises(Refused) as refusal:
        read(scene)
    assert refusal.value.status == 301


def test_a_host_that_does_not_answer_is_unavailable(scene: Scene) -> None:
    nowhere = github_forges(scene.rig.access(api_url="http://127.0.0.1:9"), Unpaced())(scene.repository.typed)
    with pytest.raises(Unavailable):
        nowhere.comparison(scene.base, scene.head)


def session(scene: Scene) -> Session:
    access = scene.rig.access()
    return Session(access, Tokens(access), Pacing(Unpaced(), access), scene.repository.typed)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "RATE_LIMITED", "message": "API rate limit exceeded for installation ID 99."}, RateLimited),
        ({"message": SECONDARY_LIMIT}, RateLimited),
        ({"message": "Something went wrong while executing your query."}, Unavailable),
        ({"type": "NOT_FOUND", "message": "Could not resolve to a node"}, Gone),
        ({"type": "FORBIDDEN", "message": "Resource not accessible by integration"}, Refused),
    ],
)
def test_graphql_errors_come_with_a_200(scene: Scene, error: dict[str, str], kind: type[ForgeError]) -> None:
    scene.rig.fail("POST", "/graphql", Failing(200, body={"data": None, "errors": [error]}))
    with pytest.raises(ForgeError) as raised:
        session(scene).graphql("query { viewer { login } }", {})
    assert type(raised.value) is kind


def test_graphql_speaks_as_our_app(scene: Scene) -> None:
    assert session(scene).graphql("query { viewer { login } }", {}) == {"viewer": {"login": "preship[bot]"}}


def test_no_secret_shows_in_logs_errors_or_repr(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    access = scene.rig.access()
    forge = github_forges(access, Unpaced())(scene.repository.typed)
    forge.git_authorization()
    forge.post_comment(1, "Body")
    scene.rig.fail("GET", COMPARE, Failing(500), times=3)
    with pytest.raises(Unavailable) as error:
        forge.comparison(scene.base, scene.head)
    said = caplog.text + repr(access) + repr(forge) + str(error.getrepr(showlocals=False)) + repr(error.value)
    assert "PRIVATE KEY" not in said
    assert not [token for token in scene.rig.world.grants if token in said]


def test_urls_come_from_the_configured_host_even_for_odd_names() -> None:
    access = GitHubAccess("1", "key that is not asked for", git_url="https://git.example/")
    forge = github_forges(access, Unpaced())(Repository(1, "acme/..", "a b?@evil.example", 2))
    assert forge.clone_url() == "https://git.example/acme%2F../a%20b%3F%40evil.example.git"
