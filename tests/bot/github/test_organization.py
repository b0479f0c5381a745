"""What an account decides for all its repositories, as GitHub gives it to us: seldom asked, and with little power."""

from __future__ import annotations

import pytest

from preship.bot.github.access import Exchange
from preship.bot.github.forge import github_forges
from preship.bot.github.organization import OrganizationFiles
from preship.bot.review.forge import Unavailable
from preship.bot.review.policy import CONFIGURATION
from preship.bot.review.pull_request import Repository
from tests.bot.github.conftest import Scene
from tests.rig.faults import Failing
from tests.rig.unpaced import Unpaced

TEXT = "fail-on: low\n"
TOKEN = "POST /app/installations/99/access_tokens"
FILE = f"GET /repos/acme/.github/contents/{CONFIGURATION}"


def asked(scene: Scene, files: OrganizationFiles, repository: Repository | None = None) -> bytes:
    return files.configuration(repository or scene.repository.typed, lambda: None)


def test_the_file_is_read_with_a_token_for_that_repository_that_can_only_read(scene: Scene):
    scene.rig.repository({CONFIGURATION: TEXT}, "acme/.github")
    assert asked(scene, OrganizationFiles(scene.rig.access())) == TEXT.encode()
    assert scene.rig.calls() == [TOKEN, FILE]
    assert scene.rig.log[0].body == {
        "repositories": [".github"],
        "permissions": {"metadata": "read", "contents": "read"},
    }


def test_one_answer_serves_all_for_a_while(scene: Scene):
    scene.rig.repository({CONFIGURATION: TEXT}, "acme/.github")
    forges = github_forges(scene.rig.access(), Unpaced(), with_organizations=True)
    first, second = (forges(scene.repository.typed) for _ in range(2))
    assert first.organization_configuration() == second.organization_configuration() == TEXT.encode()
    assert (first.api_calls, second.api_calls) == (2, 0)


def test_a_file_that_changed_is_seen_after_a_while(scene: Scene):
    organization = scene.rig.repository({CONFIGURATION: TEXT}, "acme/.github")
    files = OrganizationFiles(scene.rig.access(), fresh_seconds=0)
    assert asked(scene, files) == TEXT.encode()
    organization.push("main", {CONFIGURATION: "fail-on: never\n"})
    assert asked(scene, files) == b"fail-on: never\n"


def test_an_account_without_such_a_repository_or_file_decides_nothing(scene: Scene):
    files = OrganizationFiles(scene.rig.access(), fresh_seconds=0)
    assert asked(scene, files) == b""
    assert scene.rig.calls() == [TOKEN]
    scene.rig.repository({"profile/README.md": "Hello"}, "acme/.github")
    assert asked(scene, files) == b""


def test_that_repository_itself_is_asked_about_nothing_above_it(scene: Scene):
    organization = scene.rig.repository({CONFIGURATION: TEXT}, "acme/.github")
    assert asked(scene, OrganizationFiles(scene.rig.access()), organization.typed) == b""
    assert scene.rig.calls() == []


def test_a_github_that_is_away_is_no_answer(scene: Scene):
    scene.rig.repository({CONFIGURATION: TEXT}, "acme/.github")
    seen: list[Exchange] = []
    files = OrganizationFiles(scene.rig.access(observe=seen.append))
    scene.rig.fail("POST", "/app/installations", Failing(503))
    with pytest.raises(Unavailable):
        asked(scene, files)
    assert asked(scene, files) == TEXT.encode()
    assert [exchange.outcome for exchange in seen] == ["unavailable", "ok"]


def test_a_server_that_does_not_want_it_asks_nothing(scene: Scene):
    scene.rig.repository({CONFIGURATION: TEXT}, "acme/.github")
    assert scene.forge.organization_configuration() == b""
    assert scene.rig.calls() == []
