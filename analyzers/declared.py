"""What a repository says of its own code where the code does not: read at the base of a change, never at its head."""

from __future__ import annotations

from dataclasses import dataclass

from preship.analyzers.conventions.changes import Change
from preship.analyzers.knowledge.own import Row
from preship.analyzers.models.form import Entry
from preship.analyzers.schema.corrections import Correction


@dataclass(frozen=True, slots=True)
class Declared:
    """Facts that a team writes into its configuration."""

    rows: tuple[Row, ...] = ()
    """Of its functions: guards, and wrappers that call their callback for proven callers alone."""

    models: tuple[Entry, ...] = ()
    """Of packages and modules that only this repository knows."""

    conventions: tuple[Change, ...] = ()
    """Of names: what follows a convention here as well, and what does not after all."""

    owners: tuple[Correction, ...] = ()
    """Of tables: whose their rows are, where the schema does not say it or says it otherwise."""


NOTHING = Declared()
