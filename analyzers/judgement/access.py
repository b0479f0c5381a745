"""Who may do what by an action: one entry for each kind of caller, read off the facts that its verdict rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from preship.analyzers.actions.demand import is_ordinary, named_in_code
from preship.analyzers.actions.returned import held_origins
from preship.analyzers.actions.words import short_roles
from preship.analyzers.actions.world import (
    CHOOSE_RECORDS,
    READS,
    TOUCHES,
    fields_of,
    is_known,
    is_within_the_owned,
    parents,
    strength_of_authentication,
    writes_only_the_caller,
)
from preship.analyzers.conventions.keys import REFERENCE_COLUMN
from preship.analyzers.flow.effects import Client, Effect, EffectKind
from preship.analyzers.flow.facts import (
    Authenticated,
    Facts,
    Role,
    Strength,
    breadth,
    comes_with_an_account,
    is_a_program,
    is_surely_known,
    owned_under,
)
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.operators import record_of
from preship.analyzers.flow.origins import Input, Origin, Request, Session, Stored, roots
from preship.analyzers.flow.values import origins_of
from preship.analyzers.judgement.ownership import NAME, proof_of
from preship.analyzers.results import ANONYMOUS, MEMBER, OTHER_MEMBER, Access, Answer, ChecklistEntry
from preship.analyzers.rule import ActionFacts, Confidence, Finding, Item, Step
from preship.analyzers.source.tree import Span

HANDS_OUT = READS | {EffectKind.SQL, EffectKind.FETCH}
"""Effects that tell their caller something, where what they bring reaches the answer."""

NAMELESS = "another right"
"""What a right is called that the code gives no name."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that an action does, with all that was proven before its caller gets something of it."""

    effect: Effect
    facts: Facts
    target: str
    """What it reads or changes, in words."""

    role: Role | None
    """The role or permission that it needs, above what comes with an account."""

    roles: tuple[str, ...]
    """The words for it, of which one is enough; see `words_of`."""

    @property
    def is_change(self) -> bool:
        """Whether it changes something."""
        return self.effect.kind not in HANDS_OUT


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one kind of caller may do one thing, and what decides that."""

    answer: Answer
    by: Step | None = None


def access_of(facts: ActionFacts, entries: Sequence[ChecklistEntry], faults: Sequence[Finding]) -> tuple[Access, ...]:
    """One entry for each kind of caller: without a session, with one, with one and the ids of others, and each role.

    `faults` are the findings about whose records are touched.
    """
    who = {entry.item: entry for entry in entries}
    return tuple(_Judge(facts, who[Item.AUTHENTICATION], who[Item.OWNERSHIP], faults).entries())


def doings_of(facts: ActionFacts) -> tuple[Doing, ...]:
    """What an action changes, and what of what it reads reaches its caller."""
    touching = set(map(id, facts.touching_effects()))
    found = (e for e in facts.effects if e.kind in TOUCHES and not keeps_the_session(e))
    seen = [e for e in found if id(e) in touching or e.client is not Client.SERVER]
    given = _given(facts)
    changes = (doing_of(e, e.facts, e.target or e.what) for e in seen if e.kind not in READS)
    return (*changes, *(doing for e in seen if e.kind in READS for doing in _reading(e, given)))


def _given(facts: ActionFacts) -> dict[Stored, Facts]:
    """The records of which something reaches the caller, with what had been proven then."""
    found = held_origins(facts.result, _at_return(facts))
    return {record_of(origin): held for origin, held in found if isinstance(origin, Stored)}


def _reading(effect: Effect, given: Mapping[Stored, Facts]) -> Iterator[Doing]:
    """What of a look-up reaches the caller: rows of its table, or those that are joined with them."""
    key = origins_of(effect.key)
    for record, held in given.items():
        if record.model == effect.target or (record.key and record.key == key):
            yield doing_of(effect, effect.facts | held, record.model)


def doing_of(effect: Effect, facts: Facts, target: str) -> Doing:
    """One thing that an action does where this was proven."""
    asked = [f for f in facts if isinstance(f, Role) and not comes_with_an_account(f)]
    role = min((f for f in asked if not _is_for_all(f)), key=breadth, default=None)
    return Doing(effect, facts, target, role, words_of(role) if role is not None else ())


def keeps_the_session(effect: Effect) -> bool:
    """Whether an effect touches the very row that tells who is calling: guards extend and end what has expired."""
    return any(isinstance(f, Authenticated) and f.table == effect.target for f in effect.facts)


def _at_return(facts: ActionFacts) -> Facts:
    returns = [effect.facts for effect in facts.effects if effect.kind is EffectKind.RETURN]
    return returns[0] if returns else frozenset()


def _is_for_all(role: Role) -> bool:
    return any(map(is_ordinary, role.any_of))


def _step(at: Span, says: str) -> Step:
    return Step(at.path, at.line, says)


@dataclass(frozen=True, slots=True)
class _Judge:
    facts: ActionFacts
    known: ChecklistEntry
    owned: ChecklistEntry
    faults: Sequence[Finding]

    def entries(self) -> Iterator[Access]:
        doings = doings_of(self.facts)
        without_session = [(each, self._without_session(each)) for each in doings]
        yield _summed(ANONYMOUS, without_session, self._alone())
        with_session = [(each, self._with_session(each, first)) for each, first in without_session]
        yield _summed(MEMBER, with_session, _opened(self._alone()))
        others = [(each, self._on_others(each, first)) for each, first in with_session]
        yield _summed(OTHER_MEMBER, others, self._on_nothing())
        for word in words_asked(doings):
            yield _summed(word, [(each, _with_role(word, each, first)) for each, first in with_session], None)

    def _alone(self) -> Verdict:
        """What is said of a call that nothing more is known of: what is asked for, stands before all it does."""
        opened = {Answer.YES: Answer.NO, Answer.UNSEEN: Answer.UNSEEN}.get(self.known.answer, Answer.YES)
        return Verdict(opened, _of_entry(self.known))

    def _on_nothing(self) -> Verdict:
        """What is said of others' records where the action is seen to touch none."""
        alone = self._alone()
        if self.known.answer in (Answer.NO, Answer.UNSEEN):
            return alone
        is_unseen = any(effect.kind is EffectKind.UNSEEN for effect in self.facts.effects)
        return Verdict(Answer.UNSEEN if is_unseen else Answer.NO, alone.by)

    def _without_session(self, doing: Doing) -> Verdict:
        if self.facts.public is not None and any(e.kind is EffectKind.IDENTIFY for e in self.facts.effects):
            # Whoever signs in has no session yet, and has one from there on.
            return self._alone()
        proofs = (f for f in doing.facts if isinstance(f, Authenticated) and f.strength is Strength.PROVEN)
        at = min(proofs, key=lambda proof: (proof.by, proof.source), default=None)
        if at is not None:
            return Verdict(Answer.NO, _step(at.by, at.source))
        if self.known.answer is Answer.NO and strength_of_authentication(doing.effect) is not None:
            return Verdict(Answer.UNSEEN, _of_entry(self.known))
        if is_known(doing.effect):
            return Verdict(Answer.NO, _of_entry(self.known))
        return self._alone()

    def _with_session(self, doing: Doing, without: Verdict) -> Verdict:
        if without.answer is Answer.YES:
            return without
        if self._is_for_programs(doing.facts):
            return without
        if doing.role is not None:
            return Verdict(Answer.NO, _step(doing.role.by, f"needs `{short_roles(doing.role.any_of)}`"))
        return without if without.answer is Answer.UNSEEN else Verdict(Answer.YES, without.by)

    def _is_for_programs(self, facts: Facts) -> bool:
        """Whether what is asked for is no session: who has one, lacks it as well."""
        return is_a_program(facts) and is_surely_known(facts)

    def _on_others(self, doing: Doing, member: Verdict) -> Verdict:
        """What any signed-in user may do to the records of others."""
        effect = doing.effect
        if member.answer is not Answer.YES:
            return member
        fault = self._fault_at(effect)
        if fault is not None:
            # Not only who owns a row is asked for: such a fault is about others whatever else is shown.
            is_sure = fault.confidence is not Confidence.LOW
            return Verdict(Answer.YES if is_sure else Answer.UNSEEN, Step(fault.path, fault.line, fault.title))
        proof = kept_by(effect)
        if proof is not None:
            return Verdict(Answer.NO, proof)
        if doing.is_change and self.owned.answer is Answer.YES:
            return Verdict(Answer.NO, _of_entry(self.owned))
        # No fault was found, and nothing that shows whose the rows are: nobody may own them, or their page may tell.
        is_open = not names_others(effect) and self.owned.answer is not Answer.UNSEEN
        return Verdict(Answer.YES if is_open else Answer.UNSEEN, _of_entry(self.owned))

    def _fault_at(self, effect: Effect) -> Finding | None:
        return next((f for f in self.faults if f.happens_at == (effect.span.path, effect.span.line)), None)


