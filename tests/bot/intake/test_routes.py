"""Every answer that the webhook gives, and what was handed on by then."""

import asyncio
import json

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from preship.bot.intake.bodies import BodyLimits
from preship.bot.intake.events import PullRequestChanged
from preship.bot.intake.routes import InboxUnavailable, Intake, webhook_router
from preship.bot.intake.signature import signature
from tests.bot.intake.test_reading import command, example

SECRET = SecretStr("whisper")
LIMIT = 100_000


class Hook:
    """The route over an inbox that is a list."""

    def __init__(self, *secrets: SecretStr) -> None:
        self.taken: list = []
        self.answers: list[tuple[str, int]] = []
        self.is_down = False
        app = FastAPI()
        limits = BodyLimits(LIMIT)
        app.include_router(
            webhook_router(Intake(lambda: secrets, limits, self.inbox, lambda *seen: self.answers.append(seen)))
        )
        self.transport = httpx.ASGITransport(app)

    def inbox(self, delivery, event) -> bool:
        if self.is_down:
            raise InboxUnavailable
        is_new = delivery.guid not in [guid for guid, _ in self.taken]
        self.taken.append((delivery.guid, event))
        return is_new

    def post(self, event: str, content, **headers: str) -> httpx.Response:
        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://preship") as client:
                return await client.post("/webhook", content=content, headers=headers)

        if isinstance(content, bytes):
            headers = {"x-hub-signature-256": signature(SECRET, content), **headers}
        headers = {"x-github-event": event, "x-github-delivery": "d-1", **headers}
        return asyncio.run(send())


@pytest.fixture
def hook() -> Hook:
    return Hook(SECRET)


OPENED = json.dumps(example("pull_request", "opened")).encode()


def test_a_signed_event_is_handed_on_and_accepted(hook):
    assert (hook.post("pull_request", OPENED).status_code, hook.answers) == (202, [("pull_request", 202)])
    ((guid, event),) = hook.taken
    assert guid == "d-1"
    assert isinstance(event, PullRequestChanged)


def test_the_same_delivery_again_is_accepted_and_said_to_be_known(hook):
    hook.post("pull_request", OPENED)
    again = hook.post("pull_request", OPENED)
    assert (again.status_code, again.text) == (202, "known already")


def test_a_command_is_accepted(hook):
    assert hook.post("issue_comment", json.dumps(command("/preship review")).encode()).status_code == 202


def test_an_unknown_event_is_answered_with_204(hook):
    assert hook.post("star", json.dumps({"action": "created"}).encode()).status_code == 204
    assert hook.post("pull_request", json.dumps(example("pull_request", "labeled")).encode()).status_code == 204
    assert hook.taken == []


def test_a_ping_is_answered(hook):
    assert hook.post("ping", b'{"zen": "Keep it logically awesome."}').status_code == 200


def test_a_bad_signature_is_answered_with_401_before_anything_is_parsed(hook):
    response = hook.post("pull_request", b"{", **{"x-hub-signature-256": "sha256=" + "0" * 64})
    assert response.status_code == 401
    assert hook.answers == [("unverified", 401)]


def test_what_is_not_json_is_answered_with_400(hook):
    assert hook.post("pull_request", b"payload=1").status_code == 400


def test_an_announced_oversized_body_is_answered_with_413(hook):
    assert hook.post("pull_request", b"x" * (LIMIT + 1)).status_code == 413


def test_a_body_without_a_signature_is_not_read(hook):
    async def unread():
        raise AssertionError("somebody read the body")
        yield b""

    assert hook.post("pull_request", unread()).status_code == 401


def test_a_form_is_answered_with_what_to_change(hook):
    form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    answer = hook.post("pull_request", b"payload=%7B%7D", **form)
    assert (answer.status_code, answer.text) == (
        415,
        "this webhook sends a form: set its content type to application/json",
    )


def test_an_oversized_body_that_announces_nothing_is_given_up_at_the_limit(hook):
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 10_000
            yield b"x" * 10_000

    forged = {"x-hub-signature-256": "sha256=" + "0" * 64}
    assert hook.post("pull_request", endless(), **forged).status_code == 413
    assert sent <= LIMIT + 20_000


def test_a_store_that_is_down_is_answered_with_503(hook):
    hook.is_down = True
    assert hook.post("pull_request", OPENED).status_code == 503


def test_without_a_registered_app_the_webhook_answers_503():
    assert Hook().post("pull_request", OPENED).status_code == 503
