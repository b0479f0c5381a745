"""From a signed webhook to the review that stands on the pull request, through the real service."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from tests.e2e.app import files
from tests.e2e.posted import assert_golden, posted
from tests.e2e.service import Service, eventually
from tests.patience import PATIENCE_SECONDS
from tests.rig.github import Rig, RigRepository


def deliver(rig: Rig, service: Service, repository: RigRepository, number: int, action: str) -> None:
    """Deliver an event about the pull request as it is now, and wait until its head is judged."""
    head = repository.head(number)
    event = repository.pull_request_event(number, action)
    assert rig.deliver(service.webhook, "pull_request", event) == 202
    eventually(
        lambda: any(run.status == "completed" for run in repository.check_runs(head)), "concluded", service.is_running
    )


def test_four_faults_are_told_at_their_lines_and_four_sound_actions_are_left_alone(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    places = {(comment.path, comment.line, comment.side) for comment in repository.review_comments(number)}
    assert places == {
        ("src/app/invoices/actions.ts", 39, "RIGHT"),
        ("src/app/invoices/actions.ts", 44, "RIGHT"),
        ("src/app/invoices/actions.ts", 52, "RIGHT"),
        ("src/app/settings/page.tsx", 10, "RIGHT"),
    }
    assert_golden("opened.md", posted(rig, repository, number))


def test_a_second_push_that_mends_two_faults_repeats_nothing(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    said = len(repository.review_comments(number))
    repository.push("invoices", files("mended"))
    deliver(rig, service, repository, number, "synchronize")
    assert len(repository.review_comments(number)) == said
    assert len(repository.conversation(number)) == 1
    assert_golden("mended.md", posted(rig, repository, number))


def test_a_push_that_takes_the_actions_out_again_edits_the_summary_to_say_so(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    repository.push("invoices", {**dict.fromkeys(files("feature")), "README.md": "# Invoices\n"})
    deliver(rig, service, repository, number, "synchronize")
    [summary] = repository.conversation(number)
    assert summary.edits == 1
    assert "this pull request touches no Server Action any more." in summary.body


def test_a_push_that_weakens_only_a_helper_names_the_three_actions_it_lays_bare(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("quieter", files("weakened"))
    number = repository.open_pull_request("quieter")
    deliver(rig, service, repository, number, "opened")
    [comment] = repository.review_comments(number)
    assert comment.path == "src/lib/editor.ts"
    assert all(name in comment.body for name in ("publishAnnouncement", "pinAnnouncement", "retractAnnouncement"))
    assert_golden("weakened.md", posted(rig, repository, number))


def test_a_change_that_touches_no_action_gets_a_green_check_run_and_not_a_word(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("words", {"README.md": "# Invoices\n"})
    number = repository.open_pull_request("words")
    deliver(rig, service, repository, number, "opened")
    [run] = repository.check_runs(repository.head(number))
    assert run.history == ["in_progress", "success"]
    assert (repository.reviews(number), repository.conversation(number)) == ([], [])


def test_the_change_of_a_fork_is_read_from_the_base_repository(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"), fork="mallory")
    number = repository.open_pull_request("invoices", fork="mallory", author="mallory")
    deliver(rig, service, repository, number, "opened")
    assert len(repository.review_comments(number)) == 4


def test_a_service_of_its_own_database_reviews_too(rig: Rig, directory: Path) -> None:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    with Service(rig, None, directory) as service:
        deliver(rig, service, repository, number, "opened")
    assert len(repository.review_comments(number)) == 4


def test_the_review_command_of_a_writer_reviews_again_and_that_of_others_does_not(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("words", {"README.md": "# Invoices\n"})
    number = repository.open_pull_request("words")
    repository.stored.permissions["grace"] = "write"
    for login, last in (("mallory", "-1"), ("grace", "+1")):
        asked = repository.comment_as(login, number, "/preship review")
        assert rig.deliver(service.webhook, "issue_comment", repository.comment_event(asked)) == 202
        comment = next(comment for comment in repository.conversation(number) if comment.id == asked)
        eventually(
            lambda comment=comment, last=last: last in comment.reactions, f"answered {login}", service.is_running
        )
    assert [run.conclusion for run in repository.check_runs(repository.head(number))] == ["success"]


def test_a_comment_links_to_the_page_of_its_rule_which_the_service_serves(
    rig: Rig, database_url: str, tmp_path: Path
) -> None:
    public = "https://preship.example"
    with Service(rig, database_url, tmp_path / "service", PRESHIP_PUBLIC_URL=public) as service:
        repository = rig.repository(files("main"))
        repository.push("invoices", files("feature"))
        number = repository.open_pull_request("invoices")
        deliver(rig, service, repository, number, "opened")
        bodies = [comment.body for comment in repository.review_comments(number)]
        linked = [re.findall(rf"\({public}/(rules/[a-z-]+)\)", body) for body in bodies]
        assert [len(found) for found in linked] == [1] * len(bodies)
        for (address,) in linked:
            page = httpx.get(service.webhook.replace("webhook", address), timeout=PATIENCE_SECONDS)
            assert page.status_code == 200
            assert f"<code>{address.removeprefix('rules/')}</code>" in page.text
