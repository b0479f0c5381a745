"""What was said and answered on a pull request is remembered, and of no other one."""

from dataclasses import replace

from preship.bot.store.history import DismissalRow, ToldRow

TOLD = ToldRow("a1", "missing-authentication", "app/actions.ts", "removePost", "b" * 40)
DISMISSED = DismissalRow("a1", "missing-authentication", "grace", "a public counter", 9)


def test_what_was_told_is_remembered_with_the_last_base(store):
    store.history.tell(77, 3, [TOLD, replace(TOLD, fingerprint="b2", action=None)])
    store.history.tell(77, 3, [replace(TOLD, base_sha="c" * 40)])
    told = {row.fingerprint: row for row in store.history.told(77, 3)}
    assert told == {"a1": replace(TOLD, base_sha="c" * 40), "b2": replace(TOLD, fingerprint="b2", action=None)}
    assert store.history.told(77, 4) == []


def test_the_last_word_of_a_dismissal_counts(store):
    store.history.dismiss(77, 3, [DISMISSED])
    store.history.dismiss(77, 3, [replace(DISMISSED, who="ada", reason="on purpose", comment_id=10)])
    assert store.history.dismissals(77, 3) == [replace(DISMISSED, who="ada", reason="on purpose", comment_id=10)]
    assert store.history.dismissals(78, 3) == []


def test_threads_that_we_resolved_are_known_until_they_are_opened_again(store):
    store.history.resolve(77, 3, ["t1", "t2"])
    store.history.resolve(77, 3, ["t2"])
    store.history.reopen(77, 3, ["t1"])
    assert store.history.resolved(77, 3) == {"t2"}
