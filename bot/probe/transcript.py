"""The transcript of a probe: a line of JSON for each call, with all that was seen, and one for each verdict.

Cookies are left out: their names stand there, and not what they hold, wherever that is repeated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from pydantic import BaseModel, Field, ValidationError

from preship.analyzers.analysis import Files
from preship.bot.local import CannotRead
from preship.bot.probe.statements import Seen, Statement
from preship.bot.probe.verdict import Call, Outcome, Target, Verdict
from preship.bot.review.tried import Tried

LONGEST_ANSWER = 4_000
"""Characters of an answer that are kept."""

SHORTEST_SECRET = 16
"""Characters of a part of a cookie that may be a secret; ids of users, which are none, are known by their form."""

SCHEMA = 1

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def opening(url: str, at: str, asked: Mapping[str, object]) -> str:
    """The first line: what was probed, when, and what was allowed."""
    return _line({"preship": "probe", "schema": SCHEMA, "url": url, "at": at, **asked})


def call_line(target: Target, call: Call) -> str:
    """A call with what came of it."""
    database = _seen(call.seen) if call.seen is not None else None
    line = _line(
        {
            "call": _named(target),
            "as": call.caller,
            "tried": call.tried,
            "request": {"url": call.request.url, "headers": call.request.shown, "body": call.request.body.text},
            "reply": {
                "status": call.reply.status,
                "headers": dict(call.reply.headers),
                "text": call.reply.text[:LONGEST_ANSWER],
            },
            "database": database,
            "record": {"table": call.taken.table, "key": call.taken.key, "is_changed": call.taken.is_changed}
            if call.taken is not None
            else None,
        }
    )
    for secret in _secrets(call.request.cookies.values()):
        line = line.replace(json.dumps(secret, ensure_ascii=False)[1:-1], "…")
    return line


def _secrets(cookies: Iterable[str]) -> list[str]:
    """Cookies, and those of their parts that databases are asked for and answers may repeat; the longest first."""
    whole = {each for cookie in cookies for each in (cookie, unquote(cookie))}
    parts = {part for each in whole for part in each.split(".") if not _ID.fullmatch(part)}
    return sorted((each for each in whole | parts if len(each) >= SHORTEST_SECRET), key=len, reverse=True)


def verdict_line(target: Target, verdict: Verdict, at: str, digests: Mapping[str, str]) -> str:
    """What is proven of an action."""
    path = target.action.path if target.action is not None else None
    return _line(
        {
            "verdict": verdict.outcome,
            "of": _named(target),
            "as": verdict.caller,
            "reason": verdict.reason,
            "at": at,
            "file": digests.get(path) if path is not None else None,
        }
    )


def digests_of(files: Files, paths: Iterable[str]) -> dict[str, str]:
    """What tells the texts of files apart, so that a verdict is not taken for one of other code."""
    blobs = files.read(sorted(set(paths)))
    return {path: _digest(blob.content) for path, blob in blobs.items()}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def _line(entry: Mapping[str, object]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _named(target: Target) -> dict[str, object]:
    action = target.action
    return {
        "id": target.built.id,
        "path": action.path if action is not None else target.built.file,
        "name": action.name if action is not None else target.built.name,
        "line": action.line if action is not None else None,
    }


def _seen(seen: Seen) -> dict[str, object]:
    return {"statements": [_statement(each) for each in seen.statements], "changed": seen.changed}


def _statement(statement: Statement) -> dict[str, object]:
    return {
        "text": statement.text,
        "parameters": statement.parameters,
        "has_failed": statement.has_failed,
        "is_taken_back": statement.is_taken_back,
    }


# --- reading -------------------------------------------------------------------------------------------------------


class _Of(BaseModel):
    path: str | None
    name: str | None
    line: int | None


class _Verdict(BaseModel):
    verdict: Outcome
    of: _Of
    caller: str | None = Field(None, alias="as")
    reason: str
    at: str
    file: str | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The verdicts of a probe."""

    verdicts: tuple[_Verdict, ...]

    def tried(self, files: Files) -> Sequence[Tried]:
        """What was tried of the actions of some files, by path and name; what it was of other texts says so."""
        digests = digests_of(files, [each.of.path for each in self.verdicts if each.of.path is not None])
        return [
            Tried(
                each.of.path,
                each.of.name,
                each.of.line,
                str(each.verdict),
                each.at[:10],
                each.reason,
                is_open=each.verdict is Outcome.OPEN,
                is_refused=each.verdict in (Outcome.REFUSED, Outcome.MEANT),
                is_current=each.file is not None and digests.get(each.of.path) == each.file,
            )
            for each in self.verdicts
            if each.of.path is not None and each.verdict is not Outcome.NOT_TRIED
        ]


def read_transcript(path: Path) -> Transcript:
    """A transcript's verdicts. Raises `CannotRead`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        first = json.loads(lines[0]) if lines else {}
        if not isinstance(first, dict) or first.get("preship") != "probe" or first.get("schema") != SCHEMA:
            raise CannotRead(f"{path} is no transcript of `preship probe`")
        return Transcript(tuple(_verdicts(lines[1:])))
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, ValidationError) as error:
        raise CannotRead(f"{path} is no transcript of `preship probe`") from error


def _verdicts(lines: Iterable[str]) -> Iterator[_Verdict]:
    for line in lines:
        if '"verdict"' in line[:12]:
            yield _Verdict.model_validate_json(line)
