"""The rig: a GitHub of our own for one test, on loopback.

with Rig(tmp_path) as rig:
    repository = rig.repository({"app/actions.ts": "…"})
    repository.push("feature", {"app/actions.ts": "…"})
    number = repository.open_pull_request("feature")
    forge = github_forges(rig.access(), Unpaced())(repository.typed)
"""

from __future__ import annotations

import base64
import json
import shutil
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from preship.bot.github.access import GitHubAccess
from preship.bot.review import pull_request as types
from tests.git_http import serve_git
from tests.patience import PATIENCE_SECONDS
from tests.rig import webhooks
from tests.rig.faults import Fault
from tests.rig.repository import BareRepository
from tests.rig.server import FakeApi, Logged
from tests.rig.web import Pages
from tests.rig.world import (
    APP_ID,
    INSTALLATION,
    SECRET,
    CheckRun,
    Comment,
    HookDelivery,
    Pull,
    Repository,
    Review,
    ReviewComment,
    World,
)

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

PRIVATE_KEY = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()

PUBLIC_KEY = (
    _KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)


class RigRepository:
    """One repository, as its people and its test see it."""

    def __init__(self, rig: Rig, stored: Repository) -> None:
        self.stored = stored
        self._rig = rig
        self.typed = types.Repository(stored.id, stored.owner, stored.name, INSTALLATION)

    def push(
        self, branch: str, files: Mapping[str, str | bytes | None], message: str = "Change", fork: str | None = None
    ) -> str:
        """Commit on a branch (made from main where it is new) and move the pull requests that offer it."""
        git, name = self.stored.git, f"refs/heads/{branch}" if fork is None else f"refs/forks/{fork}/{branch}"
        parent = git.resolve(name) or git.resolve("refs/heads/main")
        commit = git.commit(parent, files, message)
        git.set_ref(name, commit)
        for pull in self.stored.pulls.values():
            if (pull.head_ref, pull.fork) == (branch, fork) and pull.state == "open":
                self._show_head(pull, commit)
        return commit

    def _show_head(self, pull: Pull, commit: str) -> None:
        """Let a pull request offer a commit; its base is looked at anew."""
        self.stored.git.set_ref(f"refs/pull/{pull.number}/head", commit)
        pull.base_sha = self.stored.base(pull)

    def push_tree(self, branch: str, listing: bytes) -> str:
        """Commit a tree as `git mktree -z` reads it, whatever its names and modes; a branch made from main."""
        git = self.stored.git
        tree = git.git("mktree", "-z", "--missing", text=listing).decode().strip()
        parent = git.resolve("refs/heads/main")
        assert parent
        commit = git.git("commit-tree", tree, "-m", "Change", "-p", parent).decode().strip()
        git.set_ref(f"refs/heads/{branch}", commit)
        return commit

    def open_pull_request(
        self,
        branch: str,
        *,
        base: str = "main",
        title: str = "A change",
        author: str = "ada",
        draft: bool = False,
        fork: str | None = None,
    ) -> int:
        """Offer a branch; gives the number. A fork's branch is seen in the base repository by `refs/pull` alone."""
        number = len(self.stored.pulls) + 1
        head = self.stored.git.resolve(f"refs/forks/{fork}/{branch}" if fork else f"refs/heads/{branch}")
        assert head, f"there is no branch {branch}"
        self.stored.pulls[number] = Pull(number, title, author, branch, base, fork, draft)
        self._show_head(self.stored.pulls[number], head)
        return number

    def head(self, number: int) -> str:
        """The commit that a pull request offers."""
        return self.stored.head(self.stored.pulls[number])

    def force_push(self, branch: str, commit: str) -> None:
        """Let a branch, and the open pull requests that offer it, point to any commit."""
        self.stored.git.set_ref(f"refs/heads/{branch}", commit)
        for pull in self.stored.pulls.values():
            if (pull.head_ref, pull.fork) == (branch, None) and pull.state == "open":
                self._show_head(pull, commit)

    def rebase(self, branch: str, files: Mapping[str, str | bytes | None], onto: str = "main") -> str:
        """Commit these files on the tip of another branch, and force-push the result."""
        git = self.stored.git
        commit = git.commit(git.resolve(f"refs/heads/{onto}"), files, "Rebased")
        self.force_push(branch, commit)
        return commit

    def set_base(self, number: int, base: str) -> None:
        """Let a pull request go into another branch."""
        pull = self.stored.pulls[number]
        pull.base_ref = base
        pull.base_sha = self.stored.base(pull)

    def close(self, number: int) -> None:
        """Close a pull request."""
        self.stored.pulls[number].state = "closed"

    def comment_as(self, login: str, number: int, body: str) -> int:
        """Somebody writes in the conversation; gives the comment's id."""
        world = self._rig.world
        comment = Comment(world.new_id(), login, body, world.now(), number)
        self.stored.comments.append(comment)
        return comment.id

    def reply_as(self, login: str, number: int, first: int, body: str) -> int:
        """Somebody answers in a thread, named by its first comment; gives the answer's id."""
        world = self._rig.world
        begun = next(comment for comment in self.review_comments(number) if comment.id == first)
        reply = ReviewComment(
            world.new_id(), login, body, begun.path, begun.commit, world.now(), None, begun.line, in_reply_to=first
        )
        self.stored.review_comments[number].append(reply)
        return reply.id

    def resolve_as(self, login: str, number: int, first: int) -> None:
        """Somebody resolves a thread."""
        next(comment for comment in self.review_comments(number) if comment.id == first).resolved_by = login

    def review_as(self, login: str, number: int, body: str, state: str = "COMMENTED") -> int:
        """Somebody reviews; gives the review's id."""
        world = self._rig.world
        review = Review(world.new_id(), login, body, self.head(number), world.now(), state)
        self.stored.reviews.setdefault(number, []).append(review)
        return review.id

    def check_run_of(self, app: str, head_sha: str, name: str, external_id: str) -> int:
        """Another app shows a check run; gives its id."""
        world = self._rig.world
        run = CheckRun(world.new_id(), app, name, head_sha, external_id, "in_progress", world.now())
        self.stored.check_runs.append(run)
        return run.id

    def reviews(self, number: int) -> Sequence[Review]:
        """What stands as reviews, oldest first; GitHub shows one without a body for each single comment, too."""
        return self.stored.reviews.get(number, [])

    def review_comments(self, number: int) -> Sequence[ReviewComment]:
        """What stands inline and on files, oldest first."""
        return self.stored.review_comments.get(number, [])

    def conversation(self, number: int) -> Sequence[Comment]:
        """What stands in the conversation, oldest first."""
        return [comment for comment in self.stored.comments if comment.number == number]

    def check_runs(self, sha: str) -> Sequence[CheckRun]:
        """The check runs of a commit, oldest first."""
        return [run for run in self.stored.check_runs if run.head_sha == sha]

    def pull_request_event(self, number: int, action: str) -> Mapping[str, Any]:
        """The payload that GitHub sends about a pull request as it is now."""
        return webhooks.pull_request_event(self._rig.world, self.stored, self.stored.pulls[number], action)

    def comment_event(self, comment_id: int) -> Mapping[str, Any]:
        """The payload that GitHub sends about a new comment in a conversation."""
        comment = next(comment for comment in self.stored.comments if comment.id == comment_id)
        return webhooks.issue_comment_event(self._rig.world, self.stored, comment)

    def review_comment_event(self, number: int, comment_id: int) -> Mapping[str, Any]:
        """The payload that GitHub sends about a new comment in a thread."""
        comment = next(comment for comment in self.review_comments(number) if comment.id == comment_id)
        return webhooks.review_comment_event(self._rig.world, self.stored, number, comment)

    def check_run_event(self, run: CheckRun, action: str, sender: str) -> Mapping[str, Any]:
        """The payload that GitHub sends when somebody asks for a check run again, or presses its button."""
        return webhooks.check_run_event(self._rig.world, self.stored, run, action, sender)

    def merge_group_event(self, head_ref: str, base_ref: str = "refs/heads/main") -> Mapping[str, Any]:
        """The payload that GitHub sends when a merge queue made a group."""
        return webhooks.merge_group_event(self._rig.world, self.stored, head_ref, base_ref)

    def rename(self, name: str) -> Mapping[str, Any]:
        """Give the repository another name: the old one leads nowhere. Gives the payload that tells of it."""
        world, old = self._rig.world, self.stored.full_name
        moved = self.stored.git.path.with_name(f"{name}.git")
        self.stored.git.path.rename(moved)
        self.stored.git.path, self.stored.name = moved, name
        world.repositories[self.stored.full_name] = world.repositories.pop(old)
        self.typed = types.Repository(self.stored.id, self.stored.owner, name, INSTALLATION)
        return webhooks.repository_event(world, self.stored, "renamed")


