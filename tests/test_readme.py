"""What README.md shows is what Preship says, and what it tells people to type and to set is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analyzers.project.memory import MemoryFiles
from bot.configuration.model import Configuration
from bot.configuration.reading import configured
from bot.review.policy import CONFIGURATION
from bot.settings import Settings
from tests.e2e.app import files
from tests.git_repository import GitRepository

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PRESHIP = Path(sys.executable).parent / "preship"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """The app that the README reviews, on the branch of its pull request; `repo.git` in it is a bare clone."""
    repository = GitRepository(tmp_path / "blog")
    repository.commit(files("main", "blog"))
    repository.git("checkout", "--quiet", "-b", "pull-request")
    repository.commit(files("feature", "blog"))
    repository.git("clone", "--quiet", "--bare", ".", "repo.git")
    return repository.path


def shown() -> list[str]:
    """The paragraphs, rows and entries of the quoted review; what Markdown joins is joined."""
    quoted = re.findall(r"^>(.*)$", README, re.MULTILINE)
    text = re.sub(r"\n (?![|#\-`*<\s])", " ", "\n".join(quoted))
    return [line.strip() for line in text.split("\n") if line.strip()]


def typed() -> list[str]:
    """The commands of the laptop's section, without their comments."""
    block = README.split("## On your laptop")[1].split("```sh\n")[1].split("```")[0]
    return [line.split("#")[0].strip() for line in block.strip().split("\n")]


def test_the_review_that_it_shows_is_the_one_that_preship_writes(blog: Path):
    run = subprocess.run(
        [PRESHIP, "review", "--base", "main", "--format", "markdown"], cwd=blog, capture_output=True, text=True
    )
    written = [line.strip() for line in run.stdout.split("\n")]
    assert [line for line in shown() if line not in written] == []


@pytest.mark.parametrize("command", typed())
def test_each_command_that_it_names_runs(blog: Path, command: str):
    run = subprocess.run([PRESHIP, *command.split()[1:]], cwd=blog, capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    assert run.stderr == ""


def test_each_variable_that_it_names_is_read():
    table = README.split("| variable | what it is |")[1].split("\n\n")[0]
    named = set(re.findall(r"`((?:PRESHIP|DATABASE)_[A-Z_]+)`", table))
    assert named <= {field.alias or f"PRESHIP_{name.upper()}" for name, field in Settings.model_fields.items()}


def configuration() -> str:
    """The configuration that it shows."""
    return README.split("```yaml\n")[1].split("```")[0]


def test_the_configuration_that_it_shows_is_right_and_has_every_key():
    found = configured(MemoryFiles({CONFIGURATION: configuration()}))
    assert found.mistakes == ()
    keys = {field.alias or name for name, field in Configuration.model_fields.items()}
    assert set(re.findall(r"^([a-z-]+):", configuration(), re.MULTILINE)) == keys
