"""The pages of the service in a browser: in both schemes, on a phone, by axe, with a clean console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from preship.bot.store.deliveries import State
from preship.bot.store.history import DismissalRow
from preship.bot.store.store import open_store
from tests.browser import browser
from tests.e2e.app import files
from tests.e2e.looks import assert_fine, watched
from tests.e2e.service import Service, eventually
from tests.rig.github import Rig, RigRepository

PAGES = ("", "rules", "rules/missing-authentication", "rules/no-such-rule", "sign-in", "no/such/page")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def test_every_public_page_is_readable_in_both_schemes_on_a_phone_too(chromium: Browser, service: Service) -> None:
    with watched(chromium) as (page, said):
        for path in PAGES:
            answer = page.goto(f"{service.url}/{path}")
            assert answer is not None
            assert answer.status == (404 if "no" in path.split("/")[-1] or "such" in path else 200), path
            assert_fine(page)
    # Of a page that is not there, the browser itself says that it is not.
    assert [text for text in said if "404" not in text] == []


def test_a_keyboard_alone_leads_from_the_front_page_to_a_rule(chromium: Browser, service: Service) -> None:
    page = chromium.new_page()
    page.goto(service.url)
    for name in ("Rules", "No authentication"):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip().startswith(name):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith("/rules/missing-authentication")
    page.close()


@pytest.fixture
def reviewed(rig: Rig, service: Service) -> RigRepository:
    """A repository of ada's with a pull request that was reviewed."""
    repository = rig.repository(files("main"))
    repository.stored.permissions["ada"] = "write"
    repository.push("feature", files("feature"))
    number = repository.open_pull_request("feature")
    event = repository.pull_request_event(number, "opened")
    assert rig.deliver(service.webhook, "pull_request", event, delivery="the-delivery") == 202
    runs = repository.check_runs
    eventually(lambda: any(run.conclusion for run in runs(repository.head(number))), "concluded", service.is_running)
    return repository


def visit(page: Page, rig: Rig, service: Service, path: str = "reviews") -> None:
    """Open a page as somebody who has to sign in first."""
    rig.world.callback_urls = (f"{service.url}/sign-in/callback",)
    page.goto(f"{service.url}/{path}")
    page.get_by_role("link", name="Sign in with GitHub").click()
    page.get_by_role("button", name="Authorize as ada").click()


def test_a_review_is_found_with_its_findings_its_steps_and_its_place_on_github(
    chromium: Browser, rig: Rig, service: Service, reviewed: RigRepository
) -> None:
    calls = [call for call in rig.calls() if "/app/hook/" not in call]
    with watched(chromium) as (page, said):
        visit(page, rig, service)
        assert page.url == f"{service.url}/reviews"
        expect(page.get_by_role("img", name="findings in 26 weeks")).to_be_visible()
        assert_fine(page)
        page.get_by_role("link", name="acme/shop#1").click()
        expect(page.get_by_role("link", name="Open on GitHub")).to_have_attribute(
            "href", f"{rig.git_url}/acme/shop/pull/1#pullrequestreview-{reviewed.reviews(1)[0].id}"
        )
        findings, steps = (page.locator("section", has_text=name).inner_text() for name in ("Findings", "Steps"))
        assert "missing-authentication" in findings
        for step in ("Begun", "Code read and judged", "Review posted", "Summary posted", "Check run concluded"):
            assert step in steps
        assert int(page.locator("dt", has_text="API calls").locator("+ dd").inner_text()) == len(calls)
        assert_fine(page)
        page.get_by_role("link", name="acme/shop", exact=True).click()
        expect(page.get_by_role("heading", name="acme/shop")).to_be_visible()
        expect(page.get_by_role("heading", name="Live inventory")).to_be_visible()
        assert_fine(page)
        assert said == []


