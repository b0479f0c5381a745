"""Which refusals tell what exists: one answer where there is no record, another where it is not the caller's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from preship.analyzers.actions import world
from preship.analyzers.conventions.contact import KNOWN_OF_PEOPLE_FIELD
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Case, Facts, NotCase, contradict, has_shown_something
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Alternative, Array, Constant, Object, Shape, Unknown, Value, origins_of

MOST_ANSWERS = 96
"""Answers that are told apart. The wrapper with the most in real code has eleven."""

DEEPEST = 3
"""Objects inside an answer that are looked through."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of an answer."""

    field: str
    """The fields that lead to it; empty for the answer itself."""

    opening: str
    """What it begins with."""

    is_whole: bool
    """Whether nothing follows."""

    @property
    def shown(self) -> str:
        """How a sentence quotes it."""
        return self.opening if self.is_whole else f"{self.opening.rstrip()} …"

    def may_be(self, other: Text) -> bool:
        """Whether the two may be the same text."""
        if self.is_whole and other.is_whole:
            return self.opening == other.opening
        return self.opening.startswith(other.opening) or other.opening.startswith(self.opening)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, where these facts hold."""

    facts: Facts
    texts: tuple[Text, ...] = ()
    is_refusal: bool = True
    """Whether it consists of texts and constants alone."""

    def may_be(self, other: Answer) -> bool:
        """Whether who gets the one may have got the other."""
        fields = {text.field: text for text in other.texts}
        return len(fields) == len(self.texts) and all(
            text.field in fields and text.may_be(fields[text.field]) for text in self.texts
        )

    def in_words(self) -> str:
        """Its texts."""
        return ", ".join(text.shown for text in self.texts)


@dataclass(frozen=True, slots=True)
class Told:
    """A look-up whose answer an anonymous caller learns."""

    effect: Effect
    missing: str
    """What is said where there is no record."""

    refused: str
    """What is said where there is one that is not the caller's."""

    @property
    def is_of_people(self) -> bool:
        """Whether the key holds what others know of somebody: an address, a name, a number."""
        return any(KNOWN_OF_PEOPLE_FIELD.matches(name) for name, _ in world.fields_of(self.effect.key))


def existence_told(result: Value, facts: Facts, effects: Sequence[Effect]) -> Iterator[Told]:
    """The look-ups by an input that are told apart in what is said to those who own nothing."""
    answers = list(islice(answers_in(result, facts), MOST_ANSWERS))
    refusals = [answer for answer in answers if answer.is_refusal and answer.texts]
    is_guarded = any(has_shown_something(answer.facts) for answer in answers)
    looked_up = [effect for effect in effects if is_by_input(effect)]
    for effect in looked_up if is_guarded else ():
        missing = [a for a in refusals if is_missing(choice_of(effect), a.facts)]
        refused = [a for a in refusals if is_there(choice_of(effect), a.facts) and not has_shown_something(a.facts)]
        # A refusal for its own sake says it best: other records may be missing as well.
        refused.sort(key=lambda a: any(is_missing(choice_of(other), a.facts) for other in looked_up))
        pair = next(((m, r) for r in refused for m in missing if not m.may_be(r)), None)
        if pair is not None:
            yield Told(effect, pair[0].in_words(), pair[1].in_words())


def is_by_input(effect: Effect) -> bool:
    """Whether it looks up what the caller names."""
    return effect.kind is EffectKind.READ and any(isinstance(o, Input) for o in origins_of(effect.key))


def choice_of(effect: Effect) -> object:
    """What decides whether the record of a look-up is there."""
    return effect.span, effect.target


def answers_in(value: Value, facts: Facts, field: str = "", depth: int = DEEPEST) -> Iterator[Answer]:
    """All that a value may be to who reads it."""
    for a in value.alternatives:
        if not contradict(facts, a.under):
            yield from answers_of(a, facts | a.under, field, depth)


def answers_of(value: Alternative, facts: Facts, field: str, depth: int) -> Iterator[Answer]:
    """All that one alternative may be: an object is any of what its fields may be together."""
    parts = fields_of(value.shape) if depth else None
    if parts is None:
        text = text_in(value.shape, field)
        is_known = text is not None or isinstance(value.shape, Constant)
        yield Answer(facts, (text,) if text is not None else (), is_known)
        return
    read = [list(islice(answers_in(part, facts, f"{field}.{name}", depth - 1), MOST_ANSWERS)) for name, part in parts]
    for together in islice(product(*read), MOST_ANSWERS):
        held = facts.union(*(answer.facts for answer in together))
        texts = tuple(text for answer in together for text in answer.texts)
        yield Answer(held, texts, all(answer.is_refusal for answer in together))


def fields_of(shape: Shape) -> list[tuple[str, Value]] | None:
    """The parts of an object or list of which all parts are known."""
    if isinstance(shape, Object) and shape.rest is None:
        return sorted(shape.fields, key=lambda named: named[0])
    if isinstance(shape, Array) and shape.items is not None:
        return [(str(index), item) for index, item in enumerate(shape.items)]
    return None


def text_in(shape: Shape, field: str) -> Text | None:
    """The text that a shape is, if at least its beginning is known."""
    if isinstance(shape, Constant) and isinstance(shape.value, str):
        return Text(field, shape.value, is_whole=True)
    if isinstance(shape, Unknown) and shape.text is not None:
        opening = shape.text.opening.split("…")[0]
        return Text(field, opening, is_whole=False) if opening.strip() else None
    return None


def is_missing(choice: object, facts: Facts) -> bool:
    """Whether the record was not there."""
    return Case(choice, 1) in facts or NotCase(choice, 0) in facts


def is_there(choice: object, facts: Facts) -> bool:
    """Whether the record was there."""
    return Case(choice, 0) in facts or NotCase(choice, 1) in facts
