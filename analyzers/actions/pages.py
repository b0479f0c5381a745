"""Pages that show what only the layout around them keeps for those who are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.rendering import Rendering
from preship.analyzers.actions.returned import returned_records
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Authenticated
from preship.analyzers.source.tree import Span


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that reads for anybody, and the layout that asks who it is."""

    path: str
    layout: str
    check: Authenticated
    """What the layout asks."""

    asked_at: Span
    """Where the layout asks it."""

    reads: tuple[Effect, ...]
    """What the page reads and shows while nobody is known; one at least."""

    name: None = None
    """A page has no name of its own."""

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return f"`{self.path}`"

    def place_of(self, effect: Effect) -> Span:
        """Where in the page itself an effect happens: the call that leads there, if it happens elsewhere."""
        inside = (span for span in (*effect.trail, effect.span) if span.path == self.path and span.end)
        return next(inside, effect.span)


def open_page(page: Rendering, around: Rendering) -> OpenPage | None:
    """A page beneath a layout that asks who is there, if it reads without asking itself."""
    reads = tuple(shown_to_anybody(page))
    check = around.check
    return OpenPage(page.path, around.path, check, around.asks_at, reads) if check is not None and reads else None


def shown_to_anybody(page: Rendering) -> Iterator[Effect]:
    """The reads of a page whose records it shows to whoever asks for it."""
    records = returned_records(page.result, page.facts)
    shown = {record.model for record, held in records if not world.is_known_by(held, record)}
    for effect in page.effects:
        is_read = effect.kind is EffectKind.READ and world.touches_the_world(effect) and effect.target in shown
        if is_read and world.strength_of_authentication(effect) is None and not world.is_keyed_by_a_credential(effect):
            yield effect