def kept_by(effect: Effect) -> Step | None:
    """What keeps an effect to the caller's own records, or to none that anybody has."""
    if names_the_caller(effect.key) or writes_only_the_caller(effect) or is_within_the_owned(effect):
        return _step(effect.span, "only the caller's own")
    if effect.client is not Client.SERVER:
        return _step(effect.span, "the other side judges")
    is_of_many = effect.kind in CHOOSE_RECORDS | HANDS_OUT and effect.kind is not EffectKind.PAY
    if not names_others(effect) and (not is_of_many or any(isinstance(o, Session) for o in _chosen_by(effect))):
        return _step(effect.span, "names no record of others")
    shown = proof_of(effect)
    if shown is not None and shown.path is not None and shown.line is not None:
        return Step(shown.path, shown.line, shown.evidence)
    return None


def names_others(effect: Effect) -> bool:
    """Whether what the caller sends chooses records, or a parent of the new one."""
    above = frozenset(origin for origin, _ in parents(effect))
    named = (*_chosen_by(effect), *roots(above), *_mentioned(effect))
    return any(isinstance(o, Input | Request) for o in named)


def _mentioned(effect: Effect) -> Iterator[Origin]:
    """What names rows of other tables in a new one, and was not shown to be the caller's."""
    owned = owned_under(effect.facts)
    for name, value in fields_of(effect.data) if effect.kind is EffectKind.INSERT else ():
        if REFERENCE_COLUMN.matches(name):
            yield from (origin for origin in origins_of(value) if origin not in owned)


