"""The fence row only ever moves forward, and only for the run that knows where it stands."""

import pytest

from preship.bot.store.reviews import Key, Step, StepTaken

HEAD = Key(77, 3, "a" * 40, "push")
NEXT = Key(77, 3, "b" * 40, "push")


def test_a_review_begins_once(store):
    first = store.reviews.begin(HEAD, "acme/shop")
    again = store.reviews.begin(HEAD, "acme/shop")
    assert first == again
    assert first.step == Step.BEGUN


def test_a_review_is_continued_where_it_stood(store):
    review = store.reviews.planned(store.reviews.begin(HEAD, "acme/shop"), '{"body": "…"}')
    review = store.reviews.reviewed(review, 41)
    found = store.reviews.begin(HEAD, "acme/shop")
    assert (found.step, found.plan, found.review_id) == (Step.REVIEWED, '{"body": "…"}', 41)


def test_a_run_that_was_overtaken_cannot_take_the_same_step(store):
    stalled = store.reviews.begin(HEAD, "acme/shop")
    store.reviews.planned(store.reviews.begin(HEAD, "acme/shop"), "{}")
    with pytest.raises(StepTaken):
        store.reviews.planned(stalled, "{}")


def test_the_plan_is_dropped_when_everything_stands(store):
    review = store.reviews.planned(store.reviews.begin(HEAD, "acme/shop"), "{}")
    review = store.reviews.concluded(review, "success")
    assert store.reviews.begin(HEAD, "acme/shop") == review
    assert review.plan is None


def test_a_review_that_was_given_up_starts_anew(store):
    review = store.reviews.started_check(store.reviews.begin(HEAD, "acme/shop"), 9)
    store.reviews.failed(review, "neutral", "no answer")
    again = store.reviews.begin(HEAD, "acme/shop")
    assert (again.step, again.check_id) == (Step.BEGUN, None)


def test_unfinished_reviews_of_a_trigger_are_found(store):
    old = store.reviews.started_check(store.reviews.begin(HEAD, "acme/shop"), 9)
    new = store.reviews.begin(NEXT, "acme/shop")
    store.reviews.begin(Key(77, 3, "a" * 40, "comment:9"), "acme/shop")
    assert store.reviews.unfinished(77, 3, "push") == [old, new]
    store.reviews.superseded(old)
    assert store.reviews.unfinished(77, 3, "push") == [new]


def test_reviews_that_other_triggers_posted_are_known(store):
    first = store.reviews.reviewed(store.reviews.begin(HEAD, "acme/shop"), 41)
    forced = store.reviews.begin(Key(77, 3, "a" * 40, "comment:9"), "acme/shop")
    assert store.reviews.posted_for_others(forced) == {41}
    assert store.reviews.posted_for_others(first) == set()


def test_the_summary_of_a_pull_request_is_remembered(store):
    assert store.reviews.summary_id(77, 3) is None
    store.reviews.remember_summary(77, 3, 100)
    store.reviews.remember_summary(77, 3, 101)
    assert store.reviews.summary_id(77, 3) == 101


def asked(store, key, base_ref="main"):
    return store.reviews.in_this_round(key, base_ref).trigger


def test_the_head_that_was_reviewed_last_is_in_the_same_round(store):
    assert asked(store, HEAD) == "push"
    store.reviews.concluded(store.reviews.begin(HEAD, "acme/shop", "main"), "success")
    assert asked(store, HEAD) == "push"


def test_a_head_that_comes_back_after_another_is_in_a_new_round(store):
    store.reviews.begin(HEAD, "acme/shop", "main")
    store.reviews.begin(NEXT, "acme/shop", "main")
    assert asked(store, HEAD) == "push/2"
    store.reviews.begin(store.reviews.in_this_round(HEAD, "main"), "acme/shop", "main")
    assert asked(store, HEAD) == "push/2"
    assert asked(store, NEXT) == "push/2"


def test_a_head_that_is_to_go_elsewhere_is_in_a_new_round(store):
    store.reviews.begin(HEAD, "acme/shop", "main")
    assert asked(store, HEAD, "release") == "push/2"


def test_the_rounds_of_one_trigger_are_not_those_of_another(store):
    store.reviews.begin(HEAD, "acme/shop", "main")
    assert asked(store, Key(77, 3, "a" * 40, "comment:9")) == "comment:9"


def test_unfinished_reviews_are_found_in_every_round(store):
    review = store.reviews.begin(Key(77, 3, "a" * 40, "push/2"), "acme/shop", "main")
    assert store.reviews.unfinished(77, 3, "push") == [review]
