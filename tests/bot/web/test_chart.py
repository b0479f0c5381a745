"""The chart of findings: every finding in the pile of its week, and the grid in numbers that read well."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from preship.bot.web.chart import HEIGHT, OTHERS, SHOWN, WIDTH, chart

MONDAY = datetime(2026, 6, 1)


def test_findings_stand_on_each_other_in_the_week_in_which_they_were_told():
    drawn = chart([(MONDAY, "a", 3), (MONDAY, "b", 1), (MONDAY + timedelta(weeks=2), "a", 2)], MONDAY, 4)
    assert [bar.says for bar in drawn.bars] == [
        "a: 3 in the week of 01 June 2026",
        "b: 1 in the week of 01 June 2026",
        "a: 2 in the week of 15 June 2026",
    ]
    first, second, third = drawn.bars
    assert second.y + second.height == pytest.approx(first.y)
    assert (first.x, first.height) == (second.x, pytest.approx(3 * second.height, abs=0.2))
    assert third.x > first.x
    assert drawn.total == 6


def test_the_commonest_rules_have_colours_and_the_others_share_one():
    drawn = chart([(MONDAY, f"rule-{n}", 10 - n) for n in range(8)], MONDAY, 1)
    assert [rule for _, rule, _ in drawn.legend] == [f"rule-{n}" for n in range(SHOWN)] + [OTHERS]
    assert drawn.legend[-1] == (SHOWN, OTHERS, 5 + 4 + 3)
    assert sum(count for _, _, count in drawn.legend) == drawn.total


@pytest.mark.parametrize(("most", "top"), [(0, 2), (1, 2), (3, 4), (7, 8), (9, 20), (41, 60), (799, 800), (801, 2000)])
def test_the_grid_ends_in_a_number_that_reads_well(most: int, top: int):
    drawn = chart([(MONDAY, "a", most)] if most else [], MONDAY, 2)
    assert [line.label for line in drawn.lines] == ["0", str(top // 2), str(top)]


def test_everything_is_within_the_picture():
    drawn = chart([(MONDAY + timedelta(weeks=n), "a", n + 1) for n in range(26)], MONDAY, 26)
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
    assert len(drawn.weeks) <= 8


def test_what_is_older_than_the_chart_is_not_drawn():
    assert chart([(MONDAY - timedelta(weeks=1), "a", 3)], MONDAY, 4).bars == ()
