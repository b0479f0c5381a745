"""From the facts of an action to what we say of it: findings, the checklist, and what was not seen."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import Authenticated, Strength
from analyzers.nouns import Answer, ChecklistEntry, Failure, Unseen
from analyzers.rule import ActionFacts, Confidence, Finding, Item, Persona, Rule, Severity

WORST_FIRST = tuple(Severity)
LABELS = {
    Item.AUTHENTICATION: "authenticates before it touches data",
    Item.OWNERSHIP: "checks ownership before it writes",
}


def findings_of(facts: ActionFacts, rules: Iterable[Rule], path: str, failures: list[Failure]) -> tuple[Finding, ...]:
    """What the rules report of an action, worst first; `path` is where it stands in the new tree."""
    found: list[Finding] = []
    for rule in rules:
        try:
            found += rule.check(facts)
        except Exception as error:
            failures.append(Failure(facts.path, f"the rule {rule.id} failed on {facts.label}: {type(error).__name__}"))
    marked = [replace(f, fingerprint=fingerprint(f, path, facts.name)) for f in found]
    return worst_first(marked)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst severity first, then by line."""
    return tuple(sorted(findings, key=lambda f: (WORST_FIRST.index(f.severity), f.line)))


def fingerprint(finding: Finding, path: str, name: str | None) -> str:
    """Names a fault across pushes: rule, file, action and evidence, never a line."""
    text = "\0".join((finding.rule, path, name or "", finding.evidence))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def unseen_of(facts: ActionFacts) -> tuple[Unseen, ...]:
    """What the execution could not follow, each once."""
    found = {Unseen(e.what, e.span.path, e.span.line): None for e in facts.effects if e.kind is EffectKind.UNSEEN}
    return tuple(found)


def checklist_of(
    facts: ActionFacts, findings: Sequence[Finding], rules: Sequence[Rule], judged: Collection[Item]
) -> tuple[ChecklistEntry, ...]:
    """One answer per item."""
    return tuple(entry(item, facts, findings, rules, judged) for item in Item)


def entry(
    item: Item, facts: ActionFacts, findings: Sequence[Finding], rules: Sequence[Rule], judged: Collection[Item]
) -> ChecklistEntry:
    """The answer to one item: a fault is a no, a doubt or something unread is unseen."""
    asked = Item.AUTHENTICATION if item is Item.DIRECT_CALL else item
    by_rule = {r.id: r for r in rules}
    # Nuances are for those who ask for them: they answer no question.
    found = [f for f in findings if by_rule[f.rule].item is asked and f.persona is Persona.REGULAR]
    mine = [f for f in found if f.ignored is None]
    sure = [f for f in mine if f.confidence is not Confidence.LOW]
    if sure:
        return ChecklistEntry(item, Answer.NO, sure[0].title, sure[0].path, sure[0].line)
    if mine:
        return ChecklistEntry(item, Answer.UNSEEN, f"perhaps {mine[0].title}", mine[0].path, mine[0].line)
    if found:
        return ChecklistEntry(item, Answer.NOT_APPLICABLE, f"{found[0].title}, ignored: {found[0].ignored}")
    if asked not in judged:
        return ChecklistEntry(item, Answer.UNSEEN, "not judged yet")
    if asked is Item.AUTHENTICATION:
        return authentication(item, facts)
    return ownership(item, facts)


def authentication(item: Item, facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: was there anything to protect, and what protects it?"""
    if facts.public is not None:
        return ChecklistEntry(item, Answer.NOT_APPLICABLE, facts.public)
    touching = facts.touching_effects()
    proofs = [f for e in touching for f in e.facts if isinstance(f, Authenticated)]
    sure = [p for p in proofs if p.strength is Strength.PROVEN]
    if touching and sure and facts.anonymous_effect() is None and not facts.is_doubtful:
        return ChecklistEntry(item, Answer.YES, sure[0].source, sure[0].by.path, sure[0].by.line)
    if proofs or unseen_of(facts):
        why = proofs[0].source if proofs and not sure else "see what was not read"
        return ChecklistEntry(item, Answer.UNSEEN, why)
    return ChecklistEntry(item, Answer.NOT_APPLICABLE, "touches no data")


def ownership(item: Item, facts: ActionFacts) -> ChecklistEntry:
    """No fault was found: was there a record to own?"""
    if not facts.choosing_effects():
        return ChecklistEntry(item, Answer.NOT_APPLICABLE, "changes no record that the caller names")
    if facts.anonymous_effect() is not None:
        return ChecklistEntry(item, Answer.UNSEEN, "nobody is known whose record it could be")
    if facts.is_doubtful:
        return ChecklistEntry(item, Answer.UNSEEN, "see what was not read")
    return ChecklistEntry(item, Answer.YES, "")
