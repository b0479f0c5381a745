"""The routes of GitHub's API that Preship uses, each as GitHub documents and behaves."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from tests.rig import answers
from tests.rig.repository import DiffFile
from tests.rig.world import (
    APP_LOGIN,
    APP_SLUG,
    INSTALLATION,
    CheckRun,
    Comment,
    Grant,
    Pull,
    Repository,
    Review,
    ReviewComment,
    World,
)

T = TypeVar("T")

BODY_LIMIT = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as a route sees it."""

    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    grant: Grant | None
    """What the token allows; None for a request of the app itself."""

    file_path: str = ""
    """The parameter `path` of the route, where it has one: `parameters` has the request's own under that name."""

    login: str = ""
    """Whose token it is, for routes of people."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """The request ends here."""

    def __init__(self, status: int, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.answer = Answer(status, answers.error(message, **fields))


class Unprocessable(Exception):
    """The request is well-formed and makes no sense: 422."""


class Caller(Enum):
    """Who calls routes that ask for no permission of an installation."""

    APP = "app"
    PERSON = "person"
    ANYBODY = "anybody"


Permission = tuple[str, str] | Caller
"""What a token must be allowed, and how; or who else has to call."""

Handler = Callable[[World, Request], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    handler: Handler
    permission: Permission


ROUTES: dict[tuple[str, str], Route] = {}


def route(method: str, template: str, permission: Permission) -> Callable[[Handler], Handler]:
    """Serve an operation of the description with this function."""

    def register(handler: Handler) -> Handler:
        ROUTES[method, template] = Route(handler, permission)
        return handler

    return register


REPO = "/repos/{owner}/{repo}"
PULL = f"{REPO}/pulls/{{pull_number}}"


@route("get", "/app", Caller.APP)
def _app(world: World, request: Request) -> Answer:
    return Answer(200, answers.app(world))


@route("post", "/app/installations/{installation_id}/access_tokens", Caller.APP)
def _token(world: World, request: Request) -> Answer:
    if request.parameters["installation_id"] != str(INSTALLATION):
        raise Refusal(404, "Not Found")
    wanted = (request.body or {}).get("permissions") or world.granted
    most = Grant(frozenset(), world.granted, datetime.now(UTC))
    if not all(most.allows(name, level) for name, level in wanted.items()):
        raise Unprocessable("The permissions requested are not granted to this installation.")
    names = (request.body or {}).get("repositories")
    known = {each.id for each in world.repositories.values() if names is None or each.name in names}
    if names is not None and not known:
        raise Unprocessable("There is at least one repository that does not exist or is not accessible.")
    repositories = frozenset((request.body or {}).get("repository_ids") or known)
    if not repositories <= known:
        raise Unprocessable("There is at least one repository that does not exist or is not accessible.")
    secret, expires_at = f"ghs_{secrets.token_hex(18)}", datetime.now(UTC) + timedelta(hours=1)
    world.grants[secret] = Grant(repositories, wanted, expires_at)
    return Answer(201, answers.token(secret, expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"), wanted))


@route("get", "/installation/repositories", ("metadata", "read"))
def _opened_repositories(world: World, request: Request) -> Answer:
    opened = request.grant.repositories if request.grant else frozenset()
    found = [answers.repository(world, each) for each in world.repositories.values() if each.id in opened]
    return Answer(200, {"total_count": len(found), "repositories": found})


@route("get", "/app/hook/deliveries", Caller.APP)
def _hook_deliveries(world: World, request: Request) -> Answer:
    size, cursor = int(request.query.get("per_page", 30)), int(request.query.get("cursor") or 2**62)
    older = [delivery for delivery in reversed(world.hook_deliveries) if delivery.id < cursor]
    shown = [answers.hook_delivery(delivery) for delivery in older[:size]]
    if len(older) <= size:
        return Answer(200, shown)
    link = f"{world.url}{request.parameters['path']}?per_page={size}&cursor={older[size - 1].id}"
    return Answer(200, shown, {"Link": f'<{link}>; rel="next"'})


@route("post", "/app/hook/deliveries/{delivery_id}/attempts", Caller.APP)
def _send_again(world: World, request: Request) -> Answer:
    number = request.parameters["delivery_id"]
    found = next((delivery for delivery in world.hook_deliveries if str(delivery.id) == number), None)
    if found is None:
        raise Refusal(404, "Not Found")
    world.send_again(found)
    return Answer(202, {})


@route("post", "/app-manifests/{code}/conversions", Caller.ANYBODY)
def _convert(world: World, request: Request) -> Answer:
    manifest = world.manifests.pop(request.parameters["code"], None)
    if manifest is None:
        raise Refusal(404, "Not Found")
    world.granted, world.events = manifest["default_permissions"], tuple(manifest["default_events"])
    world.callback_urls, world.setup_url = tuple(manifest["callback_urls"]), manifest["setup_url"]
    world.hook_url, world.installations = manifest["hook_attributes"]["url"], 0
    return Answer(201, answers.handed_over(world, world.private_key))


@route("get", "/app/hook/config", Caller.APP)
def _hook_config(world: World, request: Request) -> Answer:
    return Answer(200, answers.hook_config(world))


@route("patch", "/app/hook/config", Caller.APP)
def _change_hook(world: World, request: Request) -> Answer:
    world.hook_secret = request.body.get("secret", world.hook_secret)
    return Answer(200, answers.hook_config(world))


@route("get", "/user", Caller.PERSON)
def _user(world: World, request: Request) -> Answer:
    return Answer(200, answers.account(world, request.login))


@route("get", "/user/installations", Caller.PERSON)
def _installations(world: World, request: Request) -> Answer:
    found = [answers.installation(world, request.login)] if any(_seen(world, request)) else []
    return Answer(200, {"total_count": len(found), "installations": found})


@route("get", "/user/installations/{installation_id}/repositories", Caller.PERSON)
def _seen_repositories(world: World, request: Request) -> Answer:
    if request.parameters["installation_id"] != str(INSTALLATION):
        raise Refusal(404, "Not Found")
    seen = list(_seen(world, request))
    shown, links = _page(world, request, seen)
    listed = [answers.seen_repository(world, each, each.permissions[request.login]) for each in shown]
    return Answer(200, {"total_count": len(seen), "repositories": listed}, links)


def _seen(world: World, request: Request) -> Iterator[Repository]:
    """What a person may at least read."""
    return (each for each in world.repositories.values() if request.login in each.permissions)


@route("get", PULL, ("pull_requests", "read"))
def _pull(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    return Answer(200, answers.pull_request(world, repository, _pull_of(repository, request)))


@route("get", REPO, ("metadata", "read"))
def _about(world: World, request: Request) -> Answer:
    return Answer(200, answers.full_repository(world, _repository(world, request)))


@route("get", f"{REPO}/contents/{{path}}", ("contents", "read"))
def _contents(world: World, request: Request) -> Answer:
    repository, path = _repository(world, request), request.file_path
    content = repository.git.content(request.query.get("ref", "refs/heads/main"), path)
    if content is None:
        raise Refusal(404, "Not Found")
    return Answer(200, answers.content(world, repository, path, content))


@route("put", f"{REPO}/contents/{{path}}", ("contents", "write"))
def _put_contents(world: World, request: Request) -> Answer:
    repository, path, body = _repository(world, request), request.file_path, request.body
    branch = f"refs/heads/{body['branch']}"
    tip = repository.git.resolve(branch)
    if tip is None:
        raise Refusal(404, f"Branch {body['branch']} not found")
    standing = repository.git.content(tip, path)
    if standing is not None and "sha" not in body:
        raise Unprocessable('Invalid request. "sha" wasn\'t supplied.')
    if standing is not None and answers.blob(standing) != body["sha"]:
        raise Refusal(409, f"{path} does not match {body['sha']}")
    content = base64.b64decode(body["content"])
    commit = repository.git.commit(tip, {path: content}, body["message"])
    repository.git.set_ref(branch, commit)
    answer = answers.file_commit(world, repository, path, content, commit)
    return Answer(201 if standing is None else 200, answer)


@route("post", f"{REPO}/git/refs", ("contents", "write"))
def _create_ref(world: World, request: Request) -> Answer:
    repository, ref, sha = _repository(world, request), request.body["ref"], request.body["sha"]
    if not ref.startswith("refs/") or ref.count("/") < 2 or repository.git.resolve(sha) is None:
        raise Unprocessable("Reference name and object must be valid")
    if repository.git.resolve(ref) is not None:
        raise Unprocessable("Reference already exists")
    repository.git.set_ref(ref, sha)
    return Answer(201, answers.ref(world, repository, ref, sha))


@route("patch", f"{REPO}/git/refs/{{ref}}", ("contents", "write"))
def _move_ref(world: World, request: Request) -> Answer:
    repository, sha = _repository(world, request), request.body["sha"]
    ref = f"refs/{request.parameters['ref']}"
    if repository.git.resolve(ref) is None:
        raise Unprocessable("Reference does not exist")
    repository.git.set_ref(ref, sha)
    return Answer(200, answers.ref(world, repository, ref, sha))


@route("get", f"{REPO}/pulls", ("pull_requests", "read"))
def _pulls(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    state, head = request.query.get("state", "open"), request.query.get("head")
    found = [
        pull
        for pull in repository.pulls.values()
        if state in ("all", pull.state) and head in (None, f"{pull.fork or repository.owner}:{pull.head_ref}")
    ]
    page, links = _page(world, request, found)
    return Answer(200, [answers.listed_pull_request(world, repository, pull) for pull in page], links)


@route("post", f"{REPO}/pulls", ("pull_requests", "write"))
def _open_pull(world: World, request: Request) -> Answer:
    repository, body = _repository(world, request), request.body
    head = repository.git.resolve(f"refs/heads/{body['head']}")
    base = repository.git.resolve(f"refs/heads/{body['base']}")
    if head is None or base is None or head == base:
        raise Unprocessable(f"No commits between {body['base']} and {body['head']}")
    if any(
        (pull.head_ref, pull.state, pull.fork) == (body["head"], "open", None) for pull in repository.pulls.values()
    ):
        raise Unprocessable(f"A pull request already exists for {repository.owner}:{body['head']}.")
    if len(body["title"]) > 256:
        raise Unprocessable("title is too long (maximum is 256 characters)")
    _check_body(body["body"])
    number = len(repository.pulls) + 1
    pull = Pull(number, body["title"], APP_LOGIN, body["head"], body["base"], None, base_sha=base, body=body["body"])
    repository.pulls[number] = pull
    repository.git.set_ref(f"refs/pull/{number}/head", head)
    return Answer(201, answers.pull_request(world, repository, pull))


@route("get", f"{REPO}/branches/{{branch}}", ("contents", "read"))
def _branch(world: World, request: Request) -> Answer:
    repository, name = _repository(world, request), request.parameters["branch"]
    sha = repository.git.resolve(f"refs/heads/{name}")
    if sha is None:
        raise Refusal(404, "Branch not found")
    return Answer(200, answers.branch(world, name, sha))


@route("get", f"{REPO}/compare/{{basehead}}", ("contents", "read"))
def _compare(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    base, _, head = request.parameters["basehead"].partition("...")
    base_sha, head_sha = repository.git.resolve(base), repository.git.resolve(head)
    if not base_sha or not head_sha or not repository.git.merge_base(base_sha, head_sha):
        raise Refusal(404, "Not Found")
    commits, links = _page(world, request, repository.git.commits(base_sha, head_sha), 250)
    return Answer(200, answers.comparison(world, repository, base_sha, head_sha, list(commits)), links)


@route("get", f"{PULL}/reviews", ("pull_requests", "read"))
def _reviews(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    reviews, links = _page(world, request, repository.reviews.get(_pull_of(repository, request).number, []))
    return Answer(200, [answers.review(world, review) for review in reviews], links)


@route("post", f"{PULL}/reviews", ("pull_requests", "write"))
def _create_review(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    pull = _pull_of(repository, request)
    body, wanted = request.body.get("body", ""), request.body.get("comments", [])
    if request.body.get("event") != "APPROVE" and not body:
        raise Unprocessable("Body is required")
    commit = request.body.get("commit_id") or repository.head(pull)
    diff = _diff(repository, pull, commit)
    for comment in wanted:
        _check_place(diff, comment)
        _check_body(comment["body"])
    _check_body(body)
    review = Review(world.new_id(), APP_LOGIN, body, commit, world.now())
    repository.reviews.setdefault(pull.number, []).append(review)
    for comment in wanted:
        _add_review_comment(world, repository, pull, commit, comment, review.id)
    return Answer(200, answers.review(world, review))


@route("get", f"{PULL}/comments", ("pull_requests", "read"))
def _review_comments(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    comments, links = _page(world, request, repository.review_comments.get(_pull_of(repository, request).number, []))
    return Answer(200, [answers.review_comment(world, comment) for comment in comments], links)


@route("post", f"{PULL}/comments", ("pull_requests", "write"))
def _create_review_comment(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    pull = _pull_of(repository, request)
    commit = request.body["commit_id"]
    diff = _diff(repository, pull, commit)
    if request.body.get("subject_type") != "file":
        _check_place(diff, request.body)
    elif request.body["path"] not in diff:
        raise Unprocessable("Path could not be resolved")
    _check_body(request.body["body"])
    comment = _add_review_comment(world, repository, pull, commit, request.body, None)
    return Answer(201, answers.review_comment(world, comment))


@route("get", f"{REPO}/issues/{{issue_number}}/comments", ("pull_requests", "read"))
def _comments(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    number = _number(repository, request)
    comments, links = _page(world, request, [comment for comment in repository.comments if comment.number == number])
    return Answer(200, [answers.comment(world, comment) for comment in comments], links)


@route("post", f"{REPO}/issues/{{issue_number}}/comments", ("pull_requests", "write"))
def _create_comment(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    _check_body(request.body["body"])
    comment = Comment(world.new_id(), APP_LOGIN, request.body["body"], world.now(), _number(repository, request))
    repository.comments.append(comment)
    return Answer(201, answers.comment(world, comment))


@route("patch", f"{REPO}/issues/comments/{{comment_id}}", ("pull_requests", "write"))
def _edit_comment(world: World, request: Request) -> Answer:
    comment = _comment(_repository(world, request), request)
    if comment.author != APP_LOGIN:
        raise Refusal(403, "Resource not accessible by integration")
    _check_body(request.body["body"])
    comment.body, comment.edits = request.body["body"], comment.edits + 1
    return Answer(200, answers.comment(world, comment))


@route("post", f"{REPO}/issues/comments/{{comment_id}}/reactions", ("pull_requests", "write"))
def _react(world: World, request: Request) -> Answer:
    comment, content = _comment(_repository(world, request), request), request.body["content"]
    status = 200 if content in comment.reactions else 201
    if status == 201:
        comment.reactions.append(content)
    return Answer(status, answers.reaction(world, world.new_id(), APP_LOGIN, content))


@route("post", f"{REPO}/pulls/comments/{{comment_id}}/reactions", ("pull_requests", "write"))
def _react_in_thread(world: World, request: Request) -> Answer:
    every = _repository(world, request).review_comments.values()
    number, content = int(request.parameters["comment_id"]), request.body["content"]
    comment = next((comment for comments in every for comment in comments if comment.id == number), None)
    if comment is None:
        raise Refusal(404, "Not Found")
    status = 200 if content in comment.reactions else 201
    if status == 201:
        comment.reactions.append(content)
    return Answer(status, answers.reaction(world, world.new_id(), APP_LOGIN, content))


@route("post", f"{PULL}/comments/{{comment_id}}/replies", ("pull_requests", "write"))
def _reply(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    pull, first = _pull_of(repository, request), int(request.parameters["comment_id"])
    every = repository.review_comments.get(pull.number, [])
    # Answers to answers are not there: https://docs.github.com/en/rest/pulls/comments#create-a-reply-for-a-review-comment
    begun = next((comment for comment in every if comment.id == first and comment.in_reply_to is None), None)
    if begun is None:
        raise Refusal(404, "Not Found")
    _check_body(request.body["body"])
    wanted = {"body": request.body["body"], "path": begun.path, "line": begun.line, "side": begun.side}
    reply = _add_review_comment(world, repository, pull, begun.commit, wanted, None)
    reply.in_reply_to = first
    return Answer(201, answers.review_comment(world, reply))


@route("get", f"{REPO}/collaborators/{{username}}/permission", ("metadata", "read"))
def _permission(world: World, request: Request) -> Answer:
    repository, login = _repository(world, request), request.parameters["username"]
    if login == "nobody-at-all":
        raise Refusal(404, f"{login} is not a user")
    return Answer(200, answers.permission(world, login, repository.permissions.get(login, "none")))


@route("get", f"{REPO}/commits/{{ref}}/check-runs", ("checks", "read"))
def _check_runs(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    sha = repository.git.resolve(request.parameters["ref"])
    name = request.query.get("check_name")
    runs = [run for run in repository.check_runs if run.head_sha == sha and name in (None, run.name)]
    if request.query.get("filter", "latest") == "latest":
        runs = list({(run.app, run.name): run for run in runs}.values())
    page, links = _page(world, request, runs)
    body = {"total_count": len(runs), "check_runs": [answers.check_run(world, run) for run in page]}
    return Answer(200, body, links)


@route("post", f"{REPO}/check-runs", ("checks", "write"))
def _create_check_run(world: World, request: Request) -> Answer:
    repository, body = _repository(world, request), request.body
    if not repository.git.resolve(body["head_sha"]):
        raise Unprocessable("No commit found for SHA: " + body["head_sha"])
    run = CheckRun(
        world.new_id(), APP_SLUG, body["name"], body["head_sha"], body.get("external_id", ""), "queued", world.now()
    )
    repository.check_runs.append(run)
    _apply(world, run, body)
    return Answer(201, answers.check_run(world, run))


@route("patch", f"{REPO}/check-runs/{{check_run_id}}", ("checks", "write"))
def _update_check_run(world: World, request: Request) -> Answer:
    repository = _repository(world, request)
    number = request.parameters["check_run_id"]
    run = next((run for run in repository.check_runs if str(run.id) == number), None)
    if run is None:
        raise Refusal(404, "Not Found")
    if run.app != APP_SLUG:
        raise Refusal(403, "Invalid app_id `4711` - check run can only be modified by the GitHub App that created it.")
    _apply(world, run, request.body)
    return Answer(200, answers.check_run(world, run))


def _apply(world: World, run: CheckRun, body: Mapping[str, Any]) -> None:
    run.status = "completed" if "conclusion" in body else body.get("status", run.status)
    run.conclusion = body.get("conclusion")
    run.completed_at = (body.get("completed_at") or world.now()) if run.conclusion else None
    if len(body.get("actions", [])) > 3:
        raise Unprocessable("Only a maximum of 3 actions can be requested")
    run.buttons = [action["identifier"] for action in body.get("actions", [])] or run.buttons
    output = body.get("output", {})
    run.title, run.summary = output.get("title", run.title), output.get("summary", run.summary)
    run.history.append(run.conclusion or run.status)


def _repository(world: World, request: Request) -> Repository:
    repository = world.repositories.get(f"{request.parameters['owner']}/{request.parameters['repo']}")
    if repository is None or (request.grant and repository.id not in request.grant.repositories):
        raise Refusal(404, "Not Found")
    return repository


def _pull_of(repository: Repository, request: Request) -> Pull:
    pull = repository.pulls.get(int(request.parameters["pull_number"]))
    if pull is None:
        raise Refusal(404, "Not Found")
    return pull


def _number(repository: Repository, request: Request) -> int:
    number = int(request.parameters["issue_number"])
    if number not in repository.pulls:
        raise Refusal(404, "Not Found")
    return number


def _comment(repository: Repository, request: Request) -> Comment:
    number = int(request.parameters["comment_id"])
    found = next((comment for comment in repository.comments if comment.id == number), None)
    if found is None:
        raise Refusal(404, "Not Found")
    return found


def _diff(repository: Repository, pull: Pull, commit: str) -> dict[str, DiffFile]:
    """What may bear comments; GitHub takes only commits of the pull request."""
    if commit not in {repository.head(pull), *repository.git.commits(repository.base(pull), repository.head(pull))}:
        raise Unprocessable("Commit is not part of the pull request")
    return repository.diff(pull, commit) or {}


def _check_place(diff: Mapping[str, DiffFile], comment: Mapping[str, Any]) -> None:
    """GitHub refuses the whole request for one wrong place, and does not name the culprit."""
    file = diff.get(comment["path"])
    if file is None:
        raise Unprocessable("Path could not be resolved")
    side, line = comment.get("side", "RIGHT"), comment.get("line")
    hunk = file.hunk_of(side, line) if line else None
    if hunk is None:
        raise Unprocessable("Line could not be resolved")
    start = comment.get("start_line")
    if start is not None and (start >= line or file.hunk_of(comment.get("start_side", side), start) != hunk):
        raise Unprocessable("Start line must precede the end line in the same hunk")


def _check_body(body: str) -> None:
    if len(body) > BODY_LIMIT:
        raise Unprocessable(f"body is too long (maximum is {BODY_LIMIT} characters)")
    if not body.strip():
        raise Unprocessable("Body cannot be blank")


def _add_review_comment(
    world: World, repository: Repository, pull: Pull, commit: str, wanted: Mapping[str, Any], review: int | None
) -> ReviewComment:
    if review is None:
        standing = Review(world.new_id(), APP_LOGIN, "", commit, world.now())
        repository.reviews.setdefault(pull.number, []).append(standing)
        review = standing.id
    comment = ReviewComment(
        id=world.new_id(),
        author=APP_LOGIN,
        body=wanted["body"],
        path=wanted["path"],
        commit=commit,
        at=world.now(),
        review=review,
        line=wanted.get("line"),
        side=wanted.get("side", "RIGHT"),
        start_line=wanted.get("start_line"),
        start_side=wanted.get("start_side"),
    )
    repository.review_comments.setdefault(pull.number, []).append(comment)
    return comment


def _page(
    world: World, request: Request, items: Sequence[T], default: int = 30
) -> tuple[Sequence[T], Mapping[str, str]]:
    """One page, and the `Link` header that leads to the next."""
    size, number = int(request.query.get("per_page", default)), int(request.query.get("page", 1))
    shown = items[(number - 1) * size : number * size]
    if number * size >= len(items):
        return shown, {}
    others = "".join(f"&{name}={value}" for name, value in request.query.items() if name not in ("page", "per_page"))
    path = request.parameters["path"]
    return shown, {"Link": f'<{world.url}{path}?page={number + 1}&per_page={size}{others}>; rel="next"'}
