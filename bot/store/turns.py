"""Turns to write, booked by all processes in one row per installation, so that together they keep one pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import DictRow

from preship.bot.store.database import Database

# A limit that comes this soon after the last wait means that the wait was too short.
_SAME_SPELL_SECONDS = 600.0
_MOST_DOUBLINGS = 5
_LONGEST_CLOSURE_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Turns:
    """One row. Moments are seconds since 1970."""

    next_turn: float
    created: tuple[float, ...]
    """When content was created, ascending."""

    closed_until: float
    strikes: int
    """How many limits the forge has set without a long pause between them."""

    created_for: tuple[int, ...] = ()
    """The repository of each creation, 0 where it is not known."""

    @property
    def owners(self) -> tuple[int, ...]:
        """The same, one for each creation: a process of an older version notes none."""
        missing = len(self.created) - len(self.created_for)
        return (0,) * missing + self.created_for[max(0, -missing) :]


_SHARE = 0.75
"""Of what other repositories have left, one may take so much: however many are greedy, the next one finds something."""


def turn_after(turns: Turns, now: float, quotas: Sequence[tuple[float, int]], repository: int = 0) -> float:
    """The first free moment; `quotas` are pairs of seconds and how much may be created in any so long a time.

    A `repository` has to keep its share as well; 0 is none.
    """
    used_up = [turns.created[-count] + seconds for seconds, count in quotas if len(turns.created) >= count]
    if repository:
        used_up += [_share_is_free(turns, now, repository, seconds, count) for seconds, count in quotas]
    return max(now, turns.next_turn, turns.closed_until, *used_up)


def _share_is_free(turns: Turns, now: float, repository: int, seconds: float, count: int) -> float:
    """When a repository has something of its share again."""
    own = [moment for moment, owner in zip(turns.created, turns.owners, strict=True) if owner == repository]
    others = sum(moment > now - seconds for moment in turns.created) - sum(moment > now - seconds for moment in own)
    share = max(1, int((count - others) * _SHARE))
    return own[-share] + seconds if len(own) >= share else now


def closed_by(turns: Turns, now: float, seconds: float, grows: bool) -> tuple[float, int]:
    """Until when a limit of so many seconds closes the row, and the strikes then."""
    is_again = turns.strikes > 0 and turns.closed_until > now - _SAME_SPELL_SECONDS
    doublings = min(turns.strikes, _MOST_DOUBLINGS) if is_again and grows else 0
    until = now + min(seconds * 2**doublings, _LONGEST_CLOSURE_SECONDS)
    return max(turns.closed_until, until), turns.strikes + 1 if is_again else 1


class WriteTurns:
    """The table `write_turns`. Its clock is the database's, since those of machines differ."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(
        self,
        installation: int,
        spacing_seconds: float,
        quotas: Sequence[tuple[float, int]],
        patience_seconds: float,
        repository: int = 0,
    ) -> float:
        """Take the next turn, and give the seconds until then; more than `patience_seconds` means that none is taken.

        With `quotas` the turn counts as a creation, of which a `repository` has its share. Raises `StoreUnavailable`.
        """
        with self._database.transaction() as connection:
            turns, now = _locked(connection, installation)
            turn = turn_after(turns, now, quotas, repository)
            if turn - now <= patience_seconds:
                kept = max((count for _, count in quotas), default=0)
                created = (*turns.created, turn)[-kept:] if quotas else turns.created
                owners = (*turns.owners, repository)[-kept:] if quotas else turns.owners
                connection.execute(
                    "UPDATE write_turns SET next_turn = %s, created = %s, created_for = %s WHERE installation = %s",
                    (turn + spacing_seconds, list(created), list(owners), installation),
                )
        return turn - now

    def close(self, installation: int, seconds: float, grows: bool) -> float:
        """Let nobody ask for so long, and give for how long that is; one that `grows` doubles while limits go on."""
        with self._database.transaction() as connection:
            turns, now = _locked(connection, installation)
            until, strikes = closed_by(turns, now, seconds, grows)
            connection.execute(
                "UPDATE write_turns SET closed_until = %s, strikes = %s WHERE installation = %s",
                (until, strikes, installation),
            )
        return until - now

    def closed_seconds(self, installation: int) -> float:
        """For how long nobody may ask yet; 0 where everybody may."""
        rows = self._database.rows(
            "SELECT (closed_until - extract(epoch FROM clock_timestamp()))::float AS seconds FROM write_turns"
            " WHERE installation = %s",
            installation,
        )
        return max(0.0, float(rows[0]["seconds"])) if rows else 0.0


def _locked(connection: psycopg.Connection[DictRow], installation: int) -> tuple[Turns, float]:
    """The row, kept from others until the transaction ends, and the moment now."""
    key = (installation,)
    connection.execute("INSERT INTO write_turns (installation) VALUES (%s) ON CONFLICT DO NOTHING", key)
    [row] = connection.execute(
        "SELECT next_turn, created, created_for, closed_until, strikes FROM write_turns"
        " WHERE installation = %s FOR UPDATE",
        key,
    ).fetchall()
    # Asked apart, because the row may have been waited for.
    [clock] = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float AS now").fetchall()
    created, owners = tuple(row["created"]), tuple(row["created_for"])
    return Turns(row["next_turn"], created, row["closed_until"], row["strikes"], owners), clock["now"]
