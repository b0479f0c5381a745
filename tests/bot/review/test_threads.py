from dataclasses import replace

import pytest

from preship.analyzers.analysis import Answer, Failure, Item, Status, Unjudged, Unseen
from preship.bot.review.history import Earlier, History
from preship.bot.review.marker import Kind, Marker, write_marker
from preship.bot.review.pull_request import PostedComment, Thread, Told
from preship.bot.review.threads import Turns, turns
from tests.bot.review.samples import ACTION, FINDING, HEAD, KEY, SOUND, analysis

BASE = "b" * 40
PRINT = FINDING.fingerprint
TOLD = Earlier(Told(PRINT, FINDING.rule, ACTION.path, ACTION.name), BASE)
RESOLVE, REOPEN = Turns(resolve=("t1",)), Turns(reopen=("t1",))


def body(*prints, number=7, kind=Kind.COMMENT, key=KEY):
    return "words\n\n" + write_marker(Marker(kind, number, HEAD, prints or (PRINT,)), key)


def thread(text=None, **changes):
    comment = PostedComment(1, text or body(), ACTION.path, HEAD, None)
    return replace(Thread(comment, "t1", may_be_turned=True), **changes)


def turned(*actions, one=None, told=(TOLD,), failures=(), base=BASE, resolved=()):
    history = History((one or thread(),), told, (), frozenset(resolved))
    return turns(history, analysis(*actions, failures=failures), base, 7, KEY)


MENDED = replace(SOUND, name=ACTION.name)


def test_a_thread_whose_fault_is_mended_is_resolved():
    assert turned(MENDED) == RESOLVE


def test_a_thread_whose_action_is_as_it_was_before_the_change_is_resolved():
    assert turned() == RESOLVE


def test_an_action_that_is_out_of_sight_against_another_base_proves_nothing():
    assert turned(base="c" * 40) == Turns()


@pytest.mark.parametrize("status", list(Status))
def test_a_fault_that_stands_in_whatever_way_keeps_its_thread_open(status):
    assert turned(replace(ACTION, findings=(replace(FINDING, status=status),))) == Turns()


def test_a_question_that_could_not_be_answered_keeps_the_thread_open():
    unseen = tuple(
        replace(entry, answer=Answer.UNSEEN) if entry.item is Item.AUTHENTICATION else entry
        for entry in MENDED.checklist
    )
    assert turned(replace(MENDED, checklist=unseen)) == Turns()


def test_a_rule_that_asks_no_question_of_the_checklist_needs_an_action_that_was_read_whole():
    told = replace(TOLD, told=replace(TOLD.told, rule="idle-declaration"))
    assert turned(MENDED, told=(told,)) == RESOLVE
    partly = replace(MENDED, unseen=(Unseen("a package", ACTION.path, 9),))
    assert turned(partly, told=(told,)) == Turns()


def test_a_file_that_could_not_be_read_keeps_the_thread_open():
    assert turned(failures=(Failure(ACTION.path, "larger than 2 MB"),)) == Turns()


def test_an_action_that_was_not_judged_keeps_the_thread_open():
    left = Unjudged(ACTION.path, ACTION.name, ACTION.line, "the budget of steps is used up")
    history = History((thread(),), (TOLD,), (), frozenset())
    assert turns(history, analysis(unjudged=(left,)), BASE, 7, KEY) == Turns()


@pytest.mark.parametrize("change", [{"is_answered": True}, {"may_be_turned": False}, {"id": None}])
def test_a_thread_that_somebody_answered_or_that_is_not_ours_to_turn_is_left_alone(change):
    assert turned(MENDED, one=thread(**change)) == Turns()


@pytest.mark.parametrize("text", ["words", body(number=8), body(kind=Kind.REVIEW), body(key=b"forged")])
def test_a_thread_without_our_mark_for_this_pull_request_is_left_alone(text):
    assert turned(MENDED, one=thread(text)) == Turns()


def test_a_thread_of_several_findings_is_resolved_when_all_are_gone():
    other = Earlier(Told("00000000000000b2", FINDING.rule, ACTION.path, "other"), BASE)
    both = thread(body(PRINT, "00000000000000b2"))
    assert turned(MENDED, one=both, told=(TOLD, other)) == RESOLVE
    standing = replace(ACTION, name="other", findings=(replace(FINDING, fingerprint="00000000000000b2"),))
    assert turned(MENDED, standing, one=both, told=(TOLD, other)) == Turns()


def test_a_finding_of_which_nothing_is_remembered_is_not_known_to_be_gone():
    assert turned(MENDED, told=()) == Turns()


def test_a_thread_that_we_resolved_is_opened_again_when_the_fault_is_back():
    assert turned(ACTION, one=thread(is_resolved=True), resolved={"t1"}) == REOPEN


def test_a_thread_that_a_person_resolved_stays_resolved():
    assert turned(ACTION, one=thread(is_resolved=True)) == Turns()


def test_a_thread_that_is_resolved_and_mended_needs_nothing():
    assert turned(MENDED, one=thread(is_resolved=True), resolved={"t1"}) == Turns()
