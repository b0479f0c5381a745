"""The rig itself: a fake that is not strict proves nothing."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from preship.bot.github.forge import github_forges
from preship.bot.github.pacing import Pacing
from preship.bot.github.session import Session
from preship.bot.github.tokens import Tokens
from preship.bot.review.forge import Refused
from tests.rig import webhooks
from tests.rig.description import description
from tests.rig.github import Rig, RigRepository
from tests.rig.unpaced import Unpaced


@pytest.fixture
def loose(tmp_path: Path) -> Rig:
    """A rig whose violations the test itself looks at."""
    with Rig(tmp_path) as rig:
        yield rig


def session(rig: Rig, repository: RigRepository) -> Session:
    return Session(rig.access(), Tokens(rig.access()), Pacing(Unpaced(), rig.access()), repository.typed)


@pytest.mark.parametrize(
    ("verb", "path", "content", "said"),
    [
        ("POST", "/issues/1/comments", {"body": "x", "boddy": "y"}, "unknown field 'boddy'"),
        ("POST", "/issues/1/comments", {}, "'body' is a required property"),
        ("POST", "/pulls/1/reviews", {"event": "SHRUG", "body": "x"}, "'SHRUG' is not one of"),
        ("POST", "/pulls/1/reviews?draft=1", {"event": "COMMENT", "body": "x"}, "unknown query parameter 'draft'"),
        (
            "POST",
            "/pulls/1/reviews",
            {"event": "COMMENT", "body": "x", "comments": [{"path": "a", "body": "b", "subject_type": "file"}]},
            "unknown field 'subject_type'",
        ),
        (
            "POST",
            "/check-runs",
            {"name": "preship", "head_sha": "a", "output": {"title": "x"}},
            "'summary' is a required",
        ),
        ("POST", "/nonsense", {"a": 1}, "no such route at GitHub"),
        ("POST", "/labels", {"name": "bug"}, "no such route here"),
    ],
)
def test_a_request_that_github_does_not_document_is_a_violation(
    loose: Rig, verb: str, path: str, content: dict[str, object], said: str
) -> None:
    repository = loose.repository({"a.ts": "1\n"})
    repository.push("feature", {"a.ts": "2\n"})
    repository.open_pull_request("feature")
    with pytest.raises(Refused):
        session(loose, repository).write(verb, path, content)
    [violation] = loose.violations
    assert said in violation


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (201, {"id": 1}, "'node_id' is a required property"),
        (202, {}, "status 202 is not documented"),
        (201, description().smallest("issue-comment") | {"mood": "good"}, "unknown field 'mood'"),
    ],
)
def test_an_answer_that_github_does_not_document_is_a_fault(status: int, body: object, said: str) -> None:
    operation = description().operation("POST", "/repos/acme/shop/issues/1/comments")
    assert operation
    assert said in str(description().faults_of_answer(operation, status, body))


def test_git_serves_a_blobless_clone_to_a_token_that_can_only_read(loose: Rig, tmp_path: Path) -> None:
    repository = loose.repository({"a.ts": "1\n"})
    forge = github_forges(loose.access(), Unpaced())(repository.typed)
    environment = os.environ | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: {forge.git_authorization()}",
    }
    command = ["git", "clone", "--quiet", "--bare", "--filter=blob:none", forge.clone_url(), str(tmp_path / "clone")]
    subprocess.run(command, check=True, env=environment)
    refused = subprocess.run([*command[:-1], str(tmp_path / "other")], env=os.environ | {"GIT_TERMINAL_PROMPT": "0"})
    assert refused.returncode != 0


def test_a_request_without_a_token_is_turned_away(loose: Rig) -> None:
    loose.repository({"a.ts": "1\n"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{loose.api_url}/repos/acme/shop/pulls/1")
    assert error.value.code == 401


def test_a_token_of_one_repository_does_not_open_another(loose: Rig) -> None:
    mine, theirs = loose.repository({"a.ts": "1\n"}), loose.repository({"a.ts": "1\n"}, "acme/secret")
    tokens = Tokens(loose.access())
    one = Session(loose.access(), tokens, Pacing(Unpaced(), loose.access()), mine.typed)
    one.read(lambda repo: repo.get_commit("main").get_check_runs().totalCount)
    token = next(iter(loose.world.grants))
    request = urllib.request.Request(
        f"{loose.api_url}/repos/{theirs.typed.full_name}/commits/main/check-runs",
        headers={"Authorization": f"token {token}"},
    )
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    assert error.value.code == 404


def test_deliveries_are_signed_as_github_signs() -> None:
    """The test vector of https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries."""
    headers = webhooks.headers("ping", b"Hello, World!", "It's a Secret to Everybody")
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert headers["X-Hub-Signature-256"] == f"sha256={digest}"


@pytest.mark.parametrize("action", ["opened", "reopened", "synchronize", "ready_for_review"])
def test_a_pull_request_event_carries_the_state_of_the_pull_request(loose: Rig, action: str) -> None:
    repository = loose.repository({"a.ts": "1\n"})
    head = repository.push("feature", {"a.ts": "2\n"})
    event = json.loads(json.dumps(repository.pull_request_event(repository.open_pull_request("feature"), action)))
    assert (event["action"], event["number"], event["pull_request"]["head"]["sha"]) == (action, 1, head)
    assert (event["repository"]["full_name"], event["installation"]["id"]) == ("acme/shop", 99)
