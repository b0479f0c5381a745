"""What an analysis consists of: judged actions, their checklists, and what was not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from preship.analyzers.actions.openness import Public
from preship.analyzers.actions.parameters import DeclaredParameter
from preship.analyzers.rule import Finding, Item, Meant, Operation, Step
from preship.analyzers.versions import Outdated


class Answer(StrEnum):
    """The three answers of the checklist, and the one for questions that this action does not raise."""

    YES = "yes"
    NO = "no"
    UNSEEN = "unseen"
    NOT_APPLICABLE = "n/a"


class Touch(StrEnum):
    """How a change touches an action."""

    EDITED = "edited"
    """Its own lines changed, or it is new."""

    REACHED = "reached"
    """Something that it executes changed."""


@dataclass(frozen=True, slots=True)
class ChecklistEntry:
    """One answer with its evidence."""

    item: Item
    answer: Answer
    evidence: str
    """A short phrase in Markdown; empty where the finding says it all."""

    path: str | None = None
    line: int | None = None
    tried: str = ""
    """What came of trying it, in two words, and when; empty where nobody has."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that the execution of an action could not follow."""

    why: str
    path: str
    line: int


ANONYMOUS, MEMBER, OTHER_MEMBER = "anonymous", "member", "other member"
"""Who calls: without a session, with one, and with one but the ids of somebody else. Every other caller is a role."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one kind of caller may do by an action, a page or a handler of requests."""

    caller: str
    """One of the three above, or a role or permission as the code calls it."""

    answer: Answer
    """Whether they may do anything of what it does: yes, no, or could not see."""

    reads: tuple[str, ...] = ()
    """What they surely get to read, sorted."""

    changes: tuple[str, ...] = ()
    """What they surely may change, sorted."""

    unseen: tuple[str, ...] = ()
    """What they may read or change for all that could be seen."""

    by: Step | None = None
    """The check that decides it, or where one is missing."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A row of the matrix: something that answers requests, and who may do what by it."""

    kind: str
    """`action`, `page` or `route`."""

    path: str
    line: int
    name: str
    """What its code calls it, or its address: `POST /api/teams`."""

    access: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who may do what in an application."""

    entrances: tuple[Entrance, ...]
    """Actions first, then pages, then handlers of requests; by path and line."""

    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, or only in part."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A Server Action that a change touches and that nobody judged, or a file with code whose actions nobody knows."""

    path: str
    name: str | None
    """None for an anonymous inline action, and for a whole file."""

    line: int | None
    """None for a whole file."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A declaration that a change adds: it counts once it is merged, and not in the review of that change."""

    declares: str
    """`public`, or `ignore RULE`."""

    reason: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Intended:
    """For whom an action is there, as the pages tell that use it: intent, and no guard."""

    who: Meant
    role: str | None = None
    """The role or permission that all of these pages ask for."""

    page: str | None = None
    """The address of one of them."""

    guard: Step | None = None
    """Where that page keeps others out, and what it asks for there."""


UNKNOWN = Intended(Meant.UNKNOWN)

WHOLE_FILE = 1_000_000
"""A line behind the last one of any file."""


