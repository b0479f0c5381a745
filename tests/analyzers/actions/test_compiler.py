"""Discovery against the Next.js compiler itself, name for name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzers.actions.discovery import Discovery, discover
from analyzers.source.parse import parse_module
from tests.analyzers.actions.forms import FORMS, UNKNOWN_FORMS
from tests.npm_modules import run_node

SCRIPT = Path(__file__).parents[2] / "npm" / "server_actions.cjs"


@pytest.fixture(scope="module")
def compiler() -> dict:
    return json.loads(run_node([str(SCRIPT)], text=json.dumps({**FORMS, **UNKNOWN_FORMS})))


def found(path: str, source: str) -> Discovery:
    return discover(parse_module(path, source.encode()))


def names_of(discovery: Discovery) -> list[str]:
    """The names as the compiler gives them; it numbers inline actions by itself."""
    return sorted("$$RSC_SERVER_ACTION" if a.form == "inline" else a.name or "" for a in discovery.actions)


def agrees(said: dict, discovery: Discovery) -> bool:
    if "error" in said:
        return any(refusal.why in said["error"] for refusal in discovery.refusals)
    exposed = sorted("$$RSC_SERVER_ACTION" if name.startswith("$$") else name for name in said["actions"])
    return not discovery.refusals and names_of(discovery) == exposed


@pytest.mark.parametrize("path", FORMS)
def test_discovery_says_what_the_compiler_says(path, compiler):
    discovery = found(path, FORMS[path])
    assert agrees(compiler[path], discovery), (FORMS[path], compiler[path], names_of(discovery), discovery.refusals)


@pytest.mark.parametrize("path", UNKNOWN_FORMS)
def test_where_they_differ_is_known(path, compiler):
    assert not agrees(compiler[path], found(path, UNKNOWN_FORMS[path]))
