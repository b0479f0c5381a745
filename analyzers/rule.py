"""What a rule is, and what it says: findings with their evidence, severity and confidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from preship.analyzers.actions import sinks
from preship.analyzers.actions.anonymity import Anonymous, AuthenticationFault
from preship.analyzers.actions.audience import Audience, Meant, Reserved
from preship.analyzers.actions.declared import Idle, Idleness
from preship.analyzers.actions.demand import Demand, named_in_code
from preship.analyzers.actions.enumeration import Told
from preship.analyzers.actions.escalation import GivenForMore, Granted
from preship.analyzers.actions.excuses.form import Excused
from preship.analyzers.actions.exposure import Exposure, Unmarked
from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.actions.failures import FailureText, Wording
from preship.analyzers.actions.foreign import Foreign, Judged
from preship.analyzers.actions.granting import SelfDeclared, SelfGranted, Whose
from preship.analyzers.actions.guests import NamedByAnybody
from preship.analyzers.actions.habits import Kin, RoleBound
from preship.analyzers.actions.idioms import Idiom, Question
from preship.analyzers.actions.next_config import AllowedOrigin, NextConfig
from preship.analyzers.actions.operations import Operation
from preship.analyzers.actions.output import Handed
from preship.analyzers.actions.ownership import OwnershipFault, Unowned
from preship.analyzers.actions.pages import OpenPage
from preship.analyzers.actions.private import Private
from preship.analyzers.actions.private_reads import PrivateRead, ReadForTheCaller
from preship.analyzers.actions.protection import Guard
from preship.analyzers.actions.reach import Reached, Way
from preship.analyzers.actions.secret_rows import SecretRead
from preship.analyzers.actions.skipped import Skipped
from preship.analyzers.actions.tenant_roles import WithinTenant
from preship.analyzers.actions.unasked import Unasked
from preship.analyzers.actions.validation import Harm, Unvalidated
from preship.analyzers.actions.weakened import Lost
from preship.analyzers.actions.words import (
    ANY_USER,
    ANYONE,
    MOST_ROLES,
    Advice,
    advised,
    all_roles,
    asks_for,
    belonging,
    described,
    doing,
    in_words,
    named,
    target_of,
    whose,
)
from preship.analyzers.actions.world import evidence, is_known
from preship.analyzers.examples import STACK, Bad, Good, KnownMiss, actions
from preship.analyzers.flow.effects import Client, Effect, EffectKind, Trait
from preship.analyzers.flow.facts import Strength, has_a_right_everywhere
from preship.analyzers.flow.origins import Input
from preship.analyzers.project.serving import Served
from preship.analyzers.source.tree import Span

__all__ = [
    "ANYONE",
    "ANY_USER",
    "MOST_ROLES",
    "STACK",
    "ActionFacts",
    "Advice",
    "AllowedOrigin",
    "Anonymous",
    "Audience",
    "AuthenticationFault",
    "Bad",
    "Client",
    "Confidence",
    "Demand",
    "Edit",
    "Effect",
    "EffectKind",
    "Excused",
    "Exposure",
    "FailureText",
    "Finding",
    "Foreign",
    "GivenForMore",
    "Good",
    "Granted",
    "Guard",
    "Handed",
    "Harm",
    "Idiom",
    "Idle",
    "Idleness",
    "Input",
    "Item",
    "Judged",
    "Kin",
    "KnownMiss",
    "Lapsed",
    "Lost",
    "Meant",
    "NamedByAnybody",
    "NextConfig",
    "OpenPage",
    "Operation",
    "OwnershipFault",
    "Persona",
    "Private",
    "PrivateRead",
    "Question",
    "Reached",
    "ReadForTheCaller",
    "Reserved",
    "RoleBound",
    "Rule",
    "SecretRead",
    "SelfDeclared",
    "SelfGranted",
    "Served",
    "Severity",
    "Skipped",
    "Status",
    "Step",
    "Strength",
    "Subject",
    "Told",
    "Trait",
    "Unasked",
    "Unmarked",
    "Unowned",
    "Unvalidated",
    "Way",
    "Whose",
    "WithinTenant",
    "Wording",
    "actions",
    "all_roles",
    "asks_for",
    "belonging",
    "described",
    "has_a_right_everywhere",
    "in_words",
    "is_known",
    "named",
    "named_in_code",
    "sinks",
    "whose",
]


class Severity(StrEnum):
    """What an attacker gets."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Confidence(StrEnum):
    """How much of the fault was seen."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Persona(StrEnum):
    """Who wants to read it: everybody, or those who ask for every nuance."""

    REGULAR = "regular"
    PEDANTIC = "pedantic"


class Item(StrEnum):
    """The items of the *before you ship* checklist, in the order of the review."""

    AUTHENTICATION = "authentication"
    OWNERSHIP = "ownership"
    INPUT = "input"
    OUTPUT = "output"
    DATA_ACCESS = "data-access"
    PLACEMENT = "placement"
    DIRECT_CALL = "direct-call"


class Status(StrEnum):
    """How a finding stands to the change under review."""

    INTRODUCED = "introduced"
    WORSENED = "worsened"
    STANDING = "standing"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the evidence."""

    path: str
    line: int
    says: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of a finding's file, and what may stand in their place."""

    line: int
    end_line: int
    text: str
    """Without the last line end."""

    leaves: tuple[str, ...] = ()
    """The titles of the faults that were hidden behind the finding and are in sight once the edit is taken."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A decision that a finding may stand, which was taken for something else than what stands there now."""

    reason: str
    who: str | None = None
    """The login of whoever took it; None: it stands in a comment of the code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one action."""

    rule: str
    title: str
    """The rule's title: a short noun phrase."""

    severity: Severity
    confidence: Confidence
    path: str
    line: int
    end_line: int
    message: str
    """What this code does and who can do what with it. Markdown, one paragraph."""

    advice: Advice
    """How to fix it."""

    trail: tuple[Step, ...]
    evidence: str
    """The normalised cause, without lines or paths: what tells it from others of the same rule and action."""

    persona: Persona = Persona.REGULAR
    fingerprint: str = ""
    """Rule, path, action and evidence, hashed; set by the analysis. 16 hexadecimal digits."""

    status: Status = Status.STANDING
    ignored: str | None = None
    """Why it is meant to stand, if a comment that counts says so."""

    lapsed: Lapsed | None = None
    """The decision that it might stand, if there was one and it does not cover what the action does now."""

    guard: str | None = None
    """The statement by which the neighbours guard themselves, if one in front of the finding might fix it."""

    shared: Step | None = None
    """Where it stands in code that other actions run as well: one cause, however many actions show it."""

    suggestion: Edit | None = None
    """What fixes it, where an edit was found that does."""

    headline: str = ""
    """Who can do what to whom, as a clause without a full stop; empty where the title says it all."""

    claim: str = ""
    """What is wrong here, as a clause without a full stop, where there is no headline: the message begins with it."""

    happens_at: tuple[str, int] | None = None
    """Path and line of what the action must not do, wherever that stands: findings that share it share a cause."""

    is_of_a_filter: bool = False
    """Whether an input reaches records of others by what it is, and not by whose they are."""

    is_open_to_all: bool = False
    """Whether it says that an anonymous caller gets in: two of one action are one hole, and one comment."""

    @property
    def remedy(self) -> str:
        """How to fix it. Markdown, one paragraph."""
        return self.advice.text


