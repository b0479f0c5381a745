"""What authors declare in comments that are addressed to us: `// preship: WORD RULE -- reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.source.tree import Comment, Module, Span

PUBLIC, IGNORE = "public", "ignore"
WORDS = (PUBLIC, IGNORE)
"""What can be declared: that an action is open to everyone, and that a rule's findings are meant to stand."""

FORM = re.compile(r"(?P<word>\S+?)(?:\s+(?P<rule>(?!--)\S+))?(?:\s*--(?P<reason>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One comment, as it was read; whether it declares anything is another question."""

    span: Span
    word: str
    """Its first word; all of it where it has no form that we know."""

    rule: str | None
    reason: str
    """On one line; empty where none is given."""

    @property
    def text(self) -> str:
        """What it declares, in the words of the comment and without the reason."""
        return f"{self.word} {self.rule}" if self.rule else self.word


class Idleness(Enum):
    """Why a declaration has no effect."""

    UNKNOWN_WORD = "it declares nothing that is known"
    NO_REASON = "it gives no reason"
    NO_RULE = "it names no rule"
    UNKNOWN_RULE = "there is no such rule"
    UNUSED = "there is nothing to ignore"
    NOT_ABOVE = "it stands above no action"
    GUARDED = "the action refuses anonymous callers all the same"


@dataclass(frozen=True, slots=True)
class Idle:
    """A declaration without effect."""

    declaration: Declaration
    why: Idleness
    meant: str | None = None
    """The word or rule that its author probably meant."""


def read(comment: Comment) -> Declaration:
    """What a comment declares."""
    found = FORM.fullmatch(comment.text)
    if found is None:
        return Declaration(comment.span, " ".join(comment.text.split()), None, "")
    return Declaration(comment.span, found["word"], found["rule"], " ".join((found["reason"] or "").split()))


def declarations_at(module: Module, line: int) -> tuple[Declaration, ...]:
    """The declarations on a line and in the comments of ours right above it."""
    return tuple(read(comment) for comment in _comments_at(module.comments, line))


def _comments_at(comments: Sequence[Comment], line: int) -> Iterator[Comment]:
    yield from (comment for comment in comments if comment.span.line == line)
    above = {comment.span.end_line: comment for comment in comments}
    while comment := above.pop(line - 1, None):
        yield comment
        line = comment.span.line


def declared_public(module: Module, action: ServerAction) -> Declaration | None:
    """The declaration that an action is open to everyone; one without a reason is none."""
    found = declarations_at(module, action.line)
    return next((each for each in found if each.word == PUBLIC and not each.rule and each.reason), None)


def declarations_of(module: Module, actions: Sequence[ServerAction], action: ServerAction) -> tuple[Declaration, ...]:
    """The declarations of a file that an action answers for. Each has one action, where the file has any."""
    return tuple(read(each) for each in module.comments if _answering(module, actions, each) is action)


def _answering(module: Module, actions: Sequence[ServerAction], comment: Comment) -> ServerAction:
    """The action that a comment stands above or in; else the next one, or the last."""
    line = comment.span.line
    above = [each for each in actions if comment in _comments_at(module.comments, each.line)]
    around = [each for each in actions if each.line <= line <= each.end_line]
    if above or around:
        return min(above or around, key=lambda each: each.end_line - each.line)
    return min((each for each in actions if each.line > line), key=lambda each: each.line, default=actions[-1])


def malformed(module: Module, actions: Sequence[ServerAction], action: ServerAction) -> tuple[Idle, ...]:
    """The declarations for which an action answers that say nothing, or stand where they say nothing."""
    above = declarations_at(module, action.line)
    found = ((each, _fault(each, is_above=each in above)) for each in declarations_of(module, actions, action))
    return tuple(Idle(each, why, _meant(each, why)) for each, why in found if why is not None)


def _fault(declaration: Declaration, *, is_above: bool) -> Idleness | None:
    """What is wrong with a declaration by itself."""
    if declaration.word not in WORDS or (declaration.word == PUBLIC and declaration.rule):
        return Idleness.UNKNOWN_WORD
    if declaration.word == IGNORE and not declaration.rule:
        return Idleness.NO_RULE
    if not declaration.reason:
        return Idleness.NO_REASON
    return Idleness.NOT_ABOVE if declaration.word == PUBLIC and not is_above else None


def _meant(declaration: Declaration, why: Idleness) -> str | None:
    found = get_close_matches(declaration.word, WORDS, 1) if why is Idleness.UNKNOWN_WORD else []
    return found[0] if found and found[0] != declaration.word else None