def _chosen_by(effect: Effect) -> frozenset[Origin]:
    return roots(origins_of(effect.key))


def _with_role(word: str, doing: Doing, member: Verdict) -> Verdict:
    """What somebody with a role may do."""
    if doing.role is None:
        return member
    by = _step(doing.role.by, f"needs `{short_roles(doing.role.any_of)}`")
    return Verdict(Answer.YES if word in doing.roles else Answer.NO, by)


def words_asked(doings: Iterable[Doing]) -> list[str]:
    """The roles that are asked for, in the order of the code."""
    return list(dict.fromkeys(word for each in doings for word in each.roles))


def words_of(role: Role) -> tuple[str, ...]:
    """The roles of which one is enough; what is no name is a condition of another kind."""
    named = named_in_code(role.any_of)
    return tuple(name if NAME.fullmatch(name) and name in named else NAMELESS for name in role.any_of)


def _opened(alone: Verdict) -> Verdict:
    """What somebody with a session gets where only one without is refused."""
    return Verdict(Answer.YES, alone.by) if alone.answer is Answer.NO else alone


def _of_entry(entry: ChecklistEntry) -> Step | None:
    return Step(entry.path, entry.line, entry.evidence) if entry.path is not None and entry.line is not None else None


def _summed(caller: str, verdicts: Sequence[tuple[Doing, Verdict]], alone: Verdict | None) -> Access:
    """One entry of several verdicts; of none, what is said of a call as such."""
    answers = [verdict.answer for _, verdict in verdicts] or [alone.answer if alone is not None else Answer.YES]
    answer = next(each for each in (Answer.YES, Answer.UNSEEN, Answer.NO) if each in answers)
    deciding = next((verdict.by for _, verdict in verdicts if verdict.answer is answer), alone.by if alone else None)

    def targets(wanted: Answer, *, is_change: bool) -> tuple[str, ...]:
        return tuple(sorted({d.target for d, v in verdicts if v.answer is wanted and d.is_change is is_change}))

    doubtful = {d.target for d, v in verdicts if v.answer is Answer.UNSEEN}
    return Access(
        caller,
        answer,
        targets(Answer.YES, is_change=False),
        targets(Answer.YES, is_change=True),
        tuple(sorted(doubtful)),
        deciding,
    )
