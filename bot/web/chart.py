"""A chart of findings by week and rule, as the shapes of an inline SVG: bars, each piled up of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 640, 180
_LEFT, _BOTTOM, _TOP = 34, 22, 8

SHOWN = 5
"""How many rules have a colour of their own; the others share the last one."""

OTHERS = "all others"


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: findings of one rule in one week."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    """From 0; `SHOWN` is that of all others."""

    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid, with what it stands for."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything to draw, and to read where nobody sees it."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    weeks: tuple[tuple[float, str], ...]
    """Labels of weeks, with the middle of each."""

    legend: tuple[tuple[int, str, int], ...]
    """Colour, rule and number of findings, the most first."""

    total: int


def chart(counts: Sequence[tuple[datetime, str, int]], first: datetime, weeks: int) -> Chart:
    """The chart of so many weeks from a Monday on."""
    by_rule = Counter[str]()
    for _, rule, count in counts:
        by_rule[rule] += count
    named = [rule for rule, _ in by_rule.most_common(SHOWN)]
    piles = [_pile(counts, first + timedelta(weeks=number), named) for number in range(weeks)]
    top = _round_up(max((sum(pile.values()) for pile in piles), default=0))
    step = (WIDTH - _LEFT) / weeks
    legend = [(colour, rule, by_rule[rule]) for colour, rule in enumerate(named)]
    if rest := by_rule.total() - sum(by_rule[rule] for rule in named):
        legend.append((SHOWN, OTHERS, rest))
    return Chart(
        bars=tuple(
            bar
            for number, pile in enumerate(piles)
            for bar in _bars(pile, named, _LEFT + number * step, step, top, first + timedelta(weeks=number))
        ),
        lines=tuple(Line(_height(value, top), str(value)) for value in sorted({0, top // 2, top})),
        weeks=tuple(
            (_LEFT + (number + 0.5) * step, f"{first + timedelta(weeks=number):%d %b}")
            for number in range(0, weeks, max(1, weeks // 6))
        ),
        legend=tuple(legend),
        total=by_rule.total(),
    )


def _pile(counts: Sequence[tuple[datetime, str, int]], week: datetime, named: Sequence[str]) -> Counter[str]:
    pile = Counter[str]()
    for at, rule, count in counts:
        if at.date() == week.date():
            pile[rule if rule in named else OTHERS] += count
    return pile


def _bars(pile: Counter[str], named: Sequence[str], x: float, step: float, top: int, week: datetime) -> list[Bar]:
    bars, below = [], 0
    for colour, rule in enumerate((*named, OTHERS)):
        if count := pile[rule]:
            y, base = _height(below + count, top), _height(below, top)
            says = f"{rule}: {count} in the week of {week:%d %B %Y}"
            shade = SHOWN if rule == OTHERS else colour
            bars.append(
                Bar(round(x + step * 0.14, 1), round(y, 1), round(step * 0.72, 1), round(base - y, 1), shade, says)
            )
            below += count
    return bars


def _height(value: int, top: int) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / max(top, 1)


def _round_up(value: int) -> int:
    """The next number that reads well at the side of a grid, and so does its half."""
    scale = 1
    while value > 8 * scale:
        scale *= 10
    return next(nice * scale for nice in (2, 4, 6, 8) if value <= nice * scale)
