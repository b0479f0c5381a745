"""The command line as it is installed alone: without Postgres, FastAPI and PyGithub."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from preship.bot.options import Exit
from tests.e2e.app import files
from tests.git_repository import GitRepository

PROJECT = tomllib.loads((Path(__file__).parent.parent.parent / "pyproject.toml").read_text())["project"]

RUN = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from importlib.abc import MetaPathFinder

class NotInstalled(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotInstalled())
from preship.bot.cli import run

ended = []
for command in {commands!r}:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(command.split())
    ended.append([int(code), out.getvalue(), err.getvalue()])
print(json.dumps(ended))
"""

CODES = {
    "--version": Exit.CLEAN,
    "scan": Exit.FINDINGS,
    "scan --explain app/actions.ts": Exit.CLEAN,
    "scan --write-baseline b.json": Exit.CLEAN,
    "review": Exit.FINDINGS,
    "review --format json": Exit.FINDINGS,
    "review --format sarif": Exit.FINDINGS,
    "review --format github": Exit.FINDINGS,
    "review --format markdown": Exit.FINDINGS,
    "review --probe probe.jsonl": Exit.FINDINGS,
    "review --fix --yes --fail-on critical": Exit.CLEAN,
    "rules": Exit.CLEAN,
    "explain sql-injection": Exit.CLEAN,
    "check-config": Exit.CLEAN,
    "check-config --schema": Exit.CLEAN,
    "doctor": Exit.CLEAN,
}
"""How each command of the laptop ends, one after the other."""

PROBE = "probe --url http://localhost:3000"
OTHERS = ("serve", "worker", "workflow --token x")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=]", each)[0] for each in requirements}


def absent() -> frozenset[str]:
    """The modules of the distributions that only an extra brings."""
    extras = names([each for extra in PROJECT["optional-dependencies"].values() for each in extra])
    gone = extras - names(PROJECT["dependencies"]) - {"markdown-it-py"}
    homes = packages_distributions()
    return frozenset(module for module, owners in homes.items() if {o.lower().replace("_", "-") for o in owners} & gone)


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """How each command ended in one process without the extras, what it printed, and what it complained of."""
    repository = GitRepository(tmp_path_factory.mktemp("without") / "blog")
    repository.commit(files("main", "blog"))
    repository.write({**files("feature", "blog"), "probe.jsonl": '{"preship": "probe", "schema": 1}\n'})
    commands = [*CODES, *OTHERS, "mcp", "lsp", PROBE]
    script = RUN.format(absent=set(absent()), commands=commands)
    process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=repository.path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    assert process.stderr == ""
    return dict(zip(commands, json.loads(process.stdout), strict=True))


@pytest.mark.parametrize(("command", "code"), CODES.items())
def test_a_command_of_the_laptop_needs_no_extra(ended, command, code):
    found, _, said = ended[command]
    assert (found, "preship: " in said) == (code, False)
    assert not said or "--fix" in command


@pytest.mark.parametrize(("command", "library"), [("mcp", "mcp"), ("lsp", "lsprotocol")])
def test_a_server_for_agents_or_editors_says_what_to_install(ended, command, library):
    code, out, complaint = ended[command]
    assert (code, out) == (Exit.USAGE, "")
    assert complaint == f"preship: `{library}` is not installed: it comes with `preship-bot[{command}]`\n"


def test_a_probe_says_what_to_install(ended):
    complaint = "preship: `httpx` is not installed: it comes with `preship-bot[probe]`\n"
    assert ended[PROBE] == [Exit.USAGE, "", complaint]


@pytest.mark.parametrize("command", OTHERS)
def test_other_commands_say_what_to_install(ended, command):
    code, out, complaint = ended[command]
    assert (code, out) == (Exit.USAGE, "")
    assert re.fullmatch(
        r"preship: `\w+` is not installed: the server needs `preship-bot\[serve\]`, and a workflow"
        r" `preship-bot\[action\]`\n",
        complaint,
    )
