"""The command line as it is installed alone: without Postgres, FastAPI and PyGithub."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from bot.options import Exit
from tests.e2e.app import files
from tests.git_repository import GitRepository

PROJECT = tomllib.loads((Path(__file__).parent.parent.parent / "pyproject.toml").read_text())["project"]

RUN = """
import sys
from importlib.abc import MetaPathFinder

class NotInstalled(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotInstalled())
from bot.cli import run
sys.exit(run(sys.argv[1:]))
"""


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=]", each)[0] for each in requirements}


def absent() -> frozenset[str]:
    """The modules of the distributions that only an extra brings."""
    extras = names([each for extra in PROJECT["optional-dependencies"].values() for each in extra])
    gone = extras - names(PROJECT["dependencies"]) - {"markdown-it-py"}
    homes = packages_distributions()
    return frozenset(module for module, owners in homes.items() if {o.lower().replace("_", "-") for o in owners} & gone)


@pytest.fixture
def blog(tmp_path):
    repository = GitRepository(tmp_path / "blog")
    repository.commit(files("main", "blog"))
    repository.write(files("feature", "blog"))
    return repository.path


def alone(blog, *arguments):
    script = RUN.format(absent=set(absent()))
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=blog, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("--version", Exit.CLEAN),
        ("scan", Exit.FINDINGS),
        ("scan --explain app/actions.ts", Exit.CLEAN),
        ("scan --write-baseline b.json", Exit.CLEAN),
        ("review", Exit.FINDINGS),
        ("review --format json", Exit.FINDINGS),
        ("review --format sarif", Exit.FINDINGS),
        ("review --format github", Exit.FINDINGS),
        ("review --format markdown", Exit.FINDINGS),
        ("review --fix --yes --fail-on critical", Exit.CLEAN),
        ("rules", Exit.CLEAN),
        ("explain sql-injection", Exit.CLEAN),
        ("check-config", Exit.CLEAN),
        ("check-config --schema", Exit.CLEAN),
        ("doctor", Exit.CLEAN),
    ],
)
def test_a_command_of_the_laptop_needs_no_extra(blog, command, code):
    ended = alone(blog, *command.split())
    assert (ended.returncode, ended.stderr) == (code, "")


def test_a_server_for_agents_says_what_to_install(blog):
    ended = alone(blog, "mcp")
    assert (ended.returncode, ended.stdout) == (Exit.USAGE, "")
    assert ended.stderr == "preship: `mcp` is not installed: it comes with `preship-bot[mcp]`\n"


@pytest.mark.parametrize("command", ["serve", "worker", "workflow --token x"])
def test_other_commands_say_what_to_install(blog, command):
    ended = alone(blog, *command.split())
    assert (ended.returncode, ended.stdout) == (Exit.USAGE, "")
    assert re.fullmatch(
        r"preship: `\w+` is not installed: the server needs `preship-bot\[serve\]`, and a workflow"
        r" `preship-bot\[action\]`\n",
        ended.stderr,
    )
