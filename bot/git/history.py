"""The first-parent history of some files: what became of the main line, merge by merge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preship.bot.git.errors import GitError
from preship.bot.git.process import Repository, resolve_commit

MOST_COMMITS = 5_000
"""Commits of one file that are listed; the busiest file seen had some hundreds."""

_PULL_REQUEST = re.compile(r"^Merge pull request #(\d+)\b|\(#(\d+)\)\s*$|^Merged in .*\(pull request #(\d+)\)")


@dataclass(frozen=True, slots=True)
class Change:
    """A commit of the main line that changes one of some files."""

    sha: str
    date: str
    """As `2026-11-30`."""

    subject: str
    path: str | None = None
    """What the file that is followed is called there; None where another one changes."""

    @property
    def pull_request(self) -> int | None:
        """Its number, where the subject says so: GitHub's merge and squash commits do."""
        found = _PULL_REQUEST.search(self.subject)
        return int(next(filter(None, found.groups()))) if found else None


def changes_of(repository: Repository, head: str, path: str, others: Iterable[str] = ()) -> Sequence[Change]:
    """The commits of the main line up to `head` that change a file, under whichever name, or others; newest first."""
    commit = resolve_commit(repository, head)
    followed = _log(repository, commit, "--follow", "-M", "--name-status", "--", path)
    names = {change.sha: change.path for change in followed}
    more = sorted(set(others) - {path})
    beside = _log(repository, commit, "--", *more) if more else ()
    everything = {change.sha: change for change in (*beside, *followed)}
    listed = repository.git("rev-list", "--first-parent", f"--max-count={50 * MOST_COMMITS}", commit)
    in_order = [everything[sha] for sha in listed.output.decode().split() if sha in everything]
    current: str | None = path
    found = []
    for change in in_order:
        current = names.get(change.sha) or current
        found.append(Change(change.sha, change.date, change.subject, current))
    return found


def parent_of(repository: Repository, sha: str) -> str | None:
    """The commit in front of one on the main line; None at its beginning, or where a clone is cut off."""
    try:
        return resolve_commit(repository, f"{sha}^1")
    except GitError:
        return None


def _log(repository: Repository, commit: str, *arguments: str) -> list[Change]:
    log = repository.git(
        "-c", "core.quotepath=off", "log", "--first-parent", "--diff-merges=first-parent",
        f"--max-count={MOST_COMMITS}", "--format=%x00%H%x09%cs%x09%s", commit, *arguments,
    )  # fmt: skip
    return [_change(text) for text in log.output.decode("utf-8", "replace").split("\0") if text.strip()]


def _change(text: str) -> Change:
    head, _, rest = text.partition("\n")
    sha, date, subject = head.split("\t", 2)
    status = next((line.split("\t") for line in rest.splitlines() if line.strip()), [""])
    return Change(sha, date, subject, status[-1] if len(status) > 1 else None)