class Rig:
    """GitHub on loopback: its API, its git, and its hooks."""

    def __init__(self, directory: Path) -> None:
        self.world = World(private_key=PRIVATE_KEY)
        self._first_number = 501
        self._directory = directory
        self._running = ExitStack()
        self._git_strikes: list[Callable[[], None]] = []
        self._api = FakeApi(self.world, PUBLIC_KEY)
        self.world.send_again = self._send_again
        self._running.callback(self._api.close)
        self.git = self._running.enter_context(serve_git(directory))
        self.git.admits = self._admits
        self.git.pages = Pages(self.world, self._installed).answer

    def __enter__(self) -> Rig:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        self._running.close()

    def empty(self) -> None:
        """Forget all that happened. Repositories to come have numbers of their own: no client has met them."""
        self._first_number += len(self.world.repositories)
        self._git_strikes.clear()
        self._api.empty()
        vars(self.world).update(
            vars(World(url=self.world.url, send_again=self.world.send_again, private_key=PRIVATE_KEY))
        )
        self.git.admits, self.git.fails = self._admits, lambda: None
        self.git.requests.clear()
        self.git.fail_next.clear()
        shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def git_url(self) -> str:
        """Root of the git URLs."""
        return self.git.url

    @property
    def api_url(self) -> str:
        """Root of the API."""
        return self.world.url

    @property
    def log(self) -> Sequence[Logged]:
        """Every request to the API, oldest first."""
        return self._api.log

    @property
    def violations(self) -> Sequence[str]:
        """Where a request or an answer differed from GitHub's description; a test with any has failed."""
        return self._api.violations

    def calls(self) -> Sequence[str]:
        """The log in short: `GET /repos/acme/shop/pulls/1`."""
        return [f"{logged.method} {logged.path}" for logged in self._api.log]

    def access(self, **changes: Any) -> GitHubAccess:
        """What the bot needs in order to be our app here; writes are not spaced unless the test asks for it."""
        hosts = {"api_url": self.api_url, "git_url": self.git_url}
        options: dict[str, Any] = {"write_interval_seconds": 0, "timeout_seconds": PATIENCE_SECONDS}
        return GitHubAccess(str(APP_ID), PRIVATE_KEY, **(hosts | options | changes))

    def repository(self, files: Mapping[str, str | bytes | None], full_name: str = "acme/shop") -> RigRepository:
        """A repository whose main branch holds these files."""
        owner, name = full_name.split("/")
        git = BareRepository.create(self._directory / owner / f"{name}.git")
        git.set_ref("refs/heads/main", git.commit(None, files, "Start"))
        stored = Repository(self._first_number + len(self.world.repositories), owner, name, git)
        self.world.repositories[full_name] = stored
        return RigRepository(self, stored)

    def fail(self, method: str, path: str, fault: Fault, times: int = 1, skip: int = 0) -> None:
        """Let `times` requests whose path matches from its start meet this fault, after `skip` that do not."""
        self._api.faults.add(method, path, fault, times, skip)

    def let_fail(self, api: Callable[[str, str], Fault | None], git: Callable[[], int | None]) -> None:
        """Ask `api` for every request to the API, and `git` for every one to git, whether it fails, and how."""
        self._api.faults.otherwise = api
        self.git.fails = git

    def strike_git(self, strike: Callable[[], None]) -> None:
        """Let something happen when git is asked next."""
        self._git_strikes.append(strike)

    def release(self) -> None:
        """Let every hanging answer go."""
        self._api.release()

    def _admits(self, authorization: str | None) -> bool:
        """Whether git may read with this. git parses what others pushed: it gets no token that writes."""
        if self._git_strikes:
            self._git_strikes.pop()()
        scheme, _, credentials = (authorization or "").partition(" ")
        if scheme != "Basic":
            return False
        user, _, token = base64.b64decode(credentials).decode().partition(":")
        grant = self.world.grants.get(token)
        return user == "x-access-token" and grant is not None and "write" not in grant.permissions.values()

    def revoke_tokens(self) -> None:
        """No token that was given out is good any more."""
        self.world.grants.clear()

    def deliver(
        self,
        url: str,
        event: str,
        payload: Mapping[str, Any],
        *,
        secret: str = SECRET,
        delivery: str | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> int:
        """Send a signed delivery as GitHub does, and keep it in the app's list; gives the status of the answer."""
        guid = delivery or str(uuid.uuid4())
        return self._attempt(url, event, payload, secret, guid, is_again=False, patience_seconds=patience_seconds)

    def _installed(self) -> None:
        """Somebody installs the app: GitHub tells it."""
        self.world.installations += 1
        payload = webhooks.installation_event("created")
        self.deliver(self.world.hook_url, "installation", payload, secret=self.world.hook_secret)

    def _send_again(self, earlier: HookDelivery) -> None:
        told = (earlier.url, earlier.event, earlier.payload, earlier.secret, earlier.guid)
        threading.Thread(target=self._attempt, args=told, kwargs={"is_again": True}, daemon=True).start()

    def _attempt(
        self,
        url: str,
        event: str,
        payload: Mapping[str, Any],
        secret: str,
        guid: str,
        *,
        is_again: bool,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> int:
        status = _status(url, event, json.dumps(payload).encode(), secret, guid, patience_seconds)
        with self._api.lock:
            number, at = self.world.new_id(), datetime.now(UTC)
            made = HookDelivery(number, guid, event, payload, url, secret, status, is_again, at)
            self.world.hook_deliveries.append(made)
        return status


def _status(url: str, event: str, body: bytes, secret: str, guid: str, patience_seconds: float) -> int:
    """What is answered, as GitHub notes it: 502 where nobody is there, 504 where nobody answers in time."""
    request = urllib.request.Request(url, body, dict(webhooks.headers(event, body, secret, guid)))
    try:
        with urllib.request.urlopen(request, timeout=patience_seconds) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except TimeoutError:
        return 504
    except OSError:
        return 502
