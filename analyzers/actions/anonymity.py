"""Which effects an anonymous caller reaches, and how it comes that nobody has stopped them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from preship.analyzers.actions import benign, weakened, world
from preship.analyzers.actions.enumeration import choice_of
from preship.analyzers.actions.public import signed_in_as_anybody
from preship.analyzers.actions.returned import returned_records, returned_secrets
from preship.analyzers.actions.sinks import asks_as_anybody
from preship.analyzers.flow.configuration import are_parted, settings_among
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Authenticated, Case, Choice, Claimed, Configured, Strength, decided
from preship.analyzers.flow.origins import Input, Stored, roots
from preship.analyzers.flow.values import Value, origins_of
from preship.analyzers.source.tree import Span

AS_ANYBODY = "a session as whoever they name"
"""What somebody gets for whom a session is issued by their word alone."""


class AuthenticationFault(Enum):
    """How an action comes to touch data before it knows its caller."""

    MISSING = "nobody asks"
    UNENFORCED = "the answer stops nobody"
    LATE = "the answer comes too late"
    UNVERIFIED = "the answer could be forged"
    STALE = "the answer is the render's"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """An effect that an anonymous caller reaches."""

    effect: Effect
    strength: Strength | None
    """How surely the caller is known there all the same; None: not at all."""

    asked: Span | None
    """Where the session was asked for before it, by a call whose answer stopped nobody."""

    claim: Claimed | None = None
    """The unverified identity that it relies on."""

    proven_later: Effect | None = None
    """Where the caller becomes known behind it, before anything else happens."""

    is_told_by_the_change: bool = False
    """Whether only the change tells: a check stood here before it, and what is here alone would need none."""

    @property
    def is_doubtful(self) -> bool:
        """Whether the code as it stands may be meant so, or fails for such a caller, or the other side may ask."""
        return self.strength is not None or self.is_told_by_the_change or asks_as_anybody(self.effect)

    @property
    def fault(self) -> AuthenticationFault:
        """Which of the faults it is: each action has one."""
        if self.claim is not None:
            return AuthenticationFault.STALE if self.claim.is_captured else AuthenticationFault.UNVERIFIED
        if self.proven_later is not None:
            return AuthenticationFault.LATE
        return AuthenticationFault.MISSING if self.asked is None else AuthenticationFault.UNENFORCED


def likely_proof(effect: Effect) -> Span | None:
    """Where an identity was read without which the code would have failed before it came to an effect."""
    likely = [f for f in effect.facts if isinstance(f, Authenticated) and f.strength is Strength.LIKELY]
    return likely[0].by if likely else None


def anonymous_effects(effects: Sequence[Effect], result: Value, before: Sequence[Effect]) -> Iterator[Anonymous]:
    """Everything that is reached while the caller is not known; `before` is what was done before the change."""
    asked: Span | None = None
    handed_back = benign.handed_back(effects)
    for effect in effects:
        if effect.kind is EffectKind.ASK:
            asked = effect.span
        if not world.touches_the_world(effect) or world.is_keyed_by_a_credential(effect):
            continue
        if benign.makes_what_is_handed_back(effect, handed_back) or is_done_without_a_login(effect, effects):
            continue
        if effect.kind in world.READS and not is_returned(effect, effects, result, before):
            yield from told_of_somebody(effect, effects)
            continue
        if benign.only_reports(effect, effects, result) or benign.only_refreshes(effect, effects):
            continue
        if benign.only_counts_attempts(effect, effects) or benign.makes_the_default(effect, effects):
            continue
        strength = world.strength_of_authentication(effect)
        if strength is not Strength.PROVEN:
            claim, behind = world.claim_around(effect, effects), proof_behind(effect, effects)
            yield Anonymous(effect, strength, asked or likely_proof(effect), claim, behind)
    yield from secrets_handed_out(effects, result, asked)
    begun = signed_in_as_anybody(effects)
    if begun is not None:
        yield Anonymous(replace(begun, target=AS_ANYBODY), None, asked)


def is_done_without_a_login(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether an effect happens only where the deployment has chosen, for all its callers, to ask for no session."""
    return is_chosen_in_place_of_a_session(effect) or is_set_up_without_a_login(effect, effects)


def is_chosen_in_place_of_a_session(effect: Effect) -> bool:
    """Whether an effect happens where there is no session and the deployment lets a login of its own stand in."""
    is_chosen = any(isinstance(f, Configured) and not f.is_behind for f in effect.facts)
    return is_chosen and any(isinstance(f, Case) and is_absence_of_a_session(f) for f in effect.facts)


