"""What a check run says where its commit is the head of several pull requests."""

import pytest

from preship.bot.review.commit import Verdict, joint
from preship.bot.review.pull_request import Conclusion

BAD = Verdict(3, Conclusion.FAILURE, "2 new faults", "2 new faults.\n\n- a fault")
UNSEEN = Verdict(1, Conclusion.NEUTRAL, "Not reviewed", "no answer")
FINE = Verdict(2, Conclusion.SUCCESS, "No Server Action is touched", "No Server Action is touched.")


def test_one_alone_is_said_as_it_is():
    assert joint([UNSEEN]) == UNSEEN


@pytest.mark.parametrize(("said", "worst"), [([FINE, UNSEEN], 1), ([UNSEEN, BAD, FINE], 3), ([FINE, BAD], 3)])
def test_the_worst_is_said_for_all_and_named(said, worst):
    shown = joint(said)
    assert (shown.number, shown.conclusion) == (worst, min(said, key=lambda one: one.number != worst).conclusion)
    assert shown.title.startswith(f"Pull request {worst}: ")


def test_the_text_lists_every_pull_request():
    assert joint([UNSEEN, FINE, BAD]).summary == (
        "This commit is the head of several open pull requests. The check run speaks for the commit, and so for the"
        " worst of them:\n\n"
        "- pull request 1: neutral, Not reviewed\n"
        "- pull request 2: success, No Server Action is touched\n"
        "- pull request 3: failure, 2 new faults\n\n"
        "Of pull request 3:\n\n2 new faults.\n\n- a fault"
    )


def test_a_hundred_pull_requests_leave_room_for_the_worst():
    many = [Verdict(number, Conclusion.FAILURE, "x" * 1000, "y" * 50_000) for number in range(1, 101)]
    assert len(joint(many).summary) < 65_535
    assert "- … and 80 more" in joint(many).summary
