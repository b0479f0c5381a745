"""What a call is called in the code, for sentences about it."""

from __future__ import annotations

import re

from preship.analyzers.project.project import Project
from preship.analyzers.source.tree import Span

NAME = re.compile(r"[\w$]+(\s*\??\.\s*[\w$]+)*")
"""A name, and properties of it."""

LONGEST = 60
"""A longer name says no more than the place does."""


def quoted_callee(project: Project, span: Span) -> str | None:
    """The function of the call that ends a piece of code, if it has a name: `CreatePost.safeParse`."""
    blob = project.blob(span.path)
    if blob is None:
        return None
    code = blob.content[span.start : span.end].decode("utf-8", "replace").removeprefix("await").strip()
    found = NAME.match(code)
    is_call = found is not None and code[found.end() :].lstrip().startswith("(") and is_one_call(code[found.end() :])
    if found is None or not is_call or len(found.group()) > LONGEST:
        return None
    return re.sub(r"\s+", "", found.group())


def is_one_call(arguments: str) -> bool:
    """Whether a piece of code is one pair of parentheses from end to end."""
    depth = 0
    for place, character in enumerate(code := arguments.strip()):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(code) - 1
    return False
