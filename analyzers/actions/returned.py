"""Which records and secrets an action hands to its caller, and what had been proven where it does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preship.analyzers.flow.facts import Authenticated, Facts, Role
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Origin, Secret, Stored
from preship.analyzers.flow.values import Truth, Unknown, Value, parts_of

DEEPEST = 6
"""Objects inside objects that are looked through."""


def held_origins(value: Value | None, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Origin, Facts]]:
    """The origins of a value and of its parts, each with the facts under which the value is this one.

    What is surely falsy is left out: an empty id names nothing.
    """
    if value is None or depth == 0:
        return
    for a in value.alternatives:
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            if a.shape.truth is not Truth.FALSY:
                yield from ((origin, held) for origin in a.shape.origins)
        else:
            for part in parts_of(a.shape):
                yield from held_origins(part, held, depth - 1)


def returned_records(result: Value, facts: Facts) -> Iterator[tuple[Stored, Facts]]:
    """Each record of which something reaches the caller, with the facts under which it does."""
    for origin, held in held_origins(result, facts):
        if isinstance(origin, Stored):
            yield record_of(origin), held


def tells_of_the_caller(result: Value, depth: int = DEEPEST) -> bool:
    """Whether an answer says whether the caller is known, or what they may do."""
    return depth > 0 and any(
        (isinstance(a.shape, Unknown) and any(isinstance(fact, Authenticated | Role) for fact in a.shape.when_true))
        or any(part is not None and tells_of_the_caller(part, depth - 1) for part in parts_of(a.shape))
        for a in result.alternatives
    )


def tells_the_known_more(result: Value, depth: int = DEEPEST) -> bool:
    """Whether some part of an answer is there only for those who are known."""
    if depth == 0:
        return False
    return any(
        any(isinstance(fact, Authenticated) for fact in a.under)
        or any(part is not None and tells_the_known_more(part, depth - 1) for part in parts_of(a.shape))
        for a in result.alternatives
    )


CONFIDENTIAL = re.compile(r"secret|key|token|passw|credential|_dsn|database_url|connection_string", re.IGNORECASE)
"""Names of settings that open something, by the convention of every deployment."""

MEANT_FOR_BROWSERS = re.compile(r"public|publishable|site_?key|client_id|anon", re.IGNORECASE)
"""Names of keys that services give out to be printed into pages."""


def returned_secrets(result: Value, facts: Facts, depth: int = DEEPEST) -> Iterator[tuple[Secret, Facts]]:
    """Each secret that reaches the caller as it is, with the facts under which it does."""
    if depth == 0:
        return
    for a in result.alternatives:
        held = facts | a.under
        if isinstance(a.shape, Unknown):
            # What is made of a secret and of something else mostly hides it: a signature, an address.
            if len(a.shape.origins) == 1:
                yield from ((o, held) for o in a.shape.origins if isinstance(o, Secret) and opens_something(o))
        else:
            for part in parts_of(a.shape):
                if part is not None:
                    yield from returned_secrets(part, held, depth - 1)


def opens_something(secret: Secret) -> bool:
    """Whether who knows a setting can do something with it."""
    return bool(CONFIDENTIAL.search(secret.name)) and not MEANT_FOR_BROWSERS.search(secret.name)


FOR_ITS_OWNER = re.compile(
    r"private_?metadata|e_?mail(_?address)?|phone(_?number)?"
    r"|(stripe|paddle|lemon_?squeezy)_?(customer|subscription)_?id",
    re.IGNORECASE,
)
"""Fields that an identity provider keeps from browsers, how to reach somebody, and accounts at a payment service.

https://clerk.com/docs/users/metadata#private-metadata
"""


def is_for_its_owner(origin: Stored) -> bool:
    """Whether a value is a part of a record that is nobody's but its owner's to read."""
    return any(FOR_ITS_OWNER.fullmatch(name) for name in origin.path)


KEPT_IN_CONFIDENCE = re.compile(
    r"(customers?|clients?|patients?|employees?|contacts?|leads?|orders?|invoices?|payments?|payment_?methods?"
    r"|transactions?|expenses?|subscriptions?|messages?|conversations?|chats?|api_?keys?|invitations?|audit_?logs?)"
    r"(_?tables?)?",
    re.IGNORECASE,
)
"""Tables of those one deals with, of money and of letters, by the convention of every trade: no visitor's business."""


def is_a_list_kept_in_confidence(record: Stored) -> bool:
    """Whether rows are handed out whole, as many as there are, of a table that nobody shows to everybody.

    A single one may well be: the receipt that its id, which only the buyer knows, leads to.
    """
    is_list = record.is_whole and not record.path and not record.is_exact
    return is_list and bool(KEPT_IN_CONFIDENCE.fullmatch(_last_word(record.model)))


PEOPLE = re.compile(
    r"(app_?)?(users?|accounts?|members?|profiles?|persons?|people|students?|teachers?|staff|employees?|admins?)(_?tables?)?",
    re.IGNORECASE,
)
"""Tables of people who have accounts, or of whom records are kept: their whole rows hold how to reach them."""


def is_a_whole_person(record: Stored) -> bool:
    """Whether the whole record of a person is handed out, with all that is kept of them."""
    return record.is_whole and not record.path and bool(PEOPLE.fullmatch(_last_word(record.model)))


WHEREABOUTS = re.compile(
    r"(.*_)?(coordinates?|latitude|longitude|lat|lng|lon|geo_?(code|hash|point|location)|street(_?address)?|home_?address)",
    re.IGNORECASE,
)
"""Columns that say where somebody is, or lives."""


def says_where_somebody_is(record: Stored) -> bool:
    """Whether a part of a person's record is handed out that leads to their door."""
    is_of_people = bool(PEOPLE.fullmatch(_last_word(record.model)))
    return is_of_people and bool(record.path) and bool(WHEREABOUTS.fullmatch(record.path[-1]))


def _last_word(model: str) -> str:
    """The table itself, without the schema or database that it stands in."""
    return re.split(r"[^A-Za-z]+(?=[A-Za-z]+$)", model)[-1]