@dataclass(frozen=True, slots=True)
class JudgedAction:
    """One Server Action, and what we say of it."""

    path: str
    name: str | None
    """The exported name that the compiler uses; None for an anonymous inline action."""

    line: int
    end_line: int
    form: str
    """`module` (file directive), `inline` (directive in the function) or `route` (a handler of requests)."""

    opened: Public | None
    """Why it needs no session, if it is public by design or by declaration."""

    parameters: tuple[DeclaredParameter, ...]
    """As declared, annotations included: for the curl command."""

    touch: Touch | None
    """None in a scan."""

    touched_by: tuple[Step, ...]
    """For reached actions: the changed places that they execute."""

    checklist: tuple[ChecklistEntry, ...]
    """One entry per item, in the order of `Item`."""

    unseen: tuple[Unseen, ...]
    findings: tuple[Finding, ...]
    """Worst first."""

    fixed: tuple[Finding, ...] = ()
    """What stood at base and is gone."""

    role: str | None = None
    """The role that its authors declare it to need, if they do."""

    needs: str | None = None
    """The role or permission that it asks all its callers for, as the code calls it, or that its authors declare."""

    pending: tuple[Pending, ...] = ()
    """What the change declares of it; empty in a scan, where all declarations count."""

    name_in_code: str | None = None
    """What its code calls it: of a default export the name of its function, where that has one; of a handler of
    requests its method and its address."""

    address: str = ""
    """The path at which it answers, of a handler of requests."""

    operations: tuple[Operation, ...] = ()
    """What it does: a decision that a finding may stand is taken for these."""

    beyond_declared: tuple[Operation, ...] = ()
    """What it does in a review, is declared public for, and did not do at base."""

    earlier: JudgedAction | None = None
    """What was said of it at base; None for a new action, and in a scan."""

    intended: Intended = UNKNOWN
    """Only asked for in a review, and only where who gets through is in question."""

    access: tuple[Access, ...] = ()
    """Who may do what by it: one entry for each kind of caller."""

    @property
    def public(self) -> str | None:
        """Why it needs no session, in words."""
        return self.opened.why if self.opened is not None else None


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A file around actions that is judged by itself: a configuration, or a page beneath a layout."""

    path: str
    touch: Touch | None
    """None in a scan."""

    touched_by: tuple[Step, ...]
    """Other places where what is said of it may be told: the check of a layout."""

    findings: tuple[Finding, ...]
    """Worst first."""

    fixed: tuple[Finding, ...] = ()
    """What stood at base and is gone."""

    operations: tuple[Operation, ...] = ()
    """What those parts of it do about which something is to say."""

    name: None = None
    line: int = 1
    end_line: int = WHOLE_FILE


@dataclass(frozen=True, slots=True)
class RegressionTest:
    """A test that fails while actions are open."""

    path: str
    """Where it is to stand."""

    text: str
    runner: str
    """What runs it: `vitest` or `jest`."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What the analysis cost."""

    files_read: int = 0
    bytes_read: int = 0
    milliseconds: Mapping[str, int] = field(default_factory=dict)
    """Of the processor, by phase (`parse`, `resolve`, `execute`, `judge`), and of all together (`total`)."""


@dataclass(frozen=True, slots=True)
class Unflipped:
    """An answer that stayed as it was without the checks that it was said to rest on."""

    path: str
    name: str | None
    line: int
    entry: ChecklistEntry


@dataclass(frozen=True, slots=True)
class Challenge:
    """What came of taking out the checks that answers rest on."""

    flipped: int
    """Answers that changed, as they should."""

    unflipped: tuple[Unflipped, ...]
    left: int
    """Answers that were not tried."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the analysis found out."""

    actions: tuple[JudgedAction, ...]
    """By path, then line."""

    failures: tuple[Failure, ...]
    stats: Stats
    left_out: tuple[str, ...] = ()
    """Files whose actions would be judged, had the policy not left them out; sorted."""

    files: tuple[JudgedFile, ...] = ()
    """Files around actions of which something is to say, by path."""

    unjudged: tuple[Unjudged, ...] = ()
    """What a change touches and nobody judged, by path and line; empty in a scan."""

    unbuilt: tuple[str, ...] = ()
    """Files with actions that are no part of the build: excluded by the compiler's configuration, and reached by no
    route; sorted."""

    tests: tuple[RegressionTest, ...] = ()
    """Tests that fail for what the change brings, by path; empty in a scan."""

    outdated: tuple[Outdated, ...] = ()
    """What the applications run on that is open to published advisories, or whose version could not be seen."""

    challenge: Challenge | None = None
    """None where nobody asked for it."""

    @property
    def subjects(self) -> tuple[JudgedAction | JudgedFile, ...]:
        """Everything that findings stand on."""
        return (*self.actions, *self.files)
