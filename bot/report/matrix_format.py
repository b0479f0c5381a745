"""The matrix of who may do what: a row for each entrance of an application, a column for each kind of caller."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.analysis import ANONYMOUS, MEMBER, OTHER_MEMBER, Access, Answer, Entrance, Matrix
from preship.bot.review.characters import on_one_line, spelled
from preship.bot.review.markdown import cell, code, prose

PEOPLE = (ANONYMOUS, MEMBER, OTHER_MEMBER)

MOST_ROLES = 6
"""Roles with a column of their own, those that most entrances ask for; of more, all stand in one column."""

HEADINGS = {"action": "Server Actions", "page": "Pages", "route": "Route handlers"}

WORDS = {Answer.YES: "yes", Answer.NO: "no", Answer.UNSEEN: "could not see"}

PLAIN = re.compile(r"[A-Za-z_]+")
"""Roles of which somebody has one or another; what is put together of words may be a permission that comes along."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a kind of caller may do by an entrance."""

    says: str
    """In words that begin with one of the three answers, or with a role and a colon."""

    answer: Answer | None = None
    """None where several roles stand in one column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entrance."""

    name: str
    place: str
    """`path:line`."""

    cells: tuple[Cell, ...]
    guards: tuple[str, ...]
    """The checks that decide, as `path:line`."""


def as_text(matrix: Matrix, format_: str) -> str:
    """The whole matrix in one of the formats `markdown`, `html`, `csv` and `json`; ends with a newline."""
    writers: Mapping[str, Callable[[Matrix], str]] = {
        "markdown": _markdown, "html": _html, "csv": _csv, "json": _json
    }  # fmt: skip
    return writers[format_](matrix)


def roles_of(matrix: Matrix) -> tuple[str, ...]:
    """The roles that entrances ask for, the most frequent first."""
    asked = Counter(a.caller for each in matrix.entrances for a in each.access if a.caller not in PEOPLE)
    return tuple(sorted(asked, key=lambda role: (-asked[role], role)))


def access_for(entrance: Entrance, caller: str) -> Access:
    """What a kind of caller may do by an entrance, whether it asks for this role or not."""
    known = {each.caller: each for each in entrance.access}
    if caller in known:
        return known[caller]
    member = known[MEMBER]
    others = [each for each in known if each not in PEOPLE]
    is_one_or_the_other = bool(PLAIN.fullmatch(caller)) and all(map(PLAIN.fullmatch, others))
    is_another_proof = member.by == known[ANONYMOUS].by
    if member.answer is Answer.NO and not is_another_proof and not (others and is_one_or_the_other):
        return Access(caller, Answer.UNSEEN, by=member.by)
    return member


def _callers(matrix: Matrix) -> tuple[str, ...]:
    return (*PEOPLE, *roles_of(matrix))


def _may(access: Access) -> str:
    """What somebody may do, in words."""
    if access.answer is not Answer.YES:
        what = f": {', '.join(access.unseen)}" if access.unseen else ""
        return f"{WORDS[access.answer]}{what}"
    parts = [
        f"reads {', '.join(access.reads)}" if access.reads else "",
        f"changes {', '.join(access.changes)}" if access.changes else "",
        f"could not see: {', '.join(access.unseen)}" if access.unseen else "",
    ]
    return "; ".join(["yes", *filter(None, parts)])


def _by(access: Access) -> str:
    return f"{access.by.path}:{access.by.line}" if access.by is not None else ""


def columns_of(matrix: Matrix) -> tuple[str, ...]:
    """The kinds of callers that have a column of their own; the last may be `roles`, where there are many."""
    roles = roles_of(matrix)
    return (*PEOPLE, *(roles if len(roles) <= MOST_ROLES else ("roles",) * bool(roles)))


def row_of(entrance: Entrance, columns: Sequence[str], roles: Sequence[str]) -> Row:
    """What stands in the row of an entrance."""
    cells = tuple(_in_column(entrance, column, roles) for column in columns)
    return Row(entrance.name, f"{entrance.path}:{entrance.line}", cells, _guards_of(entrance))


def _in_column(entrance: Entrance, column: str, roles: Sequence[str]) -> Cell:
    if column != "roles" or column in roles:
        return _cell(access_for(entrance, column))
    asked = [each for each in entrance.access if each.caller not in PEOPLE]
    if not asked:
        return _cell(access_for(entrance, MEMBER))
    return Cell("; ".join(f"{each.caller}: {_may(each)}" for each in asked))


def _cell(access: Access) -> Cell:
    return Cell(_may(access), access.answer)


def _guards_of(entrance: Entrance) -> tuple[str, ...]:
    found = [each for each in entrance.access if each.by is not None and each.answer is not Answer.YES]
    found += [each for each in entrance.access if each.by is not None and each.caller not in PEOPLE]
    return tuple(dict.fromkeys(map(_by, found)))


