"""What a review may post and when it fails a pull request, and which findings it counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preship.analyzers import rulebook
from preship.analyzers.analysis import Analysis, Confidence, Finding, Item, JudgedAction, Persona, Severity, Status

CONFIGURATION = ".github/preship.yml"
"""Where a repository writes down its choices, and nowhere else."""

WORST_FIRST = tuple(Severity)
"""Severities, the worst first: the order in which the analysis defines them."""

DECLARABLE = frozenset(rule.id for rule in rulebook.RULES if rule.item is Item.AUTHENTICATION)
"""Rules about missing sessions: what an author may declare as intended with `// preship: public`."""

IGNORABLE = frozenset(rule.id for rule in rulebook.RULES if rule.item is not None)
"""Rules whose findings an author may mean to stand, with `// preship: ignore`; of a comment to us, nobody does."""


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """The repository's choices about its reviews."""

    fail_on: Severity | None = Severity.HIGH
    """The mildest severity of a new finding that concludes the check run with failure; None: none does."""

    fails_unseen: bool = False
    """Whether it is concluded with failure where something that the change touches could not be judged."""

    persona: Persona = Persona.REGULAR
    """Who reads the reviews: pedantic readers are told every nuance."""

    # Nobody reads more; and GitHub has answered reviews of more than 70 comments with 5xx.
    inline_limit: int = 10
    """How many comments one review may carry; the rest stands in the summary."""

    same_rule_limit: int = 5
    """More findings of one rule than this become one comment that lists the places."""


def as_asked(analysis: Analysis, persona: Persona) -> Analysis:
    """The analysis as it is told to a reader: to those who ask for every nuance, none is one."""
    if persona is Persona.REGULAR:
        return analysis
    return replace(analysis, actions=tuple(_without_nuances(action) for action in analysis.actions))


def _without_nuances(action: JudgedAction) -> JudgedAction:
    def told(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(replace(finding, persona=Persona.REGULAR) for finding in findings)

    return replace(action, findings=told(action.findings), fixed=told(action.fixed))


def is_told(finding: Finding) -> bool:
    """Whether everybody wants to read it: sure enough, not meant to stand, and no nuance for those who ask for them."""
    is_meant = finding.ignored is not None
    return finding.persona is Persona.REGULAR and finding.confidence is not Confidence.LOW and not is_meant


def is_new(finding: Finding) -> bool:
    """Whether the change under review is to blame for it."""
    return finding.status in (Status.INTRODUCED, Status.WORSENED)


def is_at_least(severity: Severity, threshold: Severity | None) -> bool:
    """Whether a severity is as bad as the threshold, or worse; nothing is without a threshold."""
    return threshold is not None and WORST_FIRST.index(severity) <= WORST_FIRST.index(threshold)
