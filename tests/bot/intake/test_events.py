"""GitHub's own published examples are read; hostile and odd ones are refused or ignored."""

import copy
import functools
import json

import pytest

from bot.intake.events import Ping, PullRequestChanged, ReviewCommand, Target, read_event
from bot.intake.signature import BadDelivery, SignedDelivery
from tests.npm_modules import node_modules


@functools.cache
def published() -> dict:
    path = node_modules() / "@octokit/webhooks-examples/api.github.com/index.json"
    return {entry["name"]: entry["examples"] for entry in json.loads(path.read_text(encoding="utf-8"))}


def example(event: str, action: str) -> dict:
    found = copy.deepcopy(next(one for one in published()[event] if one.get("action") == action))
    found["installation"] = {"id": 5}
    return found


def read(event: str, payload: object):
    return read_event(SignedDelivery("d-1", event, json.dumps(payload).encode()))


def command(body: str, **author: str) -> dict:
    payload = example("issue_comment", "created")
    payload["issue"] |= {"number": 3, "pull_request": {"url": "https://…"}}
    payload["comment"] |= {"id": 9, "body": body, "user": {"login": "ada", "type": "User", **author}}
    return payload


@pytest.mark.parametrize("action", ["opened", "reopened", "synchronize", "ready_for_review"])
def test_a_pull_request_with_something_new_is_reviewed(action):
    payload = example("pull_request", action)
    event = read("pull_request", payload)
    assert isinstance(event, PullRequestChanged)
    assert event.action == action
    assert event.head_sha == payload["pull_request"]["head"]["sha"]
    repository = payload["repository"]
    assert event.target == Target(repository["id"], repository["full_name"], 5, payload["pull_request"]["number"])


def edited(**changes):
    return {**example("pull_request", "reopened"), "action": "edited", "changes": changes}


def test_a_pull_request_with_another_base_is_reviewed():
    event = read("pull_request", edited(base={"ref": {"from": "main"}, "sha": {"from": "a" * 40}}))
    assert isinstance(event, PullRequestChanged)
    assert event.action == "edited"


def test_a_pull_request_with_another_title_is_not():
    assert read("pull_request", edited(title={"from": "A chnage"})) is None


def test_every_published_example_is_read_or_ignored():
    for name, examples in published().items():
        for payload in examples:
            if name in ("pull_request", "issue_comment"):
                payload = {**payload, "installation": {"id": 5}}
            read(name, payload)


def test_a_ping_is_a_ping():
    assert read("ping", published()["ping"][0]) == Ping()


@pytest.mark.parametrize("body", ["/preship review", "  /preship review please", "/preship\treview\nthanks"])
def test_a_comment_that_starts_with_the_command_asks_for_a_review(body):
    event = read("issue_comment", command(body))
    assert isinstance(event, ReviewCommand)
    assert (event.comment_id, event.actor, event.target.number) == (9, "ada", 3)


@pytest.mark.parametrize("body", ["", "please /preship review", "/preship", "/preship reviewer", "> /preship review"])
def test_other_comments_ask_nothing(body):
    assert read("issue_comment", command(body)) is None


def test_bots_cannot_command():
    assert read("issue_comment", command("/preship review", type="Bot")) is None


def test_a_command_on_an_issue_is_none():
    payload = command("/preship review")
    del payload["issue"]["pull_request"]
    assert read("issue_comment", payload) is None


def test_edited_comments_are_ignored():
    assert read("issue_comment", {**command("/preship review"), "action": "edited"}) is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("pull_request", "head", "sha"), "main; rm -rf /"),
        (("pull_request", "number"), -1),
        (("repository", "full_name"), "../../etc"),
        (("repository", "id"), 2**70),
        (("installation",), None),
    ],
)
def test_a_payload_with_another_shape_is_refused_and_says_where(place, value):
    payload = example("pull_request", "opened")
    spot = payload
    for name in place[:-1]:
        spot = spot[name]
    spot[place[-1]] = value
    with pytest.raises(BadDelivery, match=place[-1]):
        read("pull_request", payload)


@pytest.mark.parametrize("body", [b"", b"payload=%7B%7D", b"\xff", b"[]", b"[" * 100_000])
def test_what_is_not_a_json_object_is_refused(body):
    with pytest.raises(BadDelivery):
        read_event(SignedDelivery("d-1", "pull_request", body))


@pytest.mark.parametrize("login", ["a\0b", "", "x" * 101, "two words", "näme", "@everyone"])
def test_a_login_that_github_gives_nobody_is_refused(login):
    payload = example("pull_request", "opened")
    payload["sender"]["login"] = login
    with pytest.raises(BadDelivery, match=r"sender\.login"):
        read("pull_request", payload)


@pytest.mark.parametrize("login", ["ada", "a-b-1", "ada_acme", "dependabot[bot]"])
def test_every_kind_of_login_is_taken(login):
    payload = example("pull_request", "opened")
    payload["sender"]["login"] = login
    assert read("pull_request", payload).actor == login
