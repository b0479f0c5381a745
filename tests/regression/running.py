"""Generated tests, run for real by the project's own runner: against the faulty code, and against the sound one."""

from __future__ import annotations

import os
import re
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree

from preship.analyzers import analysis
from preship.analyzers.analysis import FileChange, MemoryFiles, Policy, RegressionTest
from tests.npm_modules import node_modules
from tests.probing.application import NODE
from tests.regression.faults import ACTIONS, Fault

COMMANDS = {
    "vitest": ["vitest/vitest.mjs", "run", "--no-cache", "--reporter=dot"],
    "jest": ["jest/bin/jest.js", "--no-cache", "--watchman=false"],
}


def offered(fault: Fault) -> Sequence[RegressionTest]:
    """What a review of the change from sound to faulty offers."""
    before, after = (MemoryFiles(files) for files in (fault.sound, fault.faulty))
    added, removed = (_lines(files[ACTIONS]) for files in (fault.faulty, fault.sound))
    change = FileChange(ACTIONS, ACTIONS, added=added, removed=removed, seams=(0,))
    return analysis.review(before, after, [change], Policy()).tests


def _lines(text: str) -> tuple[int, ...]:
    return tuple(range(1, text.count("\n") + 1))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended."""

    has_passed: bool
    said: str


def ran(fault: Fault, files: Mapping[str, str], test: RegressionTest, folder: Path) -> Ran:
    """Put a project into a folder as it is built, with the test as it is, and run it."""
    for path, text in {**files, **fault.generated, test.path: test.text}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    script, *options = COMMANDS[test.runner]
    modules = node_modules("runners")
    command = [NODE, modules / script, *options]
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "CI": "true", "NO_COLOR": "1", "PATH": path}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    return Ran(done.returncode == 0, done.stdout + done.stderr)


def served(test: RegressionTest) -> RegressionTest:
    """The same, which expects as well that its last call gets through as a user with a record of their own."""
    call = re.findall(r"attempt\(\(\) => action\((.*)\)\)", test.text)[-1]
    more = f"""
test('whoever may is served', async () => {{
  Object.assign(world, {{ user: {{ ...CALLER, id: OWNER }}, isOwner: true }})
  const {{ act: action }} = await actions()
  const answer = await attempt(() => action({call}))
  expect([...world.own, ...world.writes], answer).not.toEqual([])
}})
"""
    return replace(test, text=test.text + (more if test.runner == "vitest" else more.replace(", answer).not", ").not")))


@contextmanager
def project() -> Iterator[Path]:
    """A folder in which the packages of the runners are found."""
    folder = node_modules("runners").parent / f"project-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
