"""What the execution of one action found out: the ground on which every rule stands, and the questions they ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from analyzers.actions import enumeration, habits, output, ownership, permissions, validation, weakened, world
from analyzers.actions.declared import Idle
from analyzers.actions.enumeration import Told
from analyzers.actions.escalation import Granted, granted_roles
from analyzers.actions.exposure import Exposure, gives_a_client
from analyzers.actions.habits import RoleBound
from analyzers.actions.idioms import Idiom, Question, no_idiom
from analyzers.actions.output import Handed
from analyzers.actions.ownership import OwnershipFault, Unowned
from analyzers.actions.permissions import CarriedPermission
from analyzers.actions.public import consumed_credentials, is_opened_by
from analyzers.actions.returned import (
    held_origins,
    is_for_its_owner,
    returned_records,
    returned_secrets,
    tells_the_known_more,
)
from analyzers.actions.sinks import Written
from analyzers.actions.strays import claimed_recipients, stray_reads
from analyzers.actions.uncovered import uncovered_reads
from analyzers.actions.validation import Unvalidated
from analyzers.flow.effects import Effect, EffectKind
from analyzers.flow.facts import NO_FACTS, Authenticated, Claimed, Facts, Input, Request, Stored, Strength, has_right
from analyzers.flow.identity import says_who
from analyzers.flow.values import Value
from analyzers.source.tree import Span

DOES_SOMETHING = world.TOUCHES | {EffectKind.IDENTIFY, EffectKind.ASK}


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
        """Whether the code as it stands may be meant so, or fails for such a caller."""
        return self.strength is not None or self.is_told_by_the_change

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


@dataclass(frozen=True, slots=True)
class Siblings:
    """What the neighbours of an action do."""

    touching: int
    """Those that touch data and are not public by design."""

    guarded: int
    """Those of them that no anonymous caller gets through."""

    @property
    def are_guarded(self) -> bool:
        """Whether actions here know their callers: then one that hands out data to anybody stands out.

        A quarter is enough: in mixed applications the unguarded neighbours are faults themselves more often than not.
        """
        return self.touching > 1 and self.guarded * 4 >= self.touching


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One action, executed."""

    path: str
    name: str | None
    line: int
    end_line: int
    effects: tuple[Effect, ...]
    """In the order of execution."""

    result: Value
    """What the caller gets."""

    visited: frozenset[Span]
    """Every function and module variable that was executed."""

    parameters: tuple[str, ...]
    """As written, annotations included."""

    public: str | None
    """Why it needs no session, if so."""

    handed_over: frozenset[tuple[str, Stored]] = frozenset()
    """The whole records that modules gave to code of others on the way, each with the module's path."""

    siblings: Siblings | None = None
    """What the neighbours do; only asked for where a judgement hangs on it."""

    before: tuple[Effect, ...] = ()
    """What it did before the change that is judged."""

    exposure: Exposure | None = None
    """How its repository uses it; None where it was executed by itself."""

    neighbours: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """The effects of each of the nearest other actions; only asked for where a judgement hangs on it."""

    idiom: Callable[[Question], Idiom | None] = no_idiom
    """With which call the neighbours begin to know; only asked for where there is something to mend."""

    role: str | None = None
    """The role that its authors declare it to need, if they do."""

    idle_declarations: tuple[Idle, ...] = ()
    """The comments to us for which it answers and from which nothing follows."""

    layout_checks: Callable[[], Iterable[Span]] = tuple
    """Where layouts around the pages that use it ask who is there; only asked for where a judgement hangs on it."""

    quoted: Callable[[Span], str | None] = lambda span: None
    """What the call that stands at a place is called in the code; None where it has no name."""

    def is_only_read(self) -> bool:
        """Whether an anonymous caller gets data, and nothing worse: who may read it, the code alone does not say."""
        found = self.anonymous_effect()
        return found is not None and found.effect.kind in world.READS and not self._is_private(found.effect)

    def _is_private(self, effect: Effect) -> bool:
        """Whether what an effect reads is for its owner alone: by its fields, or by who the caller says that is."""
        return world.is_of_an_address(effect) or any(
            isinstance(origin, Stored) and origin.model == effect.target and is_for_its_owner(origin)
            for origin, _ in held_origins(self.result, self._facts_at_return)
        )

    @property
    def is_personalised(self) -> bool:
        """Whether its answer holds something that only those get who are known, beside what everybody gets."""
        return tells_the_known_more(self.result)

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return f"`{self.name}`" if self.name else "this inline action"

    def anonymous_effect(self) -> Anonymous | None:
        """The first effect on the world that is reached while the caller is not known for sure, worst kind first."""
        if self.public is not None:
            return None
        found = [a for a in self._anonymous_effects() if a.strength is not Strength.POSSIBLE]
        found = found or [a for a in self._laid_bare() if a.strength is not Strength.POSSIBLE]
        found.sort(key=lambda a: (a.strength is not None, a.effect.kind not in world.WRITES))
        return found[0] if found else None

    def _anonymous_effects(self) -> Iterator[Anonymous]:
        asked: Span | None = None
        handed_back = world.handed_back(self.effects)
        for effect in self.effects:
            if effect.kind is EffectKind.ASK:
                asked = effect.span
            if not world.touches_the_world(effect) or world.is_keyed_by_a_credential(effect):
                continue
            if world.makes_what_is_handed_back(effect, handed_back):
                continue
            if effect.kind in world.READS and not self._is_returned(effect):
                continue
            if world.only_reports(effect, self.effects, self.result) or world.only_refreshes(effect, self.effects):
                continue
            strength = world.strength_of_authentication(effect)
            if strength is not Strength.PROVEN:
                claim, behind = world.claim_around(effect, self.effects), self._proof_behind(effect)
                yield Anonymous(effect, strength, asked or likely_proof(effect), claim, behind)
        yield from self._secrets_handed_out(asked)

    def _laid_bare(self) -> Iterator[Anonymous]:
        """What needs no session by itself, but waited for one before the change: a look-up, a password asked for."""
        asked: Span | None = None
        for effect in self.effects:
            if effect.kind is EffectKind.ASK:
                asked = effect.span
            touches = world.touches_the_world(effect) and not world.is_keyed_by_a_credential(effect)
            if (touches or effect.kind is EffectKind.IDENTIFY) and weakened.is_laid_bare(effect, self.before):
                strength, claim = world.strength_of_authentication(effect), world.claim_behind(effect)
                yield Anonymous(effect, strength, asked or likely_proof(effect), claim, is_told_by_the_change=True)

    def _secrets_handed_out(self, asked: Span | None) -> Iterator[Anonymous]:
        """The secrets of the server that reach a caller who is not known."""
        for effect in self.effects:
            if effect.kind is EffectKind.RETURN:
                for secret, held in returned_secrets(self.result, effect.facts):
                    handed_out = replace(effect, target=secret.name, what=secret.name, facts=held)
                    strength = world.strength_of_authentication(handed_out)
                    if strength is not Strength.PROVEN:
                        yield Anonymous(handed_out, strength, asked)

    def _proof_behind(self, effect: Effect) -> Effect | None:
        """Where the caller becomes known behind an effect, if all that happens from there on waits for it.

        What is read harms where it is handed out: a check that lets it out all the same comes never, not late.
        """
        return world.proof_behind(effect, self.effects) if effect.kind not in world.READS else None

    def _is_returned(self, effect: Effect) -> bool:
        """Whether something of what an effect reads reaches a caller who is not known."""
        facts = next((e.facts for e in self.effects if e.kind is EffectKind.RETURN), NO_FACTS)
        was_known = weakened.was_known(effect, self.before)
        if world.asks_for_what_is_published(effect) and not was_known:
            return False
        least = Strength.PROVEN if was_known else Strength.LIKELY
        return any(
            record.model == effect.target
            and world.may_give(effect, record)
            and not world.is_known_by(held, record, least)
            for record, held in returned_records(self.result, facts)
        )

    def header_given_as_identity(self) -> Anonymous | None:
        """The answer of an action that tells its callers who is calling, by a header that any client sends."""
        for origin, held in held_origins(self.result, self._facts_at_return):
            if isinstance(origin, Request) and says_who(origin):
                name = f"the header {origin.name}"
                effect = Effect(EffectKind.RETURN, self.head, name, name, facts=held)
                return Anonymous(effect, None, None, Claimed(name, self.head))
        return None

    def unowned_effects(self) -> Iterator[Unowned]:
        """The effects on records that a known caller, or one who says who they are, names and was not shown to own."""
        for found in self._unowned_effects():
            # Whoever has the role that is missing need not own the record: one cause is reported once.
            if self.role is None or has_right(found.effect.facts) or found.fault is OwnershipFault.CLAIMED:
                yield found

    def _unowned_effects(self) -> Iterator[Unowned]:
        if self.public is not None:
            return
        handed_back, credentials = world.handed_back(self.effects), consumed_credentials(self.effects)
        for effect in self.effects:
            if not world.touches_the_world(effect):
                continue
            if effect.kind not in world.CHOOSE_OR_INSERT:
                yield from self._no_longer_checked(effect)
                continue
            if not self._is_somebody(effect):
                yield from self._acts_for_another(effect)
                continue
            if world.makes_what_is_handed_back(effect, handed_back) or is_opened_by(effect, credentials):
                continue
            named_by = world.unowned(effect)
            if named_by:
                yield from self._unowned(effect, named_by)
            else:
                yield from self._no_longer_checked(effect)
        yield from self._unowned_besides()

    def _unowned_besides(self) -> Iterator[Unowned]:
        """What is read or sent of somebody else's although no record is changed."""
        for effect, chosen in stray_reads(self.effects, self.result):
            yield Unowned(effect, tuple(sorted(chosen, key=str)), world.actor_field(effect, chosen))
        for effect, claimed, field in claimed_recipients(self.effects):
            yield Unowned(effect, tuple(sorted(claimed, key=str)), field)
        for effect, lost in uncovered_reads(self.effects, self.before):
            yield Unowned(effect, tuple(sorted(lost.inputs, key=str)), lost=lost.what)

    def _no_longer_checked(self, effect: Effect) -> Iterator[Unowned]:
        """An effect before which more had been asked before the change; of what is read, only what is handed out."""
        lost = weakened.loss(effect, self.before) if effect.kind not in world.READS else None
        if lost is not None and self._is_somebody(effect):
            yield Unowned(effect, tuple(sorted(lost.inputs, key=str)), lost=lost.what)

    def _unowned(self, effect: Effect, named_by: frozenset[Input | Request]) -> Iterator[Unowned]:
        """An effect on records that these inputs name, and how it comes to be."""
        later = ownership.asked_later(effect, named_by, self.effects)
        if later is not None and world.only_mirrors_a_service(effect):
            return
        stands_for = world.actor_field(effect, named_by) or next((n for n, _ in world.overriding(effect)), None)
        in_vain = ownership.asked_in_vain(effect, named_by, self.effects)
        inputs = tuple(sorted(named_by, key=str))
        yield Unowned(effect, inputs, stands_for, asked_later=later, asked_in_vain=in_vain)

    def unowned_effect(self) -> Unowned | None:
        """The first of them where nobody is claimed to be somebody: one cause is reported once.

        What the code itself shows comes before what only the change tells.
        """
        found = [u for u in self.unowned_effects() if u.fault is not OwnershipFault.CLAIMED]
        return min(found, key=lambda u: u.lost is not None, default=None)

    def role_bound_effects(self) -> Iterator[RoleBound]:
        """What any known caller does here, and what the neighbours or the authors keep for those with a role."""
        if self.role is not None:
            yield from habits.kept_for(self.role, self.touching_effects())
        if self.public is None:
            for effect in self.effects:
                if habits.is_open_to_members(effect) and (found := habits.role_bound(effect, self.neighbours())):
                    yield found

    def granted_roles(self) -> Iterator[Granted]:
        """The roles above the caller's own that they can give away, or take."""
        return granted_roles(self.effects) if self.public is None else iter(())

    def carried_permissions(self) -> Iterator[CarriedPermission]:
        """The changes that hang on a permission which the session brought along."""
        return permissions.carried_permissions(self.effects)

    def unvalidated(self) -> Iterator[Unvalidated]:
        """The effects that inputs reach as they were sent, writes first."""
        return validation.unvalidated(self.effects)

    def mass_assigned(self) -> Iterator[Unvalidated]:
        """The writes whose fields the caller chooses."""
        return validation.mass_assigned(self.effects)

    def session_tokens(self) -> Iterator[Unvalidated]:
        """The effects that a token of a session reaches as an argument."""
        return validation.session_tokens(self.effects)

    def raw_records(self) -> Iterator[Handed]:
        """The records that are handed out with all they hold."""
        return output.raw_records(self.result, self._facts_at_return, self.effects)

    def implicit_selections(self) -> Iterator[Effect]:
        """The reads of other modules whose rows leave them with all they hold, but do not reach the caller so."""
        return output.implicit_selections(self.effects, self.handed_over, self.path, self.raw_records())

    def caught_messages(self) -> Iterator[Handed]:
        """The messages of exceptions that are handed out."""
        return output.caught_messages(self.result, self._facts_at_return, self.head)

    def rethrown_messages(self) -> Iterator[Handed]:
        """The messages of exceptions that it catches and throws again as words of its own."""
        for handed in output.rethrown_messages(self.effects, self.head):
            if handed.effect is not None and self._contains(handed.effect.span):
                yield handed

    def secrets(self) -> Iterator[Handed]:
        """The secrets of the server that are handed out."""
        return output.secrets(self.result, self._facts_at_return)

    def existence_told(self) -> Iterator[Told]:
        """The look-ups whose answer a stranger learns, whatever the action then refuses."""
        return enumeration.existence_told(self.result, self._facts_at_return, self.effects)

    @property
    def _facts_at_return(self) -> Facts:
        return next((e.facts for e in self.effects if e.kind is EffectKind.RETURN), NO_FACTS)

    def _is_somebody(self, effect: Effect) -> bool:
        """Whether the caller is known at an effect, becomes known behind it, or says who they are."""
        if world.strength_of_authentication(effect) is not None or world.overrides_the_session(effect):
            return True
        return self._proof_behind(effect) is not None

    def _acts_for_another(self, effect: Effect) -> Iterator[Unowned]:
        """An effect behind a look-up in which an argument takes the session's place, so that none is needed."""
        until = self.effects[: self.effects.index(effect) + 1]
        for field, inputs in (found for earlier in until for found in world.overriding(earlier)):
            yield Unowned(effect, tuple(sorted(inputs, key=str)), field)
            return

    def touching_effects(self) -> tuple[Effect, ...]:
        """Every effect on the world."""
        return tuple(e for e in self.effects if world.touches_the_world(e) and not world.is_keyed_by_a_credential(e))

    @property
    def is_declared_public(self) -> bool:
        """Whether its authors say that anybody may call it."""
        return self.public is not None and self.public.startswith("declared")

    @property
    def does_something(self) -> bool:
        """Whether a call of it does more than compute, or set what is the caller's own: it may only ask who calls."""
        return any(e.kind in DOES_SOMETHING for e in self.effects)

    def written(self, sink: Callable[[Iterable[Effect]], Iterator[Written]]) -> Iterator[Written]:
        """The texts of a kind (`sinks.statements`, …) into which the caller can write, one for each place here."""
        seen: set[Span] = set()
        for found in sink(self.effects):
            place = self.place_of(found.effect)
            if place not in seen:
                seen.add(place)
                yield found

    def gives_a_client(self) -> bool:
        """Whether what it gives is a connection or a function."""
        return gives_a_client(self.result)

    def choosing_effects(self) -> tuple[Effect, ...]:
        """The effects on records that a key of the caller's may choose."""
        return tuple(e for e in self.touching_effects() if e.kind in world.CHOOSE_RECORDS)

    @property
    def is_doubtful(self) -> bool:
        """Whether some effect is guarded only by what could not be read."""
        return any(world.strength_of_authentication(e) is Strength.POSSIBLE for e in self.touching_effects())

    def place_of(self, effect: Effect) -> Span:
        """Where in the action itself an effect happens: the call that leads there, if it happens elsewhere."""
        for span in (*effect.trail, effect.span):
            if self._contains(span) and not self._is_whole(span):
                return span
        return self.head

    def _contains(self, span: Span) -> bool:
        return span.path == self.path and self.line <= span.line <= self.end_line

    @property
    def head(self) -> Span:
        """Its first line."""
        return Span(self.path, self.line, self.line, 0, 0)

    def _is_whole(self, span: Span) -> bool:
        return span.start == span.end == 0
