"""Protection from abuse: bot checks, captchas, shields. They tell people from programs, and never who is calling."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import PLAIN, Library, Promise, Value, of, text_of
from preship.analyzers.knowledge.rows import name_of

VERIFIERS = (
    # https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
    "https://challenges.cloudflare.com/turnstile/",
    # https://docs.hcaptcha.com/#verify-the-user-response-server-side
    "https://api.hcaptcha.com/siteverify",
    "https://hcaptcha.com/siteverify",
    # https://developers.google.com/recaptcha/docs/verify
    "https://www.google.com/recaptcha/api/siteverify",
    "https://recaptchaenterprise.googleapis.com/",
    # https://docs.friendlycaptcha.com/#/verification_api
    "https://api.friendlycaptcha.com/",
)
"""Where the answer to a captcha is verified."""


def note_captcha(address: Value, calling: Calling) -> None:
    """Note a request that verifies a captcha for what it is."""
    url = text_of(address)
    if url is not None and url.startswith(VERIFIERS):
        calling.emit(EffectKind.HUMAN, "a captcha", "captcha")


def verdict(library: Library, given: Arguments, calling: Calling) -> Value:
    """An answer that proves nothing of the caller, but that a person calls."""
    calling.may_fail()
    calling.emit(EffectKind.HUMAN, "a captcha", name_of(library))
    return of(Promise(PLAIN))


def shielded(library: Library, given: Arguments, calling: Calling) -> Value:
    """A shield's answer: about traffic, not about persons."""
    calling.may_fail()
    return of(Promise(PLAIN))
