"""Which actions need no session by what they do: they begin one, end one, or are called with something unguessable."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.benign import is_sent_unasked
from preship.analyzers.actions.recovery import is_clearing_of, keeps_a_secret, mails_a_secret, named_addresses
from preship.analyzers.conventions.contact import CONTACT_FIELD
from preship.analyzers.conventions.keys import ACTOR_COLUMN, REFERENCE_COLUMN
from preship.analyzers.conventions.secrets import (
    CODE_FIELD,
    CREDENTIAL_CODE,
    LINK_FIELD,
    ONE_TIME_FIELD,
    PASSWORD_FIELD,
    SENT_SECRET_FIELD,
)
from preship.analyzers.conventions.sessions import SUBJECT_CLAIM
from preship.analyzers.conventions.tables import (
    CHALLENGE_TABLE,
    GRANT_TABLE,
    ONE_TIME_CREDENTIAL_TABLE,
    PENDING_TABLE,
    WAITING_LIST_TABLE,
)
from preship.analyzers.flow.effects import EMAIL, ISSUED, Effect, EffectKind
from preship.analyzers.flow.facts import Strength
from preship.analyzers.flow.identity import is_credential
from preship.analyzers.flow.origins import Input, Remote, Request, Stored, roots
from preship.analyzers.flow.values import Unknown, Value, origins_of

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

LEAVES_AN_ADDRESS = "it takes an anonymous caller's own address and nothing else"


def public_by_design(effects: Sequence[Effect]) -> str | None:
    """Why an action with these effects needs no session; None where it does."""
    touching = [e for e in effects if world.touches_the_world(e) and not world.is_keyed_by_a_credential(e)]
    anonymous = [e for e in touching if not world.is_known(e)]
    begun = [e for e in effects if e.kind is EffectKind.IDENTIFY and not may_be_known(e)]
    if begun and not takes_over(begun, anonymous) and signed_in_as_anybody(effects) is None:
        return "it begins a session or proves a credential"
    if any(e.kind is EffectKind.LEAVE for e in effects) and not touching and not any(map(takes_a_request, effects)):
        return "it ends the session"
    if not anonymous:
        return None
    if any(e.kind is EffectKind.HUMAN for e in effects) and not any(is_foreign_write(e) for e in anonymous):
        return "it asks anonymous callers for a captcha"
    if all(map(issues_a_challenge, anonymous)):
        return "it issues what a caller has to sign before anybody knows them"
    by_a_credential = opened_by_a_credential(effects, anonymous)
    if by_a_credential is not None:
        return by_a_credential
    if serves_a_guest(effects, anonymous):
        return "it serves the guest whom a cookie names"
    if mails_a_secret(effects):
        return "it sends a secret to the owner of an address, and tells the caller nothing"
    kept = [e for e in anonymous if leaves_an_address(e)]
    others = [e for e in anonymous if not (e in kept or e.kind in HARMLESS or renews_a_secret(e, effects))]
    with_it = [e for e in others if is_made_for_a_newcomer(e)] if any(map(makes_an_account, kept)) else []
    left = {e.target for e in (*kept, *with_it)}
    if kept and all(e in with_it or is_consequence(e, left) or passes_on(e, kept) for e in others):
        return LEAVES_AN_ADDRESS
    return None


def takes_a_request(effect: Effect) -> bool:
    """Whether a call takes what the caller asks for to a store or service, if only as themselves: more than leaving."""
    return effect.kind in world.TOUCHES and not is_sent_unasked(effect)


def takes_over(begun: Collection[Effect], anonymous: Collection[Effect]) -> bool:
    """Whether a session is issued to whoever asks for it, who also changes the records of the one that they name."""
    return all(e.target == ISSUED for e in begun) and any(
        e.kind in world.CHOOSE_RECORDS and world.unowned(e) and inputs_of(e.key) and has_words_of_the_caller(e)
        for e in anonymous
    )


PROVES = frozenset(
    {
        *(EffectKind.READ, EffectKind.INSERT, EffectKind.SQL, EffectKind.FETCH),
        *(EffectKind.HUMAN, EffectKind.PROOF, EffectKind.ASK, EffectKind.UNSEEN),
    }
)
"""What may tell that somebody is who they say, or makes them that: a stored password, a service, a new account."""


def signed_in_as_anybody(effects: Sequence[Effect]) -> Effect | None:
    """Where a session is issued as whoever the caller names, before anything could have shown that they are that."""
    signed = [e for e in effects if e.kind is EffectKind.SIGN]
    for number, effect in enumerate(effects):
        if effect.kind in PROVES or (effect.kind is EffectKind.IDENTIFY and effect.target != ISSUED):
            return None
        if effect.kind is EffectKind.IDENTIFY and not may_be_known(effect):
            is_named = any(map(names_its_subject, signed)) or any(map(is_direct, origins_of(effect.data)))
            return effect if is_named and number else None
    return None


def names_its_subject(effect: Effect) -> bool:
    """Whether what is signed says for whom it is in the caller's words."""
    said = list(world.fields_of(effect.data))
    is_whole = not said and any(map(is_direct, origins_of(effect.data)))
    subjects = [origins_of(value) for name, value in said if SUBJECT_CLAIM.matches(name.split(".")[-1])]
    return is_whole or (bool(subjects) and all(found and all(map(is_direct, found)) for found in subjects))


