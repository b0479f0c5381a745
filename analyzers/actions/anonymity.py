"""Which effects an anonymous caller reaches, and how it comes that nobody has stopped them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from preship.analyzers.actions import weakened, world
from preship.analyzers.actions.enumeration import choice_of
from preship.analyzers.actions.excuses import (
    cookie_scoped,
    counted_attempts,
    found_by_a_code,
    guests_purchase,
    handed_back,
    login_chosen_away,
    made_default,
    own_secret,
    published_read,
    refreshed_copy,
    refusal_noted,
    report_to_a_service,
    set_up_without_login,
    unreturned_read,
)
from preship.analyzers.actions.excuses.before_login import BeforeLogin, action_of
from preship.analyzers.actions.excuses.form import Excuse, Excused, excuse_of, weighed
from preship.analyzers.actions.issuing import signed_in_as_anybody
from preship.analyzers.actions.returned import returned_secrets
from preship.analyzers.actions.sinks import asks_as_anybody
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Authenticated, Choice, Claimed, Strength, decided
from preship.analyzers.flow.origins import Input
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


EXCUSES: tuple[Excuse[BeforeLogin], ...] = (
    cookie_scoped.EXCUSE,
    handed_back.EXCUSE,
    login_chosen_away.EXCUSE,
    set_up_without_login.EXCUSE,
    published_read.EXCUSE,
    found_by_a_code.EXCUSE,
    guests_purchase.EXCUSE,
    unreturned_read.EXCUSE,
    report_to_a_service.EXCUSE,
    refreshed_copy.EXCUSE,
    counted_attempts.EXCUSE,
    made_default.EXCUSE,
    own_secret.EXCUSE,
    refusal_noted.EXCUSE,
)
"""Why an effect on the world needs no session, in the order in which they are asked."""

OF_READS = (published_read.EXCUSE, unreturned_read.EXCUSE)
"""Those of a read: that a record is there at all may still be told."""


def anonymous_effects(effects: Sequence[Effect], result: Value, before: Sequence[Effect]) -> Iterator[Anonymous]:
    """Everything that is reached while the caller is not known; `before` is what was done before the change."""
    asked: Span | None = None
    action = action_of(effects, result, before)
    for effect in effects:
        if effect.kind is EffectKind.ASK:
            asked = effect.span
        strength = world.strength_of_authentication(effect)
        if strength is Strength.PROVEN or not world.touches_the_world(effect):
            continue
        excuse = excuse_of(BeforeLogin(effect, action), EXCUSES)
        if excuse is not None:
            yield from told_of_somebody(effect, effects) if excuse in OF_READS else ()
            continue
        claim, behind = world.claim_around(effect, effects), proof_behind(effect, effects)
        yield Anonymous(effect, strength, asked or likely_proof(effect), claim, behind)
    yield from secrets_handed_out(effects, result, asked)
    begun = signed_in_as_anybody(effects)
    if begun is not None:
        yield Anonymous(replace(begun, target=AS_ANYBODY), None, asked)


def excused(effect: Effect, effects: Sequence[Effect], result: Value, before: Sequence[Effect]) -> Iterator[Excused]:
    """Why an effect on the world needs no session, or what was missing for an excuse; nothing where it has."""
    is_proven = world.strength_of_authentication(effect) is Strength.PROVEN
    if world.touches_the_world(effect) and not is_proven:
        yield from weighed(BeforeLogin(effect, action_of(effects, result, before)), EXCUSES)


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
