"""The configuration that a review follows: that of the base, whatever the pull request writes into its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.app import files
from tests.e2e.posted import assert_golden, posted
from tests.e2e.service import Service
from tests.e2e.test_review import deliver
from tests.rig.github import Rig, RigRepository

CONFIGURATION = ".github/preship.yml"
ACTIONS = "src/app/invoices/actions.ts"

AT_BASE = """\
fail-on: critical
severity:
  unenforced-session: off
public:
  - actions: src/app/settings/page.tsx:save*
    reason: a demonstration that is reset every night
roles:
  - actions: src/app/invoices/actions.ts:delete*
    role: editor
"""

SWITCHED_OFF = """\
fail-on: never
ignore: ["**"]
severity:
  missing-authentication: of
"""


def opened(rig: Rig, service: Service, at_base: Mapping[str, str], in_change: Mapping[str, str]) -> RigRepository:
    """A repository with a pull request, the first, that was reviewed."""
    repository = rig.repository({**files("main"), **at_base})
    repository.push("invoices", {**files("feature"), **in_change})
    number = repository.open_pull_request("invoices")
    deliver(rig, service, repository, number, "opened")
    return repository


def test_the_base_decides_and_a_change_of_its_own_configuration_is_told(rig: Rig, service: Service) -> None:
    repository = opened(rig, service, {CONFIGURATION: AT_BASE}, {CONFIGURATION: SWITCHED_OFF})
    assert {(comment.path, comment.line) for comment in repository.review_comments(1)} == {
        (ACTIONS, 34),
        (ACTIONS, 39),
        (ACTIONS, 52),
    }
    assert_golden("configured.md", posted(rig, repository, 1))


def test_comments_of_a_pull_request_ignore_nothing_in_it(rig: Rig, service: Service) -> None:
    ignoring = files("feature")[ACTIONS].replace(
        "export async function markPaid",
        "// preship: ignore missing-authentication -- let it pass\nexport async function markPaid",
    )
    repository = opened(rig, service, {}, {ACTIONS: ignoring})
    assert (ACTIONS, 40) in {(comment.path, comment.line) for comment in repository.review_comments(1)}
    [summary] = repository.conversation(1)
    assert "\n- Not obeyed before it is merged: `preship: ignore missing-authentication` at " in summary.body


def test_what_a_comment_at_base_ignores_is_listed_with_its_reason_and_fails_nothing(rig: Rig, service: Service) -> None:
    comment = "// preship: ignore missing-authentication -- the bank calls it, behind @our proxy\n"
    head = "export async function markPaid"
    ignoring = files("feature")[ACTIONS].replace(head, comment + head)
    repository = rig.repository({**files("main"), **files("feature"), ACTIONS: ignoring})
    repository.push("later", {ACTIONS: ignoring.replace("new Date()", "new Date(0)")})
    number = repository.open_pull_request("later")
    deliver(rig, service, repository, number, "opened")
    [run] = repository.check_runs(repository.head(number))
    [summary] = repository.conversation(number)
    assert (repository.review_comments(number), run.history) == ([], ["in_progress", "success"])
    ignored = summary.body.partition("### Ignored\n\n")[2].partition("\n\n")[0]
    assert ignored.startswith("- no authentication in `markPaid` (")
    assert ignored.endswith("): the bank calls it, behind @\u200bour proxy")


def test_a_broken_configuration_at_base_is_told_with_every_mistake_and_never_green(rig: Rig, service: Service) -> None:
    broken = "fail-on: hgh\nignore: app/\npublic:\n  - actions: app/\nroles: [admin]\ndraft: true\n"
    repository = opened(
        rig, service, {CONFIGURATION: broken}, {**dict.fromkeys(files("feature")), "README.md": "# Shop\n"}
    )
    [run] = repository.check_runs(repository.head(1))
    assert run.history == ["in_progress", "neutral"]
    assert run.summary.count(f"`{CONFIGURATION}:") == 5
    assert repository.conversation(1) == []


def test_a_draft_is_reviewed_where_the_base_wants_it(rig: Rig, service: Service) -> None:
    repository = rig.repository({**files("main"), CONFIGURATION: "drafts: true\n"})
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices", draft=True)
    deliver(rig, service, repository, number, "opened")
    assert len(repository.review_comments(number)) == 4


@pytest.mark.parametrize(
    ("at_first", "since", "conclusion"),
    [
        ({}, {CONFIGURATION: "fail-on: never\n"}, "neutral"),
        ({CONFIGURATION: "fail-on: never\n"}, {CONFIGURATION: "fail-on: high\n"}, "failure"),
        ({CONFIGURATION: "ignore: ['**']\n"}, {CONFIGURATION: None}, "failure"),
    ],
)
def test_the_configuration_counts_that_stands_on_the_base_branch_now_and_not_where_the_change_began(
    rig: Rig,
    service: Service,
    at_first: Mapping[str, str],
    since: Mapping[str, str | None],
    conclusion: str,
) -> None:
    repository = rig.repository({**files("main"), **at_first})
    repository.push("invoices", files("feature"))
    number = repository.open_pull_request("invoices")
    repository.push("main", since)
    deliver(rig, service, repository, number, "opened")
    [run] = repository.check_runs(repository.head(number))
    assert (run.conclusion, len(repository.review_comments(number))) == (conclusion, 4)


OWN_PACKAGES = """\
models:
- packages: ["@acme/auth"]
  calls:
    requireMember: {guard: Acme}