def is_absence_of_a_session(fact: Case) -> bool:
    """Whether a fact says that a provider has given no session."""
    choice = fact.choice
    return fact.index == 1 and isinstance(choice, tuple) and len(choice) == 2 and isinstance(choice[1], bool)


def is_set_up_without_a_login(effect: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a deployment without a login makes what it works on: a demo's records, the file that they are kept in.

    The same test of a setting has the session asked for where it comes out the other way: who calls chooses neither,
    and nothing of theirs goes into what is made.
    """
    if effect.kind not in SETS_UP or not benign.is_sent_unasked(effect):
        return False
    chosen = settings_among(effect.facts)
    return any(e.kind is EffectKind.ASK and are_parted(chosen, settings_among(e.facts)) for e in effects)


SETS_UP = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.FILE})
"""What making something to work on takes; what is deleted was there before."""


def told_of_somebody(effect: Effect, effects: Sequence[Effect]) -> Iterator[Anonymous]:
    """A look-up about whom an argument names whose answer an anonymous caller learns, before the check behind it."""
    inputs = frozenset(o for o in origins_of(effect.key) if isinstance(o, Input))
    proof = world.proof_behind(effect, effects)
    if proof is None or world.strength_of_authentication(effect) is not None:
        return
    if world.actor_field(effect, inputs) is not None and is_told_to_anybody(effect, effects):
        yield Anonymous(effect, None, None, proven_later=proof)


def is_told_to_anybody(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether an action ends for a caller who is not known because a record is there, or is not."""
    ends = ((e.facts | a.under) for e in effects if e.kind in ENDS and e.data is not None for a in e.data.alternatives)
    return any(
        Choice(choice_of(effect)) in decided(facts)[0] and not any(isinstance(f, Authenticated) for f in facts)
        for facts in ends
    )


ENDS = frozenset({EffectKind.THROW, EffectKind.RETURN})


def newly_exposed(effects: Sequence[Effect], before: Sequence[Effect]) -> Iterator[Anonymous]:
    """What needs no session by itself, but waited for one before the change: a look-up, a password asked for."""
    asked: Span | None = None
    for effect in effects:
        if effect.kind is EffectKind.ASK:
            asked = effect.span
        touches = world.touches_the_world(effect) and not world.is_keyed_by_a_credential(effect)
        if (touches or effect.kind is EffectKind.IDENTIFY) and weakened.is_newly_exposed(effect, before):
            strength, claim = world.strength_of_authentication(effect), world.claim_behind(effect)
            yield Anonymous(effect, strength, asked or likely_proof(effect), claim, is_told_by_the_change=True)


def secrets_handed_out(effects: Sequence[Effect], result: Value, asked: Span | None) -> Iterator[Anonymous]:
    """The secrets of the server that reach a caller who is not known."""
    for effect in effects:
        if effect.kind is EffectKind.RETURN:
            for secret, held in returned_secrets(result, effect.facts):
                handed_out = replace(effect, target=secret.name, what=secret.name, facts=held)
                strength = world.strength_of_authentication(handed_out)
                if strength is not Strength.PROVEN:
                    yield Anonymous(handed_out, strength, asked)


def proof_behind(effect: Effect, effects: Sequence[Effect]) -> Effect | None:
    """Where the caller becomes known behind an effect, if all that happens from there on waits for it.

    What is read harms where it is handed out: a check that lets it out all the same comes never, not late.
    """
    return world.proof_behind(effect, effects) if effect.kind not in world.READS else None


def is_returned(effect: Effect, effects: Sequence[Effect], result: Value, before: Sequence[Effect]) -> bool:
    """Whether something of what an effect reads reaches a caller who is not known."""
    facts = next((e.facts for e in effects if e.kind is EffectKind.RETURN), NO_FACTS)
    was_known = weakened.was_known(effect, before)
    if benign.asks_for_what_is_published(effect) and not was_known:
        return False
    least = Strength.PROVEN if was_known else Strength.LIKELY
    return any(
        comes_of(record, effect, effects)
        and benign.may_give(effect, record)
        and not world.is_known_by(held, record, least)
        for record, held in returned_records(result, facts)
    )


def comes_of(record: Stored, read: Effect, effects: Iterable[Effect]) -> bool:
    """Whether a record is what a read looked for, or came along with it from a table that was joined."""
    if record.model == read.target:
        return True
    is_read_itself = any(e.kind in world.READS and e.target == record.model for e in effects)
    return not is_read_itself and not record.is_fresh and record.key <= roots(origins_of(read.key))
