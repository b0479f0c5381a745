"""Statements of a database's log: which tables they write and read, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

_TABLE = r'((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))?)'
_WRITE = re.compile(
    r"(?<!\bfor )(?<!\bdo )(?<!\bon )(?<!\bkey )"
    rf"\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?{_TABLE}",
    re.IGNORECASE,
)
_READ = re.compile(rf"(?<!\bdelete )\b(?:from|join)\s+(?:only\s+)?{_TABLE}", re.IGNORECASE)
_NOISE = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_LOGGED = re.compile(r"(?:statement|execute [^:]*): (.*)", re.DOTALL)
_BEGIN = re.compile(r"\s*(begin|start\s+transaction)\b", re.IGNORECASE)
_COMMIT = re.compile(r"\s*(commit|end)\b", re.IGNORECASE)
_ROLLBACK = re.compile(r"\s*(rollback|abort)\b(?!.*\bto\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that a client ran."""

    text: str
    parameters: str
    writes: tuple[str, ...]
    """The tables that it writes, without their schemas."""

    reads: tuple[str, ...]
    has_failed: bool = False
    is_taken_back: bool = False
    """Whether its transaction was rolled back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a database saw between two looks."""

    statements: tuple[Statement, ...] = ()
    changed: tuple[str, ...] = ()
    """The tables whose rows are other ones now."""


NOTHING = Seen()


def statements_of(entries: Iterable[Mapping[str, Any]]) -> list[Statement]:
    """The statements of a log in their order, with what became of each."""
    found: list[Statement] = []
    opened: dict[int, list[int]] = {}
    for entry in entries:
        pid, text = int(entry.get("pid", 0)), _text(entry)
        if entry.get("error_severity") in ("ERROR", "FATAL"):
            failed = str(entry.get("statement", ""))
            last = next((n for n in reversed(range(len(found))) if found[n].text == failed), None)
            if last is not None:
                found[last] = replace(found[last], has_failed=True)
        elif not text:
            continue
        elif _BEGIN.match(text):
            opened[pid] = []
        elif _ROLLBACK.match(text):
            for number in opened.pop(pid, []):
                found[number] = replace(found[number], is_taken_back=True)
        elif _COMMIT.match(text):
            opened.pop(pid, None)
        else:
            if pid in opened:
                opened[pid].append(len(found))
            found.append(statement_of(text, str(entry.get("detail", ""))))
    return found


def statement_of(text: str, parameters: str = "") -> Statement:
    """A statement with the tables that it writes and reads."""
    plain = " ".join(_NOISE.sub("''", text).split())
    writes = dict.fromkeys(bare(found[2]) for found in _WRITE.finditer(plain))
    reads = dict.fromkeys(bare(found[1]) for found in _READ.finditer(plain))
    return Statement(text, parameters, tuple(writes), tuple(each for each in reads if each not in writes))


def _text(entry: Mapping[str, Any]) -> str:
    logged = _LOGGED.fullmatch(str(entry.get("message", "")))
    return logged[1] if logged is not None and entry.get("error_severity") == "LOG" else ""


def bare(table: str) -> str:
    """A table's name without its schema and its quotes."""
    return table.rpartition(".")[2].strip().strip('"')


def same_table(one: str, other: str) -> bool:
    """Whether code and database mean the same table: `post`, `"Post"`, `public.posts`, `blog_posts` and `BlogPost`."""
    return _plain(one) == _plain(other)


def _plain(table: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", bare(table).lower())
    for ending, other in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if name.endswith(ending) and not name.endswith("ss"):
            return name[: -len(ending)] + other
    return name
