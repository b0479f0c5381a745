"""Which refusals tell a stranger what exists: one answer where there is no record, another where it is not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzers.flow.effects import Effect, EffectKind
from analyzers.flow.facts import Case, Facts, Input, NotCase, Owns, Role
from analyzers.flow.values import Alternative, Constant, Object, Value, origins_of

Words = frozenset[tuple[str, str]]
"""The texts of an answer, by field."""


@dataclass(frozen=True, slots=True)
class Told:
    """A look-up whose answer a stranger learns."""

    effect: Effect
    missing: str
    """What is said where there is no record."""

    refused: str
    """What is said where there is one that is not the caller's."""


def existence_told(result: Value, facts: Facts, effects: Sequence[Effect]) -> Iterator[Told]:
    """The look-ups by an input that are told apart in what is said to those who own nothing."""
    refusals = [(words, a.under | facts) for a in result.alternatives if (words := refusal(a))]
    is_guarded = any(has_shown_a_right(a.under) for a in result.alternatives if not refusal(a))
    for effect in effects if is_guarded else ():
        if effect.kind is not EffectKind.READ or not any(isinstance(o, Input) for o in origins_of(effect.key)):
            continue
        choice = (effect.span, effect.target)
        missing = [words for words, held in refusals if is_missing(choice, held)]
        refused = [words for words, held in refusals if is_there(choice, held) and not has_shown_a_right(held)]
        pair = next(((m, r) for m in missing for r in refused if m != r), None)
        if pair is not None:
            yield Told(effect, in_words(pair[0]), in_words(pair[1]))


def refusal(answer: Alternative) -> Words | None:
    """The texts of an answer that consists of nothing else."""
    shape = answer.shape
    if not isinstance(shape, Object) or shape.rest is not None:
        return None
    found: set[tuple[str, str]] = set()
    for name, value in shape.fields:
        constants = [a.shape.value for a in value.alternatives if isinstance(a.shape, Constant)]
        if len(constants) != len(value.alternatives) or len(constants) != 1:
            return None
        if isinstance(constants[0], str):
            found.add((name, constants[0]))
    return frozenset(found) or None


def is_missing(choice: object, facts: Facts) -> bool:
    """Whether the record was not there."""
    return any(isinstance(f, Case) and f.choice == choice and f.index == 1 for f in facts) or any(
        isinstance(f, NotCase) and f.choice == choice and f.index == 0 for f in facts
    )


def is_there(choice: object, facts: Facts) -> bool:
    """Whether the record was there."""
    return any(isinstance(f, Case) and f.choice == choice and f.index == 0 for f in facts) or any(
        isinstance(f, NotCase) and f.choice == choice and f.index == 1 for f in facts
    )


def has_shown_a_right(facts: Facts) -> bool:
    """Whether the caller has been shown to own something, or to have a role."""
    return any(isinstance(f, Owns | Role) for f in facts)


def in_words(words: Words) -> str:
    """The texts of an answer."""
    return ", ".join(text for _, text in sorted(words))
