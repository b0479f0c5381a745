"""GitHub's GraphQL API over the world: queries are judged and executed against GitHub's published schema."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from tests.npm_modules import node_modules
from tests.rig.world import APP_LOGIN, Comment, Grant, Pull, Repository, Review, ReviewComment, World

Json = dict[str, Any]


@functools.cache
def schema() -> GraphQLSchema:
    """What GitHub publishes of its GraphQL API."""
    path = node_modules() / "@octokit/graphql-schema/schema.graphql"
    return build_schema(path.read_text(encoding="utf-8"), assume_valid=True)


def answer(world: World, grant: Grant, query: str, variables: Mapping[str, Any]) -> tuple[Json, Sequence[str]]:
    """The answer, and what in the query the schema does not allow."""
    root = {
        "viewer": {"login": APP_LOGIN},
        "repository": functools.partial(_repository, world, grant),
        "resolveReviewThread": functools.partial(_turn, world, grant, True),
        "unresolveReviewThread": functools.partial(_turn, world, grant, False),
    }
    result = graphql_sync(schema(), query, root_value=root, variable_values=dict(variables))
    errors = result.errors or []
    body: Json = {"data": result.data}
    if errors:
        body["errors"] = [{"type": _kind(error), "message": error.message, "path": error.path} for error in errors]
    return body, [error.message for error in errors if _kind(error) is None]


class _NotFound(Exception):
    """What is asked for is not there, or not for this token."""


class _Forbidden(Exception):
    """The token may not do this."""


def _kind(error: GraphQLError) -> str | None:
    kinds = {_NotFound: "NOT_FOUND", _Forbidden: "FORBIDDEN"}
    return kinds.get(type(error.original_error))


def _turn(world: World, grant: Grant, is_resolved: bool, info: Any, input: Mapping[str, str]) -> Json:  # noqa: A002
    for repository in world.repositories.values():
        for comment in (comment for comments in repository.review_comments.values() for comment in comments):
            if comment.thread != input["threadId"] or repository.id not in grant.repositories:
                continue
            if not (grant.allows("pull_requests", "write") and repository.lets_apps_resolve):
                raise _Forbidden("Resource not accessible by integration")
            comment.resolved_by = APP_LOGIN if is_resolved else None
            return {"thread": _thread(repository, comment, [])}
    raise _NotFound(f"Could not resolve to a node with the global id of '{input['threadId']}'")


def _repository(world: World, grant: Grant, info: Any, owner: str, name: str, followRenames: bool = True) -> Json:  # noqa: N803
    repository = world.repositories.get(f"{owner}/{name}")
    if repository is None or repository.id not in grant.repositories or not grant.allows("pull_requests", "read"):
        raise _NotFound(f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return {"pullRequest": functools.partial(_pull_request, repository)}


def _pull_request(repository: Repository, info: Any, number: int) -> Json:
    pull = repository.pulls.get(number)
    if pull is None:
        raise _NotFound(f"Could not resolve to a PullRequest with the number of {number}.")
    head = repository.head(pull)
    comments = [comment for comment in repository.comments if comment.number == number]
    return {
        "number": number,
        "isDraft": pull.draft,
        "state": pull.state.upper(),
        "isCrossRepository": pull.fork is not None,
        "baseRefName": pull.base_ref,
        "baseRefOid": repository.shown_base(pull),
        "baseRef": {"target": {"__typename": "Commit", "oid": repository.base(pull)}},
        "headRefOid": head,
        "author": _actor(pull.author),
        "reviews": _pages([_review(review) for review in repository.reviews.get(number, [])]),
        "reviewThreads": _pages(_threads(repository, number)),
        "comments": _pages([_comment(comment) for comment in comments]),
        "commits": _pages([{"commit": _commit(repository, pull, head)}]),
    }


def _commit(repository: Repository, pull: Pull, head: str) -> Json:
    def suites(info: Any, filterBy: Mapping[str, Any] | None = None, **page: int) -> Json:  # noqa: N803
        name = (filterBy or {}).get("checkName")
        runs = [run for run in repository.check_runs if run.head_sha == head and name in (None, run.name)]
        apps = dict.fromkeys(run.app for run in runs)
        nodes = [
            {"app": {"slug": app}, "checkRuns": _pages([_run(run.external_id) for run in runs if run.app == app])}
            for app in apps
        ]
        return _page(nodes, **page)

    return {"oid": head, "checkSuites": suites}


def _run(external_id: str) -> Json:
    return {"externalId": external_id}


def _review(review: Review) -> Json:
    return _written(review.id, review.author, review.body) | {"state": review.state, "commit": {"oid": review.commit}}


def _threads(repository: Repository, number: int) -> list[Json]:
    every = repository.review_comments.get(number, [])
    return [
        _thread(repository, first, [reply for reply in every if reply.in_reply_to == first.id])
        for first in every
        if first.in_reply_to is None
    ]


def _thread(repository: Repository, first: ReviewComment, replies: Sequence[ReviewComment]) -> Json:
    is_resolved = first.resolved_by is not None
    return {
        "id": first.thread,
        "isResolved": is_resolved,
        "viewerCanResolve": repository.lets_apps_resolve and not is_resolved,
        "viewerCanUnresolve": repository.lets_apps_resolve and is_resolved,
        "comments": _pages([_review_comment(comment) for comment in (first, *replies)]),
    }


def _review_comment(comment: ReviewComment) -> Json:
    where = {"path": comment.path, "createdAt": comment.at, "originalCommit": {"oid": comment.commit}}
    return _written(comment.id, comment.author, comment.body) | where


def _comment(comment: Comment) -> Json:
    return _written(comment.id, comment.author, comment.body) | {"createdAt": comment.at}


def _written(number: int, author: str, body: str) -> Json:
    return {"fullDatabaseId": str(number), "body": body, "author": _actor(author)}


def _actor(login: str) -> Json:
    """GraphQL leaves `[bot]` away where a bot is an author."""
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"__typename": kind, "login": login.removesuffix("[bot]")}


def _pages(nodes: Sequence[Json]) -> Any:
    """A connection; the filters of those without a resolver of their own hold for all that stands here."""
    return lambda info, filterBy=None, **page: _page(nodes, **page)  # noqa: N803


def _page(nodes: Sequence[Json], first: int | None = None, last: int | None = None) -> Json:
    if (first or last or 0) not in range(1, 101):
        raise ValueError("You must provide a `first` or `last` value between 1 and 100")
    shown = nodes[:first] if first else nodes[-(last or 0) :]
    return {
        "totalCount": len(nodes),
        "nodes": list(shown),
        "pageInfo": {"hasPreviousPage": bool(last) and len(nodes) > len(shown)},
    }
