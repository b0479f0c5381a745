"""Only what is signed with a secret of ours, by SHA-256, over the raw bytes, is a delivery."""

import pytest
from pydantic import SecretStr

from preship.bot.intake.signature import BadDelivery, BadSignature, signature, verify

# https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
SECRET = SecretStr("It's a Secret to Everybody")
BODY = b"Hello, World!"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
HEADERS = {"x-hub-signature-256": SIGNATURE, "x-github-delivery": "d-1", "x-github-event": "ping"}


def test_githubs_own_example_is_verified():
    assert signature(SECRET, BODY) == SIGNATURE
    delivery = verify([SECRET], HEADERS, BODY)
    assert (delivery.guid, delivery.event, delivery.body) == ("d-1", "ping", BODY)


def test_the_previous_secret_is_accepted_while_a_rotation_lasts():
    assert verify([SecretStr("new"), SECRET], HEADERS, BODY)


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "sha256=",
        SIGNATURE.upper(),
        SIGNATURE[:-1] + "8",
        SIGNATURE.removeprefix("sha256="),
        "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59",
        "sha256=é",
    ],
)
def test_anything_else_is_refused(given):
    headers = {name: value for name, value in HEADERS.items() if name != "x-hub-signature-256"}
    with pytest.raises(BadSignature):
        verify([SECRET], headers if given is None else headers | {"x-hub-signature-256": given}, BODY)


def test_a_sha1_signature_alone_is_refused():
    with pytest.raises(BadSignature):
        verify([SECRET], {"x-hub-signature": "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"}, BODY)


def test_one_other_byte_makes_the_signature_wrong():
    with pytest.raises(BadSignature):
        verify([SECRET], HEADERS, b"Hello, World?")


def test_no_secret_verifies_nothing():
    with pytest.raises(BadSignature):
        verify([], HEADERS, BODY)


@pytest.mark.parametrize("missing", ["x-github-delivery", "x-github-event"])
def test_a_signed_body_without_githubs_headers_is_no_delivery(missing):
    with pytest.raises(BadDelivery):
        verify([SECRET], {**HEADERS, missing: ""}, BODY)
