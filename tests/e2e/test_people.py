"""Who may see and do what by the pages: people see what they see on GitHub; of the rest not even that it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi.routing import APIRoute, APIRouter

from preship.bot.app import create_app
from preship.bot.settings import load_settings
from preship.bot.store.deliveries import Delivery
from preship.bot.store.reviews import Key
from preship.bot.store.store import Store, open_store
from tests.e2e.service import Service
from tests.e2e.visits import begun, csrf, signed_in, visitor
from tests.rig.github import Rig
from tests.rig.world import INSTALLATION

PUBLIC = {
    "/": "how the service is, without a name",
    "/healthz": "for monitors",
    "/intakez": "for monitors",
    "/readyz": "for monitors",
    "/metrics": "for monitors",
    "/webhook": "every delivery is signed",
    "/rules": "the same everywhere",
    "/rules/{rule_id}": "the same everywhere",
    "/sign-in": "leads to GitHub",
    "/sign-in/github": "leads to GitHub",
    "/sign-in/callback": "ends what this browser began, or nothing",
}
OPERATORS = {"/setup", "/setup/registered", "/setup/test", "/setup/rotate", "/setup/heard"}
OWNED = (
    "/repositories/{repository}",
    "/repositories/{repository}/inventory",
    "/reviews/{review}",
    "/deliveries/{guid}",
)
OWNED_FORMS = (
    "/deliveries/{guid}/retry",
    "/deliveries/{guid}/replay",
    "/repositories/{repository}/inventory/count",
)
LISTS = ("/reviews", "/deliveries", "/decisions", "/operation")


@dataclass(frozen=True)
class Place:
    """A repository that ada may write, bob may not see, and carol may read, with what was done for it."""

    rig: Rig
    service: Service
    store: Store
    repository: int
    review: int
    guid: str = "delivery-of-ada"

    def fill(self, path: str) -> str:
        return path.format(repository=self.repository, review=self.review, guid=self.guid)


@pytest.fixture
def place(rig: Rig, service: Service, database_url: str) -> Iterator[Place]:
    rig.world.people = ("ada", "bob", "carol")
    repository = rig.repository({"README.md": "Hello"}, "acme/secret-plans").stored
    repository.permissions |= {"ada": "write", "carol": "read"}
    rig.repository({"README.md": "Hello"}, "acme/public-site").stored.permissions |= {"bob": "admin"}
    store = open_store(database_url)
    delivery = Delivery(
        "delivery-of-ada",
        "pull_request",
        "opened",
        repository.id,
        repository.full_name,
        INSTALLATION,
        1,
        "a" * 40,
        "ada",
        "push",
    )
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO deliveries (guid, event, action, repository_id, repository, installation, number, head_sha,"
            " actor, trigger, state, reason, cause) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'failed', 'gone',"
            " 'git')",
            (
                delivery.guid,
                delivery.event,
                delivery.action,
                delivery.repository_id,
                delivery.repository,
                delivery.installation,
                delivery.number,
                delivery.head_sha,
                delivery.actor,
                delivery.trigger,
            ),
        )
    review = store.reviews.begin(Key(repository.id, 1, "a" * 40, "push"), repository.full_name)
    store.reviews.failed(review, "neutral", "git could not bring the code of secret-plans")
    yield Place(rig, service, store, repository.id, review.id)
    store.close()


def test_every_route_is_public_an_operators_or_asks_whose_things_are_looked_at():
    known = {*PUBLIC, *OPERATORS, *LISTS, "/sign-out"}
    known |= {path.replace("{repository}", "{repository_id}").replace("{review}", "{review_id}") for path in OWNED}
    known |= {path.replace("{repository}", "{repository_id}") for path in OWNED_FORMS}
    served = {route.path for route in routes(create_app(load_settings({})).router)}
    assert served == known


def routes(router: APIRouter) -> Iterator[APIRoute]:
    """The routes of a router, and of those in it."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from routes(inner)


@pytest.mark.parametrize("path", [*OWNED, *LISTS])
def test_who_has_not_signed_in_is_asked_to(place: Place, path: str):
    answer = visitor(place.service).get(place.fill(path))
    assert answer.status_code == 303
    assert "sign-in?to=" in answer.headers["location"]
    assert "secret-plans" not in answer.text


