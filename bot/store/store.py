"""The store, opened: one database with its deliveries, its reviews and its queue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg

from preship.bot.store.database import Database, StoreUnavailable
from preship.bot.store.deliveries import Deliveries
from preship.bot.store.embedded import EmbeddedPostgres
from preship.bot.store.health import Health
from preship.bot.store.history import HistoryTables
from preship.bot.store.inventories import Inventories
from preship.bot.store.listings import Listings
from preship.bot.store.proposals import Proposals
from preship.bot.store.queue import JobQueue
from preship.bot.store.registration import Registration
from preship.bot.store.repositories import Repositories
from preship.bot.store.retention import Retention
from preship.bot.store.reviews import Reviews
from preship.bot.store.scheduled_tasks import ScheduledTasks
from preship.bot.store.schema import migrate
from preship.bot.store.sessions import Sessions
from preship.bot.store.turns import WriteTurns
from preship.bot.store.unfinished import Unfinished
from preship.bot.store.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that Preship remembers."""

    database: Database
    deliveries: Deliveries
    reviews: Reviews
    verdicts: Verdicts
    history: HistoryTables
    proposals: Proposals
    repositories: Repositories
    turns: WriteTurns
    scheduled_tasks: ScheduledTasks
    unfinished: Unfinished
    registration: Registration
    sessions: Sessions
    listings: Listings
    inventories: Inventories
    health: Health
    retention: Retention

    def queue(self) -> dict[str, int]:
        """How many jobs there are, by status. Raises `StoreUnavailable`."""
        rows = self.database.rows("SELECT status, count(*) AS jobs FROM procrastinate_jobs GROUP BY 1 ORDER BY 1")
        return {row["status"]: row["jobs"] for row in rows}

    def close(self) -> None:
        """Disconnect."""
        self.database.close()


def open_store(url: str) -> Store:
    """Connect to a database and bring its tables up to date. Raises `StoreUnavailable`."""
    try:
        migrate(url)
    except psycopg.OperationalError as error:
        raise StoreUnavailable("the database does not answer") from error
    database = Database(url)
    database.open()
    deliveries = Deliveries(database, JobQueue())
    return Store(
        database,
        deliveries,
        Reviews(database),
        Verdicts(database),
        HistoryTables(database),
        Proposals(database),
        Repositories(database, JobQueue()),
        WriteTurns(database),
        ScheduledTasks(database),
        Unfinished(database),
        Registration(database),
        Sessions(database),
        Listings(database),
        Inventories(database),
        Health(database),
        Retention(database),
    )


class DatabaseServer:
    """Where the database is: the operator's server, or the embedded one, started when it is asked for."""

    def __init__(self, url: str | None, data_directory: Path) -> None:
        self._url = url
        self._embedded = None if url else EmbeddedPostgres(data_directory)

    @property
    def is_embedded(self) -> bool:
        """Whether the database lives in the data directory."""
        return self._embedded is not None

    def url(self) -> str:
        """The address to connect to. Raises `EmbeddedDatabaseError`."""
        return self._embedded.url() if self._embedded else str(self._url)

    def close(self) -> None:
        """Let an embedded server go."""
        if self._embedded:
            self._embedded.close()
