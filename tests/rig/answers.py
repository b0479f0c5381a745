"""The world in GitHub's JSON: the smallest documented answer, filled with what stands there."""

from __future__ import annotations

import base64
import copy
import hashlib
from typing import Any

from tests.rig.description import description
from tests.rig.repository import DiffFile
from tests.rig.world import (
    APP_ID,
    APP_SLUG,
    CLIENT_ID,
    CLIENT_SECRET,
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

Json = dict[str, Any]

FILES_IN_A_COMPARISON = 300


def smallest(schema: str, /, **fields: Any) -> Json:
    """The smallest value of a schema with these fields over it."""
    return copy.deepcopy(description().smallest(schema)) | fields


def user(world: World, login: str) -> Json:
    kind = "Bot" if login.endswith("[bot]") else "User"
    return smallest("simple-user", login=login, id=world.user_id(login), type=kind)


def app(world: World) -> Json:
    owner = user(world, "acme")
    return smallest(
        "integration",
        id=APP_ID,
        slug=APP_SLUG,
        name="Preship",
        owner=owner,
        permissions=dict(world.granted),
        events=list(world.events),
        installations_count=world.installations,
    )


def handed_over(world: World, private_key: str) -> Json:
    """The app as whoever registered it gets it, once."""
    secrets = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "webhook_secret": SECRET, "pem": private_key}
    return app(world) | secrets


def hook_config(world: World) -> Json:
    return smallest("webhook-config", url=world.hook_url, content_type="json", insecure_ssl="0", secret="********")


def account(world: World, login: str) -> Json:
    """Whoever asks, as GitHub describes people to others."""
    return smallest("public-user", login=login, id=world.user_id(login), user_view_type="public")


def installation(world: World, login: str) -> Json:
    return smallest("installation", id=INSTALLATION, account=user(world, "acme"), app_id=APP_ID)


def repository(world: World, repository: Repository) -> Json:
    """A repository as an app sees it."""
    return _repository(world, repository.id, repository.owner, repository.name)


def seen_repository(world: World, repository: Repository, level: str) -> Json:
    """A repository as somebody sees it who may do so much with it."""
    shown = _repository(world, repository.id, repository.owner, repository.name)
    held = {"admin": level == "admin", "push": level in ("admin", "write"), "pull": True}
    return shown | {"permissions": held}


def token(secret: str, expires_at: str, permissions: Any) -> Json:
    return smallest("installation-token", token=secret, expires_at=expires_at, permissions=dict(permissions))


def pull_request(world: World, repository: Repository, pull: Pull) -> Json:
    base_repo = _repository(world, repository.id, repository.owner, repository.name)
    head_repo = _repository(world, repository.id + 1_000_000, pull.fork, repository.name) if pull.fork else base_repo
    head_owner = pull.fork or repository.owner
    return smallest(
        "pull-request",
        url=f"{world.url}/repos/{repository.full_name}/pulls/{pull.number}",
        id=repository.id * 1000 + pull.number,
        number=pull.number,
        title=pull.title,
        state=pull.state,
        draft=pull.draft,
        user=user(world, pull.author),
        head=_end(world, head_repo, head_owner, pull.head_ref, repository.head(pull)),
        base=_end(world, base_repo, repository.owner, pull.base_ref, repository.shown_base(pull)),
    )


def listed_pull_request(world: World, repository: Repository, pull: Pull) -> Json:
    """A pull request in a list."""
    whole = pull_request(world, repository, pull)
    names = ("url", "id", "number", "title", "state", "draft", "user", "head", "base")
    return smallest("pull-request-simple", **{name: whole[name] for name in names})


def full_repository(world: World, repository: Repository) -> Json:
    """A repository as whoever asks for it by name sees it."""
    known = _repository(world, repository.id, repository.owner, repository.name)
    names = ("id", "name", "full_name", "owner", "url")
    return smallest("full-repository", default_branch="main", **{name: known[name] for name in names})


def ref(world: World, repository: Repository, name: str, sha: str) -> Json:
    """A reference of git's."""
    url = f"{world.url}/repos/{repository.full_name}/git/{name}"
    return smallest("git-ref", ref=name, url=url, object={"type": "commit", "sha": sha, "url": url})


def file_commit(world: World, repository: Repository, path: str, text: bytes, sha: str) -> Json:
    """A file that was written, and the commit that did it."""
    file = content(world, repository, path, text)
    url = file["url"]
    file |= {"html_url": url, "git_url": url, "download_url": url, "_links": {"self": url, "git": url, "html": url}}
    del file["content"], file["encoding"]
    return smallest("file-commit", content=file, commit={"sha": sha})


def blob(text: bytes) -> str:
    """What git calls a content."""
    return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()


def content(world: World, repository: Repository, path: str, text: bytes) -> Json:
    """A file, as it stands on a branch."""
    return smallest(
        "content-file",
        type="file",
        encoding="base64",
        name=path.rpartition("/")[2],
        path=path,
        size=len(text),
        sha=blob(text),
        content=base64.encodebytes(text).decode(),
        url=f"{world.url}/repos/{repository.full_name}/contents/{path}",
    )


