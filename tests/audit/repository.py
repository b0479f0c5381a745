"""The audit of one repository, within a budget of steps, so that it ends at the same place each time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.project.project import Parsed, Project
from preship.bot.git.commit_files import GitFiles
from preship.bot.git.errors import GitError
from preship.bot.git.process import Repository
from tests.audit.causes import Audit, Cause, Sign


@dataclass(frozen=True, slots=True)
class Place:
    """A suspicious place of a repository, and how many of its actions reach it."""

    cause: Cause
    repository: str
    path: str
    line: int
    actions: int
    code: str
    """The line, as it stands there."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audit of one repository found."""

    repository: str
    actions: int = 0
    left_out: int = 0
    """Actions that the budget left no steps for."""

    places: tuple[Place, ...] = ()
    suspicious: Counter[Cause] = field(default_factory=Counter)
    """How many actions have a sign of each cause."""

    failure: str = ""
    """Why nothing was read."""


def audited(name: str, most_steps: int) -> Audited:
    """Audit the tree of `PATH`, or `PATH@COMMIT`."""
    place, _, commit = name.partition("@")
    try:
        with GitFiles(Repository.at(Path(place)), commit or "HEAD") as files, deep_recursion():
            return _audited(name, files, most_steps)
    except GitError as error:
        return Audited(name, failure=str(error))


def _audited(name: str, files: GitFiles, most_steps: int) -> Audited:
    tree = codebase_of(files, Parsed())
    audit = Audit(tree)
    found: Counter[Sign] = Counter()
    suspicious: Counter[Cause] = Counter()
    actions = [action for path in tree.action_files() for action in tree.actions(path)]
    done = 0
    for action in actions:
        if tree.interpreter.spent > most_steps:
            break
        signs = audit.signs(action)
        found.update(signs)
        suspicious.update({sign.cause for sign in signs})
        done += 1
    places = tuple(
        Place(sign.cause, name, sign.path, sign.line, found[sign], line_of(tree.project, sign.path, sign.line))
        for sign in sorted(found)
    )
    return Audited(name, done, len(actions) - done, places, suspicious)


def line_of(project: Project, path: str, line: int) -> str:
    """The text of a line."""
    blob = project.blob(path)
    lines = blob.content.decode("utf-8", "replace").splitlines() if blob is not None else []
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""
