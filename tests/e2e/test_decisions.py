"""What people decided about code holds for that code, through the real service."""

from __future__ import annotations

import pytest

from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.e2e.test_incremental import settle
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository
from tests.rig.world import ReviewComment

ACTIONS = "src/app/invoices/actions.ts"
TEXT = files("feature")[ACTIONS]
MARKS = "export async function markPaid"
REASON = "the bank calls it, behind our proxy"
WORDS = f"was ignored by `grace` for what stood here before: {REASON}"
COMMENTED = f"was ignored by a comment in the code for what stood here before: {REASON}"

REWRITTEN = TEXT.replace("markPaid(id: string)", "markPaid(invoice: string)").replace(
    "  await db.invoice.update({ where: { id: Id.parse(id) }, data: { paidAt: new Date() } })",
    """\
  const data = { paidAt: new Date() }
  const where = { id: Id.parse(invoice) }

  // as agreed
  await db.invoice.update({
    data,
    where,
  })""",
)
"""The same with other names and on other lines."""

EXTENDED = TEXT.replace("data: { paidAt: new Date() }", "data: { paidAt: new Date(), total: 0 }")
"""A column more."""


@pytest.fixture
def opened(rig: Rig, service: Service) -> RigRepository:
    """A pull request with four faults, reviewed; grace may write."""
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    repository.stored.permissions["grace"] = "write"
    deliver(rig, service, repository, repository.open_pull_request("invoices"), "opened")
    return repository


def about_marking(repository: RigRepository) -> list[ReviewComment]:
    """Our comments about `markPaid`, oldest first."""
    return [each for each in repository.review_comments(1) if "`markPaid`" in each.body and each.author != "grace"]


def ignore(rig: Rig, service: Service, repository: RigRepository) -> None:
    first = about_marking(repository)[-1]
    asked = repository.reply_as("grace", 1, first.id, f"/preship ignore missing-authentication -- {REASON}")
    event = repository.review_comment_event(1, asked)
    assert rig.deliver(service.webhook, "pull_request_review_comment", event) == 202
    comment = next(each for each in repository.review_comments(1) if each.id == asked)
    eventually(lambda: "+1" in comment.reactions, "ignored", service.is_running)


def summary(repository: RigRepository) -> str:
    [comment] = [each for each in repository.conversation(1) if each.author.endswith("[bot]")]
    return comment.body


def push(rig: Rig, service: Service, repository: RigRepository, text: str) -> str | None:
    """Push, and give the title of the check run."""
    repository.push("invoices", {ACTIONS: text})
    settle(rig, service, repository, 1, "synchronize")
    return repository.check_runs(repository.head(1))[-1].title


def test_a_dismissal_covers_what_was_looked_at_and_returns_with_its_words_when_more_is_done(
    rig: Rig, service: Service, opened: RigRepository
) -> None:
    ignore(rig, service, opened)
    assert push(rig, service, opened, REWRITTEN) == "3 faults to fix in 8 touched Server Actions"
    assert f"{REASON} (by `grace` on this pull request)" in summary(opened)
    assert push(rig, service, opened, EXTENDED) == "4 faults to fix in 8 touched Server Actions"
    assert WORDS in summary(opened)
    assert [WORDS.removeprefix("was") in each.body for each in about_marking(opened)] == [False, True]
    # It is told once, and can be ignored once more.
    assert push(rig, service, opened, f"{EXTENDED}\n// the end\n") == "4 faults to fix in 8 touched Server Actions"
    assert len(about_marking(opened)) == 2
    ignore(rig, service, opened)
    assert push(rig, service, opened, f"{EXTENDED}\n// the very end\n") == "3 faults to fix in 8 touched Server Actions"
    # What was looked at first is part of what was looked at last.
    assert WORDS not in summary(opened)


def test_a_dismissal_is_for_what_was_seen_and_not_for_what_was_pushed_since(
    rig: Rig, service: Service, opened: RigRepository
) -> None:
    opened.push("invoices", {ACTIONS: EXTENDED})
    ignore(rig, service, opened)
    assert WORDS in summary(opened)
    assert opened.check_runs(opened.head(1))[-1].title == "4 faults to fix in 8 touched Server Actions"


def test_a_dismissal_of_an_earlier_version_holds_for_what_the_next_review_finds(
    rig: Rig, service: Service, opened: RigRepository, database_url: str
) -> None:
    import psycopg

    ignore(rig, service, opened)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE dismissals SET operations = NULL")
        connection.execute("DELETE FROM seen_operations")
    assert push(rig, service, opened, REWRITTEN) == "3 faults to fix in 8 touched Server Actions"
    assert push(rig, service, opened, EXTENDED) == "4 faults to fix in 8 touched Server Actions"
    assert WORDS in summary(opened)


def test_what_was_ignored_on_its_pull_request_stops_a_queue_only_where_more_is_done(
    rig: Rig, service: Service, opened: RigRepository
) -> None:
    ignore(rig, service, opened)
    titles = []
    for number, text in enumerate((TEXT, EXTENDED)):
        branch = f"gh-readonly-queue/main/pr-1-{number}"
        head = opened.push(branch, {**files("feature"), ACTIONS: text, "number.txt": str(number)})
        event = opened.merge_group_event(f"refs/heads/{branch}")
        assert rig.deliver(service.webhook, "merge_group", event) == 202
        eventually(lambda head=head: any(run.conclusion for run in opened.check_runs(head)), "judged")  # type: ignore[misc]
        titles.append(opened.check_runs(head)[-1].title)
    assert titles == ["3 faults to fix in 8 touched Server Actions", "4 faults to fix in 8 touched Server Actions"]


def later(rig: Rig, service: Service, above: str, text: str) -> RigRepository:
    """A pull request that edits `markPaid` where a comment stands above it on the base branch."""
    commented = TEXT.replace(MARKS, f"{above}\n{MARKS}")
    repository = rig.repository({**files("main"), **files("feature"), ACTIONS: commented})
    repository.push("later", {ACTIONS: text.replace(MARKS, f"{above}\n{MARKS}")})
    deliver(rig, service, repository, repository.open_pull_request("later"), "opened")
    return repository


@pytest.mark.parametrize(("text", "conclusion"), [(REWRITTEN, "success"), (EXTENDED, "failure")])
def test_a_comment_that_ignores_covers_what_stood_under_it(
    rig: Rig, service: Service, text: str, conclusion: str
) -> None:
    above = f"// preship: ignore missing-authentication -- {REASON}"
    repository = later(rig, service, above, text)
    [run] = repository.check_runs(repository.head(1))
    assert run.conclusion == conclusion
    assert (COMMENTED in summary(repository)) is (conclusion == "failure")


@pytest.mark.parametrize(("text", "conclusion"), [(REWRITTEN, "success"), (EXTENDED, "neutral")])
def test_an_action_that_is_declared_public_and_does_something_new_is_shown(
    rig: Rig, service: Service, text: str, conclusion: str
) -> None:
    repository = later(rig, service, f"// preship: public -- {REASON}", text)
    [run] = repository.check_runs(repository.head(1))
    assert run.conclusion == conclusion
    shown = "\n- ❔ Declared public, and does something new: `markPaid` ("
    assert (shown in summary(repository)) is (conclusion == "neutral")
    assert str(run.title).endswith("1 public action does something new") is (conclusion == "neutral")
