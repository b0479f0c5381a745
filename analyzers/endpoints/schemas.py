"""What a schema expects that is built by a chain of calls, as Zod's are: https://zod.dev/api."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from preship.analyzers.endpoints.expected import (
    ANYTHING,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Choice,
    Expected,
    Field,
    Items,
    Number,
    Record,
    Text,
)
from preship.analyzers.project.bindings import LocalBinding
from preship.analyzers.project.project import Project
from preship.analyzers.schema.code import chain, declared
from preship.analyzers.source.tree import (
    ArrayLiteral,
    Call,
    Expression,
    Literal,
    Member,
    Name,
    ObjectLiteral,
    Property,
    Unary,
)

DEEPEST = 8
"""Schemas inside schemas that are looked through."""

FORMATS = ("uuid", "guid", "email", "url", "datetime", "date", "cuid", "cuid2", "ulid", "nanoid", "time", "ip", "jwt")
LEAVES: dict[str, Expected] = {
    "string": TEXT,
    "number": NUMBER,
    "int": NUMBER,
    "bigint": Number(is_big=True),
    "boolean": FLAG,
    "stringbool": Choice(("true",)),
    "date": MOMENT,
    **{name: Text(name) for name in FORMATS if name != "date"},
}
OPTIONAL = frozenset({"optional", "nullable", "nullish", "default", "catch", "prefault"})
ENDS = frozenset({"parse", "parseAsync", "safeParse", "safeParseAsync"})


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of a project."""

    project: Project

    def named(self, path: str, name: str, depth: int = 0) -> Expected:
        """What the schema expects that a name of a file stands for."""
        module = self.project.module(path)
        value = dict(declared(module)).get(name) if module is not None else None
        if value is not None:
            return self.of(path, value, depth)
        binding = self.project.local(path, name)
        if isinstance(binding, LocalBinding) and binding.local and binding.path != path and depth < DEEPEST:
            return self.named(binding.path, binding.local, depth + 1)
        return ANYTHING

    def of(self, path: str, value: Expression, depth: int = 0) -> Expected:
        """What a schema expects."""
        return self._field(path, value, depth).expected

    def _field(self, path: str, value: Expression, depth: int) -> Field:
        """What a schema expects, and whether it may be left out."""
        if depth > DEEPEST:
            return Field("", ANYTHING)
        if isinstance(value, Name):
            return Field("", self.named(path, value.name, depth + 1))
        calls = list(reversed(list(chain(value))))
        if not calls:
            return Field("", ANYTHING)
        first, *rest = calls
        callee = first.callee
        name = callee.name if isinstance(callee, Member) else callee.name if isinstance(callee, Name) else ""
        if isinstance(callee, Member) and isinstance(callee.object, Name) and not self._is_library(path, callee.object):
            # A method of a schema that stands elsewhere: `Note.extend({…})`.
            found, rest = self.named(path, callee.object.name, depth + 1), calls
        else:
            found = self._built(path, name, first.arguments, depth)
        is_optional = False
        for call in rest:
            method = call.callee.name if isinstance(call.callee, Member) else ""
            is_optional = is_optional or method in OPTIONAL
            found = self._changed(path, found, method, call, depth)
        return Field("", found, is_optional)

    def _is_library(self, path: str, name: Name) -> bool:
        module = self.project.module(path)
        here = dict(declared(module)) if module is not None else {}
        return name.name not in here and not isinstance(self.project.local(path, name.name), LocalBinding)

    def _built(self, path: str, name: str, given: Sequence[object], depth: int) -> Expected:
        """What `z.name(…)` expects."""
        if name in ("object", "strictObject", "looseObject"):
            return Record(tuple(self._fields(path, given, depth)))
        first = given[0] if given else None
        if name == "array" and first is not None:
            return Items(self._inside(path, first, depth))
        if name in ("enum", "nativeEnum", "literal"):
            return Choice(tuple(_constants(first)) or (None,))
        if name in ("union", "discriminatedUnion"):
            options = given[-1] if given else None
            items = options.items if isinstance(options, ArrayLiteral) else ()
            return self._inside(path, items[0], depth) if items else ANYTHING
        if name in ("optional", "nullable", "nullish", "preprocess", "pipe"):
            return self._inside(path, given[-1], depth) if given else ANYTHING
        return LEAVES.get(name, ANYTHING)

    def _inside(self, path: str, value: object, depth: int) -> Expected:
        return self.of(path, value, depth + 1) if isinstance(value, Expression) else ANYTHING

    def _fields(self, path: str, given: Sequence[object], depth: int) -> Iterator[Field]:
        described = given[0] if given else None
        for each in described.properties if isinstance(described, ObjectLiteral) else ():
            if isinstance(each, Property) and isinstance(each.key, str):
                yield replace(self._field(path, each.value, depth + 1), name=each.key)

    def _changed(self, path: str, found: Expected, method: str, call: Call, depth: int) -> Expected:
        """What a schema expects once a method has narrowed it."""
        size = next(_constants(call.arguments[0] if call.arguments else None), None)
        number = size if isinstance(size, int | float) and not isinstance(size, bool) else None
        if isinstance(found, Text):
            return _text(found, method, number)
        if isinstance(found, Number):
            return _number(found, method, number)
        if isinstance(found, Items) and method in ("min", "nonempty", "length"):
            return replace(found, least=int(number) if number is not None else 1)
        if isinstance(found, Record):
            return self._record(path, found, method, call, depth)
        return Items(found) if method == "array" else found

    def _record(self, path: str, found: Record, method: str, call: Call, depth: int) -> Expected:
        named = {name for name, _ in _properties(call.arguments[0] if call.arguments else None)}
        if method in ("extend", "safeExtend"):
            fields = tuple(self._fields(path, call.arguments, depth))
            own = {each.name for each in fields}
            return Record((*(each for each in found.fields if each.name not in own), *fields))
        if method == "merge" and call.arguments:
            other = self._inside(path, call.arguments[0], depth)
            return Record((*found.fields, *other.fields)) if isinstance(other, Record) else found
        if method in ("pick", "omit"):
            return Record(tuple(each for each in found.fields if (each.name in named) is (method == "pick")))
        if method == "partial":
            return Record(tuple(replace(each, is_optional=True) for each in found.fields))
        return Items(found) if method == "array" else found


