"""What the service and the process that reads hostile code say to each other.

JSON, one object a line. To it: a `Request` or an `InventoryRequest`, then an empty object for each fetch that was done.
From it: `Fetch` whenever objects are missing on the disk, and one `Result` or `Inventory` at the end.

`template` is that process. Nothing of the analysis is imported here: the service needs only the words.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from preship.analyzers.analysis import Analysis, Matrix
from preship.bot.git.patches import ShownFile
from preship.bot.review.notes import SILENT, ConfigurationNotes
from preship.bot.review.policy import ReviewPolicy


@dataclass(frozen=True, slots=True)
class Request:
    """What to analyse, and within which limits."""

    git_dir: str
    """A bare repository, complete or partial."""

    base_sha: str
    """The merge base."""

    head_sha: str
    tip_sha: str
    """The tip of the base branch: its configuration and declarations count, and nothing is compared with it."""

    organization: str
    """The text of what the repository's account decides for all its repositories; empty where it decides nothing."""

    memory_bytes: int
    """What the process may allocate."""

    cpu_seconds: int
    """How long it may compute, in case that nobody is left to kill it."""


@dataclass(frozen=True, slots=True)
class InventoryRequest:
    """What to count: everything that answers requests in one commit."""

    git_dir: str
    commit_sha: str
    organization: str
    memory_bytes: int
    cpu_seconds: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """The child needs these git objects on the disk, and waits."""

    fetch: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The end: an analysis, or why there is none."""

    analysis: Analysis | None
    failure: str
    """For the author of the pull request; empty where there is an analysis."""

    files: tuple[ShownFile, ...] = ()
    """The change as its readers see it."""

    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    """What the repository decides about its reviews, at the tip of the base branch."""

    notes: ConfigurationNotes = SILENT
    """What there is to say of where it does so."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The end of counting: who may do what, or why nobody knows."""

    matrix: Matrix | None
    failure: str


REQUESTS: TypeAdapter[Request | InventoryRequest] = TypeAdapter(Request | InventoryRequest)
ANSWERS: TypeAdapter[Fetch | Result | Inventory] = TypeAdapter(Fetch | Result | Inventory)

NUMBER = struct.Struct("!i")
"""What is said to the process that forks, and by it. To it: `FORK`, with the standard streams of a new child, or the
number of a child, to learn how it ended. From it: the number of the new child; or a status, negative for a signal."""

FORK = 0
RUNS = 256
"""In place of a status: no program ends with it."""
