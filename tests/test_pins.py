"""What runs with our secrets, or becomes part of what we ship, is named so that nobody can move the name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ACTION = re.compile(r"uses: (?:\./\S+|[\w./-]+@[0-9a-f]{40} # v[\d.]+)")
IMAGE = re.compile(r"(?:FROM|image:) [\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}(?: AS \w+)?")


@pytest.mark.parametrize(
    "workflow", sorted((ROOT / ".github" / "workflows").glob("*.y*ml")), ids=lambda path: path.name
)
def test_actions_are_named_by_commit_and_say_which_version_that_is(workflow: Path) -> None:
    used = [line.strip().removeprefix("- ") for line in workflow.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not ACTION.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["Dockerfile", "Proxy.Dockerfile", "compose.yml"])
def test_images_are_named_by_digest(name: str) -> None:
    lines = [line.strip() for line in (ROOT / "deploy" / name).read_text("utf-8").splitlines()]
    named = [line for line in lines if line.startswith(("FROM ", "image:"))]
    assert named
    assert [line for line in named if not IMAGE.fullmatch(line)] == []