@pytest.mark.parametrize("path", OWNED)
def test_what_somebody_does_not_see_on_github_is_not_there_for_them(place: Place, path: str):
    assert "secret-plans" in signed_in(place.rig, place.service, "ada").get(place.fill(path)).text
    bob = signed_in(place.rig, place.service, "bob")
    there, nowhere = bob.get(place.fill(path)), bob.get(path.format(repository=10**9, review=10**9, guid="nothing"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert without_nonce(there, bob) == without_nonce(nowhere, bob)
    assert "secret-plans" not in there.text


def without_nonce(answer: httpx.Response, client: httpx.Client) -> str:
    nonce = answer.text.split('nonce="')[1].split('"')[0]
    return answer.text.replace(nonce, "")


@pytest.mark.parametrize("path", OWNED_FORMS)
def test_a_form_about_what_somebody_does_not_see_is_not_there_for_them(place: Place, path: str):
    bob = signed_in(place.rig, place.service, "bob")
    assert bob.post(place.fill(path), data={"csrf": csrf(bob)}).status_code == 404
    assert place.store.listings.delivery(place.guid).state == "failed"
    assert place.store.inventories.counting(place.repository) is None


@pytest.mark.parametrize("path", OWNED_FORMS)
def test_who_may_only_read_asks_for_nothing(place: Place, path: str):
    carol = signed_in(place.rig, place.service, "carol")
    assert carol.post(place.fill(path), data={"csrf": csrf(carol)}).status_code == 403
    for shown in ("/deliveries/{guid}", "/repositories/{repository}/inventory"):
        assert "<button" not in carol.get(place.fill(shown)).text.split("<main")[1]
    assert place.store.inventories.counting(place.repository) is None


@pytest.mark.parametrize("path", [*OWNED_FORMS, "/sign-out"])
@pytest.mark.parametrize("token", [None, "", "guess"])
def test_a_form_without_its_token_is_refused(place: Place, path: str, token: str | None):
    ada = signed_in(place.rig, place.service, "ada")
    data = {} if token is None else {"csrf": token}
    assert ada.post(place.fill(path), data=data).status_code == 403
    assert place.store.listings.delivery(place.guid).state == "failed"
    assert place.store.inventories.counting(place.repository) is None
    assert ada.get("/reviews").status_code == 200


@pytest.mark.parametrize("path", OWNED_FORMS)
def test_the_token_of_another_session_is_refused(place: Place, path: str):
    ada, other = (signed_in(place.rig, place.service, "ada") for _ in range(2))
    assert ada.post(place.fill(path), data={"csrf": csrf(other)}).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_lists_leave_out_what_somebody_does_not_see(place: Place, path: str):
    assert "secret-plans" in signed_in(place.rig, place.service, "ada").get("/reviews").text
    answer = signed_in(place.rig, place.service, "bob").get(path)
    assert answer.status_code == 200
    assert "secret-plans" not in answer.text


def test_forged_and_foreign_cookies_are_nobodys(place: Place):
    ada = signed_in(place.rig, place.service, "ada")
    [(name, value)] = ada.cookies.items()
    secret, _, signature = value.rpartition(".")
    for forged in (secret, f"{secret}.{signature[::-1]}", f"x{value}", f"made-up.{signature}", "", "..", "\u00e9."):
        cookie = {"Cookie": f"{name}={forged}".encode()}
        assert visitor(place.service).get("/reviews", headers=cookie).status_code == 303, forged
    assert visitor(place.service).get("/reviews", headers={"Cookie": f"{name}={value}"}).status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(place: Place):
    client = visitor(place.service)
    said = client.get("/sign-in/github").headers["set-cookie"]
    assert said.startswith("preship=")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in said.split(";")[1:]}


def test_by_https_the_cookie_goes_by_https_alone(rig: Rig, database_url: str, tmp_path: Path):
    with Service(rig, database_url, tmp_path, PRESHIP_PUBLIC_URL="https://preship.acme.dev") as own:
        said = visitor(own).get("/sign-in/github").headers["set-cookie"]
    assert said.startswith("__Host-preship=")
    assert "secure" in {part.strip().lower() for part in said.split(";")}


def test_a_sign_in_ends_once_and_in_the_browser_that_began_it(place: Place):
    mine, other = visitor(place.service), visitor(place.service)
    address = begun(place.rig, place.service, mine, "ada")
    begun(place.rig, place.service, other, "bob")
    assert other.get(address).status_code == 403
    assert visitor(place.service).get(address).status_code == 403
    assert mine.get(address).status_code == 303
    assert mine.get(address).status_code == 403
    assert mine.get(address.replace("state=", "state=x")).status_code == 403


def test_a_code_that_github_did_not_give_signs_nobody_in(place: Place):
    client = visitor(place.service)
    address = begun(place.rig, place.service, client, "ada")
    forged = address.replace("code=", "code=x")
    answer = client.get(forged)
    assert (answer.status_code, "GitHub said no" in answer.text) == (502, True)
    assert client.get("/reviews").status_code == 303


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ".."]
)
def test_a_sign_in_leads_to_our_own_pages_alone(place: Place, to: str):
    client = visitor(place.service)
    assert client.get(begun(place.rig, place.service, client, "ada", to)).headers["location"] == "../reviews"


def test_a_sign_in_gives_another_cookie_than_the_one_that_was_there(place: Place):
    client = visitor(place.service)
    address = begun(place.rig, place.service, client, "ada")
    before = dict(client.cookies)
    client.get(address)
    assert dict(client.cookies) != before
    assert visitor(place.service).get("/reviews", cookies=before).status_code == 303


def test_who_signed_out_is_out_with_an_old_cookie_too(place: Place):
    ada = signed_in(place.rig, place.service, "ada")
    cookies = dict(ada.cookies)
    assert ada.post("/sign-out", data={"csrf": csrf(ada)}).status_code == 303
    assert visitor(place.service).get("/reviews", cookies=cookies).status_code == 303


def test_a_token_that_github_took_back_ends_the_session(place: Place):
    ada = signed_in(place.rig, place.service, "ada")
    place.rig.world.user_tokens.clear()
    assert ada.get("/reviews").status_code == 303
    assert place.store.database.rows("SELECT 1 FROM sessions WHERE login = 'ada'") == []


def test_pages_for_operators_are_not_for_others(place: Place):
    ada = signed_in(place.rig, place.service, "ada")
    assert ada.get("/setup").status_code == 403
    for form in ("/setup/test", "/setup/rotate"):
        assert ada.post(form, data={"csrf": csrf(ada)}).status_code == 403


@pytest.mark.parametrize(
    "path", ["/deliveries/%00", "/reviews/abc", f"/reviews/{10**30}", "/reviews/0", "/repositories/-1", "/no/such/page"]
)
def test_an_address_that_leads_nowhere_has_a_page_that_says_so(place: Place, path: str):
    answer = signed_in(place.rig, place.service, "ada").get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