def test_every_action_of_the_default_branch_is_counted_with_who_may_do_what_by_it(
    chromium: Browser, rig: Rig, service: Service, reviewed: RigRepository, database_url: str
) -> None:
    store = open_store(database_url)
    counted, inventories = str(reviewed.stored.git.resolve("refs/heads/main")), store.inventories
    with watched(chromium) as (page, said):
        visit(page, rig, service, f"repositories/{reviewed.stored.id}")
        page.get_by_role("link", name="See the inventory").click()
        expect(page.get_by_text("Nothing was counted yet")).to_be_visible()
        assert_fine(page)
        page.get_by_role("button", name="Count the actions").click()
        eventually(lambda: inventories.of(reviewed.stored.id) is not None, "counted", service.is_running)
        eventually(lambda: inventories.counting(reviewed.stored.id).state is State.DONE, "done", service.is_running)
        page.reload()
        facts = page.locator("dl.facts").inner_text()
        assert f"{counted[:7]} of main" in facts
        assert "yes 0, no 4, could not see 0" in facts
        rows = [row.inner_text().split("\t") for row in page.locator("table tbody tr").all()]
        guards = "src/lib/editor.ts:7, src/lib/editor.ts:8"
        assert [[" ".join(cell.split()) for cell in row] for row in rows] == [
            [f"{name} src/app/announcements/actions.ts:{line}", "no", "no", "no", "yes; changes announcement", guards]
            for name, line in (("publishAnnouncement", 9), ("pinAnnouncement", 15), ("retractAnnouncement", 21))
        ] + [["/ src/app/page.tsx:1", "no", "yes", "yes", "yes", "src/app/page.tsx:4"]]
        expect(page.get_by_role("link", name="src/lib/editor.ts:7").first).to_have_attribute(
            "href", f"{rig.git_url}/acme/shop/blob/{counted}/src/lib/editor.ts#L7"
        )
        expect(page.get_by_role("button", name="Count again")).to_be_visible()
        assert_fine(page)
        page.get_by_label("What").select_option("Server Actions (3)")
        page.get_by_label("Name or path").fill("PIN")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_text("1 to 1 of 1.")).to_be_visible()
        assert [row.inner_text().split()[0] for row in page.locator("table tbody tr").all()] == ["pinAnnouncement"]
        assert_fine(page)
        page.get_by_label("Open to anonymous callers").select_option("yes (0)")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_text("Nothing matches.")).to_be_visible()
        expect(page.get_by_label("What")).to_have_value("action")
        assert_fine(page)
        page.get_by_role("link", name="Show all 4").click()
        expect(page.get_by_text("1 to 4 of 4.")).to_be_visible()
        page.goto(f"{service.url}/decisions")
        expect(page.get_by_text("counted the actions")).to_be_visible()
        assert said == []
    store.close()


def test_an_inventory_says_what_stands_open_what_could_not_be_seen_or_read_and_why_a_count_failed(
    chromium: Browser, rig: Rig, service: Service, database_url: str
) -> None:
    actions = (
        "'use server'\nimport { prisma } from '../lib/prisma'\nimport { guard } from '@acme/not-here'\n"
        "export async function removePost(id: string) {\n  await prisma.post.delete({ where: { id } })\n}\n"
        "export const removeAll = guard(async () => {\n  await prisma.post.deleteMany()\n})\n"
    )
    repository = rig.repository(
        {
            "package.json": '{"dependencies": {"next": "16", "@prisma/client": "6", "@acme/not-here": "1"}}',
            "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
            "app/actions.ts": actions,
            ".github/preship.yml": "fail-on: nevr\n",
        }
    )
    repository.stored.permissions["ada"] = "write"
    store = open_store(database_url)
    number = repository.stored.id
    with watched(chromium) as (page, said):
        visit(page, rig, service, f"repositories/{number}/inventory")
        page.get_by_role("button", name="Count the actions").click()
        eventually(lambda: store.inventories.of(number) is not None, "counted", service.is_running)
        guid = store.inventories.counting(number).guid
        eventually(lambda: store.inventories.counting(number).state is State.DONE, "done", service.is_running)
        store.deliveries.finish(guid, State.FAILED, "git was away", "git")
        page.reload()
        expect(page.get_by_text("The last count failed: git was away")).to_be_visible()
        removed, removed_all = page.locator("table tbody tr").all()
        assert removed.locator("td").nth(1).inner_text() == "yes; changes post"
        assert removed_all.locator("td").nth(1).inner_text().startswith("could not see")
        assert "yes 1, no 0, could not see 1" in page.locator("dl.facts").inner_text()
        expect(page.locator("section", has_text="Could not read").last).to_contain_text(".github/preship.yml: line 1: ")
        assert_fine(page)
        page.get_by_role("link", name="Its job").click()
        expect(page.get_by_text("Reviews of this pull request")).not_to_be_visible()
        expect(page.get_by_role("link", name="See the inventory")).to_be_visible()
        assert_fine(page)
        page.get_by_role("button", name="Retry").click()
        eventually(lambda: store.inventories.counting(number).state is State.DONE, "again", service.is_running)
        store.database.rows("UPDATE inventories SET matrix = '{}', counted_at = now()")
        page.goto(f"{service.url}/repositories/{number}/inventory")
        expect(page.get_by_text("counted by another version of Preship")).to_be_visible()
        expect(page.get_by_text("Nothing was counted yet")).not_to_be_visible()
        assert_fine(page)
        assert said == []
    store.close()


