"""A decision that is to hold for its kind, through the real service: from the command to a review that respects it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import browser
from tests.e2e.app import files
from tests.e2e.looks import assert_fine, watched
from tests.e2e.service import Service, eventually
from tests.e2e.test_pages import visit
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository

CONFIGURATION = ".github/preship.yml"
STANDING = "# ours\nfail-on: high  # for now\n"
ASKED = "/preship ignore missing-authentication in src/app/invoices/** -- invoices are public here"
PROPOSED = f"""\
{STANDING}exceptions:
  - rule: missing-authentication
    actions: src/app/invoices/**
    reason: invoices are public here
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def opened(rig: Rig, service: Service) -> RigRepository:
    """A pull request with four faults, reviewed; grace may write, and the owner lets the app push."""
    rig.world.granted = {**rig.world.granted, "contents": "write"}
    repository = rig.repository({**files("main"), CONFIGURATION: STANDING})
    repository.push("invoices", files("feature"))
    repository.stored.permissions |= {"grace": "write", "ada": "read"}
    deliver(rig, service, repository, repository.open_pull_request("invoices"), "opened")
    return repository


def ask(rig: Rig, service: Service, repository: RigRepository, login: str, text: str = ASKED) -> tuple[list[str], str]:
    """Somebody asks in the conversation; the reactions, and the last words of ours there."""
    asked = repository.comment_as(login, 1, text)
    assert rig.deliver(service.webhook, "issue_comment", repository.comment_event(asked)) == 202
    [comment] = [each for each in repository.conversation(1) if each.id == asked]
    eventually(lambda: bool({"+1", "-1"} & set(comment.reactions)), "answered", service.is_running)
    [*_, answer] = [each.body for each in repository.conversation(1) if each.author.endswith("[bot]")]
    return comment.reactions, answer.rpartition("\n\n<!--")[0]


def offered(repository: RigRepository, number: int) -> str:
    return (repository.stored.git.content(repository.head(number), CONFIGURATION) or b"").decode()


def test_an_ignore_for_its_kind_is_offered_merged_and_then_respected(
    chromium: Browser, rig: Rig, service: Service, opened: RigRepository
) -> None:
    reactions, answer = ask(rig, service, opened, "grace")
    assert (reactions, answer) == (
        ["eyes", "+1"],
        "I propose that in #2. It counts once somebody has merged it into `main`.",
    )
    assert offered(opened, 2) == PROPOSED
    # What it offers counts for nobody yet, the pull request that offers it included.
    deliver(rig, service, opened, 2, "opened")
    opened.push("invoices", {"README.md": "again\n"})
    deliver(rig, service, opened, 1, "synchronize")
    [run] = opened.check_runs(opened.head(1))
    assert str(run.title).startswith("4 faults")
    opened.push("main", {CONFIGURATION: offered(opened, 2)})
    opened.close(2)
    opened.push("invoices", {"README.md": "and again\n"})
    deliver(rig, service, opened, 1, "synchronize")
    [run] = opened.check_runs(opened.head(1))
    assert str(run.title).startswith("3 faults")
    assert "invoices are public here (by the configuration)" in opened.conversation(1)[0].body
    _, answer = ask(rig, service, opened, "grace")
    assert answer.startswith("The file says so already: invoices are public here\n\nThis says it in")
    with watched(chromium) as (page, said):
        visit(page, rig, service, "decisions")
        row = page.locator("tr", has_text="src/app/invoices/**")
        expect(row.get_by_text("grace on #1: invoices are public here")).to_be_visible()
        link = row.get_by_role("link", name="#2")
        expect(link).to_have_attribute("href", f"{rig.git_url}/acme/shop/pull/2")
        expect(page.get_by_text("grace proposed an exception of acme/shop")).to_be_visible()
        assert_fine(page)
        assert said == []


def test_asked_by_two_it_is_one_pull_request(rig: Rig, service: Service, opened: RigRepository) -> None:
    opened.stored.permissions["bob"] = "maintain"
    ask(rig, service, opened, "grace")
    assert ask(rig, service, opened, "bob") == (
        ["eyes", "+1"],
        "That is proposed already, in #2. It counts once somebody has merged it into `main`.",
    )
    assert list(opened.stored.pulls) == [1, 2]


def test_who_may_not_write_proposes_nothing(rig: Rig, service: Service, opened: RigRepository) -> None:
    assert ask(rig, service, opened, "mallory") == (["-1"], "Only people with write access may ask that here.")
    assert list(opened.stored.pulls) == [1]


def test_an_app_that_may_not_push_says_what_to_paste(rig: Rig, service: Service, opened: RigRepository) -> None:
    rig.world.granted = {**rig.world.granted, "contents": "read"}
    reactions, answer = ask(rig, service, opened, "grace")
    assert reactions == ["eyes", "-1"]
    assert (
        answer
        == f"""\
I cannot propose that myself: for a branch of its own, the app would need to be granted `contents: write` here.

This says it in `{CONFIGURATION}` of the default branch:

```yaml
{PROPOSED.removeprefix(STANDING)}```"""
    )
    assert list(opened.stored.pulls) == [1]
