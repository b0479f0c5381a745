"""What a scan costs beside the bare parse of the same tree: `python -m tests.benchmarks.cost GIT_DIR[@COMMIT]…`.

Both are measured in seconds of the processor, git included, so that other work on the machine matters little; the parse
is that of all source files by tree-sitter alone, once they are read. Each row is one repository; the last line is the
median of their ratios, and what the scans left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import tree_sitter
import tree_sitter_typescript

from preship.analyzers.flow.budget import OUT_OF_STEPS
from preship.analyzers.project.project import Project
from preship.bot.git.commit_files import GitFiles
from preship.bot.git.process import Repository

TITLES = f"{'repository':<40} {'files':>6} {'MB':>6} {'actions':>7} {'parse':>7} {'scan':>8} {'ratio':>6} {'memory':>8}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one repository costs."""

    name: str
    files: int
    megabytes: float
    actions: int
    cut_off: int
    """Actions for which the steps did not suffice."""

    parse_seconds: float
    scan_seconds: float
    memory_megabytes: float

    @property
    def ratio(self) -> float:
        """How many bare parses a scan takes."""
        return self.scan_seconds / self.parse_seconds

    def __str__(self) -> str:
        return (
            f"{self.name:<40} {self.files:>6} {self.megabytes:>6.1f} {self.actions:>7} {self.parse_seconds:>6.2f}s"
            f" {self.scan_seconds:>7.1f}s {self.ratio:>5.1f}x {self.memory_megabytes:>6.0f}MB  {self.cut_off}"
        )


def main(places: Sequence[str]) -> None:
    """Print a row for each repository, and what they come to."""
    print(f"{TITLES}  cut off", flush=True)
    costs: list[Cost] = []
    for place in places:
        directory, _, commit = place.partition("@")
        costs.append(cost_of(Path(directory), commit or "HEAD"))
        print(costs[-1], flush=True)
    actions, cut_off = sum(cost.actions for cost in costs), sum(cost.cut_off for cost in costs)
    print(f"median ratio {median(cost.ratio for cost in costs):.1f}x; {cut_off} of {actions} actions cut off")


def cost_of(directory: Path, commit: str) -> Cost:
    """Scan and parse one commit."""
    page, scan_seconds, memory = scanned(directory, commit)
    with GitFiles(Repository.at(directory), commit) as files:
        texts = [(path, blob.content) for path, blob in files.read(Project(files).sources).items()]
    parse_seconds = seconds_to_parse(texts)
    unseen = [{each["why"] for each in action["unseen"]} for action in page["actions"]]
    return Cost(
        directory.resolve().parent.name if directory.name == "repo" else directory.name,
        len(texts),
        sum(len(content) for _, content in texts) / 1e6,
        len(unseen),
        sum(OUT_OF_STEPS in whys for whys in unseen),
        parse_seconds,
        scan_seconds,
        memory,
    )


def scanned(directory: Path, commit: str) -> tuple[dict[str, list[dict[str, list[dict[str, str]]]]], float, float]:
    """The report of a scan, the seconds of the processor that it took, and the most megabytes that it held."""
    command = [sys.executable, "-c", "from preship.bot.cli import main; main()", "scan", "--format", "json"]
    before = os.times()
    process = subprocess.Popen([*command, "--git-dir", str(directory), "--commit", commit], stdout=subprocess.PIPE)
    assert process.stdout is not None
    page = json.loads(process.stdout.read())
    _, _, used = os.wait4(process.pid, 0)
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return page, seconds, used.ru_maxrss / 1024


def seconds_to_parse(texts: Sequence[tuple[str, bytes]]) -> float:
    """The seconds of the processor that tree-sitter alone takes for these files."""
    plain, with_elements = (
        tree_sitter.Parser(tree_sitter.Language(language))
        for language in (tree_sitter_typescript.language_typescript(), tree_sitter_typescript.language_tsx())
    )
    begun = time.process_time()
    for path, content in texts:
        (plain if path.endswith((".ts", ".mts", ".cts")) else with_elements).parse(content)
    return time.process_time() - begun


if __name__ == "__main__":
    main(sys.argv[1:])
