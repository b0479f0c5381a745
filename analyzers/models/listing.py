"""What is known, for whoever wants to see it: packages and things, with how many rows of which kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preship.analyzers.models import files
from preship.analyzers.models.form import Entry, kind_of, paths_of, rows_of

IN_PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one package or thing."""

    root: str
    kinds: tuple[tuple[str, int], ...]
    """By kind: how many calls it has rows for, the most common first."""

    sources: tuple[str, ...]
    """The documentation that they come from (URLs)."""

    @property
    def rows(self) -> int:
        """How many calls it has rows for."""
        return sum(number for _, number in self.kinds)


def known_models(entries: Iterable[Entry] = ()) -> list[Known]:
    """What is known of each package and thing, in the order of their names; `entries` are a repository's own."""
    kinds: dict[str, Counter[str]] = {}
    sources: dict[str, dict[str, None]] = {}
    for entry in (*files.every_entry(), *entries):
        for root in entry.roots:
            kinds.setdefault(root, Counter()).update(_kinds(entry, root))
            sources.setdefault(root, {})[entry.source] = None
    return [
        Known(root, tuple(counted.most_common()), tuple(filter(None, sources[root])))
        for root, counted in sorted(kinds.items())
    ]


def _kinds(entry: Entry, root: str) -> Iterator[str]:
    """The kind of each call that an entry has a row for; of a package that makes a client, its own or the client's."""
    is_client = entry.clients is not None and root == entry.roots[-1]
    is_maker = entry.clients is not None and not is_client
    for place, row in rows_of(entry):
        if not ((is_client and place[0] in {"calls", "new"}) or (is_maker and place[0] not in {"calls", "new"})):
            yield from [kind_of(row)] * (len(paths_of(str(place[1]))) if len(place) > 1 else 1)
    if is_maker:
        yield from ["makes"] * (1 + len(entry.clients or ()))
    if not is_client:
        yield from ["member"] * len(entry.members)
    if not is_maker:
        named = (entry.reads, entry.awaits, entry.template, entry.becomes)
        yield from [IN_PYTHON] * (sum(each is not None for each in named))
