"""What is known of libraries, for whoever asks; and whether a model file says what its examples expect of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from preship.analyzers import analysis
from preship.analyzers.analysis import Entry, Example, MemoryFiles, Policy, known_models, mistakes_of
from preship.bot.configuration.complaints import mistake_of
from preship.bot.configuration.document import Document, read_document
from preship.bot.configuration.mistakes import Mistake
from preship.bot.configuration.reading import configured_by
from preship.bot.review.policy import is_told

ACTIONS = "app/actions.ts"
"""Where the code of an example stands."""


def listed(about: str) -> Iterator[str]:
    """One line for each package and thing whose name has this text in it: how many calls are known of each kind."""
    found = [each for each in known_models() if about.lower() in each.root.lower()]
    widest = max((len(each.root) for each in found), default=0)
    for each in found:
        yield f"{each.root:<{widest}}  {', '.join(f'{number} {kind}' for kind, number in each.kinds)}"
    named = sum("#" not in each.root for each in found)
    yield f"{named} packages and {len(found) - named} things that they make, {sum(each.rows for each in found)} rows"


# --- a file --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """A model file, or a configuration with `models:`."""

    entries: tuple[Entry, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def checked(content: bytes) -> Checked:
    """What a file says, and what is wrong with it. A list is a model file of ours; a mapping is a configuration."""
    document = read_document(content)
    if isinstance(document.value, list):
        return _checked_list(document)
    found = configured_by(analysis.Blob("", content))
    return Checked(found.policy.models, found.mistakes)


def _checked_list(document: Document) -> Checked:
    try:
        entries = TypeAdapter(tuple[Entry, ...]).validate_python(document.value)
    except ValidationError as error:
        shape = Document(document.value, {("models", *at): place for at, place in document.places.items()}, ())
        details = [{**each, "loc": ("models", *each["loc"])} for each in error.errors(include_url=False)]
        return Checked(mistakes=(*document.mistakes, *(mistake_of(each, shape) for each in details)))  # type: ignore[arg-type]
    wrong = [
        Mistake(*document.place((index, *place)), says)
        for index, entry in enumerate(entries)
        for place, says in mistakes_of(entry, with_code=True)
    ]
    return Checked(entries, (*document.mistakes, *wrong))


# --- its examples --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """One action of an example."""

    action: str
    expected: tuple[str, ...]
    reported: tuple[str, ...]
    unseen: tuple[str, ...]
    """What could not be followed in it."""

    does: tuple[str, ...]
    """What it does, in order, with what held there."""

    @property
    def is_right(self) -> bool:
        """Whether it is reported as expected."""
        return sorted(self.expected) == sorted(self.reported)


def tried(entries: Sequence[Entry]) -> Iterator[Tried]:
    """Each action of the examples, judged with what the entries say."""
    for example in (each for entry in entries for each in entry.examples):
        yield from _tried(example, Policy(models=tuple(entries)))


def _tried(example: Example, policy: Policy) -> Iterator[Tried]:
    files = MemoryFiles({ACTIONS: example.code})
    found = {each.name or "": each for each in analysis.scan(files, policy).actions}
    for name in sorted({*found, *example.finds}):
        judged = found.get(name)
        told = [each for each in judged.findings if is_told(each)] if judged is not None else []
        yield Tried(
            action=name,
            expected=example.finds.get(name, ()),
            reported=tuple(dict.fromkeys(each.rule for each in told)),
            unseen=tuple(each.why for each in judged.unseen) if judged is not None else ("there is no such action",),
            does=analysis.explain(files, ACTIONS, name, policy) if judged is not None else (),
        )


def outcome(tried: Tried) -> Iterator[str]:
    """What came of trying it, in lines."""
    said = ", ".join(tried.reported) or "nothing"
    if tried.is_right:
        yield f"ok      {tried.action}: {said} is reported, as expected"
        return
    yield f"not ok  {tried.action}: {said} is reported, {', '.join(tried.expected) or 'nothing'} was expected"
    yield from (f"        could not see: {why}" for why in tried.unseen)
    yield from (f"        {line}" for line in tried.does)
