"""Sessions as cookies: read from a file, and tampered with."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from preship.analyzers.analysis import made
from preship.bot.local import CannotRead

_NAME = re.compile(r"[!#$%&'+*.^_`|~0-9A-Za-z-]+")
_HTTP_ONLY = "#HttpOnly_"


def read_cookies(path: Path) -> dict[str, str]:
    """The cookies of a file: a browser's (Netscape's format, as curl writes it), or `name=value`, by line or `;`.

    Raises `CannotRead`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CannotRead(f"{path} cannot be read: {error}") from error
    found = dict(_cookies(text))
    if not found:
        raise CannotRead(f"{path} holds no cookie: write `name=value`, one a line")
    return found


def _cookies(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        columns = line.removeprefix(_HTTP_ONLY).split("\t")
        if len(columns) == 7:
            yield columns[5], columns[6]
        elif not line.startswith("#"):
            for each in re.sub(r"(?i)^cookie:\s*", "", line.strip()).split(";"):
                name, is_one, value = each.strip().partition("=")
                if is_one and _NAME.fullmatch(name):
                    yield name, value


def tampered(cookies: Mapping[str, str]) -> dict[str, str]:
    """The same cookies with other contents under the old signatures, or with signatures that are none."""
    return {name: _tampered(value) for name, value in cookies.items()}


def _tampered(value: str) -> str:
    body, dot, signature = value.rpartition(".")
    if dot and body:
        return f"{body}.{_turned(signature)}"
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return made.nowhere()
    return str(int(value) + 1) if value.isdecimal() and len(value) < 16 else _turned(value)


def _turned(text: str) -> str:
    """A text of the same length and alphabet with another end."""
    end = text[-8:]
    turned = end[1:] + end[:1]
    return text[: len(text) - len(end)] + (turned if turned != end else _shifted(end))


def _shifted(text: str) -> str:
    return "".join("b" if each == "a" else "a" for each in text)


def forged(names: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Cookies that nobody has issued, under the names that the code reads, each with what was tried."""
    names = tuple(names)
    if names:
        yield "a cookie that holds an id", {name: made.nowhere() for name in names}
        yield "a cookie that holds an unsigned token", {name: _unsigned() for name in names}


def _unsigned() -> str:
    """A JSON Web Token that says that it is signed by nobody (RFC 7519, section 6)."""
    somebody = made.nowhere()
    claims = {"sub": somebody, "id": somebody, "userId": somebody, "role": "admin", "exp": 4102444800}
    return ".".join([*(_base64(part) for part in ({"alg": "none", "typ": "JWT"}, claims)), ""])


def _base64(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
