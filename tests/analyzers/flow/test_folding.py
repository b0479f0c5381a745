"""Texts and patterns that the code itself names, and patterns that would never come to an end."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.folding import compiled, found_in
from preship.analyzers.flow.paths import matches


@pytest.mark.parametrize("hostile", ["(a|a)*b", "(a+)+b", "((a|b)c)*d", "(?:a|aa){2,}b", ".*" * 40 + "x"])
def test_a_pattern_that_could_take_for_ever_is_not_tried(hostile: str) -> None:
    assert found_in(compiled(hostile), "a" * 400) is None


@pytest.mark.parametrize("hostile", ["(" * 1_000_000, "{" * 1_000_000, "/:a" * 300_000])
def test_a_pattern_of_paths_that_is_very_long_is_not_read(hostile: str) -> None:
    assert matches(hostile, "/teams") is None


@pytest.mark.parametrize(
    ("pattern", "address", "wanted"),
    [
        ("/teams/:path*", "/teams/a/b", True),
        ("/teams/:path*", "/users", False),
        ("/((?!.+\\.[\\w]+$|_next).*)", "/teams", True),
        ("/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|jpe?g)).*)", "/logo.css", False),
        ("/(api|trpc)(.*)", "/api/hook", True),
        ("/items{/:id}", "/items/1", True),
        ("/items/:id", "/items/1/2", False),
        ("/api{/*path}", "/api/a/b", True),
        ("/api{/*path}", "/api", True),
        ("/api{/*path}", "/apix", False),
    ],
)
def test_patterns_of_paths_are_read_as_routers_read_them(pattern: str, address: str, wanted: bool) -> None:
    assert matches(pattern, address) is wanted
