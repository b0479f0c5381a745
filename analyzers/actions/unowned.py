"""Which effects touch records that a known caller names and was not shown to own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from preship.analyzers.actions import benign, ownership, weakened, world
from preship.analyzers.actions.anonymity import proof_behind
from preship.analyzers.actions.excuses.before_login import handed_back
from preship.analyzers.actions.excuses.handed_back import makes_what_is_handed_back
from preship.analyzers.actions.excuses.written_id import Neighbours
from preship.analyzers.actions.foreign import (
    Foreign,
    untied_keys,
    without_counterparts,
    without_people,
    without_what_nobody_owns,
)
from preship.analyzers.actions.one_time import consumed_credentials, is_opened_by
from preship.analyzers.actions.ownership import Unowned
from preship.analyzers.actions.recipients import claimed_recipients, relayed_messages
from preship.analyzers.actions.returned import returned_records
from preship.analyzers.actions.stored_files import named_files
from preship.analyzers.actions.tenant_roles import bounded_by_tenant
from preship.analyzers.actions.uncovered import uncovered_reads
from preship.analyzers.actions.unrelated_reads import unrelated_reads
from preship.analyzers.actions.written_keys import keys_of
from preship.analyzers.flow.effects import CHANGES, Client, Effect, EffectKind, Trait
from preship.analyzers.flow.facts import (
    NO_FACTS,
    Entitled,
    Owns,
    Role,
    Strength,
    has_right,
    has_shown_something,
    owned_under,
)
from preship.analyzers.flow.origins import Input, Origin, Request, roots
from preship.analyzers.flow.values import Value, origins_of
from preship.analyzers.schema.graph import Ownership


def unowned_effects(
    effects: Sequence[Effect], result: Value, before: Sequence[Effect], ownership: Ownership, neighbours: Neighbours
) -> Iterator[Unowned]:
    """Everything on records that a known caller names and was not shown to own."""
    chosen = (*unowned_records(effects, before, ownership), *behind_a_role(effects, ownership, neighbours))
    untied = tuple(untied_keys(effects, ownership, neighbours))
    for found in chosen:
        yield replace(found, foreign=keys_written_by(found.effect, untied) if found.is_an_insert else ())
    for effect, keys in untied:
        is_known = effect.client is Client.CALLER or is_somebody(effect, effects)
        if is_known and not any(found.effect is effect for found in chosen):
            inputs = tuple(sorted({key.origin for key in keys}, key=str))
            yield Unowned(effect, inputs, foreign=keys)
    yield from written_before_asked(effects, ownership)
    yield from unowned_besides(effects, result, before)


def written_before_asked(effects: Sequence[Effect], graph: Ownership) -> Iterator[Unowned]:
    """The rows that are written with the id of another, of which the action asks behind them whether it is theirs.

    Policies of the database may judge what is written; that the action asks says that they do not.
    """
    for effect in (e for e in effects if Trait.IS_A_FUNCTION not in e.traits):
        if effect.client is Client.UNSEEN and is_somebody(effect, effects) and world.touches_the_world(effect):
            sent = {o for key in keys_of(effect, graph) for o in origins_of(key.value) if isinstance(o, Input)}
            sent -= owned_under(effect.facts)
            later = ownership.asked_later(effect, sent, effects) if sent else None
            if later is not None and any(e.kind in CHANGES and ownership.owns_one(e, sent) for e in effects):
                asked = {o for o in sent if ownership.owns_one(later, {o})}
                yield Unowned(effect, tuple(sorted(asked, key=str)), asked_later=later)


def behind_a_role(effects: Sequence[Effect], ownership: Ownership, neighbours: Neighbours) -> Iterator[Unowned]:
    """The changes of any tenant's records by those who have a role in one of them."""
    for effect in effects:
        found = bounded_by_tenant(effect, effects, ownership, neighbours) if world.touches_the_world(effect) else None
        if found is not None:
            yield Unowned(effect, tuple(sorted(found.named_by, key=str)), within=found)


def keys_written_by(effect: Effect, untied: Sequence[tuple[Effect, tuple[Foreign, ...]]]) -> tuple[Foreign, ...]:
    """The ids of somebody's rows that one effect writes."""
    return next((keys for other, keys in untied if other is effect), ())


def unowned_records(effects: Sequence[Effect], before: Sequence[Effect], ownership: Ownership) -> Iterator[Unowned]:
    """The records that are changed, and those that new ones are put into."""
    given, credentials = handed_back(effects), consumed_credentials(effects)
    for effect in effects:
        if not world.touches_the_world(effect):
            continue
        if effect.kind not in world.CHOOSE_OR_INSERT:
            yield from no_longer_checked(effect, effects, before)
            continue
        if not is_somebody(effect, effects):
            yield from acts_for_another(effect, effects)
            continue
        if makes_what_is_handed_back(effect, given) or is_opened_by(effect, credentials):
            continue
        if takes_everybodys(effect, ownership):
            yield Unowned(effect, ())
            continue
        named_by = without_what_nobody_owns(world.unowned(effect), effect, ownership)
        named_by = without_people(named_by, effect, ownership)
        named_by = without_counterparts(named_by, effect, effects, ownership)
        if named_by and (benign.only_counts_along(effect, effects) or benign.only_forgets_a_copy(effect)):
            continue
        if named_by and benign.is_chosen_by_a_browsers_address(effect):
            continue
        if named_by and not is_shared_by_its_policy(effect, ownership):
            yield from unowned_as(effect, named_by, effects)
        else:
            yield from no_longer_checked(effect, effects, before)


