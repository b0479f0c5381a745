"""The `Forge` port, filled with GitHub."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from github.CheckRun import CheckRun

from preship.bot.github import payloads
from preship.bot.github.access import GitHubAccess
from preship.bot.github.organization import OrganizationFiles
from preship.bot.github.overview import Overview, turning
from preship.bot.github.pacing import Ledger, Pacing
from preship.bot.github.proposing import propose, tip_file
from preship.bot.github.session import Session
from preship.bot.github.tokens import Tokens
from preship.bot.review.buttons import BUTTONS
from preship.bot.review.forge import Gone, Unavailable
from preship.bot.review.proposal import Proposal, Proposed, TipFile
from preship.bot.review.pull_request import (
    CommentPlace,
    Comparison,
    Conclusion,
    InlineComment,
    PostedComment,
    PostedReview,
    PullRequest,
    Repository,
    Thread,
)


def github_forges(
    access: GitHubAccess, ledger: Ledger, *, with_organizations: bool = False
) -> Callable[[Repository], GitHubForge]:
    """Give the forge of any repository; tokens are shared between them, so call this once a process.

    `with_organizations`: what an account decides for all its repositories counts.
    """
    tokens, pacing = Tokens(access), Pacing(ledger, access)
    organizations = OrganizationFiles(access) if with_organizations else None
    return lambda repository: GitHubForge(
        access, Session(access, tokens, pacing, repository), repository, organizations
    )


class GitHubForge:
    """One repository on GitHub. Make a new one for each job: it counts that job's requests."""

    def __init__(
        self,
        access: GitHubAccess,
        session: Session,
        repository: Repository,
        organizations: OrganizationFiles | None = None,
    ) -> None:
        self._access = access
        self._organizations = organizations
        self._session = session
        self._repository = repository
        self._seen: Overview | None = None
        """What `pull_request` saw last, less what our own writes have changed since."""

    @property
    def repository(self) -> Repository:
        """Which one."""
        return self._repository

    @property
    def api_calls(self) -> int:
        """Requests to GitHub's API so far, those for tokens included."""
        return self._session.api_calls

    def full_name(self) -> str:
        """What the repository is called now; asked with its token, which is made for its id."""
        return self._session.full_name()

    def pull_request(self, number: int) -> PullRequest:
        """Its state now. What stands on it comes in the same request, and answers the questions that follow."""
        try:
            self._seen = self._session.overview(number, self._access.check_name)
        except Unavailable:
            # GraphQL has bad minutes of its own; REST is asked more often, and repeats itself.
            self._seen = None
            return self._pull_request_by_rest(number)
        return self._seen.pull_request

    def _pull_request_by_rest(self, number: int) -> PullRequest:
        pull = self._session.read(lambda repo: repo.get_pull(number).complete())
        tip = None
        # A branch that is gone has no tip.
        with suppress(Gone):
            tip = self._session.read(lambda repo: repo.get_branch(pull.base.ref).commit.sha)
        return payloads.pull_request(self._repository, pull, tip)

    def comparison(self, base_sha: str, head_sha: str) -> Comparison:
        """The three-dot comparison of two commits."""
        # One commit a page: the files come with the first page, and the commits are of no use to us.
        return self._session.read(
            lambda repo: payloads.comparison(repo.compare(base_sha, head_sha, comparison_commits_per_page=1))
        )

    def organization_configuration(self) -> bytes:
        """What the repository's account decides for all its repositories; empty where it decides nothing."""
        if self._organizations is None:
            return b""
        return self._session.beside(self._organizations.configuration)

    def clone_url(self) -> str:
        """Where git fetches the repository, without credentials."""
        owner, name = quote(self._repository.owner, safe=""), quote(self._repository.name, safe="")
        return f"{self._access.git_url.rstrip('/')}/{owner}/{name}.git"

    def git_authorization(self) -> str | None:
        """Basic authentication with a token that can only read."""
        # https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
        credentials = f"x-access-token:{self._session.git_token()}"
        return f"Basic {base64.b64encode(credentials.encode()).decode()}"

    def tip_file(self, path: str) -> TipFile:
        """A file at the tip of the default branch."""
        return tip_file(self._session, path)

    def propose(self, proposal: Proposal) -> Proposed:
        """Open a pull request that offers a change; the one that is open for it already is given."""
        session = self._session.for_proposals()
        try:
            return propose(session, self._repository, proposal)
        finally:
            self._session.api_calls += session.api_calls

    def start_check(self, head_sha: str, external_id: str) -> int:
        """Show a check run in progress; the one with this `external_id` is reused. Gives its id."""
        standing = self._check_run(head_sha, external_id)
        self._forget("checks")
        if standing is None:
            content = {"name": self._access.check_name, "head_sha": head_sha, "external_id": external_id}
            return self._session.write("POST", "/check-runs", content | {"status": "in_progress"})
        if standing.status != "in_progress":
            self._session.write("PATCH", f"/check-runs/{standing.id}", {"status": "in_progress"})
        return standing.id

    def find_check(self, head_sha: str, external_id: str) -> int | None:
        """The id of our check run with this `external_id`, if it stands."""
        standing = self._check_run(head_sha, external_id)
        return standing.id if standing else None

    def conclude_check(self, check_id: int, conclusion: Conclusion, title: str, summary: str) -> None:
        """End a check run."""
        self._forget("checks")
        content: dict[str, Any] = {
            "status": "completed",
            "conclusion": conclusion.value,
            "completed_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "output": {"title": title, "summary": summary},
        }
        if conclusion is not Conclusion.CANCELLED:
            content["actions"] = [asdict(button) for button in BUTTONS]
        self._session.write("PATCH", f"/check-runs/{check_id}", content)

    def own_reviews(self, number: int) -> Sequence[PostedReview]:
        """Reviews that our app has posted on the pull request, oldest first."""
        if (seen := self._seen_of(number)) and seen.reviews is not None:
            return seen.reviews
        own = self._session.own_login()
        return self._session.read(lambda repo: payloads.posted_reviews(repo.get_pull(number).get_reviews(), own))

    def own_threads(self, number: int) -> Sequence[Thread]:
        """What our app has posted on lines and files of the pull request; its answers to others are no threads."""
        if (seen := self._seen_of(number)) and seen.threads is not None:
            return seen.threads
        own = self._session.own_login()
        return self._session.read(
            lambda repo: payloads.posted_threads(repo.get_pull(number).get_review_comments(), own)
        )

    def turn_threads(self, resolve: Sequence[str], reopen: Sequence[str]) -> None:
        """Resolve threads, and open others again, all at once; what somebody deleted meanwhile is left out."""
        self._forget("threads")
        ids = {f"t{index}": id_ for index, id_ in enumerate([*resolve, *reopen])}
        with suppress(Gone):
            self._session.mutate(turning(resolve, reopen), ids)

    def own_conversation_comments(self, number: int) -> Sequence[PostedComment]:
        """Comments of our app in the pull request's conversation."""
        if (seen := self._seen_of(number)) and seen.conversation is not None:
            return seen.conversation
        own = self._session.own_login()
        return self._session.read(
            lambda repo: payloads.posted_in_conversation(repo.get_issue(number).get_comments(), own)
        )

    def post_review(self, number: int, head_sha: str, body: str, comments: Sequence[InlineComment]) -> int:
        """Post one review, which neither approves nor requests changes. Gives its id."""
        self._forget("reviews", "threads")
        content = {
            "commit_id": head_sha,
            "event": "COMMENT",
            "body": body,
            "comments": [payloads.review_comment(comment) for comment in comments],
        }
        return self._session.write("POST", f"/pulls/{number}/reviews", content)

    def post_line_comment(self, number: int, head_sha: str, comment: InlineComment) -> int:
        """Post one comment on lines of the diff, apart from any review. Gives its id."""
        self._forget("reviews", "threads")
        content = {"commit_id": head_sha, **payloads.review_comment(comment)}
        return self._session.write("POST", f"/pulls/{number}/comments", content)

    def post_file_comment(self, number: int, head_sha: str, path: str, body: str) -> int:
        """Post one comment on a whole file. Gives its id."""
        self._forget("reviews", "threads")
        content = {"commit_id": head_sha, "path": path, "body": body, "subject_type": "file"}
        return self._session.write("POST", f"/pulls/{number}/comments", content)

    def post_comment(self, number: int, body: str) -> int:
        """Post in the conversation. Gives the comment's id."""
        self._forget("conversation")
        return self._session.write("POST", f"/issues/{number}/comments", {"body": body})

    def edit_comment(self, comment_id: int, body: str) -> None:
        """Replace a conversation comment of ours."""
        self._forget("conversation")
        self._session.write("PATCH", f"/issues/comments/{comment_id}", {"body": body})

    def permission(self, login: str) -> str:
        """`admin`, `write`, `read` or `none`."""
        try:
            return self._session.read(lambda repo: repo.get_collaborator_permission(login))
        except Gone:
            return "none"

    def react(self, place: CommentPlace, content: str) -> None:
        """React to somebody's comment: `eyes`, `+1`, `-1`."""
        kind = "issues" if place.thread_id is None else "pulls"
        self._session.write("POST", f"/{kind}/comments/{place.comment_id}/reactions", {"content": content})

    def own_answers(self, number: int, place: CommentPlace) -> Sequence[PostedComment]:
        """What our app has written where a comment stands: in its thread, or in the conversation."""
        if place.thread_id is None:
            return self.own_conversation_comments(number)
        own, first = self._session.own_login(), place.thread_id
        return self._session.read(
            lambda repo: payloads.posted_in_thread(repo.get_pull(number).get_review_comments(), own, first)
        )

    def answer(self, number: int, place: CommentPlace, body: str) -> int:
        """Write where a comment stands. Gives the id of what was written."""
        if place.thread_id is None:
            return self.post_comment(number, body)
        self._forget("threads", "reviews")
        return self._session.write("POST", f"/pulls/{number}/comments/{place.thread_id}/replies", {"body": body})

    def _check_run(self, head_sha: str, external_id: str) -> CheckRun | None:
        """Our check run of this key, if it stands. Other apps may use our name and our key: only ours can be edited."""
        seen = self._seen.checks if self._seen and self._seen.pull_request.head_sha == head_sha else None
        if seen is not None and external_id not in seen:
            return None
        own = self._session.own_login().removesuffix("[bot]")
        name = self._access.check_name
        return self._session.read(
            lambda repo: next(
                (
                    run
                    for run in repo.get_commit(head_sha).get_check_runs(check_name=name, filter="all")
                    if run.external_id == external_id and run.app.slug == own
                ),
                None,
            )
        )

    def _seen_of(self, number: int) -> Overview | None:
        return self._seen if self._seen and self._seen.pull_request.number == number else None

    def _forget(self, *kinds: str) -> None:
        """To be called before a write: whatever becomes of it, what was seen of its kind is no longer sure."""
        if self._seen:
            unknown: dict[str, Any] = dict.fromkeys(kinds)
            self._seen = replace(self._seen, **unknown)
