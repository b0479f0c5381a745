"""A YAML text as plain values, each with its place. It knows YAML, and nothing of what the values mean.

Scalars stay text: `off` is a word here, not a boolean as in YAML 1.1, and a version is no number. Aliases are refused,
since a few of them can stand for a document without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from preship.bot.configuration.mistakes import Mistake

Location = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

KEY = "[key]"
"""Behind the location of a value: the key in front of it."""

SIZE_LIMIT_BYTES = 64 * 1024
"""A configuration for every rule and a hundred patterns has 10 KB."""

_ABSENT = frozenset({"", "~", "null"})
"""What YAML reads as no value at all."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read, as far as it could be."""

    value: Value
    """None for an empty text, and for one that is no YAML."""

    places: Mapping[Location, tuple[int, int]]
    """Line and column of each value and key, from 1."""

    mistakes: tuple[Mistake, ...]

    def place(self, location: Location) -> tuple[int, int]:
        """Where a value stands, or what surrounds it."""
        while location and location not in self.places:
            location = location[:-1]
        return self.places.get(location, (1, 1))


def read_document(content: bytes) -> Document:
    """The document of these bytes. Nothing is raised, whatever they are."""
    if len(content) > SIZE_LIMIT_BYTES:
        return _refused(Mistake(1, 1, f"the file is larger than {SIZE_LIMIT_BYTES // 1024} KB"))
    try:
        text = content.decode("utf-8-sig")
        node = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        return _refused(_at(content[: error.start].decode("utf-8", "replace"), "the file is not UTF-8 text"))
    except yaml.reader.ReaderError as error:
        return _refused(_at(text[: error.position], "a control character is not allowed here"))
    except yaml.MarkedYAMLError as error:
        return _refused(_syntax(error))
    except RecursionError:
        return _refused(Mistake(1, 1, "the file is nested too deeply"))
    return _Walk().document(node)


def _refused(mistake: Mistake) -> Document:
    return Document(None, {}, (mistake,))


def _at(text_before: str, says: str) -> Mistake:
    lines = text_before.split("\n")
    return Mistake(len(lines), len(lines[-1]) + 1, says)


def _syntax(error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    says = ", ".join(part for part in (error.context, error.problem) if part)
    return Mistake(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, f"this cannot be read: {says}")


class _Loader(yaml.BaseLoader):
    """Composes nodes; refuses aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            alias = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not read; write the value out", alias.start_mark)
        return super().compose_node(parent, index)


@dataclass(slots=True)
class _Walk:
    """One walk over the nodes of a document."""

    places: dict[Location, tuple[int, int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def document(self, node: yaml.Node | None) -> Document:
        value = self._value(node, ()) if node is not None else None
        return Document(value, self.places, tuple(self.mistakes))

    def _value(self, node: yaml.Node, location: Location) -> Value:
        self.places[location] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, location))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*location, index)) for index, item in enumerate(node.value)]
        is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
        return None if is_plain and node.value in _ABSENT else str(node.value)

    def _entries(self, node: yaml.MappingNode, location: Location) -> Iterator[tuple[str, Value]]:
        """The keys with a value; one without says nothing."""
        for key, value in node.value:
            line, column = _place(key)
            if not isinstance(key, yaml.ScalarNode):
                self.mistakes.append(Mistake(line, column, "a key should be text"))
                continue
            inner = (*location, key.value)
            if (*inner, KEY) in self.places:
                self.mistakes.append(Mistake(line, column, f"{key.value!r} is given twice"))
                continue
            self.places[*inner, KEY] = line, column
            read = self._value(value, inner)
            if read is not None:
                yield key.value, read


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
