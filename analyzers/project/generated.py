"""Code that a build writes into the tree, so that no commit holds it: whose package stands for it.

Since version 7 Prisma generates its client into the application, and real code imports it from there.
https://www.prisma.io/docs/orm/prisma-schema/overview/generators
"""

from __future__ import annotations

import re
from functools import cached_property

from preship.analyzers.project.layout import Layout, folder_of, joined
from preship.analyzers.project.resolved import Package
from preship.analyzers.project.tsconfig import ReadText

_GENERATOR = re.compile(rb"^[ \t]*generator[ \t]+\w+[ \t]*\{([^{}]*)\}", re.MULTILINE)
_CLIENT = re.compile(rb"""^[ \t]*provider[ \t]*=[ \t]*"prisma-client(?:-js)?"[ \t\r]*(?://.*)?$""", re.MULTILINE)
_OUTPUT = re.compile(rb"""^[ \t]*output[ \t]*=[ \t]*"([^"\n]+)"[ \t\r]*(?://.*)?$""", re.MULTILINE)


class Generated:
    """The directories of a tree that generators fill."""

    def __init__(self, layout: Layout, read: ReadText) -> None:
        self._layout = layout
        self._read = read

    def package_at(self, place: str) -> Package | None:
        """The package whose code is generated at a path, if one is."""
        hit = any(place == folder or place.startswith(f"{folder}/") for folder in self._prisma_clients)
        return Package("@prisma/client") if hit else None

    @cached_property
    def _prisma_clients(self) -> tuple[str, ...]:
        """The directories into which the schemas of this tree have their client generated."""
        schemas = sorted(path for path in self._layout.files if path.endswith(".prisma"))
        outputs = (joined(folder_of(path), output) for path in schemas for output in _outputs(self._read(path) or b""))
        return tuple(output for output in outputs if output)


def _outputs(schema: bytes) -> tuple[str, ...]:
    blocks = (block[1] for block in _GENERATOR.finditer(schema) if _CLIENT.search(block[1]))
    found = (_OUTPUT.search(block) for block in blocks)
    return tuple(each[1].decode(errors="replace") for each in found if each)