def takes_everybodys(effect: Effect, ownership: Ownership) -> bool:
    """Whether all rows of a table are changed or deleted, of which each is somebody's, and no right is asked for."""
    table = ownership.tables.get(effect.target) if Trait.TAKES_ALL in effect.traits else None
    if table is None or effect.client is not Client.SERVER or has_shown_something(effect.facts):
        return False
    return ownership.owner(table) is not None or ownership.names_a_person(table)


def is_shared_by_its_policy(effect: Effect, ownership: Ownership) -> bool:
    """Whether a policy of the database lets every account change a table that, by its schema, is nobody's own.

    Its authors have written down that whoever is signed in shares it: an address book, the customers of one agency.
    """
    table = ownership.tables.get(effect.target) if effect.client is Client.SIGNED_IN else None
    if table is None or not ownership.tells or ownership.names_a_person(table):
        return False
    named = (ownership.tables.get(reference.table) for reference in table.references)
    names_somebody = any(other is not None and ownership.names_a_person(other) for other in named)
    return ownership.owner(table) is None and not names_somebody


def unowned_besides(effects: Sequence[Effect], result: Value, before: Sequence[Effect]) -> Iterator[Unowned]:
    """What is read or sent of somebody else's although no record is changed."""
    for effect, chosen in unrelated_reads(effects, result):
        yield Unowned(effect, tuple(sorted(chosen, key=str)), world.actor_field(effect, chosen))
    for effect, field, inputs in claimed_reads(effects, result):
        yield Unowned(effect, tuple(sorted(inputs, key=str)), field)
    for effect, chosen in named_files(effects):
        if is_somebody(effect, effects):
            yield Unowned(effect, tuple(sorted(chosen, key=str)))
    for effect, claimed in claimed_recipients(effects):
        yield Unowned(effect, tuple(sorted(claimed, key=str)), "recipient")
    for effect, named, told in relayed_messages(effects):
        yield Unowned(effect, tuple(sorted(named, key=str)), "recipient", says=tuple(sorted(told, key=str)))
    for effect, lost in uncovered_reads(effects, before):
        yield Unowned(effect, tuple(sorted(lost.inputs, key=str)), lost=lost.what)


def claimed_reads(effects: Sequence[Effect], result: Value) -> Iterator[tuple[Effect, str, frozenset[Input]]]:
    """Each read for whoever sends a user to stand for the session's, with the field and the inputs that say so."""
    at_the_end = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    given = {record.model for record, _ in returned_records(result, at_the_end)}
    for effect in effects:
        is_given = effect.kind is EffectKind.READ and world.touches_the_world(effect) and effect.target in given
        if is_given and not has_right(effect.facts):
            yield from ((effect, field, inputs) for field, inputs in world.stood_in_for(effect))


def no_longer_checked(effect: Effect, effects: Sequence[Effect], before: Sequence[Effect]) -> Iterator[Unowned]:
    """An effect before which more had been asked before the change; of what is read, only what is handed out."""
    lost = weakened.loss(effect, before) if effect.kind not in world.READS else None
    if lost is not None and is_somebody(effect, effects):
        yield Unowned(effect, tuple(sorted(lost.inputs, key=str)), lost=lost.what)


def unowned_as(effect: Effect, named_by: frozenset[Input | Request], effects: Sequence[Effect]) -> Iterator[Unowned]:
    """An effect on records that these inputs name, and how it comes to be."""
    later = ownership.asked_later(effect, named_by, effects)
    if later is not None and benign.only_keeps_books(effect, effects):
        return
    claimed = world.actor_field(effect, named_by) or next((n for n, _ in world.overriding(effect)), None)
    stands_for = claimed if not names_a_target(effect, named_by) else None
    in_vain = ownership.asked_in_vain(effect, named_by, effects)
    if in_vain is not None and any(isinstance(fact, Entitled) for fact in effect.facts):
        # Its answer is one of several of which each path has given one: the group's owner, an admin, or themselves.
        return
    inputs = tuple(sorted(named_by, key=str))
    yield Unowned(effect, inputs, stands_for, asked_later=later, asked_in_vain=in_vain)


def names_a_target(effect: Effect, named_by: frozenset[Input | Request]) -> bool:
    """Whether a role, a permission or a membership was asked for before: then a user who is named is not the caller.

    Whether they are within the reach of that right is a question about whose the record is.
    """
    return any(
        isinstance(fact, Role | Entitled)
        or (isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE and is_another(fact.subject, named_by))
        for fact in effect.facts
    )


def is_another(subject: Origin, named_by: frozenset[Input | Request]) -> bool:
    """Whether what was shown to be the caller's is named by an input, and by none of these."""
    chosen = {root for root in roots((subject,)) if isinstance(root, Input | Request)}
    return bool(chosen) and not chosen & named_by


def is_somebody(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether the caller is known at an effect, becomes known behind it, or says who they are."""
    if world.strength_of_authentication(effect) is not None or world.overrides_the_session(effect):
        return True
    return proof_behind(effect, effects) is not None


def acts_for_another(effect: Effect, effects: Sequence[Effect]) -> Iterator[Unowned]:
    """An effect behind a look-up in which an argument takes the session's place, so that none is needed."""
    until = effects[: effects.index(effect) + 1]
    for field, inputs in (found for earlier in until for found in world.overriding(earlier)):
        yield Unowned(effect, tuple(sorted(inputs, key=str)), field)
        return
