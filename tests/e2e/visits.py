"""People who come to the pages of a service: signed in through the fake GitHub as a browser would."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.e2e.service import Service
from tests.patience import PATIENCE_SECONDS
from tests.rig.github import Rig


def visitor(service: Service) -> httpx.Client:
    """A browser that nobody used yet; it follows no redirect by itself."""
    return httpx.Client(base_url=service.url, timeout=PATIENCE_SECONDS)


def begun(rig: Rig, service: Service, client: httpx.Client, login: str, to: str = "") -> str:
    """Go to GitHub and agree there; gives the address that leads back."""
    rig.world.callback_urls = (f"{service.url}/sign-in/callback",)
    away = client.get(f"/sign-in/github?to={to}")
    assert away.status_code == 303, away.text
    asked = dict(parse_qsl(urlsplit(away.headers["location"]).query))
    agreed = httpx.post(f"{rig.git_url}/login/oauth/authorize", data={**asked, "login": login})
    return str(agreed.headers["location"])


def signed_in(rig: Rig, service: Service, login: str) -> httpx.Client:
    """The browser of somebody who signed in."""
    client = visitor(service)
    back = client.get(begun(rig, service, client, login))
    assert (back.status_code, back.headers["location"]) == (303, "../reviews"), back.text
    return client


def csrf(client: httpx.Client, path: str = "/reviews") -> str:
    """What every form of this browser bears."""
    found = re.search(r'name="csrf" value="([\w-]+)"', client.get(path).text)
    assert found
    return found[1]
