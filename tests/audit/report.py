"""The audit in words: totals by cause, and the worst places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.audit.causes import Cause
from tests.audit.repository import Audited, Place

LONGEST_LINE = 110


def report(found: Sequence[Audited], worst: int, only: Cause | None = None) -> Iterator[str]:
    """The lines of the report; the worst places are of one cause only, where that is given."""
    actions = sum(each.actions for each in found)
    read = [each for each in found if not each.failure]
    yield f"{len(read)} repositories, {actions} actions"
    for each in found:
        if each.failure:
            yield f"not read: {each.repository}: {each.failure}"
        elif each.left_out:
            whole = each.actions + each.left_out
            yield f"budget used up: {each.repository}: {each.left_out} of {whole} actions left out"
    yield ""
    yield f"{'places':>6} {'actions':>8} {'per 1,000':>10}  cause"
    suspicious: Counter[Cause] = sum((each.suspicious for each in found), Counter())
    places = [place for each in found for place in each.places]
    for cause in Cause:
        count = sum(place.cause is cause for place in places)
        rate = suspicious[cause] * 1000 / actions if actions else 0.0
        yield f"{count:>6} {suspicious[cause]:>8} {rate:>10.1f}  {cause}"
    yield ""
    listed = [place for place in places if only in {None, place.cause}]
    for place in sorted(listed, key=gravity)[:worst]:
        yield f"{place.repository} {place.path}:{place.line} {place.cause} ({place.actions} actions)"
        yield f"    {place.code[:LONGEST_LINE]}"


def gravity(place: Place) -> tuple[int, str, str, str, int]:
    """What sorts the worst places first: those that most actions reach."""
    return (-place.actions, place.cause, place.repository, place.path, place.line)
