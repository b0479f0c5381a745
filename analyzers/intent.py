"""What authors mean to stand: rules that are off or milder here, and comments that ignore a finding.

Which of them count in a review, and for what, is another question (see `preship.analyzers.decisions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from preship.analyzers.actions.declared import (
    IGNORE,
    Declaration,
    Idle,
    Idleness,
    declarations_at,
    declarations_of,
    declared_public,
)
from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.actions.world import is_known
from preship.analyzers.codebase import Codebase
from preship.analyzers.policy import Policy
from preship.analyzers.results import Pending
from preship.analyzers.rule import ActionFacts, Finding, Severity
from preship.analyzers.rulebook import rule as rule_of
from preship.analyzers.rulebook import rules_like

OFF = "the configuration turns the rule off"


@dataclass(frozen=True, slots=True)
class Ignored:
    """What the comments of one action ask to be ignored, and what of it there is."""

    rules: Mapping[str, Declaration] = field(default_factory=dict)
    """By rule: comments above the action, which mean all of the rule's findings in it."""

    findings: Mapping[str, Declaration] = field(default_factory=dict)
    """By fingerprint: each finding that a comment means."""

    def means(self, finding: Finding) -> bool:
        """Whether a comment here means a finding, of this tree or of another with the same action."""
        return self.meaning(finding) is not None

    def meaning(self, finding: Finding) -> Declaration | None:
        """The comment that means a finding."""
        return self.rules.get(finding.rule) or self.findings.get(finding.fingerprint)

    def naming(self, rule: str) -> Declaration | None:
        """A comment here that means any finding of a rule."""
        return self.rules.get(rule) or next((each for each in self.findings.values() if each.rule == rule), None)


def ignored_by(tree: Codebase, action: ServerAction, findings: Iterable[Finding]) -> Ignored:
    """What the comments above an action, and those on the lines of its findings, ask to be ignored."""
    above = {each.rule: each for each in _ignoring(tree, action.path, action.line) if each.rule}
    meant = {finding.fingerprint: _meant(tree, above, finding) for finding in findings}
    return Ignored(above, {print_: each for print_, each in meant.items() if each is not None})


def ignored_on_lines(tree: Codebase, findings: Iterable[Finding]) -> Ignored:
    """What the comments on the lines of findings ask to be ignored, where no action stands around them."""
    meant = {finding.fingerprint: _meant(tree, {}, finding) for finding in findings}
    return Ignored({}, {print_: each for print_, each in meant.items() if each is not None})


def _meant(tree: Codebase, above: Mapping[str, Declaration], finding: Finding) -> Declaration | None:
    if finding.rule in above:
        return above[finding.rule]
    return next((each for each in _ignoring(tree, finding.path, finding.line) if each.rule == finding.rule), None)


def _ignoring(tree: Codebase, path: str, line: int) -> tuple[Declaration, ...]:
    module = tree.project.module(path)
    found = declarations_at(module, line) if module is not None else ()
    return tuple(each for each in found if each.word == IGNORE and each.rule and each.reason)


def declares(tree: Codebase, action: ServerAction) -> tuple[tuple[str, str], ...]:
    """What the comments for which an action answers declare, with their reasons, in their order."""
    module = tree.project.module(action.path)
    found = declarations_of(module, tree.actions(action.path), action) if module is not None else ()
    return tuple((each.text, each.reason) for each in found)


def weighed(findings: Iterable[Finding], policy: Policy, path: str, name: str | None) -> tuple[Finding, ...]:
    """The findings of an action, or of a file (`name` is None), as severe as the policy says.

    Those that it means to stand are ignored, and so are those of rules that are off.
    """
    severities = dict(policy.severities)
    excepted = (_excepted(finding, policy.why_excepted(finding.rule, path, name)) for finding in findings)
    return tuple(_weighed(each, severities[each.rule]) if each.rule in severities else each for each in excepted)


def _weighed(finding: Finding, severity: Severity | None) -> Finding:
    return replace(finding, ignored=OFF) if severity is None else replace(finding, severity=severity)


def _excepted(finding: Finding, reason: str | None) -> Finding:
    return finding if reason is None else replace(finding, ignored=f"{reason} (by the configuration)")


def unused(tree: Codebase, action: ServerAction, here: Ignored) -> Iterator[Idle]:
    """The well-formed declarations for which an action answers, and from which nothing follows."""
    module = tree.project.module(action.path)
    if module is None:
        return
    used, public = frozenset(here.findings.values()), declared_public(module, action)
    for each in declarations_of(module, tree.actions(action.path), action):
        if each.word == IGNORE and each.rule and each.reason and each not in used:
            yield _unused(each, each.rule)
        if each == public and refuses_anonymous_callers(tree.executed(action)):
            yield Idle(each, Idleness.GUARDED)


def _unused(declaration: Declaration, rule: str) -> Idle:
    if rule_of(rule) is not None:
        return Idle(declaration, Idleness.UNUSED)
    meant = rules_like(rule)
    return Idle(declaration, Idleness.UNKNOWN_RULE, meant[0] if meant else None)


def refuses_anonymous_callers(facts: ActionFacts) -> bool:
    """Whether an action, whatever is declared of it, does nothing before it surely knows who calls."""
    touching = facts.touching_effects()
    return facts.public is None and bool(touching) and all(map(is_known, touching)) and not facts.is_doubtful


def pending(
    tree: Codebase, action: ServerAction, here: Ignored, base: Ignored, was_public: bool
) -> tuple[Pending, ...]:
    """The declarations that a change adds to those of its merge base: they count once they are merged."""
    module = tree.project.module(action.path)
    public = declared_public(module, action) if module is not None and not was_public else None
    ignoring = (
        each for print_, each in here.findings.items() if each.rule not in base.rules and print_ not in base.findings
    )
    added = dict.fromkeys([*([public] if public else []), *ignoring])
    return tuple(Pending(each.text, each.reason, each.span.path, each.span.line) for each in added)
