"""Origins stay few enough to be reasoned about, whatever code mixes together."""

from __future__ import annotations

from preship.analyzers.flow.origins import MOST_ORIGINS, Input, Session, gathered
from preship.analyzers.flow.values import Unknown, property_of


def test_few_origins_are_told_apart() -> None:
    origins = frozenset(Input("form", ("rows", str(i))) for i in range(MOST_ORIGINS))
    assert gathered(origins) == origins


def test_very_many_are_what_they_are_parts_of() -> None:
    mixed = [Input("form", ("rows", str(i))) for i in range(MOST_ORIGINS)]
    assert gathered([*mixed, Session("auth", True, ("user", "id"))]) == {
        Input("form", ("rows",)),
        Session("auth", True, ("user",)),
    }
    scattered = [Input("form", (str(i),)) for i in range(MOST_ORIGINS + 1)]
    assert gathered(scattered) == {Input("form")}


def test_properties_of_a_mixture_do_not_multiply() -> None:
    mixture = Unknown(frozenset(Input("form", (str(i),)) for i in range(10 * MOST_ORIGINS)))
    assert property_of(mixture, "id").origins == {Input("form")}
