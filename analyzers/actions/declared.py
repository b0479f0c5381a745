"""Actions that their authors declare public, in a comment right above them."""

from __future__ import annotations

import re

from analyzers.actions.discovery import ServerAction
from analyzers.source.tree import Module

PUBLIC = re.compile(r"public\s*--\s*(?P<reason>\S.*)", re.DOTALL)
"""`preship: public -- reason`; without a reason it declares nothing."""


def declared_public(module: Module, action: ServerAction) -> str | None:
    """The reason that stands above an action in `// preship: public -- reason`."""
    for comment in module.comments:
        if comment.span.end_line + 1 == action.line or comment.span.line == action.line:
            found = PUBLIC.fullmatch(comment.text)
            if found:
                return " ".join(found["reason"].split())
    return None
