"""A runner of GitHub's for composite actions, as far as ours asks for one: inputs, expressions, steps in bash.

https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-composite-actions
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.rig.github import Rig, RigRepository
from tests.rig.world import Grant

_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")

WRITING = {"metadata": "read", "contents": "read", "pull_requests": "write"}
READING = {"metadata": "read", "contents": "read", "pull_requests": "read"}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a job ended."""

    status: int
    """Of the step that failed, or 0."""

    output: str
    errors: str
    summary: str
    """The page of the job, in Markdown."""


@dataclass
class Runner:
    """A machine of GitHub's with a depth-1 checkout of a pull request, as `actions/checkout` leaves it."""

    rig: Rig
    directory: Path
    tools: Path = Path(sys.executable).parent.parent
    """An installation of Preship that an earlier step left."""

    files: Mapping[str, Path] = field(default_factory=dict)

    def run(
        self, action: Path, repository: RigRepository, number: int, permissions: Mapping[str, str], **inputs: str
    ) -> Ran:
        """Run an action for `pull_request`, with a token of these permissions."""
        temp, workspace = self.directory / "temp", self.directory / "workspace"
        temp.mkdir(parents=True, exist_ok=True)
        (temp / "preship").unlink(missing_ok=True)
        (temp / "preship").symlink_to(self.tools)
        self._check_out(repository, number, workspace)
        event, summary = temp / "event.json", temp / "summary.md"
        event.write_text(json.dumps(repository.pull_request_event(number, "synchronize")))
        summary.write_text("")
        manifest = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        known = {
            "github.token": self._token(repository, permissions),
            "github.action_path": str(action),
            "runner.temp": str(temp),
        }
        for name, declared in manifest["inputs"].items():
            known[f"inputs.{name}"] = inputs.get(name.replace("-", "_"), _filled(declared.get("default", ""), known))
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.rig.api_url,
            "GITHUB_SERVER_URL": self.rig.git_url,
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": repository.stored.full_name,
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temp),
        }
        output = errors = ""
        for step in manifest["runs"]["steps"]:
            env = {name: _filled(text, known) for name, text in step.get("env", {}).items()}
            ended = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", _filled(step["run"], known)],
                cwd=workspace,
                env=variables | env,
                capture_output=True,
                text=True,
            )
            output, errors = output + ended.stdout, errors + ended.stderr
            if ended.returncode:
                return Ran(ended.returncode, output, errors, summary.read_text())
        return Ran(0, output, errors, summary.read_text())

    def _token(self, repository: RigRepository, permissions: Mapping[str, str]) -> str:
        """The token of one run. git may use it here: a run has no other."""
        secret = f"ghs_run{len(self.rig.world.grants)}"
        until = datetime.now(UTC) + timedelta(hours=1)
        self.rig.world.grants[secret] = Grant(frozenset({repository.stored.id}), permissions, until)
        self.rig.git.admits = lambda authorization: authorization is not None
        return secret

    def _check_out(self, repository: RigRepository, number: int, workspace: Path) -> None:
        if workspace.exists():
            return
        url = repository.stored.git.path.as_uri()
        ref = f"refs/pull/{number}/head"
        for command in (
            ["init", "--quiet", str(workspace)],
            ["-C", str(workspace), "fetch", "--quiet", "--depth=1", url, ref],
        ):
            subprocess.run(["git", *command], check=True, capture_output=True)
        subprocess.run(
            ["git", "-C", str(workspace), "checkout", "--quiet", "FETCH_HEAD"], check=True, capture_output=True
        )


def _filled(text: Any, known: Mapping[str, str]) -> str:
    """A text with its expressions evaluated; an unknown one is a mistake of the action."""
    return _EXPRESSION.sub(lambda found: known[found[1]], str(text))
