"""Whether a delivery comes from GitHub: a pure function of secrets, headers and bytes."""

from __future__ import annotations

import hashlib
import hmac
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


def verify(secrets: Sequence[SecretStr], headers: Mapping[str, str], body: bytes) -> SignedDelivery:
    """Check the signature of the raw body, then the headers. Names of `headers` are lower-case.

    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    # GitHub also sends a SHA-1 signature in `X-Hub-Signature`; that one proves too little to be looked at.
    given = headers.get("x-hub-signature-256", "")
    if not _is_signed(secrets, given, body):
        raise BadSignature("the signature is missing or wrong")
    guid, event = headers.get("x-github-delivery", ""), headers.get("x-github-event", "")
    if not guid or len(guid) > 100 or not event:
        raise BadDelivery("X-GitHub-Delivery or X-GitHub-Event is missing")
    return SignedDelivery(guid, event, body)


def _is_signed(secrets: Sequence[SecretStr], given: str, body: bytes) -> bool:
    expected = [signature(secret, body) for secret in secrets]
    # Bytes, since text outside ASCII makes compare_digest raise; every secret, so that time tells nothing.
    matches = [hmac.compare_digest(one.encode(), given.encode(errors="replace")) for one in expected]
    return any(matches)


def signature(secret: SecretStr, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for a body."""
    return "sha256=" + hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
