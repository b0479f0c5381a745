"""What a configuration comes to, line by line, for whoever has just written it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from preship.analyzers.analysis import (
    ActionPattern,
    Change,
    Correction,
    Entry,
    Guard,
    Persona,
    Policy,
    Proof,
    Rows,
    Scope,
    Wrapper,
    kind_of,
    rows_of,
)
from preship.bot.configuration.reading import Configured


def described(found: Configured) -> Iterator[str]:
    """One line for each thing that is decided; what is left to its default goes unsaid."""
    yield (
        f"a new finding of {found.review.fail_on} severity or worse fails" if found.review.fail_on else "nothing fails"
    )
    if found.review.fails_unseen:
        yield "what could not be judged fails"
    if found.review.persona is Persona.PEDANTIC:
        yield "pedantic findings are told"
    if found.drafts is not None:
        yield "drafts are reviewed" if found.drafts else "drafts are not reviewed"
    yield from _actions(found.policy)
    yield from (f"{rule}: {severity or 'off'}" for rule, severity in found.policy.severities)
    yield from (_guard(each) for each in found.policy.guards)
    yield from (_wrapper(each) for each in found.policy.wrappers)
    yield from (_owner(each) for each in found.policy.owners)
    yield from (_model(each) for each in found.policy.models)
    yield from (line for each in found.policy.conventions for line in _convention(each))


def _actions(policy: Policy) -> Iterator[str]:
    if policy.scope is not None:
        yield "route handlers are judged" if policy.scope is Scope.BOTH else "route handlers are not judged"
    if policy.only:
        yield f"only {', '.join(policy.only)}"
    if policy.ignored:
        yield f"without {', '.join(policy.ignored)}"
    yield from (f"{_pattern(each.actions)} is public: {each.reason}" for each in policy.public)
    yield from (f"{e.rule} is ignored in {_pattern(e.actions)}: {e.reason}" for e in policy.exceptions)
    yield from (f"{_pattern(each.actions)} needs a role: {each.role}" for each in policy.role_bound)


def _convention(change: Change) -> Iterator[str]:
    if change.also:
        yield f"{change.convention}: {', '.join(change.also)} as well"
    if change.never:
        yield f"{change.convention}: {', '.join(change.never)} never"


def _model(entry: Entry) -> str:
    kinds = Counter(kind_of(row) for _, row in rows_of(entry))
    rows = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    return f"{', '.join((*entry.packages, *entry.things))}: {rows or 'no calls'}"


def _pattern(pattern: ActionPattern) -> str:
    return pattern.path if pattern.name is None else f"{pattern.path}:{pattern.name}"


def _guard(guard: Guard) -> str:
    what = f"ownership of its argument {guard.argument + 1}" if guard.proves is Proof.OWNERSHIP else guard.proves.value
    role = f" {guard.role}" if guard.role else ""
    when = "where its answer is truthy" if guard.is_answer else "when it returns"
    return f"{':'.join(guard.place)} proves {what}{role} {when}"


def _wrapper(wrapper: Wrapper) -> str:
    role = f" {wrapper.role}" if wrapper.role else ""
    passed = ", ".join(wrapper.passes) or "nothing"
    return (
        f"{':'.join(wrapper.place)} proves {wrapper.proves.value}{role} to its argument {wrapper.callback + 1}, "
        f"which it calls with: {passed}"
    )


def _owner(correction: Correction) -> str:
    of = f" of {correction.of}" if correction.of else ""
    what = {
        Rows.OWNED: f"belong to what {correction.column} names{of}",
        Rows.TENANT: "are tenants",
        Rows.ACCOUNT: "are accounts",
        Rows.REFERENCE: "belong to nobody",
        Rows.PUBLISHED: "may be for everybody",
    }[correction.rows]
    return f"rows of {correction.table} {what}"
