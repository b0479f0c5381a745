"""What is the caller's own as a person: a record by their id, and not what belongs to a tenant of which they are part.

By the names of columns, where only these tell a person from a tenant: `userId` is somebody, `companyId` is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.conventions.keys import PERSON_COLUMN, REFERENCE_COLUMN
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import Owns, Strength
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.origins import Input, Origin, Session, Stored, roots
from preship.analyzers.flow.values import Value, origins_of, origins_of_each

RELATED = frozenset({"some", "every", "is"})
"""Conditions on the rows of another table. https://www.prisma.io/docs/orm/prisma-client/queries/relation-queries"""


def is_of_the_person(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether what an effect touches is the caller's own, whatever role they have."""
    if names_the_person(effect.key) or (effect.kind is EffectKind.INSERT and names_the_person(effect.data)):
        return True
    claims = [f for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE]
    return any(f.is_personal for f in claims) or any(is_a_personal_claim(f.subject, effects) for f in claims)


def is_made_in_their_name(effect: Effect) -> bool:
    """Whether a new record says by whom it was made: `createdById`, `authorId`; one of whom it is, is theirs."""
    return effect.kind is EffectKind.INSERT and names_the_person(effect.data)


def has_shown_membership(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether a row of the caller's own was looked up before, for what an argument names: a member of that team."""
    claims = (f for f in effect.facts if isinstance(f, Owns) and f.strength > Strength.POSSIBLE)
    reads = [e for e in effects if e.kind is EffectKind.READ and names_the_person(e.key)]
    return any(_looks_for(read, claim.subject) for claim in claims for read in reads)


def names_the_person(value: Value | None) -> bool:
    """Whether one column of a key, or of a new record, holds the caller: their id, or that of a record of theirs."""
    return any(_is_the_person(each, name) for name, each in _columns(value))


def _is_the_person(value: Value, column: str) -> bool:
    """Whether whatever may stand in a column is the caller: their tenant's id, or a new one's, is not."""
    kinds = origins_of_each(value)
    return bool(kinds) and all(any(_stands_for_the_person(o, column) for o in kind) for kind in kinds)


def _columns(value: Value | None) -> Iterator[tuple[str, Value]]:
    found = list(world.fields_of(value))
    yield from found or ([("id", value)] if value is not None else [])


def _stands_for_the_person(origin: Origin, column: str) -> bool:
    if isinstance(origin, Session):
        return origin.is_verified and not _names_a_tenant(origin.path)
    if not isinstance(origin, Stored) or not is_identity(frozenset({origin})):
        return False
    if any(isinstance(o, Session) and _names_a_tenant(o.path) for o in origin.key):
        return False
    if origin.path and _names_a_tenant(origin.path):
        return False
    is_chosen = any(isinstance(o, Input) for o in origin.key)
    return not (is_chosen and _is_foreign(column))


def _names_a_tenant(path: Sequence[str]) -> bool:
    """Whether a part of a session or of a row names something else than its owner: `session.user.companyId`."""
    return bool(path) and _is_foreign(path[-1])


def _is_foreign(column: str) -> bool:
    name = column.split(".")[-1]
    return REFERENCE_COLUMN.matches(name) and not PERSON_COLUMN.matches(name) and name.lower().strip("_") != "id"


def is_a_personal_claim(subject: Origin, effects: Iterable[Effect]) -> bool:
    """Whether something was shown to be the caller's own, and not only to be a tenant's of which they are part."""
    reads = [e for e in effects if e.kind is EffectKind.READ and _looks_for(e, subject)]
    if any(e.client is Client.CALLER for e in reads):
        # The policies of the database have decided for this caller, by whatever they are.
        return True
    if _is_called_a_person(subject) and not any(names_the_caller(e.key) for e in reads):
        return True
    return not reads or any(names_the_person(e.key) and not _is_a_membership(e, subject) for e in reads)


def _is_called_a_person(subject: Origin) -> bool:
    """Whether an argument names somebody: `userId`, of which the session was asked whether it is the caller's own."""
    return isinstance(subject, Input) and PERSON_COLUMN.matches((subject.parameter, *subject.path)[-1])


def _looks_for(read: Effect, subject: Origin) -> bool:
    found = origins_of(read.key)
    return subject in found or subject in roots(found) or (isinstance(subject, Stored) and subject.model == read.target)


def _is_a_membership(read: Effect, subject: Origin) -> bool:
    """Whether a row ties the caller to something else that an argument names: `{ teamId, userId }`."""
    columns = list(world.fields_of(read.key))
    if any(name in RELATED for name, _ in columns):
        return True
    named = {root for root in roots({subject}) if isinstance(root, Input)} | {subject}
    return any(_is_foreign(name) and named & roots(origins_of(value)) for name, value in columns)
