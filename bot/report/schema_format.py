"""The graph of a schema, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from preship.analyzers.analysis import TableSeen


def as_text(tables: Sequence[TableSeen]) -> str:
    """One paragraph for each table: what it is, why, and which of its columns are private."""
    if not tables:
        return "No schema was found.\n"
    return "".join(f"{line}\n" for table in tables for line in _lines(table))


def _lines(table: TableSeen) -> Iterator[str]:
    place = f"  ({table.place.path}:{table.place.line})" if table.place is not None else ""
    yield f"{table.name}{place}"
    yield f"  {_whose(table)}{', as the configuration says' if table.is_corrected else ''}"
    if table.passed_over:
        yield f"  who did something, and not whose it is: {', '.join(table.passed_over)}"
    if table.published is not None:
        yield f"  may be for everybody: {table.published}"
    if table.secrets:
        yield f"  opens something: {', '.join(table.secrets)}"
    if table.personal:
        yield f"  only for its owner: {', '.join(table.personal)}"


def _whose(table: TableSeen) -> str:
    is_what = [
        word
        for word, holds in (
            ("an account", table.is_account),
            ("a tenant", table.is_tenant),
            ("a membership", table.is_membership),
            ("reference data: nobody owns its rows", table.is_reference),
        )
        if holds
    ]
    if table.owner is not None:
        is_what.append(f"belongs to {table.owner}: {', '.join(table.path)}")
    return "; ".join(is_what) or "whose its rows are is not known: the schema shows neither people nor tenants"


def as_json(tables: Sequence[TableSeen]) -> str:
    """The same as data: `{ "tables": [ … ] }`."""
    return json.dumps({"tables": [_fields(table) for table in tables]}, indent=2, ensure_ascii=False) + "\n"


def _fields(table: TableSeen) -> dict[str, object]:
    return {
        "table": table.name,
        "path": table.place.path if table.place is not None else None,
        "line": table.place.line if table.place is not None else None,
        "owner": table.owner,
        "by": list(table.path),
        "account": table.is_account,
        "tenant": table.is_tenant,
        "membership": table.is_membership,
        "reference": table.is_reference,
        "passed_over": list(table.passed_over),
        "secret_columns": list(table.secrets),
        "personal_columns": list(table.personal),
        "published": table.published,
        "corrected": table.is_corrected,
    }