def is_direct(origin: object) -> bool:
    """Whether a value is what the caller sent, as it came."""
    return isinstance(origin, Input)


def has_words_of_the_caller(effect: Effect) -> bool:
    """Whether what an effect writes is what the caller sent."""
    return any(isinstance(o, Input) for o in origins_of(effect.data))


def issues_a_challenge(effect: Effect) -> bool:
    """Whether an effect keeps or looks up a challenge of which the caller says nothing."""
    is_unsaid = not any(isinstance(o, Input) for o in roots(origins_of(effect.key) | origins_of(effect.data)))
    return effect.kind in {EffectKind.INSERT, EffectKind.READ} and is_unsaid and names_a_challenge(effect.target)


def names_a_challenge(model: str) -> bool:
    """Whether a table is called after challenges."""
    return any(map(CHALLENGE_TABLE.matches, endings_of(model)))


def serves_a_guest(effects: Collection[Effect], anonymous: Collection[Effect]) -> bool:
    """Whether all that anonymous callers change is found by a cookie of theirs, paid by them, or copied."""
    return any(changes_by_a_credential(e) for e in effects) and all(
        e.kind in HARMLESS or bears_a_credential(e) or only_copies(e) for e in anonymous
    )


def changes_by_a_credential(effect: Effect) -> bool:
    """Whether an effect changes what only the one reaches who was given a cookie: a guest's cart."""
    return effect.kind in world.CHOOSE_RECORDS and world.is_keyed_by_a_credential(effect)


def bears_a_credential(effect: Effect) -> bool:
    """Whether a payment is begun for the one whom a cookie names, and for nobody whom the caller names."""
    return effect.kind is EffectKind.PAY and effect.key is None and any(map(is_credential, origins_of(effect.data)))


def only_copies(effect: Effect) -> bool:
    """Whether a write keeps what services or other records hold, and nothing that the caller sent."""
    found = origins_of(effect.data)
    is_copied = any(isinstance(o, Remote) or (isinstance(o, Stored) and o.model != effect.target) for o in found)
    return effect.kind is EffectKind.WRITE and is_copied and not any(isinstance(o, Input | Request) for o in found)


def may_be_known(effect: Effect) -> bool:
    """Whether the caller was known, or the path would have failed: then a credential is asked for once more."""
    return (world.strength_of_authentication(effect) or Strength.POSSIBLE) > Strength.POSSIBLE


HARMLESS = frozenset({EffectKind.READ, EffectKind.SEND})


def is_foreign_write(effect: Effect) -> bool:
    """Whether an effect changes a record that the caller names by its id."""
    keys = (value for name, value in world.fields_of(effect.key) if name == "id" or REFERENCE_COLUMN.matches(name))
    direct = (o for value in keys for o in origins_of(value))
    return effect.kind in world.CHOOSE_RECORDS and any(isinstance(o, Input) for o in direct)


def inputs_of(value: Value | None) -> frozenset[Input]:
    """The inputs that a value comes from, through records as well."""
    found = origins_of(value)
    inside = {root for o in found if isinstance(o, Stored) for root in o.key if isinstance(root, Input)}
    return frozenset(inside | {o for o in found if isinstance(o, Input)})


def consumed_credentials(effects: Sequence[Effect]) -> frozenset[Input]:
    """Inputs by which a one-time credential is looked up, where its record is then deleted or changed.

    Who must fit the credential in the same look-up is the one whose it is.
    """
    changed = {e.target for e in effects if e.kind in world.CHOOSE_RECORDS}
    found: set[Input] = set()
    for effect in effects:
        if effect.kind in {EffectKind.READ, EffectKind.DELETE} and effect.target in changed:
            found |= credentials_in(effect) | tickets_in(effect.key)
        elif effect.kind in world.CHOOSE_RECORDS:
            found |= {
                o
                for name, value in world.fields_of(effect.key)
                if SENT_SECRET_FIELD.matches(name)
                for o in inputs_of(value)
            }
    return frozenset(found)


