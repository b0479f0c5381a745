"""What a type annotation expects, followed to the declarations that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from preship.analyzers.endpoints.expected import (
    ANYTHING,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Choice,
    Expected,
    Field,
    Form,
    Items,
    Number,
    Record,
)
from preship.analyzers.project.project import Project
from preship.analyzers.project.resolution import ResolvedFile
from preship.analyzers.schema.typed_text import closing, top_level

DEEPEST = 8
"""Types inside types that are looked through."""

PLAIN: dict[str, Expected] = {
    "string": TEXT,
    "number": NUMBER,
    "bigint": Number(is_big=True),
    "boolean": FLAG,
    "Date": MOMENT,
    "FormData": Form(()),
    "null": Choice((None,)),
    "undefined": Choice((None,)),
    "true": Choice((True,)),
    "false": Choice((False,)),
}

_LITERAL = re.compile(r"""(['"])(?P<text>[^'"\\]*)\1|(?P<number>-?\d+(?:\.\d+)?)""")
_LIST = re.compile(r"(?:Readonly)?Array<(?P<element>.*)>", re.DOTALL)
_WRAPPED = re.compile(r"(?:Readonly|Partial|Required|Awaited|NonNullable)<(?P<inner>.*)>", re.DOTALL)
_INFERRED = re.compile(r"(?:\w+\.)?(?:infer|input|output|TypeOf)<\s*typeof\s+(?P<name>[\w$]+)\s*>")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_FIELD = re.compile(r"""(?<![\w.$])(?:readonly\s+)?['"]?(?P<name>[\w$-]+)['"]?(?P<optional>\?)?\s*:\s*""")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_DECLARED = r"\b(?:interface\s+{0}\b[^{{=;]*(?P<body>\{{)|type\s+{0}\s*=\s*(?P<type>))"
_IMPORTED = r"""\b(?:import|export)\b[^;'"]*\b{0}\b[^;'"]*\bfrom\s*['"]([^'"]+)['"]"""

Inferred = Callable[[str, str], Expected]
"""What the schema expects that a name of a file stands for."""


@dataclass(frozen=True, slots=True)
class Types:
    """The types of a project."""

    project: Project
    inferred: Inferred

    def expected(self, path: str, text: str, depth: int = 0) -> Expected:
        """What a type expects that is written in a file."""
        text = _COMMENT.sub("", text).strip().lstrip("|").strip()
        if depth > DEEPEST or not text:
            return ANYTHING
        if len(options := list(_split(text, "|"))) > 1:
            return self._one_of(path, options, depth)
        if len(parts := list(_split(text, "&"))) > 1:
            found = [self.expected(path, part, depth + 1) for part in parts]
            return Record(tuple(f for each in found if isinstance(each, Record) for f in each.fields))
        if text in PLAIN:
            return PLAIN[text]
        if text.endswith("[]"):
            return Items(self.expected(path, text[:-2].removeprefix("(").removesuffix(")"), depth + 1))
        if text.startswith("{") and closing(text, 0) == len(text) - 1:
            return Record(tuple(self._fields(path, text[1:-1], depth)))
        return self._wrapped(path, text, depth)

    def _wrapped(self, path: str, text: str, depth: int) -> Expected:
        """A literal, what stands in `Array<…>` and its like, or what a name stands for."""
        if (literal := _LITERAL.fullmatch(text)) is not None:
            return Choice((literal["text"] if literal["number"] is None else _number(literal["number"]),))
        if (wrapped := _LIST.fullmatch(text)) is not None:
            return Items(self.expected(path, wrapped["element"], depth + 1))
        if (wrapped := _WRAPPED.fullmatch(text)) is not None:
            return self.expected(path, wrapped["inner"], depth + 1)
        if (schema := _INFERRED.fullmatch(text)) is not None:
            return self.inferred(path, schema["name"])
        return self._named(path, text, depth) if _NAME.fullmatch(text) else ANYTHING

    def _one_of(self, path: str, options: list[str], depth: int) -> Expected:
        """Any of several; of values that are known, all, and nothing where something else will do."""
        found = [self.expected(path, option, depth + 1) for option in options]
        known = [each for each in found if isinstance(each, Choice)]
        others = [each for each in found if not isinstance(each, Choice)]
        return others[0] if others else Choice(tuple(value for each in known for value in each.values))

    def _fields(self, path: str, text: str, depth: int) -> Iterator[Field]:
        """The fields of an object type."""
        for part in _split(text, ";,\n"):
            field = _FIELD.match(part.strip())
            if field is not None:
                kind = part.strip()[field.end() :]
                yield Field(field["name"], self.expected(path, kind, depth + 1), bool(field["optional"]))

    def _named(self, path: str, name: str, depth: int) -> Expected:
        """What a declared type expects, here or where it is imported from."""
        blob = self.project.blob(path)
        text = blob.content.decode("utf-8", "replace") if blob is not None else ""
        declared = re.search(_DECLARED.format(re.escape(name)), text)
        if declared is None:
            found = re.search(_IMPORTED.format(re.escape(name)), text)
            target = self.project.resolve(path, found[1]) if found is not None else None
            if isinstance(target, ResolvedFile) and depth < DEEPEST:
                return self._named(target.path, name, depth + 1)
            return ANYTHING
        if declared["body"] is not None:
            opened = declared.end() - 1
            return Record(tuple(self._fields(path, text[opened + 1 : closing(text, opened)], depth)))
        return self.expected(path, _type_at(text, declared.end()), depth + 1)


_END = re.compile(r"\n\s*\n|;|\n(?=\s*(?:export|const|let|type|interface|function|async|enum|class|import|//|/\*)\b)")


def _type_at(text: str, start: int) -> str:
    """The type that is written from an offset on, up to the end of its declaration."""
    end = next((each.start() for each in top_level(_END, text, start, len(text))), len(text))
    return text[start:end]


def _split(text: str, marks: str) -> Iterator[str]:
    """A text at some marks, but for those in brackets."""
    depth, start = 0, 0
    for at, mark in enumerate(text):
        before = text[at - 1] if at else ""
        depth += (mark in "([{<") - (mark in ")]}" or (mark == ">" and before != "="))
        if mark in marks and depth == 0:
            if text[start:at].strip():
                yield text[start:at]
            start = at + 1
    if text[start:].strip():
        yield text[start:]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
