"""Whether a delivery comes from GitHub: a pure function of secrets, headers and bytes."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr


class IntakeError(Exception):
    """What came is no delivery that we can take."""


class BadSignature(IntakeError):
    """It is not signed with any of our secrets."""


class BadDelivery(IntakeError):
    """It is signed, but it is not what GitHub documents."""


@dataclass(frozen=True, slots=True)
class SignedDelivery:
    """A delivery that somebody with our secret sent, not yet parsed."""

    guid: str
    """GitHub's name for it; the same when it is delivered again."""

    event: str
    body: bytes


class NotJson(IntakeError):
    """The webhook is set up to send a form."""


_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Announced:
    """What the headers of a delivery say, before a byte of its body is read."""

    guid: str
    event: str
    signature: str


def announced(headers: Mapping[str, str]) -> Announced:
    """The headers of a delivery; names of `headers` are lower-case. Raises `BadSignature`, `NotJson`, `BadDelivery`."""
    # GitHub also sends a SHA-1 signature in `X-Hub-Signature`; that one proves too little to be looked at.
    given = headers.get("x-hub-signature-256", "")
    if not _SIGNATURE.fullmatch(given):
        raise BadSignature("the signature is missing or wrong")
    if headers.get("content-type", "").partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        raise NotJson("this webhook sends a form: set its content type to application/json")
    guid, event = headers.get("x-github-delivery", ""), headers.get("x-github-event", "")
    if not guid or len(guid) > 100 or not event:
        raise BadDelivery("X-GitHub-Delivery or X-GitHub-Event is missing")
    return Announced(guid, event, given)


class Signing:
    """The signatures of a body with each of our secrets, made while it comes."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        self._hashes = [_hash(secret) for secret in secrets]

    def update(self, part: bytes) -> None:
        """Take the next part of the body in."""
        for each in self._hashes:
            each.update(part)

    def check(self, said: Announced) -> None:
        """See whether all that came is signed as the headers say. Raises `BadSignature`."""
        # Every secret, so that time tells nothing.
        matches = [hmac.compare_digest(_written(each), said.signature) for each in self._hashes]
        if not any(matches):
            raise BadSignature("the signature is missing or wrong")


def verify(secrets: Sequence[SecretStr], headers: Mapping[str, str], body: bytes) -> SignedDelivery:
    """Check the headers, and the signature of the raw body. Names of `headers` are lower-case.

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    said, signing = announced(headers), Signing(secrets)
    signing.update(body)
    signing.check(said)
    return SignedDelivery(said.guid, said.event, body)


def signature(secret: SecretStr, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for a body."""
    made = _hash(secret)
    made.update(body)
    return _written(made)


def _hash(secret: SecretStr) -> hmac.HMAC:
    return hmac.new(secret.get_secret_value().encode(), digestmod=hashlib.sha256)


def _written(made: hmac.HMAC) -> str:
    return "sha256=" + made.hexdigest()
