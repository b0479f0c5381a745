"""What a summary says of the configuration, and of what authors declare."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.analysis import Pending, Persona
from preship.bot.review.facts import ReviewFacts
from preship.bot.review.links import Links
from preship.bot.review.notes import ConfigurationNotes, Wrong
from preship.bot.review.plan import plan_review
from preship.bot.review.policy import ReviewPolicy
from preship.bot.review.pull_request import Conclusion, ReviewPlan
from preship.bot.review.summary import summary_body
from tests.bot.review.samples import ACTION, FINDING, HEAD, PATCH, SOUND, analysis, comparison, patched

BROKEN = ConfigurationNotes((Wrong(3, 5, "'reason' is missing"), Wrong(7, 1, "there is no key 'rules' here")))
CHANGED = ConfigurationNotes(is_changed=True, coming_mistakes=(Wrong(1, 10, "'hgh' is none of high and low"),))


def planned(*actions, notes: ConfigurationNotes, policy: ReviewPolicy | None = None, left_out=()) -> ReviewPlan:
    seen = replace(analysis(*actions), left_out=left_out)
    return plan_review(
        seen, comparison(patched(ACTION.path, PATCH)), 7, HEAD, marker_key=b"", notes=notes, policy=policy
    )


def section(body: str, title: str) -> str:
    """One section of the fold of a summary, without its title."""
    return body.partition(f"#### {title}\n\n")[2].partition("\n\n")[0]


def shown(body: str | None) -> str:
    """The list that a summary does not fold."""
    return (body or "").split("\n\n")[1]


def test_a_configuration_that_cannot_be_read_is_told_with_every_mistake() -> None:
    plan = planned(SOUND, notes=BROKEN)
    assert plan.check_title == "Nothing to fix in 1 touched Server Action, the configuration has mistakes"
    assert shown(plan.summary) == (
        "- `.github/preship.yml` cannot be read, so nothing of it counts here: this review follows the defaults.\n"
        "- `.github/preship.yml:3:5`: 'reason' is missing\n"
        "- `.github/preship.yml:7:1`: there is no key 'rules' here"
    )
    assert "- `.github/preship.yml:3:5`: 'reason' is missing\n" in plan.check_summary


def test_a_review_by_the_defaults_is_neutral_at_best() -> None:
    assert planned(SOUND, notes=ConfigurationNotes()).conclusion is Conclusion.SUCCESS
    assert planned(SOUND, notes=BROKEN).conclusion is Conclusion.NEUTRAL
    assert planned(notes=BROKEN).conclusion is Conclusion.NEUTRAL
    assert planned(ACTION, notes=BROKEN).conclusion is Conclusion.FAILURE


def test_a_broken_configuration_alone_is_no_comment_on_every_pull_request() -> None:
    plan = planned(notes=BROKEN)
    assert plan.summary is None
    assert "`.github/preship.yml:7:1`" in plan.check_summary


def test_a_changed_configuration_is_told_even_where_no_action_is_touched() -> None:
    plan = planned(notes=CHANGED)
    assert shown(plan.summary) == (
        "- `.github/preship.yml` is changed here. This review follows what stands on the base branch: what the change"
        " decides counts once it is merged.\n"
        "- `.github/preship.yml:1:10`, as the change leaves it: 'hgh' is none of high and low"
    )
    assert plan.summary is not None
    assert "| Server Action |" not in plan.summary
    assert "curl" not in plan.summary
    assert (plan.conclusion, plan.empty_summary) == (Conclusion.SUCCESS, "")


def test_a_guard_that_is_believed_and_changed_is_for_people_to_read() -> None:
    plan = planned(SOUND, notes=ConfigurationNotes(believed=("lib/auth.ts:requireUser",)))
    assert (plan.conclusion, plan.check_title) == (
        Conclusion.NEUTRAL,
        "Nothing to fix in 1 touched Server Action, a declared guard is changed",
    )
    assert shown(plan.summary) == (
        "- The file of `lib/auth.ts:requireUser` is changed here. The configuration declares what it proves, so that"
        " was believed and not read: please read it yourself."
    )


def test_changed_files_that_are_left_out_are_named() -> None:
    plan = planned(SOUND, notes=ConfigurationNotes(), left_out=("examples/actions.ts",))
    assert shown(plan.summary) == (
        "- `examples/actions.ts` holds Server Actions, and the configuration leaves them out."
    )


def test_what_is_ignored_is_listed_with_its_reason_and_fails_nothing() -> None:
    ignored = replace(ACTION, findings=(replace(FINDING, ignored="a nightly job\nof @everyone"),))
    body = summary_body(ReviewFacts(analysis(ignored)), HEAD, Links(), "MARK")
    assert section(body, "Ignored") == (
        "- Missing authentication in `deletePost` (`app/posts/actions.ts:9`, `missing-authentication`):"
        " a nightly job of @\u200beveryone"
    )
    assert "<summary>What was checked (1 action), 1 ignored as declared</summary>" in body
    plan = planned(ignored, notes=ConfigurationNotes())
    assert (plan.comments, plan.conclusion) == ((), Conclusion.NEUTRAL)


def test_what_a_change_declares_is_shown_as_not_obeyed() -> None:
    pending = Pending("ignore missing-authentication", "it is a test", "app/posts/actions.ts", 6)
    body = planned(replace(ACTION, pending=(pending,), unseen=(), checklist=()), notes=ConfigurationNotes()).summary
    assert (
        "\n- Not obeyed before it is merged: `preship: ignore missing-authentication` at `app/posts/actions.ts:6`:"
        " it is a test\n"
    ) in (body or "")
    assert "\n- ❌ Anyone on the internet can delete from `post`: `deletePost`" in (body or "")


def test_a_role_that_is_declared_stands_with_the_evidence() -> None:
    body = summary_body(ReviewFacts(analysis(replace(SOUND, needs="editor"))), HEAD, Links(), "MARK")
    assert "\n- `createPost`, edited, needs a role or permission: `editor`. A ✅ yes" in body


def test_nuances_are_posted_where_everything_is_asked_for() -> None:
    nuance = replace(ACTION, findings=(replace(FINDING, persona=Persona.PEDANTIC),))
    assert planned(nuance, notes=ConfigurationNotes()).comments == ()
    everything = ReviewPolicy(persona=Persona.PEDANTIC)
    assert len(planned(nuance, notes=ConfigurationNotes(), policy=everything).comments) == 1


def test_nothing_fails_where_nothing_is_to_fail() -> None:
    plan = planned(ACTION, notes=ConfigurationNotes(), policy=ReviewPolicy(fail_on=None))
    assert plan.conclusion is Conclusion.NEUTRAL
