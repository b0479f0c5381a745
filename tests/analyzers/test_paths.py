"""Patterns of paths, as a repository writes them."""

from __future__ import annotations

import pytest

from preship.analyzers.paths import matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("app/contact/actions.ts", "app/contact/actions.ts"),
        ("app/*/actions.ts", "app/contact/actions.ts"),
        ("app/**", "app/a/b/c.ts"),
        ("app/", "app/a/b/c.ts"),
        ("**/actions.ts", "actions.ts"),
        ("**/actions.ts", "app/a/actions.ts"),
        ("app/**/actions.ts", "app/actions.ts"),
        ("app/[id]/(shop)/*.ts", "app/[id]/(shop)/cart.ts"),
        ("app/v?/a.ts", "app/v1/a.ts"),
        ("send*", "sendMessage"),
        ("**", "any/thing.ts"),
    ],
)
def test_a_pattern_means_these(pattern: str, path: str) -> None:
    assert matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("app", "app/actions.ts"),
        ("app/*", "app/contact/actions.ts"),
        ("**/actions.ts", "app/reactions.ts"),
        ("app/[id]/a.ts", "app/i/a.ts"),
        ("app/v?/a.ts", "app/v/a.ts"),
        ("app/?/a.ts", "app///a.ts"),
        ("App/**", "app/a.ts"),
        ("", "app/a.ts"),
    ],
)
def test_a_pattern_does_not_mean_those(pattern: str, path: str) -> None:
    assert not matches(pattern, path)


def test_a_pattern_of_many_wildcards_takes_no_time() -> None:
    assert not matches("**/a" * 40 + "/b", "a/" * 2000)
