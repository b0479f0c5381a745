"""What a check run says where its commit is the head of several pull requests: the worst of them, and whose that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preship.bot.review.markdown import prose
from preship.bot.review.pull_request import Conclusion

_WORST_FIRST = (Conclusion.FAILURE, Conclusion.NEUTRAL, Conclusion.SUCCESS)

_MOST_LISTED = 20
"""More pull requests with one head than anybody has; the list must leave room for the worst one's summary."""

_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the review of one pull request says of its head commit."""

    number: int
    """Of the pull request; 0 for a group of a merge queue."""

    conclusion: Conclusion
    title: str
    summary: str


def joint(verdicts: Sequence[Verdict]) -> Verdict:
    """What the commit's check runs say for all these; one alone is said as it is. Raises `ValueError` for none."""
    worst = min(verdicts, key=lambda each: (_WORST_FIRST.index(each.conclusion), each.number))
    if len(verdicts) == 1:
        return worst
    listed = [f"- {_who(each)}: {each.conclusion}, {prose(each.title, _TITLE_LIMIT)}" for each in verdicts]
    more = [f"- … and {len(listed) - _MOST_LISTED} more"] if len(listed) > _MOST_LISTED else []
    summary = "\n\n".join(
        [
            "This commit is the head of several open pull requests. The check run speaks for the commit, and so for the"
            " worst of them:",
            "\n".join([*listed[:_MOST_LISTED], *more]),
            f"Of {_who(worst)}:",
            worst.summary,
        ]
    )
    title = f"{_who(worst).capitalize()}: {worst.title}"
    return Verdict(worst.number, worst.conclusion, title, summary)


def _who(verdict: Verdict) -> str:
    # Without `#`: a number that links would tell each of them of the others.
    return f"pull request {verdict.number}" if verdict.number else "a group of the merge queue"
