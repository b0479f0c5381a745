"""What a right configuration says of files that are not in the tree: then it protects, or leaves out, nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from preship.analyzers.analysis import CONVENTIONS, Change, matches
from preship.bot.configuration.document import Location, read_document
from preship.bot.configuration.mistakes import Mistake
from preship.bot.configuration.model import Configuration, is_source_file

Item = TypeVar("Item")


def unmatched_patterns(
    content: bytes,
    paths: Collection[str],
    names: Callable[[str], Collection[str]],
    tables: Callable[[], Mapping[str, Collection[str]]],
    is_written: Callable[[Change], bool],
) -> tuple[Mistake, ...]:
    """The patterns that match none of these paths, the functions that no file of them has, and tables, by line.

    `names` gives those of a file, and `tables` those of the schema with their columns. `is_written` says whether a name
    of a convention stands anywhere in the code.
    """
    document = read_document(content)
    found = Configuration.model_validate(document.value or {})
    told = (
        Mistake(*document.place(location), says)
        for location, says in (
            *_patterns(found, paths),
            *_functions(found, paths, names),
            *_owners(found, tables),
            *_modules(found, paths),
            *_conventions(found, is_written),
        )
    )
    return tuple(sorted(told))


def _at(key: str, items: Sequence[Item]) -> Iterator[tuple[Location, Item]]:
    return (((key, index), item) for index, item in enumerate(items))


def _patterns(found: Configuration, paths: Collection[str]) -> Iterator[tuple[Location, str]]:
    written = [*_at("only", found.only), *_at("ignore", found.ignore)]
    written += [((*location, "actions"), each.actions) for location, each in _at("public", found.public)]
    written += [((*location, "actions"), each.actions) for location, each in _at("roles", found.roles)]
    written += [((*location, "actions"), each.actions) for location, each in _at("exceptions", found.exceptions)]
    for location, pattern in written:
        path = pattern.rpartition(":")[0] or pattern
        if not any(matches(path, each) for each in paths):
            yield location, f"{path!r} matches no file"


def _functions(
    found: Configuration, paths: Collection[str], names: Callable[[str], Collection[str]]
) -> Iterator[tuple[Location, str]]:
    written = [((*location, "function"), each.function) for location, each in _at("guards", found.guards)]
    written += [((*location, "function"), each.function) for location, each in _at("wrappers", found.wrappers)]
    for location, function in written:
        module, _, name = function.rpartition(":")
        if not is_source_file(module):
            continue
        if module not in paths:
            yield location, f"{module!r} is no file of this repository"
        elif name not in (known := names(module)):
            meant = get_close_matches(name, known, 1)
            yield location, f"{module!r} has no {name!r}" + (f"; did you mean {meant[0]!r}?" if meant else "")


def _owners(
    found: Configuration, tables: Callable[[], Mapping[str, Collection[str]]]
) -> Iterator[tuple[Location, str]]:
    known = tables() if found.owners else {}
    for location, owner in _at("owners", found.owners):
        for key, table in (("table", owner.table), ("of", owner.of)):
            if table is not None and _named(table, known) is None:
                yield (*location, key), f"the schema has no table {table!r}{_meant(table, known)}"
        columns = _named(owner.table, known)
        if owner.column is not None and columns is not None and owner.column not in columns:
            says = f"{owner.table!r} has no column {owner.column!r}{_meant(owner.column, columns)}"
            yield (*location, "column"), says


def _named(table: str, known: Mapping[str, Collection[str]]) -> Collection[str] | None:
    return next((columns for name, columns in known.items() if name.lower() == table.lower()), None)


def _meant(given: str, known: Collection[str]) -> str:
    found = get_close_matches(given, known, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _conventions(found: Configuration, is_written: Callable[[Change], bool]) -> Iterator[tuple[Location, str]]:
    for id_, names in found.conventions.items():
        for key, patterns in (("also", names.also), ("never", names.never)):
            for index, name in enumerate(patterns):
                if "*" not in name and CONVENTIONS[id_].matches(name) is (key == "also"):
                    says = "follows" if key == "also" else "does not follow"
                    yield ("conventions", id_, key, index), f"{name!r} {says} {id_!r} anyway"
                elif not is_written(Change(id_, also=(name,))):
                    yield ("conventions", id_, key, index), f"no name in the code is {name!r}"


def _modules(found: Configuration, paths: Collection[str]) -> Iterator[tuple[Location, str]]:
    for index, entry in enumerate(found.models):
        for number, module in enumerate(entry.packages):
            if is_source_file(module) and module not in paths:
                yield ("models", index, "packages", number), f"{module!r} is no file of this repository"