def advice_of(remedy: str | Advice) -> Advice:
    """How to fix something, of which there may be no more to know than its words."""
    return remedy if isinstance(remedy, Advice) else Advice(remedy)


class Subject(Protocol):
    """What a rule judges: an action, or a file that stands around actions."""

    @property
    def path(self) -> str:
        """Where it stands."""
        ...

    @property
    def name(self) -> str | None:
        """What it is called there, if it has a name."""
        ...

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault, and how it is seen."""

    id: str
    title: str
    severity: Severity
    cwe: int
    item: Item | None
    """The item of the checklist that it answers; None for a fault outside of them."""

    check: Callable[[Any], Iterator[Finding]]
    examples: tuple[Bad | Good | KnownMiss, ...]
    about: type[Subject] = ActionFacts
    """What it judges, and what its check takes."""

    is_for_handlers: bool = True
    """Whether it may be at fault in a handler of requests as well, and not in an action alone."""

    page: str = ""
    """Markdown: the module's docstring."""

    headline: str = ""
    """The headline of its findings: `{action}`, `{does}` (what somebody can do), `{takes}` (the same to records of
    others) and `{target}` stand for the words of the code. Empty where the title says it all."""

    def judges(self, subject: Subject) -> bool:
        """Whether this is something that it is about."""
        is_handler = isinstance(subject, ActionFacts) and bool(subject.address)
        return isinstance(subject, self.about) and (self.is_for_handlers or not is_handler)

    def finding(
        self,
        action: ActionFacts,
        effect: Effect,
        *,
        claim: str = "",
        message: str = "",
        remedy: str | Advice,
        confidence: Confidence = Confidence.HIGH,
        severity: Severity | None = None,
        steps: tuple[Step, ...] = (),
        persona: Persona = Persona.REGULAR,
        idiom: Idiom | None = None,
        is_shared: bool = False,
    ) -> Finding:
        """A finding at the place in the action where an effect happens, with the way that leads there.

        `message` goes on where a `claim` ends. Where the neighbours have an idiom, it takes the place of the remedy.
        `is_shared` says that the code which has the effect is at fault, whichever action runs it.
        """
        place = action.place_of(effect)
        message = paragraph(claim, message)
        if effect.client is Client.UNSEEN and confidence is Confidence.HIGH:
            confidence, message = Confidence.MEDIUM, f"{message} {NOT_IN_SIGHT}"
        return Finding(
            rule=self.id,
            title=self.title,
            severity=severity or self.severity,
            confidence=confidence,
            path=place.path,
            line=place.line,
            end_line=place.end_line,
            message=message,
            claim=claim,
            advice=advised(idiom) if idiom is not None else advice_of(remedy),
            trail=(*steps, *trail(action, effect)),
            evidence=evidence(effect),
            persona=persona,
            guard=idiom.statement if idiom is not None else None,
            shared=outside(action, effect) if is_shared else None,
            headline=headline(self.headline, action, effect),
            happens_at=(effect.span.path, effect.span.line),
            is_of_a_filter=effect.kind is EffectKind.FILTER,
        )

    def of_whole(
        self,
        action: ActionFacts,
        *,
        claim: str = "",
        message: str = "",
        remedy: str | Advice,
        evidence: str,
        effect: Effect | None = None,
        confidence: Confidence = Confidence.HIGH,
        severity: Severity | None = None,
        steps: tuple[Step, ...] = (),
        persona: Persona = Persona.REGULAR,
        is_shared: bool = False,
        is_of_a_filter: bool = False,
    ) -> Finding:
        """A finding about an action as a whole, at its first line or where an effect of it happens.

        `evidence` names the cause in a word; `claim` and `is_shared`, see `finding`; `is_of_a_filter`, see `Finding`.
        """
        place = action.place_of(effect) if effect is not None else action.head
        return Finding(
            rule=self.id,
            title=self.title,
            severity=severity or self.severity,
            confidence=confidence,
            path=place.path,
            line=place.line,
            end_line=place.end_line,
            message=paragraph(claim, message),
            claim=claim,
            advice=advice_of(remedy),
            trail=(*steps, *trail(action, effect)) if effect is not None else steps,
            evidence=evidence,
            persona=persona,
            shared=outside(action, effect) if is_shared and effect is not None else None,
            headline=headline(self.headline, action, effect),
            happens_at=(effect.span.path, effect.span.line) if effect is not None else None,
            is_of_a_filter=is_of_a_filter,
        )

    def at(
        self,
        place: Span,
        *,
        claim: str = "",
        message: str = "",
        remedy: str | Advice,
        evidence: str,
        confidence: Confidence = Confidence.HIGH,
        steps: tuple[Step, ...] = (),
        cause: Span | None = None,
    ) -> Finding:
        """A finding at a place of a file that is no action. `evidence` names the cause in a word.

        `cause` is the place that is at fault for it, where others share it; `claim`, see `finding`.
        """
        return Finding(
            rule=self.id,
            title=self.title,
            severity=self.severity,
            confidence=confidence,
            path=place.path,
            line=place.line,
            end_line=place.end_line,
            message=paragraph(claim, message),
            claim=claim,
            advice=advice_of(remedy),
            trail=steps,
            evidence=evidence,
            headline=self.headline.format(action=f"`{place.path}`"),
            happens_at=(cause.path, cause.line) if cause is not None else None,
        )


