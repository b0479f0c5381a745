"""Hidden marks in what we post: they tell our own posts, and what each says, when a job comes back to them.

A mark is an HTML comment with a keyed hash. Only with a valid hash is it ours; and even then it is to be read from
posts of our own app alone.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Kind(StrEnum):
    """What a marked post is."""

    REVIEW = "review"
    """A review's own text."""

    COMMENT = "comment"
    """A comment on a line or a file."""

    SUMMARY = "summary"
    """The sticky *before you ship* comment."""

    ANSWER = "answer"
    """An answer to a command; in place of fingerprints it has the id of the command's comment."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Which pull request, commit and findings a post of ours is about."""

    kind: Kind
    pull_request_number: int
    head_sha: str
    fingerprints: tuple[str, ...] = ()


# What the fields may hold, so that nothing in them can end the HTML comment.
_MARKER = re.compile(
    r"<!-- preship (?P<kind>review|comment|summary|answer) (?P<number>[0-9]{1,10}) (?P<head>[0-9a-f]{1,64})"
    r" (?P<fingerprints>-|[0-9a-f]{1,64}(?:,[0-9a-f]{1,64})*) (?P<mac>[0-9a-f]{64}) -->"
)


def write_marker(marker: Marker, key: bytes) -> str:
    """The mark, on one line."""
    text = _text(marker)
    mark = f"<!-- preship {text} {_mac(text, key)} -->"
    if not _MARKER.fullmatch(mark):
        raise ValueError(f"no such commit or fingerprint: {text}")
    return mark


def without_markers(body: str) -> str:
    """A body for those who read it elsewhere."""
    return _MARKER.sub("", body).rstrip()


def read_marker(body: str, key: bytes) -> Marker | None:
    """The last valid mark of a body; what is quoted above it is somebody else's."""
    for found in reversed(list(_MARKER.finditer(body))):
        text = found[0].removeprefix("<!-- preship ").removesuffix(f" {found['mac']} -->")
        if hmac.compare_digest(found["mac"], _mac(text, key)):
            fingerprints = () if found["fingerprints"] == "-" else tuple(found["fingerprints"].split(","))
            return Marker(Kind(found["kind"]), int(found["number"]), found["head"], fingerprints)
    return None


def _text(marker: Marker) -> str:
    fingerprints = ",".join(marker.fingerprints) or "-"
    return f"{marker.kind} {marker.pull_request_number} {marker.head_sha} {fingerprints}"


def _mac(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest()
