"""Protection from abuse: bot checks, captchas, shields. They tell people from programs, and never who is calling."""

from __future__ import annotations

from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import PLAIN, Library, Promise, Value, obj, of
from analyzers.knowledge.rows import Shelf, gives, made, promises, same


def verdict(library: Library, given: Arguments, calling: Calling) -> Value:
    """An answer that proves nothing of the caller."""
    calling.may_fail()
    return of(Promise(PLAIN))


SHELVES = (
    Shelf(
        frozenset({"@arcjet/next", "@arcjet/node", "arcjet"}),
        "https://docs.arcjet.com/reference/nextjs",
        {("default",): made("arcjet#shield"), ("request",): promises(PLAIN), ("setRateLimitHeaders",): gives(PLAIN)},
        otherwise=gives(PLAIN),
    ),
    Shelf(
        frozenset({"arcjet#shield"}),
        "https://docs.arcjet.com/reference/nextjs",
        {("protect",): verdict, ("withRule",): same},
        otherwise=gives(PLAIN),
    ),
    Shelf(
        frozenset({"botid/server"}),
        "https://vercel.com/docs/botid/get-started",
        {("checkBotId",): promises(obj(PLAIN, isBot=PLAIN, isHuman=PLAIN))},
    ),
    Shelf(
        frozenset({"hcaptcha", "@hcaptcha/server", "@turnstile-validation/node", "next-turnstile"}),
        "https://docs.hcaptcha.com/",
        otherwise=verdict,
    ),
)
