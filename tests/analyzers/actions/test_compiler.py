"""Discovery against the Next.js compiler itself, name for name."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from preship.analyzers.actions.discovery import Discovery, discover
from preship.analyzers.source.parse import parse_module
from tests.analyzers.actions.compiler import Said, agrees, ask, names_of
from tests.analyzers.actions.forms import FORMS, UNKNOWN_FORMS


@pytest.fixture(scope="module")
def compiler() -> Mapping[str, Said]:
    return ask({**FORMS, **UNKNOWN_FORMS})


def found(path: str, source: str) -> Discovery:
    return discover(parse_module(path, source.encode()))


@pytest.mark.parametrize("path", FORMS)
def test_discovery_says_what_the_compiler_says(path, compiler):
    discovery = found(path, FORMS[path])
    assert agrees(compiler[path], discovery), (FORMS[path], compiler[path], names_of(discovery), discovery.refusals)


@pytest.mark.parametrize("path", UNKNOWN_FORMS)
def test_where_they_differ_is_known(path, compiler):
    assert not agrees(compiler[path], found(path, UNKNOWN_FORMS[path]))
