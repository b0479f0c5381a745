"""Reviews and decisions of the repositories that somebody sees on GitHub.

Every route asks who is there and whether the thing is theirs to see; what is not, is not there.
"""

# No postponed annotations: those of routes name what only their function knows.
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from preship.bot.github.people import Seen
from preship.bot.web.chart import HEIGHT, WIDTH, chart
from preship.bot.web.figures import Figures
from preship.bot.web.gate import Gate, NotFound
from preship.bot.web.visitor import Visitor
from preship.bot.web.words import STEPS, TONES, lasting

_PAGE = 50
_WEEKS = 26

# Postgres keeps ids in eight bytes; a longer one is nobody's.
_Number = Annotated[int, Path(ge=1, lt=2**63)]
_From = Annotated[int, Query(ge=0, lt=2**31, alias="from")]
_Before = Annotated[int | None, Query(ge=1, lt=2**63)]


def review_router(gate: Gate, visitor: Callable[[Request], Visitor]) -> APIRouter:
    """`/reviews`, `/repositories` and `/decisions`."""
    router, figures = APIRouter(), Figures()
    Somebody = Annotated[Visitor, Depends(visitor)]  # noqa: N806

    @router.get("/reviews")
    def reviews(who: Somebody, before: _Before = None) -> Response:
        return _reviews(gate, who, list(who.repositories), before, None, figures)

    @router.get("/repositories/{repository_id}")
    def repository(who: Somebody, repository_id: _Number, before: _Before = None) -> Response:
        one = who.own(repository_id)
        return _reviews(gate, who, [one.id], before, one, figures)

    @router.get("/reviews/{review_id}")
    def review(who: Somebody, review_id: _Number) -> Response:
        return _review(gate, who, review_id)

    @router.get("/decisions")
    def decisions(who: Somebody, first: _From = 0) -> Response:
        return _decisions(gate, who, first)

    return router


def _decisions(gate: Gate, who: Visitor, first: int) -> Response:
    """What else there is stands on the first page alone."""
    listings, ids, app = gate.backend.store().listings, list(who.repositories), gate.backend.app()
    rows = listings.decisions(ids, _PAGE + 1, first)
    return who.page(
        "decisions.html",
        "decisions",
        rows=rows[:_PAGE],
        first=first,
        before=max(0, first - _PAGE),
        after=first + _PAGE if len(rows) > _PAGE else None,
        widened=[] if first else listings.widened(ids, _PAGE),
        forge=app.git_url if app else "",
        audit=[] if first else listings.audit(ids, _PAGE, with_service=who.session.is_administrator),
        repositories=who.repositories,
    )


def _reviews(
    gate: Gate, who: Visitor, ids: list[int], before: int | None, one: Seen | None, figures: Figures
) -> Response:
    listings, first = gate.backend.store().listings, _first_week(datetime.now(UTC))
    rows = listings.reviews(ids, _PAGE, before)
    return who.page(
        "reviews.html",
        "reviews",
        rows=rows,
        one=one,
        repositories=sorted(who.repositories.values(), key=lambda each: each.full_name.lower())[:_PAGE],
        count=len(who.repositories),
        chart=chart(figures.of(listings, ids, first), first, _WEEKS) if before is None else None,
        weeks=_WEEKS,
        size=(WIDTH, HEIGHT),
        older=rows[-1].id if len(rows) == _PAGE else None,
        tones=TONES,
        lasting=lasting,
        steps=STEPS,
    )


def _first_week(now: datetime) -> datetime:
    """The Monday with which the chart begins."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return monday - timedelta(weeks=_WEEKS - 1)


def _review(gate: Gate, who: Visitor, review_id: int) -> Response:
    found, app = gate.backend.store().listings.review(review_id), gate.backend.app()
    if found is None or app is None:
        raise NotFound
    seen = who.own(found.review.key.repository_id)
    return who.page(
        "review.html",
        "reviews",
        found=found,
        review=found.review,
        repository=seen,
        url=f"{app.git_url}/{seen.full_name}/pull/{found.review.key.number}" if found.review.key.number else "",
        tones=TONES,
        lasting=lasting,
        steps=STEPS,
    )
