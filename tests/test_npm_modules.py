"""What npm gives the tests is really there."""

import json

from tests.npm_modules import LOCKED, node_modules, run_node


def test_everything_the_lock_names_is_installed():
    named = json.loads((node_modules().parent / "package.json").read_text())["dependencies"]
    installed = {name: json.loads((node_modules() / name / "package.json").read_text())["version"] for name in named}
    assert installed == named


def test_node_finds_the_packages():
    assert run_node(["-p", "require('react').version"]).strip().startswith("19.")


def test_no_lock_names_a_registry():
    locks = list(LOCKED.rglob("package-lock.json"))
    assert locks
    assert not [lock for lock in locks if '"resolved"' in lock.read_text()]
