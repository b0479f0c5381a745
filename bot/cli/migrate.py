"""`preship migrate`: the tables of the database."""

from __future__ import annotations

from preship.bot.cli.complaints import configured
from preship.bot.options import Complaint


def migrate() -> None:
    """Bring the tables of the database up to date, and end: `serve` and `worker` do so when they start, too."""
    from preship.bot.store.database import StoreUnavailable
    from preship.bot.store.store import DatabaseServer, open_store

    with configured() as settings:
        url = settings.database_url.get_secret_value() if settings.database_url else None
        server = DatabaseServer(url, settings.data_directory)
        try:
            open_store(server.url()).close()
        except StoreUnavailable as error:
            raise Complaint(f"{error}: look whether it runs, and at DATABASE_URL") from error
        finally:
            server.close()
    print("the tables are up to date")
