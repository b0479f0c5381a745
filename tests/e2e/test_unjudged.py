"""What a pull request touches and nobody can judge: named on the pull request, and never green."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.analyzers.test_budget import BRANCHING, HEAD, LIBRARY, WIPE, action
from tests.e2e.service import Service
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository

BIG = HEAD + WIPE + "// long\n" * 300_000
CUT_SHORT = HEAD + "export async function wipe(id: string {\n" + "  if (id ==> {{{ }\n" * 3


def opened(rig: Rig, service: Service, in_change: Mapping[str, str], configuration: str = "") -> RigRepository:
    """A repository with a pull request, the first, that was reviewed."""
    repository = rig.repository({**LIBRARY, **({".github/preship.yml": configuration} if configuration else {})})
    repository.push("change", in_change)
    deliver(rig, service, repository, repository.open_pull_request("change"), "opened")
    return repository


@pytest.mark.parametrize(
    ("text", "reason"), [(BIG, "larger than 2 MB"), (CUT_SHORT, "read in part: line")], ids=["too large", "no code"]
)
def test_an_action_file_that_cannot_be_read_is_named_as_touched_and_not_judged(
    rig: Rig, service: Service, text: str, reason: str
) -> None:
    repository = opened(rig, service, {"app/big.ts": text})
    [run] = repository.check_runs(repository.head(1))
    assert (run.conclusion, run.title) == ("neutral", "1 touched file could not be judged")
    [summary] = repository.conversation(1)
    assert "1 touched file could not be judged.\n\n- ❔ [`app/big.ts`](" in summary.body
    assert f") was not judged: {reason}" in summary.body


@pytest.mark.parametrize(("wanted", "conclusion"), [("failure", "failure"), ("neutral", "neutral")])
def test_the_repository_decides_how_the_check_ends_where_something_was_not_judged(
    rig: Rig, service: Service, wanted: str, conclusion: str
) -> None:
    repository = opened(rig, service, {"app/big.ts": BIG}, f"unseen: {wanted}\nfail-on: never\n")
    [run] = repository.check_runs(repository.head(1))
    assert run.conclusion == conclusion


def test_heavy_actions_are_counted_in_the_title_and_hide_no_other_file(rig: Rig, service: Service) -> None:
    heavy = HEAD + "".join(action(f"heavy{number}", BRANCHING) for number in range(3))
    repository = opened(rig, service, {"app/a.ts": heavy, "app/z.ts": HEAD + WIPE})
    [run] = repository.check_runs(repository.head(1))
    assert (run.conclusion, run.title) == (
        "failure",
        "1 fault to fix in 4 touched Server Actions, 3 actions could not be judged in full",
    )
    assert {comment.path for comment in repository.review_comments(1)} == {"app/z.ts"}
