"""A forge in memory: an honest small body of the protocol, which can fail and die at any of its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from preship.bot.review.forge import ForgeError, Gone
from preship.bot.review.proposal import Proposal, Proposed, TipFile
from preship.bot.review.pull_request import (
    CommentPlace,
    Comparison,
    Conclusion,
    InlineComment,
    PatchedFile,
    PostedComment,
    PostedReview,
    PullRequest,
    Repository,
    Thread,
)

SHOP = Repository(77, "acme", "shop", 5)
HEAD, NEXT, BASE = "a" * 40, "b" * 40, "c" * 40
PULL = PullRequest(SHOP, 3, HEAD, BASE, "main", "ada", is_draft=False, is_open=True, is_fork=False)
PATCH = "@@ -1,2 +1,4 @@\n 'use server'\n+export async function removePost(id) {\n+  await db.delete(id)\n }"
COMPARISON = Comparison("d" * 40, (PatchedFile("app/actions.ts", "app/actions.ts", "modified", PATCH),), True)


class Killed(BaseException):
    """The process died at this instant: nothing of ours may catch it."""


@dataclass
class Check:
    head_sha: str
    external_id: str
    ending: tuple[Conclusion, str] | None = None
    endings: int = 0


@dataclass
class FakeForge:
    """What stands on the pull request."""

    pull: PullRequest = PULL
    compared: Comparison = COMPARISON
    checks: dict[int, Check] = field(default_factory=dict)
    reviews: dict[int, PostedReview] = field(default_factory=dict)
    inline: dict[int, tuple[InlineComment, ...]] = field(default_factory=dict)
    line_comments: dict[int, PostedComment] = field(default_factory=dict)
    file_comments: dict[int, PostedComment] = field(default_factory=dict)
    conversation: dict[int, str] = field(default_factory=dict)
    resolved: set[str] = field(default_factory=set)
    """Threads, named by the order in which they were posted: `t0`, `t1`."""
    answered: set[str] = field(default_factory=set)
    answers: list[tuple[int, str]] = field(default_factory=list)
    """In threads: the first comment and the text."""
    reactions: list[tuple[int, str]] = field(default_factory=list)
    permissions: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda call: None
    """Runs before each call does anything."""
    after: Callable[[str], None] = lambda call: None
    """Runs when the call has done everything but answer."""
    next_id: int = 100
    configuration: bytes | None = None
    """Of the default branch."""
    proposals: dict[int, Proposal] = field(default_factory=dict)
    """Open ones, by number."""
    name: str = SHOP.full_name
    """What the repository is called now."""

    @property
    def repository(self) -> Repository:
        return SHOP

    @property
    def api_calls(self) -> int:
        return len(self.calls)

    def full_name(self) -> str:
        return self._do("full_name", lambda: self.name)

    def organization_configuration(self) -> bytes:
        return b""

    def _do(self, call: str, effect: Callable[[], object] = lambda: None):
        self.calls.append(call)
        self.before(call)
        result = effect()
        self.after(call)
        return result

    def _new(self, library_model: dict, thing: object) -> int:
        self.next_id += 1
        library_model[self.next_id] = thing
        return self.next_id

    def pull_request(self, number: int) -> PullRequest:
        return self._do("pull_request", lambda: self.pull)

    def comparison(self, base_sha: str, head_sha: str) -> Comparison:
        return self._do("comparison", lambda: self.compared)

    def clone_url(self) -> str:
        return "https://fake_forge.example/acme/shop.git"

    def git_authorization(self) -> str | None:
        return None

    def tip_file(self, path: str) -> TipFile:
        return self._do("tip_file", lambda: TipFile(path, "main", BASE, self.configuration))

    def propose(self, proposal: Proposal) -> Proposed:
        def effect() -> Proposed:
            for number, each in self.proposals.items():
                if each.branch == proposal.branch:
                    return Proposed(number, is_new=False)
            self.proposals[len(self.proposals) + 41] = proposal
            return Proposed(len(self.proposals) + 40, is_new=True)

        return self._do("propose", effect)

    def start_check(self, head_sha: str, external_id: str) -> int:
        def effect() -> int:
            for id_, check in self.checks.items():
                if check.external_id == external_id:
                    check.ending = None
                    return id_
            return self._new(self.checks, Check(head_sha, external_id))

        return self._do("start_check", effect)

    def find_check(self, head_sha: str, external_id: str) -> int | None:
        return self._do(
            "find_check",
            lambda: next((id_ for id_, one in self.checks.items() if one.external_id == external_id), None),
        )

    def conclude_check(self, check_id: int, conclusion: Conclusion, title: str, summary: str) -> None:
        def effect() -> None:
            self.checks[check_id].ending = (conclusion, title)
            self.checks[check_id].endings += 1

        self._do("conclude_check", effect)

    def own_reviews(self, number: int) -> Sequence[PostedReview]:
        return self._do("own_reviews", lambda: tuple(self.reviews.values()))

    def own_threads(self, number: int) -> Sequence[Thread]:
        def effect() -> list[Thread]:
            lines = [
                PostedComment(1000 + index, comment.body, comment.path, self.reviews[id_].commit_sha, None)
                for id_, comments in self.inline.items()
                for index, comment in enumerate(comments)
            ]
            posted = [*lines, *self.line_comments.values(), *self.file_comments.values()]
            return [
                Thread(comment, f"t{index}", f"t{index}" in self.resolved, f"t{index}" in self.answered, True)
                for index, comment in enumerate(posted)
            ]

        return self._do("own_threads", effect)

    def turn_threads(self, resolve: Sequence[str], reopen: Sequence[str]) -> None:
        def effect() -> None:
            self.resolved = (self.resolved | set(resolve)) - set(reopen)

        self._do("turn_threads", effect)

    def own_conversation_comments(self, number: int) -> Sequence[PostedComment]:
        return self._do(
            "own_conversation_comments",
            lambda: [PostedComment(id_, body, None, None, None) for id_, body in self.conversation.items()],
        )

    def post_review(self, number: int, head_sha: str, body: str, comments: Sequence[InlineComment]) -> int:
        def effect() -> int:
            id_ = self._new(self.reviews, None)
            self.reviews[id_] = PostedReview(id_, head_sha, body)
            self.inline[id_] = tuple(comments)
            return id_

        return self._do("post_review", effect)

    def post_line_comment(self, number: int, head_sha: str, comment: InlineComment) -> int:
        return self._do(
            "post_line_comment",
            lambda: self._new(self.line_comments, PostedComment(0, comment.body, comment.path, head_sha, None)),
        )

    def post_file_comment(self, number: int, head_sha: str, path: str, body: str) -> int:
        return self._do(
            "post_file_comment",
            lambda: self._new(self.file_comments, PostedComment(0, body, path, head_sha, None)),
        )

    def post_comment(self, number: int, body: str) -> int:
        return self._do("post_comment", lambda: self._new(self.conversation, body))

    def edit_comment(self, comment_id: int, body: str) -> None:
        def effect() -> None:
            if comment_id not in self.conversation:
                raise Gone(404, "Not Found")
            self.conversation[comment_id] = body

        self._do("edit_comment", effect)

    def permission(self, login: str) -> str:
        return self._do("permission", lambda: self.permissions.get(login, "none"))

    def react(self, place: CommentPlace, content: str) -> None:
        def effect() -> None:
            if (place.comment_id, content) not in self.reactions:
                self.reactions.append((place.comment_id, content))

        self._do("react", effect)

    def own_answers(self, number: int, place: CommentPlace) -> Sequence[PostedComment]:
        def effect() -> list[PostedComment]:
            standing = self.conversation if place.thread_id is None else dict(enumerate(self.replies(place)))
            return [PostedComment(id_, body, None, None, None) for id_, body in standing.items()]

        return self._do("own_answers", effect)

    def answer(self, number: int, place: CommentPlace, body: str) -> int:
        def effect() -> int:
            if place.thread_id is None:
                return self._new(self.conversation, body)
            self.answers.append((place.thread_id, body))
            return 0

        return self._do("answer", effect)

    def replies(self, place: CommentPlace) -> list[str]:
        return [body for thread_id, body in self.answers if thread_id == place.thread_id]

    def push(self, head_sha: str) -> None:
        """The pull request has another head."""
        self.pull = replace(self.pull, head_sha=head_sha)


class Nth:
    """Raises once, at the call of this number, counted from 1."""

    def __init__(self, number: int, error: BaseException) -> None:
        self.left = number
        self.error = error

    def __call__(self, call: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error


class On:
    """Raises at every call of this name, or at the first few."""

    def __init__(self, call: str, error: ForgeError | BaseException, times: int = 10**6) -> None:
        self.call, self.error, self.times = call, error, times

    def __call__(self, call: str) -> None:
        if call == self.call and self.times:
            self.times -= 1
            raise self.error
