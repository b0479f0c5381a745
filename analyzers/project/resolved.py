"""What an import can turn out to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """A file of the repository; not always one with code (`.json`, `.css`)."""

    path: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package from outside of the repository, or a module of Node."""

    name: str
    """On the registry: `next`, `@clerk/nextjs`; of Node without `node:`."""

    subpath: str = ""
    """Behind the name: `headers` of `next/headers`; empty for the package itself."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An import that could not be followed."""

    reason: str
    """A short phrase."""


Resolution = ResolvedFile | Package | Unresolved
