"""Firestore's rules as tables: https://firebase.google.com/docs/firestore/security/rules-structure

A collection has no schema; its rules say which fields name somebody, and within which documents it lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.schema.tables import Place, Reference, Table, singular
from preship.analyzers.schema.typed_text import closing, line_of

_MATCH = re.compile(r"\bmatch\s+(/[^\s{]*(?:\{[^}]*\}[^\s{]*)*)\s*\{")
_ALLOW = re.compile(r"\ballow\s+([\w,\s]+?)\s*(?::\s*if\s+(.*?))?;", re.DOTALL)
_DATA = r"(?:resource|request\.resource)\.data(?:\.(\w+)|\[['\"](\w+)['\"]\]|\.get\(['\"](\w+)['\"])"
_IS_CALLER = re.compile(rf"{_DATA}\s*==\s*(?:request\.auth\.uid|uid\(\))|(?:request\.auth\.uid|uid\(\))\s*==\s*{_DATA}")
_FIELD = re.compile(_DATA)
_LOOKED_UP = re.compile(rf"/documents/(\w+)/\$\({_DATA}\)")
_SEGMENT = re.compile(r"/([^/{{]+)/\{{(\w+)(?:=\*\*)?\}}".replace("{{", "{").replace("}}", "}"))
_CALL = re.compile(r"\b(\w+)\(")
_FUNCTION = re.compile(r"\bfunction\s+(\w+)\s*\([^)]*\)\s*\{")

USERS = "users"
"""What the accounts are called to which `request.auth.uid` belongs."""


def tables_of(path: str, text: str) -> Iterator[Table]:
    """The collections of one file of rules."""
    text = re.sub(r"//[^\n]*", "", text)
    functions = {f[1]: text[f.end() : closing(text, f.end() - 1)] for f in _FUNCTION.finditer(text)}
    found: dict[str, Table] = {}
    for segments, start, end in _matches(text, 0, len(text), ()):
        table = _table(segments, text[start:end], functions, Place(path, line_of(text, start)))
        found.setdefault(table.name, table)
    yield from found.values()


DEEPEST = 20
"""Rules within rules that are read. Firestore has a hundred levels; the deepest real one seen has four."""

_Segments = tuple[tuple[str, str], ...]


def _matches(text: str, start: int, end: int, above: _Segments, depth: int = 0) -> Iterator[tuple[_Segments, int, int]]:
    """The collections of a text, each with those that it lies within, and where its own rules stand."""
    at = start
    while depth < DEEPEST and (opened := _MATCH.search(text, at, end)) is not None:
        closed = closing(text, opened.end() - 1)
        inner = (*above, *((s[1], s[2]) for s in _SEGMENT.finditer(opened[1]) if s[1] != "databases"))
        if inner != above:
            yield inner, opened.end(), closed
        yield from _matches(text, opened.end(), closed, inner, depth + 1)
        at = closed + 1


def _table(segments: _Segments, rules: str, functions: dict[str, str], place: Place) -> Table:
    own = _MATCH.split(rules)[0]
    conditions = [(allowed[1], _with_functions(allowed[2] or "true", functions)) for allowed in _ALLOW.finditer(own)]
    said = " ".join(condition for _, condition in conditions)
    columns = dict.fromkeys(name for match in _FIELD.finditer(said) for name in match.groups() if name)
    references = [Reference((name,), USERS) for m in _IS_CALLER.finditer(said) for name in m.groups() if name]
    references += [
        Reference((name,), match[1]) for match in _LOOKED_UP.finditer(said) for name in match.groups()[1:] if name
    ]
    name, document = segments[-1]
    if len(segments) > 1:
        above, its_document = segments[-2]
        references.insert(0, Reference((its_document,), above))
        columns.setdefault(its_document)
    elif _is_of_caller(document, said) and not singular(name.lower()).endswith("user"):
        references.append(Reference((document,), USERS, is_unique=True))
        columns.setdefault(document)
    is_open = any(
        condition.strip() == "true" and re.search(r"\b(read|get|list)\b", verbs) for verbs, condition in conditions
    )
    return Table(
        name,
        tuple(columns),
        tuple(dict.fromkeys(references)),
        required=frozenset(columns),
        places=dict.fromkeys(columns, place),
        is_shown_to_all=is_open,
    )


def _is_of_caller(document: str, said: str) -> bool:
    """Whether a document is called by the id of whom it belongs to."""
    uid = r"request\.auth\.uid"
    return re.search(rf"{uid}\s*==\s*{document}\b|\b{document}\s*==\s*{uid}", said) is not None


def _with_functions(condition: str, functions: dict[str, str]) -> str:
    """A condition, and what the functions say that it calls."""
    called = (functions[name] for name in _CALL.findall(condition) if name in functions)
    return " ".join((condition, *called))
