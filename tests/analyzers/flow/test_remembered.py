"""What is remembered of calls: all while it is little, and of very much what is asked for."""

from __future__ import annotations

from preship.analyzers.flow.effects import Effect, EffectKind, History
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.machine import Summary
from preship.analyzers.flow.remembered import EXECUTIONS_WITHOUT_USE, MOST_EFFECTS_REMEMBERED, Remembered
from preship.analyzers.flow.values import PLAIN
from preship.analyzers.source.tree import Span


def summary(effects: int) -> Summary:
    spans = (Span("lib/db.ts", line + 1, line + 1, 0, 0) for line in range(effects))
    each = tuple(Effect(EffectKind.READ, span, "post", "db.post.findMany") for span in spans)
    return Summary(PLAIN, NO_FACTS, True, None, History(each))


def test_little_is_remembered_for_ever():
    remembered, made = Remembered(), summary(MOST_EFFECTS_REMEMBERED)
    remembered.keep(("list", 1), made)
    for _ in range(10 * EXECUTIONS_WITHOUT_USE):
        remembered.begin()
    assert remembered.get(("list", 1)) is made
    assert remembered.get(("list", 2)) is None


def test_of_very_much_what_is_asked_for_stays_and_the_rest_is_forgotten():
    remembered, guard, large = Remembered(), summary(3), summary(MOST_EFFECTS_REMEMBERED)
    remembered.keep(("requireUser",), guard)
    remembered.keep(("send", "a welcome"), large)
    for _ in range(EXECUTIONS_WITHOUT_USE):
        remembered.begin()
        assert remembered.get(("requireUser",)) is guard
    remembered.begin()
    assert remembered.get(("requireUser",)) is guard
    assert remembered.get(("send", "a welcome")) is None


def test_what_is_forgotten_leaves_room_for_what_comes():
    remembered, large, small = Remembered(), summary(MOST_EFFECTS_REMEMBERED + 1), summary(1)
    remembered.keep(("send",), large)
    for _ in range(EXECUTIONS_WITHOUT_USE + 1):
        remembered.begin()
    remembered.keep(("log",), small)
    for _ in range(10 * EXECUTIONS_WITHOUT_USE):
        remembered.begin()
    assert remembered.get(("send",)) is None
    assert remembered.get(("log",)) is small


def test_what_is_made_anew_counts_once():
    remembered, again = Remembered(), summary(MOST_EFFECTS_REMEMBERED)
    for _ in range(3):
        remembered.keep(("walk",), again)
    for _ in range(10 * EXECUTIONS_WITHOUT_USE):
        remembered.begin()
    assert remembered.get(("walk",)) is again