def branch(world: World, name: str, sha: str) -> Json:
    return smallest("branch-with-protection", name=name, commit=_commit(world, sha))


def _end(world: World, repo: Json, owner: str, ref: str, sha: str) -> Json:
    return {"label": f"{owner}:{ref}", "ref": ref, "sha": sha, "user": user(world, owner), "repo": repo}


def _repository(world: World, number: int, owner: str, name: str) -> Json:
    full_name = f"{owner}/{name}"
    return smallest(
        "repository",
        id=number,
        name=name,
        full_name=full_name,
        owner=user(world, owner),
        url=f"{world.url}/repos/{full_name}",
    )


def comparison(world: World, repository: Repository, base: str, head: str, commits: list[str]) -> Json:
    merge_base = repository.git.merge_base(base, head)
    assert merge_base
    ahead = repository.git.commits(base, head)
    files = [_diff_entry(world, repository, file) for file in repository.git.diff(merge_base, head)]
    return smallest(
        "commit-comparison",
        url=f"{world.url}/repos/{repository.full_name}/compare/{base}...{head}",
        base_commit=_commit(world, base),
        merge_base_commit=_commit(world, merge_base),
        status="ahead" if merge_base == base else "diverged",
        ahead_by=len(ahead),
        behind_by=len(repository.git.commits(head, base)),
        total_commits=len(ahead),
        commits=[_commit(world, sha) for sha in commits],
        files=files[:FILES_IN_A_COMPARISON],
    )


def _commit(world: World, sha: str) -> Json:
    author = user(world, "ada")
    return smallest("commit", sha=sha, author=author, committer=author)


def _diff_entry(world: World, repository: Repository, file: DiffFile) -> Json:
    entry = smallest(
        "diff-entry",
        filename=file.path,
        sha=file.blob,
        status=file.status,
        additions=file.added,
        deletions=file.removed,
        changes=file.added + file.removed,
    )
    if file.old_path:
        entry["previous_filename"] = file.old_path
    if file.patch is not None and file.path not in repository.patches_left_out:
        entry["patch"] = file.patch
    return entry


def review(world: World, review: Review) -> Json:
    return smallest(
        "pull-request-review",
        id=review.id,
        user=user(world, review.author),
        body=review.body,
        state=review.state,
        commit_id=review.commit,
        submitted_at=review.at,
    )


def review_comment(world: World, comment: ReviewComment) -> Json:
    return smallest(
        "pull-request-review-comment",
        id=comment.id,
        user=user(world, comment.author),
        body=comment.body,
        path=comment.path,
        commit_id=comment.commit,
        original_commit_id=comment.commit,
        pull_request_review_id=comment.review,
        created_at=comment.at,
        updated_at=comment.at,
        subject_type="file" if comment.line is None else "line",
        line=1 if comment.line is None else comment.line,
        side=comment.side,
        start_line=comment.start_line,
        start_side=comment.start_side,
        **({"in_reply_to_id": comment.in_reply_to} if comment.in_reply_to else {}),
    )


def comment(world: World, comment: Comment) -> Json:
    return smallest(
        "issue-comment",
        id=comment.id,
        user=user(world, comment.author),
        body=comment.body,
        created_at=comment.at,
        updated_at=comment.at,
    )


def reaction(world: World, number: int, login: str, content: str) -> Json:
    return smallest("reaction", id=number, user=user(world, login), content=content, created_at=world.now())


def check_run(world: World, run: CheckRun) -> Json:
    return smallest(
        "check-run",
        id=run.id,
        name=run.name,
        head_sha=run.head_sha,
        external_id=run.external_id,
        status=run.status,
        conclusion=run.conclusion,
        started_at=run.at,
        completed_at=run.completed_at,
        output={
            "title": run.title,
            "summary": run.summary,
            "text": None,
            "annotations_count": 0,
            "annotations_url": "",
        },
        app=app(world) | {"slug": run.app},
        check_suite={"id": 5},
        pull_requests=[],
    )


def permission(world: World, login: str, level: str) -> Json:
    return smallest(
        "repository-collaborator-permission",
        permission=level,
        role_name=level,
        user=smallest("collaborator", login=login, id=world.user_id(login)),
    )


def hook_delivery(delivery: HookDelivery) -> Json:
    return smallest(
        "hook-delivery-item",
        id=delivery.id,
        guid=delivery.guid,
        delivered_at=delivery.at.isoformat().replace("+00:00", "Z"),
        redelivery=delivery.is_again,
        status="OK" if delivery.status < 300 else "failed",
        status_code=delivery.status,
        event=delivery.event,
        action=delivery.payload.get("action"),
    )


def error(message: str, **fields: Any) -> Json:
    return {"message": message, "documentation_url": "https://docs.github.com/rest", **fields}
