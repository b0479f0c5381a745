"""What a review costs: an installation has 5,000 requests an hour for all its repositories."""

from __future__ import annotations

from collections.abc import Mapping

from tests.e2e.app import files
from tests.e2e.service import Service
from tests.e2e.test_review import deliver
from tests.rig.faults import Failing
from tests.rig.github import Rig, RigRepository

MOST_CALLS = 8
"""Of one review, tokens included."""

MANY = {f"src/generated/{number}.ts": f"export const number = {number}\n" for number in range(3_100)}


def calls(rig: Rig) -> list[str]:
    """The requests so far that reviews made: the list of deliveries is asked for once an hour, whatever is reviewed."""
    return [call for call in rig.calls() if call != "GET /app/hook/deliveries"]


def opened(rig: Rig, service: Service, change: Mapping[str, str | bytes | None]) -> tuple[RigRepository, int]:
    repository = rig.repository(files("main"))
    repository.push("invoices", change)
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    return repository, number


def test_a_first_review_costs_eight_calls_at_most_and_so_does_the_next_push(rig: Rig, own_service: Service) -> None:
    repository, number = opened(rig, own_service, files("feature"))
    first = calls(rig)
    assert len(first) <= MOST_CALLS, first
    repository.push("invoices", files("mended"))
    deliver(rig, own_service, repository, number, "synchronize")
    assert len(calls(rig)[len(first) :]) <= MOST_CALLS, calls(rig)[len(first) :]


def test_more_files_than_github_lists_cost_no_call_more_and_hide_no_fault(rig: Rig, own_service: Service) -> None:
    repository, number = opened(rig, own_service, MANY | dict(files("feature")))
    assert len(calls(rig)) <= MOST_CALLS, calls(rig)
    comments = repository.review_comments(number)
    assert {(comment.path, comment.line) for comment in comments} == {
        ("src/app/invoices/actions.ts", 39),
        ("src/app/invoices/actions.ts", 44),
        ("src/app/invoices/actions.ts", 52),
        ("src/app/settings/page.tsx", 10),
    }


def test_a_review_that_github_refuses_loses_no_comment(rig: Rig, service: Service) -> None:
    rig.fail("POST", "/repos/acme/shop/pulls/1/reviews", Failing(422, "Unprocessable Entity"))
    repository, number = opened(rig, service, files("feature"))
    assert {(comment.path, comment.line) for comment in repository.review_comments(number)} == {
        ("src/app/invoices/actions.ts", 39),
        ("src/app/invoices/actions.ts", 44),
        ("src/app/invoices/actions.ts", 52),
        ("src/app/settings/page.tsx", 10),
    }
    assert [review.body != "" for review in repository.reviews(number)].count(True) == 1


def test_a_file_whose_patch_github_does_not_have_is_commented_as_a_whole(rig: Rig, service: Service) -> None:
    rig.fail("POST", "/repos/acme/shop/pulls/1/reviews", Failing(422, "Unprocessable Entity"))
    repository = rig.repository(files("main"))
    repository.stored.patches_left_out.add("src/app/settings/page.tsx")
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    places = [(comment.path, comment.line) for comment in repository.review_comments(number)]
    assert ("src/app/settings/page.tsx", None) in places
    assert len([place for place in places if place[1]]) == 3
