"""One hole is one comment, however many actions show it, through the real service."""

from __future__ import annotations

import pytest

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.e2e.test_incremental import settle
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository

REMOVAL = """\
import { prisma } from './db'

export async function removePost(id: string) {
  await prisma.post.delete({ where: { id: String(id) } })
}
"""

NAMES = ("deleteDraft", "deleteOld", "deleteSpam")


def actions(*names: str) -> str:
    """A file whose actions all call the helper and ask nobody."""
    head = "'use server'\nimport { removePost } from '../lib/removal'\n"
    return head + "".join(
        f"\nexport async function {name}(id: string) {{\n  await removePost(id)\n}}\n" for name in names
    )


@pytest.fixture
def opened(rig: Rig, service: Service) -> RigRepository:
    """A pull request with three actions that come to one unguarded line, reviewed; grace may write."""
    repository = rig.repository(files("main", "blog"))
    repository.stored.permissions["grace"] = "write"
    repository.push("cleaning", {"lib/removal.ts": REMOVAL, "app/cleaning.ts": actions(*NAMES)})
    number = repository.open_pull_request("cleaning")
    deliver(rig, service, repository, number, "opened")
    return repository


def title(repository: RigRepository) -> str | None:
    return repository.check_runs(repository.head(1))[-1].title


def test_actions_that_come_to_one_unguarded_line_are_one_comment_where_that_line_stands(opened: RigRepository) -> None:
    [comment] = opened.review_comments(1)
    assert (comment.path, comment.line) == ("lib/removal.ts", 4)
    assert comment.body.startswith(
        "**Anyone on the internet can delete from `post`.** `deleteDraft` deletes from `post`"
    )
    assert "\n\nThe same holds for `deleteOld` and `deleteSpam`, through [`lib/removal.ts:4`](" in comment.body
    [summary] = opened.conversation(1)
    assert summary.body.startswith("❌ **Before you ship:** 1 fault to fix in 3 touched Server Actions.\n\n")
    assert summary.body.count("- ❌") == 1
    assert "as well as `deleteOld` and `deleteSpam`" in summary.body


def test_a_group_that_shrinks_repeats_nothing_and_its_thread_is_resolved_with_the_last_of_it(
    rig: Rig, service: Service, opened: RigRepository
) -> None:
    for left, resolved, said in (
        (NAMES[1:], None, "1 fault to fix in 2 touched Server Actions"),
        ((), "preship[bot]", "No Server Action is touched"),
    ):
        opened.push("cleaning", {"app/cleaning.ts": actions(*left) if left else None})
        settle(rig, service, opened, 1, "synchronize")
        [comment] = opened.review_comments(1)
        assert (comment.resolved_by, title(opened)) == (resolved, said)


def test_a_group_that_grows_is_told_of_its_new_members_alone(rig: Rig, service: Service, opened: RigRepository) -> None:
    opened.push("cleaning", {"app/cleaning.ts": actions(*NAMES, "deleteAll")})
    settle(rig, service, opened, 1, "synchronize")
    _, second = opened.review_comments(1)
    assert second.body.startswith("**Anyone on the internet can delete from `post`.** `deleteAll` ")
    assert not any(name in second.body for name in NAMES)
    assert title(opened) == "1 fault to fix in 4 touched Server Actions"


def test_who_dismisses_a_group_dismisses_all_of_it(rig: Rig, service: Service, opened: RigRepository) -> None:
    [comment] = opened.review_comments(1)
    asked = opened.reply_as("grace", 1, comment.id, "/preship ignore missing-authentication -- a nightly job")
    event = opened.review_comment_event(1, asked)
    assert rig.deliver(service.webhook, "pull_request_review_comment", event) == 202
    reply = next(each for each in opened.review_comments(1) if each.id == asked)
    eventually(lambda: "+1" in reply.reactions, "ignored", service.is_running)
    assert title(opened) == "Nothing to fix in 3 touched Server Actions"
    [summary] = opened.conversation(1)
    assert summary.body.count("a nightly job (by `grace` on this pull request)") >= 3
    assert "- ❌" not in summary.body
