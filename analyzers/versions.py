"""Which version of what serves the actions is installed, and the published advisories that it is open to.

The table of advisories is `advisories.yml`, with a date and a source for each. No network is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from preship.analyzers.project.files import Files
from preship.analyzers.project.jsonc import as_object, json_object
from preship.analyzers.project.layout import ancestors, folder_of
from preship.analyzers.project.locks import installed_version

TABLE = Path(__file__).parent / "advisories.yml"

SERVES = ("next", "react-server-dom-webpack", "react-server-dom-turbopack", "react-server-dom-parcel")
"""The packages that are looked for; in the table the last three are one."""


class Hole(StrEnum):
    """What an advisory is about, the worst first."""

    CODE = "code"
    SOURCE = "source"
    FRONT = "front"
    INSIDE = "inside"
    HALT = "halt"


@dataclass(frozen=True, slots=True)
class Outdated:
    """A version that is itself the hole, or one that could not be seen."""

    package: str
    wanted: str
    """As the manifest asks for it."""

    version: str | None
    """The installed one; None where no lock file says which that is."""

    path: str
    """The manifest."""

    advisories: tuple[str, ...]
    """Their ids, the worst first; none where the version could not be seen."""

    holes: tuple[Hole, ...] = ()
    fixed_in: str | None = None
    """The next version that none of them is about."""

    as_of: str = ""
    """The date of the table."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """One row of the table."""

    ids: tuple[str, ...]
    hole: Hole
    ranges: Mapping[str, tuple[tuple[str, str], ...]]
    """The first version with the hole and the first without it, by package."""

    source: str


def outdated(files: Files, paths: Iterable[str], is_behind_code: bool) -> Iterator[Outdated]:
    """What the applications that some files belong to run on, where that is open to an advisory.

    `is_behind_code` says whether middleware or a proxy stands in front of them.
    """
    for manifest in dict.fromkeys(filter(None, (_application_of(files, path) for path in paths))):
        asked = _dependencies(files, manifest)
        for package in SERVES:
            if package in asked:
                found = _judged(files, manifest, package, asked[package], is_behind_code)
                yield from (found,) if found is not None else ()


def _application_of(files: Files, path: str) -> str | None:
    """The nearest manifest above a file that asks for one of the packages."""
    known = frozenset(files.paths())
    names = (f"{folder}/package.json".lstrip("/") for folder in ancestors(folder_of(path)))
    return next((n for n in names if n in known and not _dependencies(files, n).keys().isdisjoint(SERVES)), None)


def _dependencies(files: Files, manifest: str) -> Mapping[str, str]:
    blob = files.read([manifest]).get(manifest)
    raw = json_object(blob.content) if blob is not None else {}
    found = {**as_object(raw.get("devDependencies")), **as_object(raw.get("dependencies"))}
    return {name: wanted for name, wanted in found.items() if isinstance(wanted, str)}


def _judged(files: Files, manifest: str, package: str, wanted: str, is_behind_code: bool) -> Outdated | None:
    as_of, table = advisories()
    version = installed_version(files, manifest, package, wanted)
    if version is None:
        return Outdated(package, wanted, None, manifest, (), as_of=as_of)
    open_to = [each for each in table if each.hole is not Hole.FRONT or is_behind_code]
    met = [each for each in open_to if is_affected(version, each, package)]
    if not met:
        return None
    met.sort(key=lambda each: list(Hole).index(each.hole))
    ids = tuple(each.ids[0] for each in met)
    holes = tuple(dict.fromkeys(each.hole for each in met))
    return Outdated(package, wanted, version, manifest, ids, holes, _fixed_in(version, package, open_to), as_of)


def is_affected(version: str, advisory: Advisory, package: str) -> bool:
    """Whether an advisory is about a version."""
    return any(order(start) <= order(version) < order(end) for start, end in advisory.ranges.get(_row_of(package), ()))


def _fixed_in(version: str, package: str, table: Iterable[Advisory]) -> str | None:
    """The next version of the same major, or else of a later one, that no advisory is about."""
    rows = list(table)
    ends = {end for row in rows for _, end in row.ranges.get(_row_of(package), ()) if order(end) > order(version)}
    sound = [end for end in ends if not any(is_affected(end, row, package) for row in rows)]
    return min(sound, key=order, default=None)


def _row_of(package: str) -> str:
    return package if package == "next" else "react-server-dom"


def order(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """Sorts versions as https://semver.org/#spec-item-11 does: what comes before a release comes before it."""
    plain, _, before = version.partition("+")[0].partition("-")
    numbers = tuple(int(part) if part.isdigit() else 0 for part in plain.split("."))
    parts = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in before.split(".") if part)
    return numbers, not before, parts


@cache
def advisories() -> tuple[str, tuple[Advisory, ...]]:
    """The date of the table, and its rows."""
    import yaml

    table = yaml.load(TABLE.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 -- it makes nothing but texts
    return str(table["as_of"]), tuple(_advisory(row) for row in table["advisories"])


def _advisory(row: Mapping[str, list[object]]) -> Advisory:
    ranges = {
        package: tuple((str(as_object(each)["from"]), str(as_object(each)["below"])) for each in row[package])
        for package in ("next", "react-server-dom")
        if package in row
    }
    return Advisory(tuple(map(str, row["ids"])), Hole(str(row["kind"])), ranges, str(row["source"]))