def _table(matrix: Matrix, kind: str) -> Iterator[Row]:
    columns, roles = columns_of(matrix), roles_of(matrix)
    return (row_of(each, columns, roles) for each in matrix.entrances if each.kind == kind)


def _head(matrix: Matrix) -> tuple[str, ...]:
    return ("what", "where", *columns_of(matrix), "checks")


def _markdown(matrix: Matrix) -> str:
    return "\n\n".join(_blocks(matrix)) + "\n"


def _blocks(matrix: Matrix) -> Iterator[str]:
    yield "# Who may do what"
    for kind, title in HEADINGS.items():
        rows = [tuple(_shown(row)) for row in _table(matrix, kind)]
        if rows:
            head = tuple(cell(prose(text)) for text in _head(matrix))
            lines = [head, ("---",) * len(head), *rows]
            yield f"## {title}"
            yield "\n".join(f"| {' | '.join(line)} |" for line in lines)
    if not matrix.entrances:
        yield "Nothing was found that answers requests."
    if matrix.failures:
        unread = (f"- {code(each.path)}: {prose(each.reason)}" for each in matrix.failures)
        yield "\n".join(["## Could not read", "", *unread])


def _shown(row: Row) -> Iterator[str]:
    yield from (cell(code(row.name)), cell(code(row.place)))
    yield from (cell(prose(each.says)) for each in row.cells)
    yield cell(", ".join(map(code, row.guards)))


def _html(matrix: Matrix) -> str:
    parts = ["<!doctype html>", '<meta charset="utf-8">', "<title>Who may do what</title>", STYLE]
    parts.append("<h1>Who may do what</h1>")
    for kind, title in HEADINGS.items():
        rows = list(_table(matrix, kind))
        if rows:
            head = "".join(f"<th>{_safe(text)}</th>" for text in _head(matrix))
            parts += [f"<h2>{title}</h2>", "<table>", f"<tr>{head}</tr>", *map(_html_row, rows), "</table>"]
    if matrix.failures:
        unread = (f"<li>{_safe(each.path)}: {_safe(each.reason)}</li>" for each in matrix.failures)
        parts += ["<h2>Could not read</h2>", "<ul>", *unread, "</ul>"]
    return "\n".join(parts) + "\n"


STYLE = (
    "<style>body{font:14px sans-serif}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:4px 8px;"
    "text-align:left;vertical-align:top}td.yes{background:#fdecea}td.unseen{background:#fff8e1}</style>"
)


def _html_row(row: Row) -> str:
    every = (Cell(row.name), Cell(row.place), *row.cells, Cell(", ".join(row.guards)))
    cells = (f"<td{_class(each)}>{_safe(each.says)}</td>" for each in every)
    return f"<tr>{''.join(cells)}</tr>"


def _class(cell: Cell) -> str:
    tone = TONES.get(cell.answer) if cell.answer is not None else None
    return f' class="{tone}"' if tone else ""


TONES = {Answer.YES: "yes", Answer.UNSEEN: "unseen"}
"""How cells are marked; what nobody may do is not."""


def _safe(text: str) -> str:
    return html.escape(on_one_line(text))


FIELDS = ("kind", "name", "path", "line", "caller", "answer", "reads", "changes", "could not see", "decided at")


def _csv(matrix: Matrix) -> str:
    """One line for each entrance and kind of caller."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(FIELDS)
    for each in matrix.entrances:
        for caller in _callers(matrix):
            access = access_for(each, caller)
            what = (" ".join(targets) for targets in (access.reads, access.changes, access.unseen))
            row = (each.kind, each.name, each.path, each.line, caller, WORDS[access.answer], *what, _by(access))
            writer.writerow([_inert(spelled(str(field), "")) for field in row])
    return lines.getvalue()


def _inert(field: str) -> str:
    """A field that no program for sheets takes for a formula. https://owasp.org/www-community/attacks/CSV_Injection"""
    return f"'{field}" if field[:1] in ("=", "+", "-", "@") else field


def _json(matrix: Matrix) -> str:
    """The same as data: `{ "entrances": [ … ], "failures": [ … ] }`."""
    document = {
        "entrances": [_fields(each, _callers(matrix)) for each in matrix.entrances],
        "failures": [{"path": each.path, "reason": each.reason} for each in matrix.failures],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _fields(entrance: Entrance, callers: Sequence[str]) -> dict[str, object]:
    return {
        "kind": entrance.kind,
        "name": entrance.name,
        "path": entrance.path,
        "line": entrance.line,
        "access": [_access_fields(access_for(entrance, caller), caller) for caller in callers],
    }


def _access_fields(access: Access, caller: str) -> dict[str, object]:
    by = access.by
    return {
        "caller": caller,
        "answer": access.answer,
        "reads": list(access.reads),
        "changes": list(access.changes),
        "unseen": list(access.unseen),
        "by": {"path": by.path, "line": by.line, "says": by.says} if by is not None else None,
    }
