"""What the shape of the file refuses, in words for the person who wrote it; what was probably meant is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from difflib import get_close_matches
from enum import Enum
from typing import get_args, get_type_hints

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from preship.analyzers.analysis import CODE_KEYS
from preship.bot.configuration.document import KEY, Document, Location
from preship.bot.configuration.mistakes import Mistake
from preship.bot.configuration.model import Configuration

WANTED = {
    **dict.fromkeys(("model_type", "mapping_type", "dict_type", "dataclass_type"), "a mapping of keys to values"),
    **dict.fromkeys(("tuple_type", "list_type"), "a list"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing"), "a whole number"),
    "string_type": "text",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "too_long": "a list of {max_length} items at most",
}
"""By the kind of error, what should stand there. https://docs.pydantic.dev/latest/errors/validation_errors/"""


def mistake_of(detail: ErrorDetails, document: Document) -> Mistake:
    """A mistake of the file, at its place."""
    location = tuple(detail["loc"])
    if detail["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        line, column = document.place((*location, KEY))
        return Mistake(line, column, _unknown_key(location))
    line, column = document.place(location)
    return Mistake(line, column, _says(detail, location))


def _says(detail: ErrorDetails, location: Location) -> str:
    """What is wrong, in words for the person who wrote the file."""
    context: Mapping[str, object] = detail.get("ctx", {})
    if detail["type"] == "missing":
        return f"{str(location[-1])!r} is missing"
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] == "enum":
        return _unknown_word(detail["input"], location)
    wanted = WANTED.get(detail["type"])
    return (
        f"{_name(location)} should be {wanted.format(**context)}" if wanted else f"{_name(location)}: {detail['msg']}"
    )


def _name(location: Location) -> str:
    """What a value is called: its key, or that of the list that it stands in."""
    names = [part for part in location if isinstance(part, str) and part != KEY]
    if not names:
        return "the file"
    return f"each of {names[-1]!r}" if isinstance(location[-1], int) else repr(names[-1])


def _unknown_key(location: Location) -> str:
    known = sorted(_keys(_model_at(location[:-1])))
    meant = get_close_matches(str(location[-1]), known, 1)
    return f"there is no key {str(location[-1])!r} here; " + (
        f"did you mean {meant[0]!r}?" if meant else f"there are {_listed(known)}"
    )


def _unknown_word(given: object, location: Location) -> str:
    known = [str(word) for word in _words(location)]
    if not isinstance(given, str):
        return f"{_name(location)} should be {_listed(known, 'or')}"
    meant = get_close_matches(given, known, 1)
    return f"{given!r} is none of {_listed(known)}" + (f"; did you mean {meant[0]!r}?" if meant else "")


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _keys(shape: type) -> Iterator[str]:
    return (key for key in _annotations(shape) if key not in CODE_KEYS)


def _model_at(location: Location) -> type:
    """The class of the mapping at a place."""
    shape: type = Configuration
    for part in location:
        if isinstance(part, str):
            shape = next(_models_in(_annotations(shape).get(part)), shape)
    return shape


def _words(location: Location) -> Sequence[object]:
    """The words that may stand at a place."""
    shape = _model_at(location[:-1])
    key = next(part for part in reversed(location) if isinstance(part, str) and part in set(_keys(shape)))
    return tuple(_enum_in(_annotations(shape)[key]))


def _annotations(shape: type) -> Mapping[str, object]:
    """The types of the values in a mapping, by their keys."""
    if issubclass(shape, BaseModel):
        return {each.alias or name: each.annotation for name, each in shape.model_fields.items()}
    return {name.replace("_", "-"): each for name, each in get_type_hints(shape).items() if name[0] != "_"}


def _types_in(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for inner in get_args(annotation):
        yield from _types_in(inner)


def _models_in(annotation: object) -> Iterator[type]:
    return (each for each in _types_in(annotation) if issubclass(each, BaseModel) or is_dataclass(each))


def _enum_in(annotation: object) -> Iterator[object]:
    return (word.value for each in _types_in(annotation) if issubclass(each, Enum) for word in each)
