"""Which edits might fix which fault, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from analyzers.edits.awaiting import awaited
from analyzers.edits.checks import checked
from analyzers.edits.guards import neighbours_guards
from analyzers.edits.messages import own_words
from analyzers.edits.parsing import parsed
from analyzers.edits.refusals import refusals
from analyzers.edits.scene import Scene
from analyzers.edits.scoping import scoped
from analyzers.edits.verifying import confirmed
from analyzers.rule import Edit

Proposal = Callable[[Scene], Iterator[Edit]]

PROPOSALS: Mapping[str, tuple[Proposal, ...]] = {
    "missing-authentication": (awaited, neighbours_guards),
    "unenforced-session": (awaited, refusals, neighbours_guards),
    "unverified-session": (confirmed,),
    "missing-ownership-check": (awaited, scoped, neighbours_guards),
    "ignored-ownership-check": (awaited, neighbours_guards),
    "late-ownership-check": (neighbours_guards,),
    "missing-role-check": (awaited, neighbours_guards),
    "mass-assignment": (parsed,),
    "unvalidated-input": (parsed, checked),
    "error-message-leak": (own_words,),
}
"""By rule; a fault without a row takes more than a few lines to fix."""


def candidates(scene: Scene) -> Iterator[Edit]:
    """The edits that might fix the fault of a scene, each once."""
    seen: set[Edit] = set()
    for propose in PROPOSALS.get(scene.finding.rule, ()):
        for edit in propose(scene):
            if edit not in seen:
                seen.add(edit)
                yield edit
