"""GitHub's pages, as far as a set-up and a sign-in lead through them: each as bare as it may be, with GitHub's rules.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.git_http import Page
from tests.rig.world import APP_SLUG, CLIENT_ID, CLIENT_SECRET, World

LONGEST_NAME = 34


class Pages:
    """The pages over a world."""

    def __init__(self, world: World, install: Callable[[], None]) -> None:
        self._world = world
        self._install = install

    def answer(self, method: str, target: str, body: bytes) -> Page | None:
        """The page at an address; None for addresses of git."""
        parts = urlsplit(target)
        if ".git/" in parts.path:
            # What git sends is no form, and may be compressed.
            return None
        given = dict(parse_qsl(parts.query)) | dict(parse_qsl(body.decode()))
        path = parts.path
        if method == "POST" and path.endswith("/settings/apps/new"):
            return self._new_app(path, given)
        if method == "POST" and path == "/settings/apps/create":
            return self._created(given)
        if method == "GET" and path == "/login/oauth/authorize":
            return self._authorize(given)
        if method == "POST" and path == "/login/oauth/authorize":
            return self._authorized(given)
        if method == "POST" and path == "/login/oauth/access_token":
            return self._token(given)
        if path == f"/apps/{APP_SLUG}/installations/new":
            return self._installation(method)
        return None

    def _new_app(self, path: str, given: Mapping[str, str]) -> Page:
        """GitHub shows what it is about to create, and asks once."""
        manifest = json.loads(given["manifest"])
        wrong = _mistakes(manifest)
        if wrong:
            return _page("Invalid GitHub App configuration: " + "; ".join(wrong), status=422)
        owner = path.split("/")[2] if path.startswith("/organizations/") else ""
        hidden = {"manifest": given["manifest"], "state": given.get("state", ""), "owner": owner}
        return _page(f"Create {manifest['name']}", _form("/settings/apps/create", "Create GitHub App", hidden))

    def _created(self, given: Mapping[str, str]) -> Page:
        manifest, code = json.loads(given["manifest"]), secrets.token_hex(20)
        self._world.manifests[code] = manifest
        self._world.app_owner = given.get("owner", "")
        answer = {"code": code} | ({"state": given["state"]} if "state" in given else {})
        return _redirect(f"{manifest['redirect_url']}?{urlencode(answer)}")

    def _authorize(self, given: Mapping[str, str]) -> Page:
        if given["client_id"] != CLIENT_ID:
            return Page(404)
        if given["redirect_uri"] not in self._world.callback_urls:
            return _page("The redirect_uri is not associated with this application.", status=400)
        forms = [
            _form("/login/oauth/authorize", f"Authorize as {login}", {**given, "login": login})
            for login in self._world.people
        ]
        return _page("Authorize Preship", "".join(forms))

    def _authorized(self, given: Mapping[str, str]) -> Page:
        code = secrets.token_hex(10)
        self._world.codes[code] = dict(given)
        return _redirect(f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}")

    def _token(self, given: Mapping[str, str]) -> Page:
        begun = self._world.codes.pop(given.get("code", ""), None)
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _json({"error": "incorrect_client_credentials", "error_description": "They are incorrect."})
        if begun is None or not _proves(given.get("code_verifier", ""), begun) or not _same(given, begun):
            description = "The code passed is incorrect or expired."
            return _json({"error": "bad_verification_code", "error_description": description})
        token = f"ghu_{secrets.token_hex(18)}"
        self._world.user_tokens[token] = begun["login"]
        return _json({"access_token": token, "expires_in": 28800, "token_type": "bearer", "scope": ""})

    def _installation(self, method: str) -> Page:
        if method == "GET":
            return _page("Install Preship", _form(f"/apps/{APP_SLUG}/installations/new", "Install", {}))
        self._install()
        return _redirect(self._world.setup_url)


def _mistakes(manifest: Mapping[str, Any]) -> list[str]:
    """What GitHub would not take."""
    wrong = []
    if not 1 <= len(manifest.get("name", "")) <= LONGEST_NAME:
        wrong.append("Name is too long")
    wrong += [f"{name} is missing" for name in ("url", "redirect_url") if not manifest.get(name)]
    if not manifest["hook_attributes"].get("url"):
        wrong.append("Hook url is missing")
    return wrong


def _proves(verifier: str, begun: Mapping[str, str]) -> bool:
    if "code_challenge" not in begun:
        return True
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return begun.get("code_challenge_method") == "S256" and made == begun["code_challenge"]


def _same(given: Mapping[str, str], begun: Mapping[str, str]) -> bool:
    return given.get("redirect_uri", begun["redirect_uri"]) == begun["redirect_uri"]


def _form(action: str, button: str, hidden: Mapping[str, str]) -> str:
    fields = [f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in hidden.items()]
    return f'<form method="post" action="{action}">{"".join(fields)}<button>{escape(button)}</button></form>'


def _page(title: str, body: str = "", status: int = 200) -> Page:
    icon = '<link rel="icon" href="data:,">'
    text = f"<!doctype html><html lang=en>{icon}<title>GitHub</title><main><h1>{escape(title)}</h1>{body}</main></html>"
    return Page(status, text, {"Content-Type": "text/html; charset=utf-8"})


def _json(body: Mapping[str, Any]) -> Page:
    return Page(200, json.dumps(body), {"Content-Type": "application/json; charset=utf-8"})


def _redirect(address: str) -> Page:
    return Page(302, "", {"Location": address})
