"""What a repository decides for itself about its analysis: the ground of its configuration, without the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from preship.analyzers.conventions.changes import Change
from preship.analyzers.declared import Declared
from preship.analyzers.knowledge.own import Guard, Wrapper
from preship.analyzers.models.form import Entry
from preship.analyzers.paths import matches
from preship.analyzers.rule import Severity
from preship.analyzers.schema.corrections import Correction


@dataclass(frozen=True, slots=True)
class ActionPattern:
    """Actions by where they stand and what they are called."""

    path: str
    """A pattern of paths (see `preship.analyzers.paths`)."""

    name: str | None = None
    """A pattern of names; None means every action there, the nameless ones too."""

    def covers(self, path: str, name: str | None) -> bool:
        """Whether an action is meant."""
        return matches(self.path, path) and (self.name is None or (name is not None and matches(self.name, name)))


@dataclass(frozen=True, slots=True)
class PublicActions:
    """Actions that need no session."""

    actions: ActionPattern
    reason: str


@dataclass(frozen=True, slots=True)
class RoleBoundActions:
    """Actions that a signed-in caller may run with a role alone."""

    actions: ActionPattern
    role: str
    """What the role is called, in words for the reader; any role or permission that the code asks for will do."""


class Scope(StrEnum):
    """What is judged of an application."""

    ACTIONS = "actions"
    BOTH = "actions+routes"
    """Handlers of requests (`route.ts`) beside its actions."""


@dataclass(frozen=True, slots=True)
class ExceptedActions:
    """Actions in which the findings of a rule are meant to stand, those of actions to come as well."""

    rule: str
    actions: ActionPattern
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What a repository decides for itself."""

    only: tuple[str, ...] = ()
    """Patterns of files whose actions are judged; none: all."""

    ignored: tuple[str, ...] = ()
    """Patterns of files whose actions are not judged, whatever `only` says."""

    public: tuple[PublicActions, ...] = ()
    role_bound: tuple[RoleBoundActions, ...] = ()
    exceptions: tuple[ExceptedActions, ...] = ()
    severities: tuple[tuple[str, Severity | None], ...] = ()
    """By rule id, where it is not the rule's own; None: the rule is off."""

    guards: tuple[Guard, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    models: tuple[Entry, ...] = ()
    """What is said of packages and modules that only this repository knows."""

    owners: tuple[Correction, ...] = ()
    """Whose the rows of tables are, where the schema says it otherwise."""

    conventions: tuple[Change, ...] = ()
    """Which names follow a convention here as well, and which do not after all."""

    scope: Scope | None = None
    """None: handlers of requests are judged in a scan, and not in a review."""

    @property
    def off(self) -> frozenset[str]:
        """The rules that are off."""
        return frozenset(rule for rule, severity in self.severities if severity is None)

    @property
    def declared(self) -> Declared:
        """What the repository says of its own code."""
        return Declared((*self.guards, *self.wrappers), self.models, self.conventions, self.owners)

    def covers(self, path: str) -> bool:
        """Whether the actions of a file are judged."""
        return (not self.only or any_matches(self.only, path)) and not any_matches(self.ignored, path)

    def why_public(self, path: str, name: str | None) -> str | None:
        """The reason for which an action needs no session; None where it is not declared public."""
        return next((each.reason for each in self.public if each.actions.covers(path, name)), None)

    def why_excepted(self, rule: str, path: str, name: str | None) -> str | None:
        """The reason for which findings of a rule are meant to stand in an action, or in a file; None: they are not."""
        return next((e.reason for e in self.exceptions if e.rule == rule and e.actions.covers(path, name)), None)

    def role_of(self, path: str, name: str | None) -> str | None:
        """The role that an action needs; None where none is declared."""
        return next((each.role for each in self.role_bound if each.actions.covers(path, name)), None)


def any_matches(patterns: Iterable[str], path: str) -> bool:
    """Whether one of the patterns means this path."""
    return any(matches(pattern, path) for pattern in patterns)
