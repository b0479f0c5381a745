"""Decisions that people asked to hold for their kind, and the pull requests that propose them."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from preship.bot.store.database import Database


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One such pull request."""

    repository_id: int
    proposed_in: int
    number: int
    """The pull request on which it was asked for."""

    rule: str
    actions: str
    who: str
    reason: str


class Proposals:
    """The table `proposals`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, row: ProposalRow) -> None:
        """Keep a proposal, and write down who asked for it; once, however often it is said."""
        self._database.rows(
            "WITH made AS (INSERT INTO proposals (repository_id, proposed_in, number, rule, actions, who, reason)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING *)"
            " INSERT INTO audit (who, what, repository_id, about) SELECT who, 'proposed an exception', repository_id,"
            " rule || ' in ' || actions || ', #' || proposed_in FROM made",
            *astuple(row),
        )
