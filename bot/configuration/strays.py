"""What a right configuration says of files that are not in the tree: then it protects, or leaves out, nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from analyzers.analysis import matches
from bot.configuration.document import Location, read_document
from bot.configuration.mistakes import Mistake
from bot.configuration.model import Configuration, is_source_file

Item = TypeVar("Item")


def strays(content: bytes, paths: Collection[str]) -> tuple[Mistake, ...]:
    """The patterns that match none of these paths, and the functions of files that are none of them, by line."""
    document = read_document(content)
    found = Configuration.model_validate(document.value or {})
    told = (
        Mistake(*document.place(location), f"{name!r} {why}")
        for location, name, why in (*_patterns(found, paths), *_functions(found, paths))
    )
    return tuple(sorted(told))


def _at(key: str, items: Sequence[Item]) -> Iterator[tuple[Location, Item]]:
    return (((key, index), item) for index, item in enumerate(items))


def _patterns(found: Configuration, paths: Collection[str]) -> Iterator[tuple[Location, str, str]]:
    written = [*_at("only", found.only), *_at("ignore", found.ignore)]
    written += [((*location, "actions"), each.actions) for location, each in _at("public", found.public)]
    written += [((*location, "actions"), each.actions) for location, each in _at("roles", found.roles)]
    for location, pattern in written:
        path = pattern.rpartition(":")[0] or pattern
        if not any(matches(path, each) for each in paths):
            yield location, path, "matches no file"


def _functions(found: Configuration, paths: Collection[str]) -> Iterator[tuple[Location, str, str]]:
    written = [((*location, "function"), each.function) for location, each in _at("guards", found.guards)]
    written += [((*location, "function"), each.function) for location, each in _at("wrappers", found.wrappers)]
    for location, function in written:
        module = function.rpartition(":")[0]
        if is_source_file(module) and module not in paths:
            yield location, module, "is no file of this repository"
