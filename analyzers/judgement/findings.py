"""What the rules report of an action, and what its execution could not follow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from preship.analyzers.actions.words import not_followed
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.judgement.answers import lost_answer
from preship.analyzers.results import Answer, ChecklistEntry, Failure, Unseen
from preship.analyzers.rule import ActionFacts, Confidence, Finding, Item, Persona, Rule, Severity, Subject

WORST_FIRST = tuple(Severity)


def findings_of(subject: Subject, rules: Iterable[Rule], path: str, failures: list[Failure]) -> tuple[Finding, ...]:
    """What the rules report of an action or a file, worst first; `path` is where it stands in the new tree."""
    found: list[Finding] = []
    for rule in (rule for rule in rules if rule.judges(subject)):
        try:
            found += rule.check(subject)
        except Exception as error:
            why = f"the rule {rule.id} failed on {subject.label}: {type(error).__name__}"
            failures.append(Failure(subject.path, why))
    marked = [replace(f, fingerprint=fingerprint(f, path, subject.name)) for f in found]
    return worst_first(marked)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst severity first, then by line."""
    return tuple(sorted(findings, key=lambda f: (WORST_FIRST.index(f.severity), f.line)))


def fingerprint(finding: Finding, path: str, name: str | None) -> str:
    """Names a fault across pushes: rule, file, action and evidence, never a line."""
    text = "\0".join((finding.rule, path, name or "", finding.evidence))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def unseen_of(facts: ActionFacts, checklist: Iterable[ChecklistEntry]) -> tuple[Unseen, ...]:
    """What the execution could not follow, each once.

    What a library does of which nothing is known matters only where it leaves open who is calling, or whose a record
    is: an action whose caller is known may log by whatever it likes.
    """
    is_open = any(e.answer is Answer.UNSEEN for e in checklist if e.item in {Item.AUTHENTICATION, Item.OWNERSHIP})
    lost = (e for e in facts.effects if e.kind is EffectKind.UNSEEN and (is_open or not e.target))
    found = {Unseen(_not_followed(e), e.span.path, e.span.line): None for e in lost}
    answer = lost_answer(facts) if is_open and not found else None
    if answer is not None:
        found[Unseen(f"{answer[0].why} is not known", answer[1].path, answer[1].line)] = None
    return tuple(found)


def _not_followed(effect: Effect) -> str:
    """What could not be followed; of a call into a package that alone is known, and no more."""
    return f"{not_followed(effect)} is not known" if effect.target else effect.what


LATE = "late-authentication"
"""The rule whose callers become known after all."""


def one_per_cause(findings: Iterable[Finding], items: Mapping[str, Item | None]) -> tuple[Finding, ...]:
    """The findings, without those that follow from another one: where nobody is known, nobody owns anything either.

    Where the session is only asked for too late, whose record it is may never be asked: that is a fault of its own.
    """
    told = tuple(findings)
    unguarded = {f.evidence for f in told if items[f.rule] is Item.AUTHENTICATION and lays_open(f)}
    kept = [f for f in told if items[f.rule] is not Item.OWNERSHIP or f.evidence not in unguarded]
    open_lines = {
        (f.path, f.line) for f in kept if items[f.rule] in ABOUT_ACCESS and f.confidence is not Confidence.LOW
    }
    return tuple(quieted(f) if (f.path, f.line) in open_lines else f for f in kept)


ABOUT_ACCESS = frozenset({Item.AUTHENTICATION, Item.OWNERSHIP})


def quieted(finding: Finding) -> Finding:
    """A finding where anybody may name any record anyway: that a filter finds them too is a nuance."""
    return replace(finding, persona=Persona.PEDANTIC) if finding.is_of_a_filter else finding


def lays_open(finding: Finding) -> bool:
    """Whether a fault of authentication leaves a caller unknown to the end."""
    return finding.confidence is not Confidence.LOW and finding.rule != LATE
