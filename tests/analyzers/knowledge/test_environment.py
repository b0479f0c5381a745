"""What an action hands out of the environment by a name of the caller's."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run


def secrets(body: str) -> list[str]:
    """The secrets that an action with this body returns."""
    act = run(f"'use server'\nexport async function act(input) {{ {body} }}")["act"]
    return [found.name for found in act.secrets()]


@pytest.mark.parametrize("body", ["return process.env[input]", "return { value: process.env[input.name] }"])
def test_a_name_of_the_callers_leads_to_any_secret(body: str) -> None:
    assert secrets(body) == ["any secret of the environment"]


@pytest.mark.parametrize(
    "body",
    [
        "if (!['SITE_NAME', 'SITE_URL'].includes(input)) return null; return process.env[input]",
        "if (input !== 'SITE_NAME') return null; return process.env[input]",
        "const found = {}; for (const name of ['SITE_NAME']) found[name] = process.env[name]; return 1",
        "return process.env.NEXT_PUBLIC_NAME",
    ],
)
def test_a_name_that_was_compared_leads_where_the_code_says(body: str) -> None:
    assert secrets(body) == []
