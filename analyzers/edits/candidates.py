"""Which edits might fix which fault, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from preship.analyzers.edits.awaiting import awaited
from preship.analyzers.edits.checks import checked
from preship.analyzers.edits.guards import neighbours_guards
from preship.analyzers.edits.messages import own_words
from preship.analyzers.edits.parsing import parsed
from preship.analyzers.edits.refusals import refusals
from preship.analyzers.edits.scene import Scene
from preship.analyzers.edits.scoping import scoped
from preship.analyzers.edits.verifying import confirmed
from preship.analyzers.rule import Edit

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
