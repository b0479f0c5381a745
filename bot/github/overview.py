"""One GraphQL query that brings the state of a pull request and everything of ours that stands on it.

By REST the same takes six requests. What is longer than a page is left to REST: it stays unknown here (None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from preship.bot.github.payloads import NOBODY
from preship.bot.review.pull_request import PostedComment, PostedReview, PullRequest, Repository, Thread

T = TypeVar("T")
Json = Mapping[str, Any]

# The last hundred of each: GitHub's largest page. Check runs carry no id here, because the schema gives them 32 bits
# and GitHub's own ids are longer; whether one of ours stands is all that we ask.
QUERY = """
query Overview($owner: String!, $name: String!, $number: Int!, $check: String!) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      number isDraft state isCrossRepository baseRefName baseRefOid headRefOid
      baseRef { target { oid } }
      author { ...who }
      reviews(last: 100) {
        pageInfo { hasPreviousPage }
        nodes { fullDatabaseId state body author { ...who } commit { oid } }
      }
      reviewThreads(last: 100) {
        pageInfo { hasPreviousPage }
        nodes {
          id isResolved viewerCanResolve viewerCanUnresolve
          comments(first: 1) {
            totalCount
            nodes { fullDatabaseId body path createdAt author { ...who } originalCommit { oid } }
          }
        }
      }
      comments(last: 100) {
        pageInfo { hasPreviousPage }
        nodes { fullDatabaseId body createdAt author { ...who } }
      }
      commits(last: 1) {
        nodes {
          commit {
            oid
            checkSuites(last: 100, filterBy: {checkName: $check}) {
              pageInfo { hasPreviousPage }
              nodes {
                app { slug }
                checkRuns(last: 100, filterBy: {checkName: $check, checkType: ALL}) {
                  pageInfo { hasPreviousPage }
                  nodes { externalId }
                }
              }
            }
          }
        }
      }
    }
  }
}
fragment who on Actor { __typename login }
"""


def turning(resolve: Sequence[str], reopen: Sequence[str]) -> str:
    """A mutation that resolves threads and opens others again, in one request. The ids are its variables `t0`, `t1`…"""
    verbs = ["resolveReviewThread"] * len(resolve) + ["unresolveReviewThread"] * len(reopen)
    names = ", ".join(f"$t{index}: ID!" for index in range(len(verbs)))
    fields = (
        f"r{index}: {verb}(input: {{threadId: $t{index}}}) {{ thread {{ id }} }}" for index, verb in enumerate(verbs)
    )
    return f"mutation Turn({names}) {{ {' '.join(fields)} }}"


@dataclass(frozen=True, slots=True)
class Overview:
    """A pull request and what of ours stands on it, all of one moment."""

    pull_request: PullRequest
    reviews: tuple[PostedReview, ...] | None
    """Oldest first."""

    threads: tuple[Thread, ...] | None
    """Those that begin with a comment of ours."""

    conversation: tuple[PostedComment, ...] | None
    checks: frozenset[str] | None
    """`external_id` of each check run of ours on the head commit."""


def variables(repository: Repository, number: int, check_name: str) -> Json:
    """What the query asks for."""
    return {"owner": repository.owner, "name": repository.name, "number": number, "check": check_name}


def overview(repository: Repository, answer: Json) -> Overview:
    """The answer to the query, read. Raises KeyError, TypeError or ValueError where it has another shape."""
    own = _slug(answer["viewer"]["login"])
    pull = answer["repository"]["pullRequest"]
    return Overview(
        pull_request=_pull_request(repository, pull),
        reviews=_whole(pull["reviews"], lambda nodes: _reviews(nodes, own)),
        threads=_whole(pull["reviewThreads"], lambda nodes: _threads(nodes, own)),
        conversation=_whole(pull["comments"], lambda nodes: _conversation(nodes, own)),
        checks=_checks(pull, own),
    )


def _pull_request(repository: Repository, pull: Json) -> PullRequest:
    return PullRequest(
        repository=repository,
        number=pull["number"],
        head_sha=pull["headRefOid"],
        base_sha=_tip(pull),
        base_ref=pull["baseRefName"],
        author=_login(pull["author"]),
        is_draft=pull["isDraft"],
        is_open=pull["state"] == "OPEN",
        is_fork=pull["isCrossRepository"],
    )


def _tip(pull: Json) -> str:
    """Where the base branch stands now: `baseRefOid` is where it stood when the pull request was pushed to last."""
    branch = pull["baseRef"]
    tip: str = branch["target"]["oid"] if branch and branch["target"] else pull["baseRefOid"]
    return tip


def _reviews(nodes: Iterable[Json], own: str) -> tuple[PostedReview, ...]:
    return tuple(
        PostedReview(int(node["fullDatabaseId"]), (node["commit"] or {}).get("oid", ""), node["body"])
        for node in nodes
        if _is_own(node, own) and node["state"] != "PENDING"
    )


def _threads(threads: Iterable[Json], own: str) -> tuple[Thread, ...]:
    return tuple(
        Thread(
            comment=_first_comment(node),
            id=thread["id"],
            is_resolved=thread["isResolved"],
            is_answered=thread["comments"]["totalCount"] > 1,
            may_be_turned=thread["viewerCanUnresolve" if thread["isResolved"] else "viewerCanResolve"],
        )
        for thread in threads
        for node in _nodes(thread["comments"])
        if _is_own(node, own)
    )


def _first_comment(node: Json) -> PostedComment:
    return PostedComment(
        id=int(node["fullDatabaseId"]),
        body=node["body"],
        path=node["path"],
        commit_sha=(node["originalCommit"] or {}).get("oid"),
        created_at=datetime.fromisoformat(node["createdAt"]),
    )


def _conversation(nodes: Iterable[Json], own: str) -> tuple[PostedComment, ...]:
    return tuple(
        PostedComment(int(node["fullDatabaseId"]), node["body"], None, None, datetime.fromisoformat(node["createdAt"]))
        for node in nodes
        if _is_own(node, own)
    )


def _checks(pull: Json, own: str) -> frozenset[str] | None:
    """Of the head commit; a push between two parts of the answer leaves them unknown."""
    commits = [node["commit"] for node in _nodes(pull["commits"]) if node["commit"]["oid"] == pull["headRefOid"]]
    suites = commits[0]["checkSuites"] if commits else None
    if suites is None or suites["pageInfo"]["hasPreviousPage"]:
        return None
    runs = [suite["checkRuns"] for suite in _nodes(suites) if (suite["app"] or {}).get("slug") == own]
    if any(page["pageInfo"]["hasPreviousPage"] for page in runs):
        return None
    return frozenset(node["externalId"] for page in runs for node in _nodes(page) if node["externalId"])


def _whole(page: Json, read: Callable[[Iterable[Json]], T]) -> T | None:
    return None if page["pageInfo"]["hasPreviousPage"] else read(_nodes(page))


def _nodes(page: Json) -> list[Json]:
    """What a page holds; GraphQL puts null where the token may not look."""
    return [node for node in page["nodes"] or () if node is not None]


def _is_own(node: Json, own: str) -> bool:
    author = node["author"]
    return author is not None and author["__typename"] == "Bot" and _slug(author["login"]) == own


def _slug(login: str) -> str:
    """GraphQL names a bot by its slug alone where it is an author, and with `[bot]` where it is the viewer."""
    return login.removesuffix("[bot]")


def _login(author: Json | None) -> str:
    """The login as REST and the webhooks write it."""
    if author is None:
        return NOBODY
    login: str = author["login"]
    return f"{_slug(login)}[bot]" if author["__typename"] == "Bot" else login
