"""Values as the execution compares them."""

from __future__ import annotations

from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Array, Constant, Value, of, unite, unknown


def nested(depth: int) -> Value:
    """A value each of whose parts stands in it twice."""
    value = unknown({Input("id")})
    for _ in range(depth):
        value = Value((*of(Array((value,), value)).alternatives,))
    return value


def test_values_made_apart_are_compared_part_by_part_and_not_way_by_way():
    # 2 to the power of 40 ways lead to the innermost part.
    assert nested(40) == nested(40)
    assert nested(40) != nested(39)


def test_a_yes_is_no_number():
    assert of(Constant(True)) != of(Constant(1))
    assert of(Constant(False)) != of(Constant(0))
    assert unite(of(Constant(1)), of(Constant(True))).alternatives[1].shape == Constant(True)
