"""From the text of a configuration to what it comes to; every mistake is told, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from preship.analyzers.analysis import (
    ActionPattern,
    Blob,
    Change,
    Correction,
    ExceptedActions,
    Files,
    Guard,
    Policy,
    Proof,
    PublicActions,
    RoleBoundActions,
    Severity,
    Wrapper,
    mistakes_of,
)
from preship.bot.configuration import model
from preship.bot.configuration.complaints import mistake_of
from preship.bot.configuration.document import Document, Value, read_document
from preship.bot.configuration.mistakes import Mistake
from preship.bot.configuration.model import Configuration, FailOn, Level, When, WhenUnseen
from preship.bot.review.policy import CONFIGURATION, ReviewPolicy

OTHER_PATHS = (".github/preship.yaml", ".github/.preship.yml", ".preship.yml", "preship.yml", "preship.yaml")
"""Where people put it by mistake."""


NOTHING = Document(None, {}, ())
"""A file without a word."""


@dataclass(frozen=True, slots=True)
class Configured:
    """What a repository decides for itself; without a file, or with a broken one, what Preship does by default."""

    policy: Policy = field(default_factory=Policy)
    review: ReviewPolicy = field(default_factory=ReviewPolicy)
    drafts: bool | None = None
    """Whether drafts are reviewed; None: as the server says."""

    mistakes: tuple[Mistake, ...] = ()
    """What is wrong with the file, by line; then nothing of it counts."""

    is_there: bool = False
    """Whether there is a file."""


def configured(files: Files, organization: bytes = b"") -> Configured:
    """What the configuration of a tree comes to, above that of its organization, whose file's content is given."""
    above = read_document(organization)
    if mistakes := _mistakes(above):
        first = mistakes[0]
        return _broken(
            f"the organization’s own, in its repository .github, has a mistake in line {first.line}: {first.says}"
        )
    paths = frozenset(files.paths())
    if blob := files.read([CONFIGURATION]).get(CONFIGURATION):
        return configured_by(blob, above)
    if CONFIGURATION in paths or CONFIGURATION in files.refusals():
        return _broken(f"it is {files.refusals().get(CONFIGURATION, 'not to be read')}")
    misplaced = [path for path in OTHER_PATHS if path in paths]
    if misplaced:
        return _broken(f"there is no such file, and {misplaced[0]} is not read")
    return replace(_come_to(joined(above, None)), is_there=False)


def _broken(why: str) -> Configured:
    return Configured(mistakes=(Mistake(1, 1, why),), is_there=True)


def configured_by(blob: Blob, above: Document = NOTHING) -> Configured:
    """What a configuration file comes to, above another of which nothing is wrong."""
    document = read_document(blob.content)
    if every := _mistakes(document):
        return Configured(mistakes=every, is_there=True)
    return _come_to(joined(above, document))


def joined(above: Document, own: Document | None) -> Configuration:
    """A configuration over another: what the own one says of a key counts.

    Lists are joined, the other's entries first; severities are joined by rule; `only` says which files are meant, and
    so the own one alone counts.
    """
    values = [each.value for each in (above, own) if each is not None and isinstance(each.value, dict)]
    result: dict[str, Value] = {}
    for value in values:
        for key, given in value.items():
            result[key] = given if key == "only" else _over(result.get(key), given)
    return Configuration.model_validate(result)


def _over(lower: Value, upper: Value) -> Value:
    if isinstance(lower, list) and isinstance(upper, list):
        return [*lower, *upper]
    if isinstance(lower, dict) and isinstance(upper, dict):
        return {**lower, **upper}
    return upper


def _mistakes(document: Document) -> tuple[Mistake, ...]:
    """Everything that is wrong with a file, in its order."""
    found, mistakes = _validated(document)
    every = tuple(sorted({*document.mistakes, *mistakes}))
    return every if every or found is not None else (Mistake(1, 1, "this is no configuration"),)


def _validated(document: Document) -> tuple[Configuration | None, Sequence[Mistake]]:
    if document.value is None and document.mistakes:
        return None, ()
    try:
        found = Configuration.model_validate(document.value if document.value is not None else {})
        return found, [
            Mistake(*document.place(("models", index, *place)), says)
            for index, entry in enumerate(found.models)
            for place, says in mistakes_of(entry)
        ]
    except ValidationError as error:
        return None, [mistake_of(each, document) for each in error.errors(include_url=False)]


def _come_to(found: Configuration) -> Configured:
    fail_on = None if found.fail_on is FailOn.NEVER else Severity(found.fail_on)
    return Configured(
        policy=_policy(found),
        review=ReviewPolicy(fail_on=fail_on, fails_unseen=found.unseen is WhenUnseen.FAILURE, persona=found.persona),
        drafts=found.drafts,
        is_there=True,
    )


def _policy(found: Configuration) -> Policy:
    return Policy(
        only=found.only,
        ignored=found.ignore,
        public=tuple(PublicActions(_pattern(each.actions), each.reason) for each in found.public),
        role_bound=tuple(RoleBoundActions(_pattern(each.actions), each.role) for each in found.roles),
        exceptions=tuple(ExceptedActions(e.rule, _pattern(e.actions), e.reason) for e in found.exceptions),
        severities=tuple(
            (id_, None if level is Level.OFF else Severity(level)) for id_, level in found.severity.items()
        ),
        guards=tuple(_guard(each) for each in found.guards),
        wrappers=tuple(_wrapper(each) for each in found.wrappers),
        models=found.models,
        conventions=tuple(Change(id_, each.also, each.never) for id_, each in found.conventions.items()),
        scope=found.scope,
        owners=tuple(Correction(each.table, each.rows, each.column, each.of) for each in found.owners),
    )


def _pattern(given: str) -> ActionPattern:
    """`PATH`, or `PATH:NAME`."""
    path, _, name = given.rpartition(":")
    return ActionPattern(path, name) if path else ActionPattern(given)


def _place(given: str) -> tuple[str, str]:
    module, _, name = given.rpartition(":")
    return module, name


def _guard(given: model.Guard) -> Guard:
    return Guard(
        place=_place(given.function),
        proves=given.proves,
        role=given.role or "",
        argument=(given.argument or 1) - 1,
        is_answer=given.when is When.TRUTHY,
        is_async=given.is_async,
    )


def _wrapper(given: model.Wrapper) -> Wrapper:
    return Wrapper(
        place=_place(given.function),
        proves=Proof(given.proves),
        role=given.role or "",
        callback=given.callback - 1,
        passes=given.passes,
    )
