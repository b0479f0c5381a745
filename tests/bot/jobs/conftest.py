"""An worker_context whose analyst knows what it will find."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from preship.analyzers.analysis import (
    ANONYMOUS,
    MEMBER,
    OTHER_MEMBER,
    Access,
    Advice,
    Analysis,
    Answer,
    ChecklistEntry,
    Confidence,
    DeclaredParameter,
    Entrance,
    Finding,
    Item,
    JudgedAction,
    Matrix,
    Severity,
    Stats,
    Status,
    Step,
    Touch,
)
from preship.bot.jobs.contexts import Counted, Reading, WorkerContext
from preship.bot.jobs.job import serve_delivery
from preship.bot.jobs.planner import ReviewPlanner
from preship.bot.jobs.worker import Later
from preship.bot.store.deliveries import Delivery
from preship.bot.store.schema import migrate
from preship.bot.store.store import Store
from tests.bot.jobs.fake_forge import COMPARISON, HEAD, FakeForge
from tests.databases import emptied, fresh_database

PUSHED = Delivery("d-1", "pull_request", "opened", 77, "acme/shop", 5, 3, HEAD, "ada", "push")

FAULT = Finding(
    rule="missing-authentication",
    title="No session is required",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    path="app/actions.ts",
    line=3,
    end_line=3,
    message="`removePost` deletes any post for anyone.",
    advice=Advice("Require a session first."),
    trail=(Step("app/actions.ts", 3, "deletes"),),
    evidence="delete post",
    fingerprint="0123456789abcdef",
    status=Status.INTRODUCED,
)
ACTION = JudgedAction(
    path="app/actions.ts",
    name="removePost",
    line=2,
    end_line=4,
    form="module",
    opened=None,
    parameters=(DeclaredParameter("id"),),
    touch=Touch.EDITED,
    touched_by=(),
    checklist=tuple(
        ChecklistEntry(item, Answer.NO if item is Item.AUTHENTICATION else Answer.NOT_APPLICABLE, "") for item in Item
    ),
    unseen=(),
    findings=(FAULT,),
)
ANALYSIS = Analysis((ACTION,), (), Stats())
COUNTED = Counted(
    "main",
    "c" * 40,
    Matrix(
        (
            Entrance(
                "action",
                "app/actions.ts",
                2,
                "removePost",
                (
                    Access(ANONYMOUS, Answer.YES, changes=("post",)),
                    Access(MEMBER, Answer.YES, changes=("post",)),
                    Access(OTHER_MEMBER, Answer.YES, changes=("post",)),
                ),
            ),
        ),
        (),
    ),
)
NOTHING_TOUCHED = Analysis((), (), Stats())


class Context0:
    """One pull request, its forge, and the deliveries about it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fake_forge = FakeForge()
        self.analysis: Analysis | Callable[[], Analysis] = ANALYSIS
        self.analysed = 0
        self.counted: Counted | Callable[[], Counted] = COUNTED
        self.review_drafts, self.drafts_wanted = False, None
        self.stopping = threading.Event()
        self.outcomes: list[str] = []
        self.failures: list[tuple[str, str]] = []

    def analyst(self, forge, pull_request, comparison, stopping) -> Reading:
        self.analysed += 1
        return Reading(self.analysis() if callable(self.analysis) else self.analysis, COMPARISON.files)

    def counter(self, forge, stopping) -> Counted:
        return self.counted() if callable(self.counted) else self.counted

    @property
    def worker_context(self) -> WorkerContext:
        key = b"k" * 32
        return WorkerContext(
            store=self.store,
            forge_of=lambda repository: self.fake_forge,
            analyst=self.analyst,
            counter=self.counter,
            planner=ReviewPlanner(key, "https://fake_forge.example", None),
            marker_key=key,
            stopping=self.stopping,
            attempts=3,
            retry_seconds=10,
            review_drafts=self.review_drafts,
            drafts_wanted=lambda forge, pull_request: self.drafts_wanted,
        )

    def accept(self, delivery: Delivery = PUSHED) -> None:
        self.store.deliveries.accept(delivery)

    def serve(self, guid: str = "d-1") -> Later | None:
        """One try of the job; what it asks for if it is to run again."""
        try:
            serve_delivery(self.worker_context, guid, self)
        except Later as later:
            return later
        return None

    def worked(self, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)

    def failed(self, event: str, cause: str) -> None:
        self.failures.append((event, cause))

    def state(self, guid: str = "d-1") -> tuple[str, str]:
        record = next(one for one in self.store.deliveries.recent() if one.guid == guid)
        return record.state.value, record.reason


@pytest.fixture
def context(store: Store) -> Context0:
    return Context0(store)


@pytest.fixture(scope="session")
def kept_database(postgres_url: str) -> Iterator[str]:
    """A database with its tables, for one test after the other."""
    with fresh_database(postgres_url) as url:
        migrate(url)
        yield url


@pytest.fixture
def database_url(kept_database: str) -> str:
    """The same database for each test of jobs, empty: none of them changes its tables."""
    emptied(kept_database)
    return kept_database
