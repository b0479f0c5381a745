"""Each method of the forge, spoken to the rig."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from preship.bot.github.forge import GitHubForge
from preship.bot.review.forge import Gone, NotGranted, Refused, Unavailable
from preship.bot.review.proposal import Proposal, Proposed, TipFile
from preship.bot.review.pull_request import (
    CommentPlace,
    Conclusion,
    InlineComment,
    PatchedFile,
    PostedComment,
    PostedReview,
    PullRequest,
    Side,
    Thread,
)
from tests.bot.github.conftest import Scene
from tests.rig.faults import Dropped, Failing, When
from tests.rig.world import APP_LOGIN


def inline(path: str, line: int, side: Side = Side.RIGHT, start_line: int | None = None) -> InlineComment:
    return InlineComment(path, line, side, start_line, f"about {path}:{line}", "0123456789abcdef")


def test_a_check_run_is_found_by_its_key(scene: Scene) -> None:
    assert scene.forge.find_check(scene.head, "1:2:a:push") is None
    number = scene.forge.start_check(scene.head, "1:2:a:push")
    assert scene.forge.find_check(scene.head, "1:2:a:push") == number


def test_a_pull_request_is_told_as_it_is_now(scene: Scene) -> None:
    repository = scene.repository.typed
    told = PullRequest(repository, scene.number, scene.head, scene.base, "main", "grace", False, True, False)
    assert scene.forge.pull_request(scene.number) == told
    later = scene.repository.push("feature", {"app/more.ts": "export {}\n"})
    scene.repository.close(scene.number)
    now = scene.forge.pull_request(scene.number)
    assert (now.head_sha, now.is_open) == (later, False)


@pytest.mark.parametrize("away", [(), ("/graphql",)])
def test_the_base_is_the_tip_of_its_branch_however_old_the_last_push_is(scene: Scene, away: tuple[str, ...]) -> None:
    tip = scene.repository.push("main", {"README.md": "elsewhere\n"})
    for path in away:
        scene.rig.fail("POST", path, Failing(502, "Bad Gateway"), times=1)
    assert scene.forge.pull_request(scene.number).base_sha == tip


def test_a_pull_request_from_a_fork_is_known_as_one(scene: Scene) -> None:
    head = scene.repository.push("theirs", {"app/x.ts": "export {}\n"}, fork="mallory")
    number = scene.repository.open_pull_request("theirs", fork="mallory", author="mallory", draft=True)
    told = scene.forge.pull_request(number)
    assert (told.head_sha, told.is_fork, told.is_draft, told.author) == (head, True, True, "mallory")


def test_a_comparison_starts_where_the_branches_parted(scene: Scene) -> None:
    tip = scene.repository.push("main", {"README.md": "elsewhere\n"})
    compared = scene.forge.comparison(tip, scene.head)
    assert compared.merge_base_sha == scene.base
    assert compared.is_complete
    assert [(file.path, file.old_path, file.status) for file in compared.files] == [
        ("app/actions.ts", None, "modified"),
        ("lib/auth.ts", None, "modified"),
        ("new name.ts", "old name.ts", "renamed"),
    ]
    hunk = "@@ -1,5 +1,5 @@\n 'use server'\n \n export async function one() {\n-  return 1\n+  return 2\n }"
    assert compared.files[0].patch == hunk


def test_a_patch_that_github_leaves_out_is_none(scene: Scene) -> None:
    scene.repository.stored.patches_left_out.add("app/actions.ts")
    first = scene.forge.comparison(scene.base, scene.head).files[0]
    assert first == PatchedFile("app/actions.ts", None, "modified", None)


def test_a_comparison_of_300_files_or_more_is_incomplete(scene: Scene) -> None:
    files = {f"many/{number:03}.ts": f"export const n = {number}\n" for number in range(301)}
    head = scene.repository.push("many", files)
    compared = scene.forge.comparison(scene.base, head)
    assert (len(compared.files), compared.is_complete) == (300, False)


def test_a_check_run_is_started_once_and_concluded(scene: Scene) -> None:
    number = scene.forge.start_check(scene.head, "key")
    assert scene.forge.start_check(scene.head, "key") == number
    scene.forge.conclude_check(number, Conclusion.NEUTRAL, "Two files could not be read", "In words.")
    [run] = scene.repository.check_runs(scene.head)
    assert (run.name, run.external_id, run.history) == ("preship", "key", ["in_progress", "neutral"])
    assert (run.title, run.summary) == ("Two files could not be read", "In words.")


def test_a_concluded_check_run_goes_back_to_in_progress(scene: Scene) -> None:
    number = scene.forge.start_check(scene.head, "key")
    scene.forge.conclude_check(number, Conclusion.SUCCESS, "Fine", "Fine.")
    assert scene.forge.start_check(scene.head, "key") == number
    assert scene.repository.check_runs(scene.head)[0].history == ["in_progress", "success", "in_progress"]


def test_a_check_run_of_another_app_is_never_taken_for_ours(scene: Scene) -> None:
    theirs = scene.repository.check_run_of("impostor", scene.head, "preship", "key")
    assert scene.forge.start_check(scene.head, "key") != theirs


def test_a_review_stands_with_its_comments_at_their_lines(scene: Scene) -> None:
    comments = [
        inline("app/actions.ts", 4),
        inline("lib/auth.ts", 5, Side.LEFT),
        inline("new name.ts", 5, start_line=3),
    ]
    number = scene.forge.post_review(scene.number, scene.head, "The body.", comments)
    [review] = scene.repository.reviews(scene.number)
    assert (review.id, review.commit, review.body, review.state) == (number, scene.head, "The body.", "COMMENTED")
    standing = [
        (comment.path, comment.line, comment.side, comment.start_line, comment.start_side, comment.body)
        for comment in scene.repository.review_comments(scene.number)
    ]
    assert standing == [
        ("app/actions.ts", 4, "RIGHT", None, None, "about app/actions.ts:4"),
        ("lib/auth.ts", 5, "LEFT", None, None, "about lib/auth.ts:5"),
        ("new name.ts", 5, "RIGHT", 3, "RIGHT", "about new name.ts:5"),
    ]


@pytest.mark.parametrize(
    "comment",
    [
        inline("lib/auth.ts", 20),
        inline("lib/auth.ts", 5, Side.LEFT, start_line=4),
        inline("app/actions.ts", 4, Side.RIGHT, start_line=9),
        inline("lib/auth.ts", 31, start_line=6),
        inline("README.md", 1),
        inline("old name.ts", 1),
    ],
)
def test_one_comment_outside_the_diff_and_github_refuses_the_whole_review(scene: Scene, comment: InlineComment) -> None:
    with pytest.raises(Refused) as refusal:
        scene.forge.post_review(scene.number, scene.head, "The body.", [inline("app/actions.ts", 4), comment])
    assert refusal.value.status == 422
    assert not scene.repository.reviews(scene.number)


def test_a_comment_on_lines_stands_apart_from_any_review(scene: Scene) -> None:
    number = scene.forge.post_line_comment(scene.number, scene.head, inline("new name.ts", 5, start_line=3))
    [comment] = scene.repository.review_comments(scene.number)
    assert (comment.id, comment.path, comment.start_line, comment.line) == (number, "new name.ts", 3, 5)


def test_own_reviews_are_those_of_our_app_oldest_first(scene: Scene) -> None:
    scene.repository.review_as("grace", scene.number, "Looks good")
    first = scene.forge.post_review(scene.number, scene.head, "First", [])
    scene.repository.review_as("preship", scene.number, "I am no bot")
    second = scene.forge.post_review(scene.number, scene.head, "Second", [])
    own = scene.forge.own_reviews(scene.number)
    assert own == (PostedReview(first, scene.head, "First"), PostedReview(second, scene.head, "Second"))


def test_a_pending_review_is_not_posted(scene: Scene) -> None:
    scene.repository.review_as(APP_LOGIN, scene.number, "Draft", state="PENDING")
    assert scene.forge.own_reviews(scene.number) == ()


def test_own_comments_are_found_on_every_page(scene: Scene) -> None:
    for number in range(130):
        scene.repository.comment_as("grace", scene.number, f"Chatter {number}")
    number = scene.forge.post_comment(scene.number, "Before you ship")
    [own] = scene.forge.own_conversation_comments(scene.number)
    assert (own.id, own.body, own.path) == (number, "Before you ship", None)


def test_own_inline_comments_name_the_commit_they_were_posted_on(scene: Scene) -> None:
    scene.forge.post_review(scene.number, scene.head, "Body", [inline("app/actions.ts", 4)])
    number = scene.forge.post_file_comment(scene.number, scene.head, "lib/auth.ts", "About the file")
    scene.repository.push("feature", {"app/actions.ts": "export {}\n"})
    own = scene.forge.own_threads(scene.number)
    assert [(thread.comment.path, thread.comment.commit_sha) for thread in own] == [
        ("app/actions.ts", scene.head),
        ("lib/auth.ts", scene.head),
    ]
    assert (own[1].comment.id, own[1].comment.body) == (number, "About the file")


def test_a_comment_is_edited_in_place(scene: Scene) -> None:
    number = scene.forge.post_comment(scene.number, "First")
    scene.forge.edit_comment(number, "Second")
    [comment] = scene.repository.conversation(scene.number)
    assert (comment.id, comment.body, comment.edits) == (number, "Second", 1)


def test_a_comment_that_was_deleted_is_gone(scene: Scene) -> None:
    with pytest.raises(Gone):
        scene.forge.edit_comment(123, "Second")


def test_a_reaction_is_set_once(scene: Scene) -> None:
    number = scene.repository.comment_as("grace", scene.number, "/preship review")
    for content in ("eyes", "eyes", "+1"):
        scene.forge.react(CommentPlace(number, None), content)
    assert scene.repository.conversation(scene.number)[0].reactions == ["eyes", "+1"]


def test_permission_is_asked_by_login(scene: Scene) -> None:
    scene.repository.stored.permissions["grace"] = "write"
    assert [scene.forge.permission(login) for login in ("grace", "mallory", "nobody-at-all", "odd/../name")] == [
        "write",
        "none",
        "none",
        "none",
    ]


def test_what_is_not_there_is_gone(scene: Scene) -> None:
    with pytest.raises(Gone):
        scene.forge.pull_request(404)
    with pytest.raises(Gone):
        scene.forge.comparison(scene.base, "0" * 40)


def test_a_token_serves_one_repository_with_the_least_permissions(scene: Scene) -> None:
    other = scene.rig.repository({"README.md": "other\n"}, "acme/other")
    forge = scene.forge
    forge.pull_request(scene.number)
    forge.git_authorization()
    asked = [logged.body for logged in scene.rig.log if logged.path.endswith("/access_tokens")]
    assert asked == [
        {
            "repository_ids": [scene.repository.typed.id],
            "permissions": {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"},
        },
        {"repository_ids": [scene.repository.typed.id], "permissions": {"metadata": "read", "contents": "read"}},
    ]
    assert other.typed.id not in asked[0]["repository_ids"]


def test_git_gets_a_token_in_a_header_and_none_in_the_url(scene: Scene) -> None:
    authorization = scene.forge.git_authorization()
    assert authorization
    scheme, _, credentials = authorization.partition(" ")
    user, _, token = base64.b64decode(credentials).decode().partition(":")
    assert (scheme, user) == ("Basic", "x-access-token")
    assert token in scene.rig.world.grants
    assert scene.forge.clone_url() == f"{scene.rig.git_url}/acme/shop.git"


def test_a_whole_review_costs_six_calls_and_two_tokens_an_hour(scene: Scene) -> None:
    forge = scene.forge
    forge.pull_request(scene.number)
    check = forge.start_check(scene.head, "key")
    forge.comparison(scene.base, scene.head)
    forge.git_authorization()
    assert not forge.own_threads(scene.number)
    assert not forge.own_reviews(scene.number)
    forge.post_review(scene.number, scene.head, "Body", [inline("app/actions.ts", 4)])
    assert not forge.own_conversation_comments(scene.number)
    forge.post_comment(scene.number, "Summary")
    forge.conclude_check(check, Conclusion.FAILURE, "One finding", "One.")
    assert scene.rig.calls() == [
        "POST /app/installations/99/access_tokens",
        "POST /graphql",
        "POST /repos/acme/shop/check-runs",
        f"GET /repos/acme/shop/compare/{scene.base}...{scene.head}",
        "POST /app/installations/99/access_tokens",
        "POST /repos/acme/shop/pulls/1/reviews",
        "POST /repos/acme/shop/issues/1/comments",
        f"PATCH /repos/acme/shop/check-runs/{check}",
    ]
    assert forge.api_calls == len(scene.rig.calls())


def comments(threads: Sequence[Thread]) -> list[PostedComment]:
    return [thread.comment for thread in threads]


def state(scene: Scene, forge: GitHubForge) -> list[tuple[bool, bool]]:
    return [(thread.is_resolved, thread.is_answered) for thread in forge.own_threads(scene.number)]


def test_a_thread_knows_whether_it_is_resolved_and_whether_anybody_answered(scene: Scene) -> None:
    scene.forge.post_review(
        scene.number, scene.head, "Body", [inline("app/actions.ts", 4), inline("lib/auth.ts", 5, Side.LEFT)]
    )
    first, second = scene.repository.review_comments(scene.number)
    scene.repository.reply_as("grace", scene.number, first.id, "On purpose")
    scene.repository.resolve_as("grace", scene.number, second.id)
    seen = scene.forge
    seen.pull_request(scene.number)
    assert state(scene, seen) == [(False, True), (True, False)]
    # By REST nobody tells what is resolved; then there is no id to resolve it by either.
    assert state(scene, scene.forge) == [(False, True), (False, False)]
    assert [thread.id for thread in scene.forge.own_threads(scene.number)] == [None, None]


def test_threads_are_resolved_and_opened_again_in_one_request(scene: Scene) -> None:
    scene.forge.post_review(
        scene.number, scene.head, "Body", [inline("app/actions.ts", 4), inline("lib/auth.ts", 5, Side.LEFT)]
    )
    forge = scene.forge
    forge.pull_request(scene.number)
    one, other = (str(thread.id) for thread in forge.own_threads(scene.number))
    forge.turn_threads([one, other], [])
    before = len(scene.rig.calls())
    forge.turn_threads([], [one])
    assert scene.rig.calls()[before:] == ["POST /graphql"]
    forge.pull_request(scene.number)
    assert [thread.is_resolved for thread in forge.own_threads(scene.number)] == [False, True]


def test_a_thread_that_was_deleted_does_not_keep_others_from_being_resolved(scene: Scene) -> None:
    scene.forge.post_review(scene.number, scene.head, "Body", [inline("app/actions.ts", 4)])
    forge = scene.forge
    forge.pull_request(scene.number)
    [thread] = forge.own_threads(scene.number)
    forge.turn_threads(["PRRT_404", str(thread.id)], [])
    assert scene.repository.review_comments(scene.number)[0].resolved_by == APP_LOGIN


def test_an_app_that_may_not_resolve_threads_is_told_so_beforehand(scene: Scene) -> None:
    scene.repository.stored.lets_apps_resolve = False
    scene.forge.post_review(scene.number, scene.head, "Body", [inline("app/actions.ts", 4)])
    forge = scene.forge
    forge.pull_request(scene.number)
    [thread] = forge.own_threads(scene.number)
    assert not thread.may_be_turned
    with pytest.raises(Refused, match="not accessible by integration"):
        forge.turn_threads([str(thread.id)], [])


def test_what_was_seen_with_the_pull_request_is_what_rest_tells(scene: Scene) -> None:
    scene.repository.review_as("grace", scene.number, "Looks good")
    scene.repository.review_as(APP_LOGIN, scene.number, "Draft", state="PENDING")
    scene.repository.review_as("preship", scene.number, "I am no bot")
    scene.repository.comment_as("grace", scene.number, "Chatter")
    scene.forge.post_review(scene.number, scene.head, "Body", [inline("app/actions.ts", 4)])
    scene.forge.post_file_comment(scene.number, scene.head, "lib/auth.ts", "About the file")
    scene.forge.post_comment(scene.number, "Before you ship")
    scene.repository.push("feature", {"app/more.ts": "export {}\n"})
    seen, asked = scene.forge, scene.forge
    seen.pull_request(scene.number)
    before = len(scene.rig.calls())
    told = (
        seen.own_reviews(scene.number),
        comments(seen.own_threads(scene.number)),
        seen.own_conversation_comments(scene.number),
    )
    assert len(scene.rig.calls()) == before
    assert told == (
        asked.own_reviews(scene.number),
        comments(asked.own_threads(scene.number)),
        asked.own_conversation_comments(scene.number),
    )
    assert [len(kind) for kind in told] == [2, 2, 1]


def test_what_does_not_fit_one_page_is_asked_for(scene: Scene) -> None:
    number = scene.forge.post_comment(scene.number, "Before you ship")
    for index in range(100):
        scene.repository.comment_as("grace", scene.number, f"Chatter {index}")
    forge = scene.forge
    forge.pull_request(scene.number)
    assert [comment.id for comment in forge.own_conversation_comments(scene.number)] == [number]


def test_what_was_seen_is_not_believed_after_a_write(scene: Scene) -> None:
    forge = scene.forge
    forge.pull_request(scene.number)
    review = forge.post_review(scene.number, scene.head, "Body", [])
    comment = forge.post_comment(scene.number, "Summary")
    check = forge.start_check(scene.head, "key")
    assert [posted.id for posted in forge.own_reviews(scene.number)] == [review]
    assert [posted.id for posted in forge.own_conversation_comments(scene.number)] == [comment]
    assert forge.start_check(scene.head, "key") == check


def test_a_check_run_that_an_earlier_job_started_is_found(scene: Scene) -> None:
    check = scene.forge.start_check(scene.head, "key")
    forge = scene.forge
    forge.pull_request(scene.number)
    assert forge.start_check(scene.head, "key") == check


def test_a_bot_that_opens_a_pull_request_is_named_as_rest_names_it(scene: Scene) -> None:
    scene.repository.push("bump", {"package.json": "{}\n"})
    number = scene.repository.open_pull_request("bump", author="dependabot[bot]")
    assert scene.forge.pull_request(number).author == "dependabot[bot]"


FILE = ".github/preship.yml"

OFFERED = b"fail-on: low\n"


def proposal(before: TipFile) -> Proposal:
    return Proposal("preship/ignore-x", before, OFFERED, "Ignore x", "as asked", "Let x stand")


@pytest.fixture
def pushing(scene: Scene) -> Scene:
    """The owner lets the app push."""
    scene.rig.world.granted = {**scene.rig.world.granted, "contents": "write"}
    return scene


def test_a_file_of_the_default_branch_is_given_as_it_stands(scene: Scene) -> None:
    assert scene.forge.tip_file(FILE) == TipFile(FILE, "main", scene.base, None)
    tip = scene.repository.push("main", {FILE: "drafts: true\n"})
    told = scene.forge.tip_file(FILE)
    assert (told.commit_sha, told.content) == (tip, b"drafts: true\n")


@pytest.mark.parametrize("standing", [None, "drafts: true\n"])
def test_a_proposal_is_a_branch_with_one_commit_and_a_pull_request(pushing: Scene, standing: str | None) -> None:
    pushing.repository.push("main", {FILE: standing})
    before = pushing.forge.tip_file(FILE)
    proposed = pushing.forge.propose(proposal(before))
    assert proposed == Proposed(2, is_new=True)
    pull = pushing.repository.stored.pulls[2]
    assert (pull.title, pull.body, pull.author, pull.base_ref) == ("Ignore x", "as asked", APP_LOGIN, "main")
    git, head = pushing.repository.stored.git, pushing.repository.head(2)
    assert git.content(head, FILE) == OFFERED
    assert git.resolve(f"{head}^") == before.commit_sha


def test_only_the_token_of_a_proposal_may_push(pushing: Scene) -> None:
    pushing.forge.propose(proposal(pushing.forge.tip_file(FILE)))
    writing = {each.path for each in pushing.rig.log if (each.permissions or {}).get("contents") == "write"}
    assert writing == {f"/repos/acme/shop/{path}" for path in ("pulls", "git/refs", f"contents/{FILE}")}


def test_a_proposal_that_is_open_is_given_and_not_made_again(pushing: Scene) -> None:
    before = pushing.forge.tip_file(FILE)
    pushing.forge.propose(proposal(before))
    assert pushing.forge.propose(proposal(before)) == Proposed(2, is_new=False)
    pushing.repository.close(2)
    assert pushing.forge.propose(proposal(before)) == Proposed(3, is_new=True)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "git/refs"), ("PUT", "contents/.github/preship.yml"), ("POST", "pulls")]
)
@pytest.mark.parametrize("when", list(When))
def test_a_proposal_that_was_broken_off_is_finished_the_next_time(
    pushing: Scene, method: str, path: str, when: When
) -> None:
    before = pushing.forge.tip_file(FILE)
    pushing.rig.fail(method, f"/repos/acme/shop/{path}", Dropped(when))
    with pytest.raises(Unavailable):
        pushing.forge.propose(proposal(before))
    assert pushing.forge.propose(proposal(before)).number == 2
    assert list(pushing.repository.stored.pulls) == [1, 2]
    assert pushing.repository.stored.git.resolve(f"{pushing.repository.head(2)}^") == before.commit_sha


def test_where_nobody_granted_it_nothing_is_proposed(scene: Scene) -> None:
    before = scene.forge.tip_file(FILE)
    with pytest.raises(NotGranted):
        scene.forge.propose(proposal(before))
    assert list(scene.repository.stored.pulls) == [1]


def test_the_name_of_now_is_found_by_the_id(scene: Scene) -> None:
    forge = scene.forge
    scene.repository.rename("store")
    assert forge.full_name() == "acme/store"


def test_a_repository_that_is_not_ours_any_more_has_no_name(scene: Scene) -> None:
    forge = scene.forge
    scene.rig.world.repositories.clear()
    with pytest.raises(Refused):
        forge.full_name()
