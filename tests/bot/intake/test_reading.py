"""GitHub's own published examples are read; hostile and odd ones are refused or ignored."""

import copy
import functools
import json

import pytest

from preship.bot.intake.events import (
    MERGE_GROUP,
    AccessLost,
    CheckRequested,
    Commanded,
    MergeGroupQueued,
    Ping,
    PullRequestChanged,
    RepositoryMoved,
    Target,
)
from preship.bot.intake.reading import read_event
from preship.bot.intake.signature import BadDelivery, SignedDelivery
from preship.bot.review.buttons import BUTTONS
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
            # The examples of apps have it, those of plain hooks do not.
            read(name, {"installation": {"id": 5}, **payload})


def test_a_ping_is_a_ping():
    assert read("ping", published()["ping"][0]) == Ping()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("/preship review", "/preship review"),
        ("  /preship\treview please\r\nthanks", "/preship\treview please"),
        ("/Preship", "/Preship"),
        ("/preship ignore x -- " + "y" * 9_000, "/preship ignore x -- " + "y" * 1_979),
    ],
)
def test_a_comment_that_starts_with_our_name_asks_something_of_us(body, text):
    event = read("issue_comment", command(body))
    assert isinstance(event, Commanded)
    assert (event.comment_id, event.thread_id, event.actor, event.target.number) == (9, None, "ada", 3)
    assert event.text == text


@pytest.mark.parametrize("body", ["", "please /preship review", "> /preship review", "/preshipreview", "`/preship`"])
def test_other_comments_ask_nothing(body):
    assert read("issue_comment", command(body)) is None


@pytest.mark.parametrize(("answered", "thread"), [(4, 4), (None, 9)])
def test_a_comment_on_lines_asks_in_its_thread(answered, thread):
    payload = example("pull_request_review_comment", "created")
    user = {"login": "ada", "type": "User"}
    payload["comment"] |= {"id": 9, "body": "/preship help", "user": user, "in_reply_to_id": answered}
    event = read("pull_request_review_comment", payload)
    assert isinstance(event, Commanded)
    assert (event.comment_id, event.thread_id) == (9, thread)


def check(action, **fields):
    payload = example("check_run", action)
    repository = payload["repository"]["id"]
    payload["check_run"] |= {"id": 8, "external_id": f"{repository}:3:{'a' * 40}:push", "pull_requests": [], **fields}
    return payload


def test_a_check_run_that_is_to_run_again_tells_its_pull_request_by_our_own_name_for_it():
    event = read("check_run", check("rerequested"))
    assert isinstance(event, CheckRequested)
    assert (event.target.number, event.name) == (3, "check:8")


@pytest.mark.parametrize("external_id", ["", "x", "1:3", f"5:{'9' * 40}:a:push", "²:³:a:push", None])
def test_a_check_run_of_another_name_is_found_by_what_github_lists(external_id):
    listed = read("check_run", check("rerequested", external_id=external_id, pull_requests=[{"number": 6}]))
    assert isinstance(listed, CheckRequested)
    assert listed.target.number == 6
    assert read("check_run", check("rerequested", external_id=external_id)) is None


def test_our_button_asks_for_a_review_and_others_for_nothing():
    (button,) = BUTTONS
    pressed = check("requested_action") | {"requested_action": {"identifier": button.identifier}}
    assert isinstance(read("check_run", pressed), CheckRequested)
    assert read("check_run", pressed | {"requested_action": {"identifier": "deploy"}}) is None


def test_each_request_to_run_a_suite_again_is_one_of_its_own():
    payload = example("check_suite", "rerequested")
    payload["check_suite"] |= {"id": 8, "updated_at": "2026-01-01T00:00:00Z", "pull_requests": [{"number": 6}]}
    event = read("check_suite", payload)
    assert isinstance(event, CheckRequested)
    assert (event.target.number, event.name) == (6, "suite:8@2026-01-01T00:00:00Z")


def test_a_merge_queue_asks_for_a_group():
    payload = example("merge_group", "checks_requested")
    event = read("merge_group", payload)
    assert isinstance(event, MergeGroupQueued)
    group = payload["merge_group"]
    assert (event.head_sha, event.base_sha, event.head_ref) == (
        group["head_sha"],
        group["base_sha"],
        group["head_ref"],
    )
    assert event.target.number == MERGE_GROUP


@pytest.mark.parametrize("ref", ["main", "refs/heads/a b", "refs/heads/x\n", "--upload-pack=x"])
def test_a_merge_group_with_an_odd_branch_is_refused(ref):
    payload = example("merge_group", "checks_requested")
    payload["merge_group"]["head_ref"] = ref
    with pytest.raises(BadDelivery, match="head_ref"):
        read("merge_group", payload)


@pytest.mark.parametrize("action", ["renamed", "transferred"])
def test_a_repository_that_moved_says_where(action):
    payload = example("repository", action)
    repository = payload["repository"]
    assert read("repository", payload) == RepositoryMoved(repository["id"], repository["full_name"], 5)
    del payload["installation"]
    assert read("repository", payload) == RepositoryMoved(repository["id"], repository["full_name"], None)


@pytest.mark.parametrize("action", ["suspend", "deleted"])
def test_an_installation_that_is_gone_takes_all_its_repositories_along(action):
    event = read("installation", example("installation", action))
    assert isinstance(event, AccessLost)
    assert (event.installation, event.repository_ids) == (5, None)


def test_repositories_that_were_taken_from_an_installation_are_named():
    payload = example("installation_repositories", "removed")
    event = read("installation_repositories", payload)
    assert isinstance(event, AccessLost)
    assert event.repository_ids == tuple(removed["id"] for removed in payload["repositories_removed"])


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
