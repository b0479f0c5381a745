"""Why an action needs no session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeclaredIn(StrEnum):
    """Where its authors say so."""

    CODE = "code"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Public:
    """That anybody may call an action."""

    reason: str
    """Why, as a clause; where it is declared, in the words of its authors."""

    declared_in: DeclaredIn | None = None
    """None: the analysis found it out."""

    excuse: str | None = None
    """The id of the excuse that says it, if one does."""

    @property
    def why(self) -> str:
        """The reason, with where it is declared."""
        if self.declared_in is None:
            return self.reason
        place = " in the configuration" if self.declared_in is DeclaredIn.CONFIGURATION else ""
        return f"declared{place}: {self.reason}"