def opened_by_a_credential(effects: Sequence[Effect], anonymous: Collection[Effect]) -> str | None:
    """Why an action needs no session that is called with what only those have who were sent it; None where it does."""
    credentials = consumed_credentials(effects)
    if credentials and all(is_covered_by(e, credentials) for e in anonymous if e.kind in world.WRITES):
        return "it is called with a one-time credential that it consumes"
    if opens_a_link(effects, anonymous):
        return "it is called with the token of a link, and works on what that opens"
    return None


def opens_a_link(effects: Sequence[Effect], anonymous: Collection[Effect]) -> bool:
    """Whether all that anonymous callers do is done to what was found by a token that somebody was sent."""
    links = {o for e in effects if e.kind is EffectKind.READ for o in tokens_in(e)}
    return bool(links) and all(is_behind_a_link(e, links) for e in anonymous)


def tokens_in(effect: Effect) -> Iterator[Input]:
    """The inputs by which a record is found as who was sent a link finds it."""
    for name, value in world.fields_of(effect.key):
        if LINK_FIELD.matches(name.split(".")[-1]):
            yield from (o for o in origins_of(value) if isinstance(o, Input))


def is_behind_a_link(effect: Effect, links: Collection[Input]) -> bool:
    """Whether an effect names no record but by what a link opens; what is changed lies behind it."""
    keyed = inputs_of(effect.key)
    named = {o for name, value in world.fields_of(effect.data) if names_another(name) for o in inputs_of(value)}
    is_found = bool(keyed) or effect.kind not in world.CHOOSE_RECORDS
    return is_found and keyed.union(named) <= set(links) and not gives_a_right(effect)


def credentials_in(effect: Effect) -> frozenset[Input]:
    """The credentials by which records are looked up, with the one who must fit them."""
    named = list(world.fields_of(effect.key))
    found = {o for name, value in named if is_unguessable(name, effect.target) for o in inputs_of(value)}
    if is_a_ticket(effect.target):
        found |= {o for name, value in named if name == "id" for o in origins_of(value) if isinstance(o, Input)}
    whose = (value for name, value in named if ACTOR_COLUMN.matches(name.split(".")[-1]))
    fitting = {o for value in whose for o in origins_of(value) if isinstance(o, Input)}
    return frozenset(found | (fitting if found else set()))


def tickets_in(key: Value | None) -> frozenset[Input]:
    """The credentials by which a store without columns keeps a value: `verification-token:${token}`."""
    shapes = [a.shape for a in key.alternatives] if key is not None else []
    return frozenset(
        origin
        for shape in shapes
        if isinstance(shape, Unknown) and shape.text is not None and is_a_ticket(shape.text.opening)
        for origin in shape.text.continued_by
        if isinstance(origin, Input) and ONE_TIME_FIELD.matches((origin.parameter, *origin.path)[-1])
    )


def is_unguessable(field: str, model: str) -> bool:
    """Whether a field holds what anonymous callers cannot know."""
    if CODE_FIELD.matches(field):
        return bool(CREDENTIAL_CODE.matches(field) or CREDENTIAL_CODE.matches(model))
    return ONE_TIME_FIELD.matches(field)


def is_a_ticket(model: str) -> bool:
    """Whether the rows of a table are one-time credentials: who knows the id of one has been sent it."""
    return any(map(ONE_TIME_CREDENTIAL_TABLE.matches, endings_of(model)))


def endings_of(model: str) -> Iterator[str]:
    """The name of a table, and what is left of it without its first words: `password_reset_tokens`, `tokens`."""
    words = WORDS.findall(model)
    return ("_".join(words[start:]) for start in range(len(words)))


def is_covered_by(effect: Effect, credentials: frozenset[Input]) -> bool:
    """Whether what an effect changes is chosen by a credential, whatever else it must match, or is new."""
    return effect.kind is EffectKind.INSERT or not inputs_of(effect.key) or is_opened_by(effect, credentials)


def is_opened_by(effect: Effect, credentials: frozenset[Input]) -> bool:
    """Whether a credential is among what chooses an effect's records, or what they are made of."""
    return bool((inputs_of(effect.key) or inputs_of(effect.data)) & credentials)


def leaves_an_address(effect: Effect) -> bool:
    """Whether an effect stores, or sends to the house, an anonymous caller's own address, and names no other record."""
    if effect.kind is not EffectKind.INSERT and not goes_to_the_house(effect) and not waits_to_be_confirmed(effect):
        return False
    if gives_a_right(effect):
        return False
    names = names_of_what_is_sent(effect)
    return not any(map(names_another, names)) and any(map(CONTACT_FIELD.matches, names))


def waits_to_be_confirmed(effect: Effect) -> bool:
    """Whether an effect keeps what somebody has sent for an address until its owner confirms it: a pending sign-up.

    Whoever sends the same address again replaces it, and who has not confirmed it has nothing yet.
    """
    named = [name for name, value in world.fields_of(effect.key) if chosen_in(value)]
    is_by_address = bool(named) and all(CONTACT_FIELD.matches(name) for name in named)
    return effect.kind is EffectKind.WRITE and is_by_address and PENDING_TABLE.matches(effect.target)


