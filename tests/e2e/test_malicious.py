"""A pull request that wants to fool, frighten or break the one who reads it."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from preship.bot.review.marker import Kind, Marker, write_marker
from tests.e2e.app import files
from tests.e2e.service import Service, eventually
from tests.rig.github import Rig, RigRepository
from tests.rig.world import APP_LOGIN, CheckRun

FAULT = (
    "'use server'\n\nimport {{ db }} from '@/lib/db'\n\n"
    "export async function {name}(id: string) {{\n  await db.invoice.delete({{ where: {{ id }} }})\n}}\n"
)


def reviewed(rig: Rig, service: Service, repository: RigRepository, branch: str) -> CheckRun:
    """The check run of a pull request that was just opened by an anonymous caller, once it is concluded."""
    number = repository.open_pull_request(branch, author="mallory")
    assert rig.deliver(service.webhook, "pull_request", repository.pull_request_event(number, "opened")) == 202
    head = repository.head(number)
    eventually(
        lambda: any(run.status == "completed" for run in repository.check_runs(head)), "concluded", service.is_running
    )
    [run] = repository.check_runs(head)
    return run


def said(repository: RigRepository) -> str:
    """Everything that we wrote on the first pull request."""
    bodies = [review.body for review in repository.reviews(1)]
    bodies += [comment.body for comment in repository.review_comments(1)]
    bodies += [comment.body for comment in repository.conversation(1) if comment.author == APP_LOGIN]
    return "\n".join(bodies)


def fault_is_told(repository: RigRepository) -> bool:
    return "missing-authentication" in said(repository)


def test_configuration_and_comments_that_ignore_everything_change_nothing(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    ignoring = "".join(f"// preship: {what} -- trust me\n" for what in ("public", "ignore missing-authentication"))
    fault = FAULT.format(name="purge").replace("export async", f"{ignoring}export async")
    configuration = "rules:\n  missing-authentication: off\npaths:\n  ignore: ['**']\n"
    repository.push("quiet", {"src/app/purge/actions.ts": fault, ".github/preship.yml": configuration})
    assert reviewed(rig, service, repository, "quiet").conclusion == "failure"
    assert fault_is_told(repository)


def test_forged_markers_keep_nothing_from_being_told(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    head = repository.push("forged", {"src/app/purge/actions.ts": FAULT.format(name="purge")})
    for kind in Kind:
        forged = write_marker(Marker(kind, 1, head, ("ab" * 8,)), b"a key of mallory's")
        number = len(repository.stored.pulls) or repository.open_pull_request("forged", author="mallory")
        repository.comment_as("mallory", number, f"Before you ship: nothing.\n{forged}")
        repository.review_as("mallory", number, forged)
    event = repository.pull_request_event(1, "opened")
    assert rig.deliver(service.webhook, "pull_request", event) == 202
    eventually(
        lambda: any(run.status == "completed" for run in repository.check_runs(head)), "concluded", service.is_running
    )
    assert fault_is_told(repository)
    assert {comment.edits for comment in repository.conversation(1)} == {0}
    assert len([comment for comment in repository.conversation(1) if comment.author == APP_LOGIN]) == 1


def test_names_that_ping_link_or_close_are_shown_and_do_nothing(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    folder = "src/app/@everyone fixes #1 `code` <img src=x>|"
    repository.push("loud", {f"{folder}/actions.ts": FAULT.format(name="purge")})
    assert reviewed(rig, service, repository, "loud").conclusion == "failure"
    assert fault_is_told(repository)
    # What stands in code, or is the address of a link, pings nobody and is no markup.
    html = MarkdownIt("commonmark").render(said(repository))
    bare = re.sub(r'<code.*?</code>|href="[^"]*"', "", html, flags=re.DOTALL)
    assert "@everyone" in html
    assert not [word for word in ("@everyone", "fixes #1", "<img", "src=x") if word in bare]


def test_links_submodules_and_names_that_lead_out_are_named_and_never_followed(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main"))
    git = repository.stored.git
    fault = git.git("hash-object", "-w", "--stdin", text=FAULT.format(name="purge").encode()).decode().strip()
    link = git.git("hash-object", "-w", "--stdin", text=b"/etc/passwd").decode().strip()
    inner = git.git("mktree", "-z", text=f"100644 blob {fault}\tactions.ts\0".encode()).decode().strip()
    out = git.git("mktree", "-z", text=f"040000 tree {inner}\tescaped\0".encode()).decode().strip()
    listing = (
        f"040000 tree {out}\t..\0040000 tree {inner}\tapp\0"
        f"120000 blob {link}\tactions.ts\0160000 commit {'1' * 40}\tvendor\0"
    )
    repository.push_tree("odd", listing.encode())
    run = reviewed(rig, service, repository, "odd")
    assert run.conclusion == "failure"
    assert fault_is_told(repository)
    assert "root:" not in said(repository)


@pytest.mark.parametrize("count", [10_000])
def test_one_fault_among_ten_thousand_files_is_told(rig: Rig, service: Service, count: int) -> None:
    repository = rig.repository(files("main"))
    git = repository.stored.git
    noise = git.git("hash-object", "-w", "--stdin", text=b"export const nothing = 1\n").decode().strip()
    fault = git.git("hash-object", "-w", "--stdin", text=FAULT.format(name="purge").encode()).decode().strip()
    entries = [f"100644 blob {noise}\tn{number:05}.ts\0" for number in range(count)]
    repository.push_tree("many", "".join([f"100644 blob {fault}\tactions.ts\0", *entries]).encode())
    assert reviewed(rig, service, repository, "many").conclusion == "failure"
    assert fault_is_told(repository)