def test_a_delivery_is_replayed_and_one_that_failed_is_tried_again(
    chromium: Browser, rig: Rig, service: Service, reviewed: RigRepository, database_url: str
) -> None:
    store = open_store(database_url)
    deliveries = store.deliveries
    eventually(lambda: deliveries.recent()[0].state is State.DONE, "done", service.is_running)
    with watched(chromium) as (page, said):
        visit(page, rig, service, "deliveries")
        assert page.url == f"{service.url}/deliveries"
        page.get_by_role("link", name="pull_request opened").click()
        expect(page.get_by_text("concluded: failure")).to_be_visible()
        page.get_by_role("button", name="Replay").click()
        eventually(lambda: {row.state for row in deliveries.recent()} == {State.DONE}, "replayed", service.is_running)
        assert [row.guid.split("-")[0] for row in deliveries.recent()] == ["replay", "the"]
        deliveries.finish("the-delivery", State.FAILED, "git was away", "git")
        page.goto(f"{service.url}/deliveries?failed=true")
        expect(page.get_by_text("git could not bring the code")).to_be_visible()
        assert_fine(page)
        page.get_by_role("button", name="Retry").click()
        eventually(lambda: {row.state for row in deliveries.recent()} == {State.DONE}, "tried", service.is_running)
        page.reload()
        expect(page.get_by_text("this commit is reviewed already")).to_be_visible()
        assert_fine(page)
        page.goto(f"{service.url}/decisions")
        expect(page.get_by_text("replayed a delivery of acme/shop")).to_be_visible()
        assert said == []
    assert len(reviewed.review_comments(1)) == len({comment.body for comment in reviewed.review_comments(1)})
    store.close()


def test_a_decision_says_who_why_and_whether_the_code_still_does_it(
    chromium: Browser, rig: Rig, service: Service, reviewed: RigRepository, database_url: str
) -> None:
    store = open_store(database_url)
    told = store.history.told(reviewed.stored.id, 1)[0]
    row = DismissalRow(told.fingerprint, told.rule, "ada", "shared by the whole team", 1)
    store.history.dismiss(reviewed.stored.id, 1, [row])
    with watched(chromium) as (page, said):
        visit(page, rig, service, "decisions")
        expect(page.get_by_text("ada: shared by the whole team")).to_be_visible()
        expect(page.get_by_text("not reviewed since")).to_be_visible()
        for change, now in ((files("feature"), "still matches"), ({}, "gone")):
            reviewed.rebase("feature", {**change, "README.md": now})
            event = reviewed.pull_request_event(1, "synchronize")
            assert rig.deliver(service.webhook, "pull_request", event) == 202
            eventually(
                lambda: {each.state for each in store.deliveries.recent()} == {State.DONE}, now, service.is_running
            )
            page.reload()
            expect(page.locator(".pill", has_text=now)).to_be_visible()
            assert_fine(page)
        many = [DismissalRow(f"another {n}", told.rule, "ada", f"reason {n}.", n) for n in range(60)]
        store.history.dismiss(reviewed.stored.id, 1, many)
        page.goto(f"{service.url}/decisions")
        expect(page.locator("tbody tr")).to_have_count(50)
        expect(page.get_by_role("heading", name="Done by people")).to_be_visible()
        page.get_by_role("link", name="Older").click()
        expect(page.locator("tbody tr")).to_have_count(11)
        expect(page.get_by_text("ada: shared by the whole team")).to_be_visible()
        expect(page.get_by_role("heading", name="Done by people")).not_to_be_visible()
        assert_fine(page)
        page.get_by_role("link", name="Newer").click()
        expect(page.locator("tbody tr")).to_have_count(50)
        assert said == []
    store.close()