def names_of_what_is_sent(effect: Effect) -> list[str]:
    """The columns into which something goes that the caller sends, and what the caller calls it."""
    named = [(name, chosen_in(value)) for name, value in world.fields_of(effect.data) if chosen_in(value)]
    return [name for name, _ in named] + [o.path[-1] for _, inputs in named for o in inputs if o.path]


def chosen_in(value: Value) -> frozenset[Input]:
    """The inputs that a value comes from; the id of a row that was just made is of nobody's choice."""
    return frozenset(o for o in roots(origins_of(value)) if isinstance(o, Input))


def names_another(name: str) -> bool:
    """Whether a column holds the id of a record."""
    return name == "id" or REFERENCE_COLUMN.matches(name)


def makes_an_account(effect: Effect) -> bool:
    """Whether an effect stores an address with a password that the caller has thought of: they sign up."""
    return effect.kind is EffectKind.INSERT and any(map(PASSWORD_FIELD.matches, names_of_what_is_sent(effect)))


def is_made_for_a_newcomer(effect: Effect) -> bool:
    """Whether an effect makes what an account comes with, of words and of no record that the caller names: a company.

    The right to what was there before is none of it.
    """
    is_new = effect.kind is EffectKind.INSERT or is_of_a_made_up_id(effect)
    is_new = is_new and bool(list(world.fields_of(effect.data)))
    return is_new and not gives_a_right(effect) and not any(map(names_another, names_of_what_is_sent(effect)))


def is_of_a_made_up_id(effect: Effect) -> bool:
    """Whether a change finds its row by what this call has made up: the account that it has just inserted."""
    shapes = [a.shape for _, value in world.fields_of(effect.key) for a in value.alternatives]
    made_up = all(isinstance(shape, Unknown) and not shape.origins for shape in shapes)
    return effect.kind is EffectKind.WRITE and bool(shapes) and made_up


def gives_a_right(effect: Effect) -> bool:
    """Whether whoever a new record names can do something from then on: to own, to belong to, to have a role."""
    return GRANT_TABLE.matches(effect.target) and not WAITING_LIST_TABLE.matches(effect.target)


def is_consequence(effect: Effect, models: Collection[str]) -> bool:
    """Whether an effect only does what a fresh record of these models entails: more of them, an invitation taken up."""
    return follows_from(effect, models) or marks_what_was_found(effect) or is_of_what_was_made(effect)


def passes_on(effect: Effect, kept: Iterable[Effect]) -> bool:
    """Whether a service of the house is told what was left, and nothing else of the caller's."""
    told = frozenset(o for e in kept for o in inputs_of(e.data))
    return effect.kind is EffectKind.FETCH and not inputs_of(effect.key) and inputs_of(effect.data) <= told


def is_of_what_was_made(effect: Effect) -> bool:
    """Whether an effect changes nothing but what this call has made itself."""
    found = origins_of(effect.key)
    return bool(found) and all(isinstance(o, Stored) and o.is_fresh for o in found)


def renews_a_secret(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether an effect deletes an older secret of an address for which a fresh one is made."""
    addresses = named_addresses(effects)
    made = {e.target for e in effects if e.kind is EffectKind.INSERT and keeps_a_secret(e, addresses)}
    return bool(addresses) and is_clearing_of(effect, made, addresses)


def marks_what_was_found(effect: Effect) -> bool:
    """Whether a write sets what no caller has said in a record that was found and that no id of theirs names."""
    is_found = any(isinstance(o, Stored) for o in origins_of(effect.key))
    return effect.kind is EffectKind.WRITE and is_found and not is_foreign_write(effect) and says_nothing(effect)


def says_nothing(effect: Effect) -> bool:
    """Whether nothing that the caller sent goes into what an effect writes."""
    return not inputs_of(effect.data)


def follows_from(effect: Effect, models: Collection[str]) -> bool:
    """Whether an effect stores nothing but what became of fresh records, and for whom the program itself has found."""
    known = all(isinstance(o, Stored) and (o.model in models or is_found_unasked(o)) for o in origins_of(effect.data))
    return known and world.makes_a_record(effect)


def is_found_unasked(record: Stored) -> bool:
    """Whether a record was found by nothing that the caller has sent: those who run the house."""
    return not any(isinstance(o, Input | Request) for o in record.key)


def goes_to_the_house(effect: Effect) -> bool:
    """Whether an effect is a mail whose recipient the caller does not choose."""
    return effect.target == EMAIL and effect.key is not None and not inputs_of(effect.key)