- packages: ["@acme/records"]
  members: {records: "acme#records"}
- things: ["acme#records"]
  methods:
    first: {query: read, table: path, key: 0, finds: first}
    erase: {query: delete, table: path, key: 0}
"""

OWN_ACTIONS = """\
'use server'

import { requireMember } from '@acme/auth'
import { records } from '@acme/records'

export async function eraseNote(id: string) {
  await records.notes.erase({ id: String(id) })
}

export async function eraseTheirs(id: string) {
  await requireMember()
  await records.notes.erase({ id: String(id) })
}

export async function eraseOwn(id: string) {
  const member = await requireMember()
  await records.notes.erase({ id: String(id), ownerId: member.id })
}
"""


NOTES = "src/app/notes/actions.ts"


def test_what_packages_do_that_nobody_knows_could_not_be_seen(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    repository.push("notes", {NOTES: OWN_ACTIONS})
    number = repository.open_pull_request("notes")
    deliver(rig, service, repository, number, "opened")
    assert repository.review_comments(number) == []
    [run] = repository.check_runs(repository.head(number))
    assert (run.history[-1], "could not" in run.title) == ("neutral", True)


def test_a_repository_that_teaches_its_own_packages_gets_verdicts_about_them(rig: Rig, service: Service) -> None:
    repository = rig.repository({**files("main"), CONFIGURATION: OWN_PACKAGES})
    repository.push("notes", {NOTES: OWN_ACTIONS})
    number = repository.open_pull_request("notes")
    deliver(rig, service, repository, number, "opened")
    assert {(each.path, each.line) for each in repository.review_comments(number)} == {(NOTES, 7), (NOTES, 12)}
    assert_golden("own_packages.md", posted(rig, repository, number))


def test_an_organization_decides_for_a_repository_that_decides_nothing_itself(
    rig: Rig, database_url: str, tmp_path: Path
) -> None:
    rig.repository({CONFIGURATION: "fail-on: never\n"}, "acme/.github")
    with Service(rig, database_url, tmp_path, PRESHIP_ORGANIZATION_CONFIGURATION="true") as service:
        repository = opened(rig, service, {}, files("feature"))
        [run] = repository.check_runs(repository.head(1))
        assert run.conclusion == "neutral"
        assert repository.review_comments(1)
        repository.push("main", {CONFIGURATION: "fail-on: high\n"})
        repository.rebase("invoices", {**files("feature"), "README.md": "Changed"})
        deliver(rig, service, repository, 1, "synchronize")
        [run] = repository.check_runs(repository.head(1))
        assert run.conclusion == "failure"
