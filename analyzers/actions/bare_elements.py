"""Elements that show nothing but words, or that there is nothing to see: headings, spinners, "you may not"."""

from __future__ import annotations

from preship.analyzers.conventions.browsers import SIGN_IN_COMPONENT
from preship.analyzers.conventions.permissions import FALLBACK_COMPONENT
from preship.analyzers.source.tree import Call, Element, Expression, Literal, Member, Name
from preship.analyzers.source.walk import within

USABLE = frozenset({"form", "table", "ul", "ol", "button", "input", "select", "textarea"})
"""Elements that show or take something."""


def shows_words_only(element: Element) -> bool:
    """Whether an element shows nothing but words, or that there is nothing to see."""
    inside = [each for each in within(element) if isinstance(each, Element)]
    return not any(map(_shows_something, inside))


def is_bare(child: Expression) -> bool:
    """Whether what stands in an element is words, written out or looked up: `Hello`, `{t('hello')}`."""
    if isinstance(child, Element):
        return not _shows_something(child) and all(map(is_bare, child.children))
    if isinstance(child, Call):
        return bool(child.arguments) and all(isinstance(each, Literal) for each in child.arguments)
    return isinstance(child, Literal)


def name_of(tag: Expression | str | None) -> str:
    """What a component is called where it is used; nothing for an element of HTML."""
    return tag.name if isinstance(tag, Name | Member) else ""


def _shows_something(element: Element) -> bool:
    if isinstance(element.tag, str):
        return element.tag in USABLE
    name = name_of(element.tag)
    return element.tag is not None and not FALLBACK_COMPONENT.matches(name) and not SIGN_IN_COMPONENT.matches(name)
