"""Deliveries as GitHub sends them: its own published examples with our facts over them, signed its way."""

from __future__ import annotations

import copy
import functools
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from typing import Any

from tests.npm_modules import node_modules
from tests.rig.world import INSTALLATION, CheckRun, Comment, Pull, Repository, ReviewComment, World

Json = dict[str, Any]


def pull_request_event(world: World, repository: Repository, pull: Pull, action: str) -> Json:
    """`pull_request`, with the state that the pull request has now; an edit is one of its base, which was `main`."""
    # No example of an edit is published: it is like any other, and says what was there before.
    event = _example("pull_request", "reopened" if action == "edited" else action)
    if action == "edited":
        old = repository.git.resolve("refs/heads/main")
        event |= {"action": action, "changes": {"base": {"ref": {"from": "main"}, "sha": {"from": old}}}}
    event["number"] = pull.number
    event["pull_request"] |= {"number": pull.number, "title": pull.title, "state": pull.state, "draft": pull.draft}
    event["pull_request"]["user"]["login"] = pull.author
    event["pull_request"]["head"] |= {"ref": pull.head_ref, "sha": repository.head(pull)}
    event["pull_request"]["base"] |= {"ref": pull.base_ref, "sha": repository.base(pull)}
    if action == "synchronize":
        event["after"] = repository.head(pull)
    return _of(world, event, repository, pull.author)


def issue_comment_event(world: World, repository: Repository, comment: Comment) -> Json:
    """`issue_comment` created, in the conversation of a pull request."""
    event = _example("issue_comment", "created")
    url = f"{world.url}/repos/{repository.full_name}/pulls/{comment.number}"
    event["issue"] |= {"number": comment.number, "pull_request": {"url": url}}
    event["issue"]["user"]["login"] = repository.pulls[comment.number].author
    event["comment"] |= {"id": comment.id, "body": comment.body}
    kind = "Bot" if comment.author.endswith("[bot]") else "User"
    event["comment"]["user"] |= {"login": comment.author, "type": kind}
    return _of(world, event, repository, comment.author)


def review_comment_event(world: World, repository: Repository, number: int, comment: ReviewComment) -> Json:
    """`pull_request_review_comment` created."""
    event = _example("pull_request_review_comment", "created")
    pull = repository.pulls[number]
    event["pull_request"] |= {"number": number}
    event["pull_request"]["head"] |= {"ref": pull.head_ref, "sha": repository.head(pull)}
    event["comment"] |= {"id": comment.id, "body": comment.body, "path": comment.path}
    if comment.in_reply_to:
        event["comment"]["in_reply_to_id"] = comment.in_reply_to
    kind = "Bot" if comment.author.endswith("[bot]") else "User"
    event["comment"]["user"] |= {"login": comment.author, "type": kind}
    return _of(world, event, repository, comment.author)


def check_run_event(world: World, repository: Repository, run: CheckRun, action: str, sender: str) -> Json:
    """`check_run`: somebody asks for it again, or presses its first button."""
    event = _example("check_run", action)
    event["check_run"] |= {
        "id": run.id,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "name": run.name,
        "status": run.status,
        "conclusion": run.conclusion,
        "pull_requests": [],
    }
    if action == "requested_action":
        event["requested_action"] = {"identifier": run.buttons[0]}
    return _of(world, event, repository, sender)


def merge_group_event(world: World, repository: Repository, head_ref: str, base_ref: str) -> Json:
    """`merge_group` checks_requested."""
    event = _example("merge_group", "checks_requested")
    shas = {name: repository.git.resolve(ref) for name, ref in (("head_sha", head_ref), ("base_sha", base_ref))}
    event["merge_group"] |= {"head_ref": head_ref, "base_ref": base_ref, **shas}
    return _of(world, event, repository, "github-merge-queue[bot]")


def repository_event(world: World, repository: Repository, action: str) -> Json:
    """`repository` renamed or transferred, with the name that it has now."""
    return _of(world, _example("repository", action), repository, "ada")


def installation_event(action: str) -> Json:
    """`installation`: suspended or deleted."""
    event = _example("installation", action)
    event["installation"]["id"] = INSTALLATION
    return event


def ping_event() -> Json:
    """`ping`, which GitHub sends when a hook is made."""
    return _example("ping", None)


def _of(world: World, event: Json, repository: Repository, sender: str) -> Json:
    event["repository"] |= {"id": repository.id, "name": repository.name, "full_name": repository.full_name}
    event["repository"]["owner"]["login"] = repository.owner
    event.setdefault("sender", {}).update({"login": sender, "id": world.user_id(sender)})
    event["installation"] = {"id": INSTALLATION, "node_id": "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uOTk="}
    return event


def headers(event: str, body: bytes, secret: str, delivery: str | None = None) -> Mapping[str, str]:
    """What GitHub sends beside the body: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": delivery or str(uuid.uuid4()),
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": "292430182",
        "X-GitHub-Hook-Installation-Target-ID": "4711",
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": f"sha256={digest}",
    }


def _example(event: str, action: str | None) -> Json:
    """The last published example of an event and action."""
    examples = [example for example in _examples()[event] if example.get("action") == action]
    chosen: Json = copy.deepcopy(examples[-1])
    return chosen


@functools.cache
def _examples() -> Mapping[str, list[Json]]:
    path = node_modules() / "@octokit/webhooks-examples/api.github.com/index.json"
    return {entry["name"]: entry["examples"] for entry in json.loads(path.read_text(encoding="utf-8"))}
