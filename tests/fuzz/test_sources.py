"""A short seed of bent sources, every extreme, and a reader that notices."""

from __future__ import annotations

import pytest

from tests.fuzz.extremes import EXTREMES
from tests.fuzz.sources import faults, faults_of


def test_bent_sources_neither_break_nor_hang_the_analysis_and_gaps_are_told() -> None:
    assert list(faults(seed=7, count=150)) == []


def test_no_extreme_breaks_or_hangs_the_analysis_and_gaps_are_told() -> None:
    assert list(faults_of(list(EXTREMES))) == []


@pytest.mark.parametrize("case", ["die", "raise"])
def test_a_reader_that_dies_or_raises_is_noticed_and_the_next_case_still_read(case: str) -> None:
    [fault] = faults_of([case, "7 1"])
    assert fault.case == case
