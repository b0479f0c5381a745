"""The request by which a browser calls a Server Action, and what is told of its answer.

Arguments are encoded as React's `encodeReply` does:
https://github.com/facebook/react, `packages/react-client/src/ReactFlightReplyClient.js`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.analysis import made

TEXT = "text/plain;charset=UTF-8"

FORM_PREFIXES = ("", "_")
"""What stands in front of a form's number: nothing up to Next.js 14, and `_` in the React of 15 and 16. A server passes
over the fields that it does not know."""


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, and as what."""

    content_type: str
    text: str


def encoded(arguments: Sequence[object]) -> Body:
    """Arguments as React sends them: as JSON, or with a form among them in several parts."""
    forms: list[made.Form] = []
    root = json.dumps([_encoded(each, forms) for each in arguments], ensure_ascii=False)
    if not forms:
        return Body(TEXT, root)
    boundary = f"----preship{uuid.uuid4().hex}"
    parts = [
        (f"{prefix}{number}_{name}", value)
        for prefix in FORM_PREFIXES
        for number, form in enumerate(forms, start=1)
        for name, value in form.fields
    ]
    lines = [_part(boundary, name, value) for name, value in (*parts, ("0", root))]
    return Body(f"multipart/form-data; boundary={boundary}", "".join([*lines, f"--{boundary}--\r\n"]))


def _encoded(value: object, forms: list[made.Form]) -> object:
    if isinstance(value, made.Form):
        forms.append(value)
        return f"$K{len(forms):x}"
    if isinstance(value, made.Moment):
        return f"$D{value.at.strftime('%Y-%m-%dT%H:%M:%S.000Z')}"
    if isinstance(value, made.Big):
        return f"$n{value.number}"
    if isinstance(value, str):
        return f"${value}" if value.startswith("$") else value
    if isinstance(value, Mapping):
        return {name: _encoded(inner, forms) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_encoded(inner, forms) for inner in value]
    return value


def _part(boundary: str, name: str, value: str) -> str:
    quoted = name.replace('"', "%22")
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{quoted}"\r\n\r\n{value}\r\n'


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    url: str
    origin: str
    action: str
    """The action's id."""

    body: Body
    cookies: Mapping[str, str]

    @property
    def headers(self) -> dict[str, str]:
        """What is sent beside the body."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "Accept": "text/x-component",
            "Content-Type": self.body.content_type,
            "Next-Action": self.action,
            "Origin": self.origin,
            "User-Agent": "preship-probe",
            **({"Cookie": cookie} if cookie else {}),
        }

    @property
    def shown(self) -> dict[str, str]:
        """The same without what cookies hold."""
        named = "; ".join(f"{name}=…" for name in self.cookies)
        return {**self.headers, **({"Cookie": named} if named else {})}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters; cookies left out."""

    text: str

    @property
    def redirected_to(self) -> str:
        """Where the action sends its caller; empty where it does not."""
        return self.headers.get("x-action-redirect", "").partition(";")[0]

    @property
    def is_stopped_before(self) -> bool:
        """Whether something in front of the action answered: middleware, or another server."""
        return 300 <= self.status < 400 and not self.redirected_to

    @property
    def is_unknown(self) -> bool:
        """Whether the server knows no such action: it runs another build."""
        return self.status == 404 and (
            "x-nextjs-action-not-found" in self.headers or "Server action not found" in self.text
        )

    @property
    def has_thrown(self) -> bool:
        """Whether the action ended by an exception of its own."""
        return self.status == 500

    @property
    def answer(self) -> str:
        """What the action returned, as JSON; empty for nothing."""
        rows = dict(row.split(":", 1) for row in self.text.splitlines() if row[:1].isalnum() and ":" in row)
        return "" if rows.get("1", "").startswith("E") else rows.get("1", "")
