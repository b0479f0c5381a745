"""A seed of directives, each asked of the compiler."""

from __future__ import annotations

from tests.fuzz.directives import compare


def test_two_thousand_five_hundred_spellings_and_places_of_directives_are_read_as_the_compiler_reads_them() -> None:
    outcome = compare(seed=7, count=2_500)
    assert outcome.faults == ()
    assert outcome.built > 1_200
    assert outcome.with_actions > 700
    assert outcome.without_the_text > 350