def _text(found: Text, method: str, number: float | None) -> Expected:
    if method in FORMATS:
        return replace(found, format=method)
    if method == "nonempty":
        return replace(found, least=1)
    if number is None:
        return Items(found) if method == "array" else found
    least = int(number) if method in ("min", "length") else found.least
    most = int(number) if method in ("max", "length") else found.most
    return replace(found, least=least, most=most)


def _number(found: Number, method: str, number: float | None) -> Expected:
    if method in ("positive", "nonnegative"):
        return replace(found, least=1)
    if number is None:
        return Items(found) if method == "array" else found
    if method in ("min", "gte", "gt"):
        return replace(found, least=number + (method == "gt"))
    return replace(found, most=number - (method == "lt")) if method in ("max", "lte", "lt") else found


def _properties(value: object) -> Iterator[tuple[str, Expression]]:
    for each in value.properties if isinstance(value, ObjectLiteral) else ():
        if isinstance(each, Property) and isinstance(each.key, str):
            yield each.key, each.value


def _constants(value: object) -> Iterator[str | int | float | bool | None]:
    """The values that are written out: a literal, the items of a list, the values of an object."""
    if isinstance(value, Literal):
        yield value.value
    elif isinstance(value, Unary) and value.operator == "-" and isinstance(value.operand, Literal):
        yield from (-each for each in [value.operand.value] if isinstance(each, int | float))
    elif isinstance(value, ArrayLiteral):
        for item in value.items:
            yield from _constants(item)
    elif isinstance(value, ObjectLiteral):
        for _, inner in _properties(value):
            yield from _constants(inner)
