"""The linter, the formatter and the type checker, as part of the suite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.web.registration import EVENTS, PERMISSIONS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("check", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)], ids=" ".join)
def test_the_code_passes(check: tuple[str, ...]):
    run = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_manifest_asks_for_what_the_registration_page_asks_for():
    manifest = yaml.safe_load((ROOT / "app.yml").read_text())
    assert manifest["default_permissions"] == {need.name: need.access for need in PERMISSIONS}
    assert manifest["default_events"] == [need.name for need in EVENTS]


def test_the_readme_names_every_permission_with_its_reason():
    readme = (ROOT / "README.md").read_text()
    for need in PERMISSIONS:
        assert f"| {need.name.replace('_', ' ')} | {need.access} | {need.reason} |" in readme