def paragraph(claim: str, message: str) -> str:
    """The message of a finding: its claim, and what is said beyond it."""
    return " ".join(filter(None, (claim and f"{claim}.", message)))


def headline(template: str, action: ActionFacts, effect: Effect | None) -> str:
    """The headline of a finding; empty where it speaks of an effect and there is none."""
    if effect is None:
        return template.format(action=action.label) if template.replace("{action}", "").find("{") < 0 else ""
    return template.format(
        action=action.label, does=doing(effect), takes=doing(effect, of_others=True), target=target_of(effect)
    )


NOT_IN_SIGHT = "Policies of the database may still refuse; none for this table is in the repository."
"""What is said where the other side may judge by rules that cannot be seen."""


def outside(action: ActionFacts, effect: Effect) -> Step | None:
    """Where an effect happens, if not in the action itself."""
    span = effect.span
    is_inside = span.path == action.path and action.line <= span.line <= action.end_line
    return None if is_inside else Step(span.path, span.line, described(effect))


def trail(action: ActionFacts, effect: Effect) -> tuple[Step, ...]:
    """The calls that lead from the action to an effect; one that has no name of its own is no step for a reader."""
    named = ((span, action.quoted(span)) for span in effect.trail[1:])
    calls = tuple(Step(span.path, span.line, f"calls `{callee}`") for span, callee in named if callee is not None)
    return (*calls, Step(effect.span.path, effect.span.line, described(effect)))
