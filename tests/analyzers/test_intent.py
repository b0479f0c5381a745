"""What comments ask to be ignored: what counts, what is only shown, and what nothing follows from."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import (
    ActionPattern,
    Analysis,
    Answer,
    FileChange,
    Finding,
    Item,
    JudgedAction,
    Lapsed,
    Policy,
    PublicActions,
    Severity,
    Status,
    Touch,
    review,
    scan,
)
from preship.analyzers.project.memory import MemoryFiles
from tests.analyzers.test_review import APP, changes, edited

WIPE = "export async function count() {\n  return 1\n}"
OPEN = "export async function wipe() {\n  %s await db.post.deleteMany({})\n}"


def app(above: str = "", inside: str = "") -> dict[str, str]:
    """The app with an open action `wipe`, and comments above it and right above what it does."""
    code = (f"{above}\n" if above else "") + OPEN % (f"{inside}\n  " if inside else "")
    return edited("app/actions.ts", WIPE, code)


IGNORED = "// preship: ignore missing-authentication -- a nightly job of the test stand"


def wiping(analysis: Analysis) -> JudgedAction:
    """What is said of `wipe`."""
    (action,) = [each for each in analysis.actions if each.name == "wipe"]
    return action


def scanned(tree: dict[str, str]) -> JudgedAction:
    return wiping(scan(MemoryFiles(tree), Policy()))


def reviewed(old: dict[str, str], new: dict[str, str]) -> JudgedAction:
    return wiping(review(MemoryFiles(old), MemoryFiles(new), changes(old, new), Policy()))


def ignored(action: JudgedAction) -> list[tuple[str, str | None]]:
    """The findings about who may call it, with the reason for which they stand."""
    return [(f.rule, f.ignored) for f in action.findings if f.rule == "missing-authentication"]


def idle(action: JudgedAction) -> list[Finding]:
    return [f for f in action.findings if f.rule == "idle-declaration"]


REASON = "a nightly job of the test stand"


def test_a_comment_above_the_action_ignores_what_the_rule_finds_in_it() -> None:
    action = scanned(app(IGNORED))
    assert ignored(action) == [("missing-authentication", REASON)]
    entries = {entry.item: entry for entry in action.checklist}
    assert entries[Item.AUTHENTICATION].answer is Answer.NOT_APPLICABLE
    assert entries[Item.AUTHENTICATION].evidence.endswith(f"ignored: {REASON}")


def test_a_comment_above_the_line_ignores_what_the_rule_finds_there() -> None:
    assert ignored(scanned(app(inside=IGNORED))) == [("missing-authentication", REASON)]


def test_several_comments_may_stand_above_one_another() -> None:
    other = "// preship: ignore raw-record-return -- nothing is returned"
    assert ignored(scanned(app(f"{IGNORED}\n{other}"))) == [("missing-authentication", REASON)]


def test_a_comment_for_another_rule_ignores_nothing_and_is_reported() -> None:
    action = scanned(app("// preship: ignore late-authentication -- no"))
    assert ignored(action) == [("missing-authentication", None)]
    (finding,) = idle(action)
    assert finding.severity is Severity.LOW
    assert finding.message.endswith("The rule finds nothing here, so there is nothing to ignore.")
    assert action_line(action, finding) == "// preship: ignore late-authentication -- no"


def action_line(action: JudgedAction, finding: Finding) -> str:
    """The line that a finding stands on."""
    tree = app("// preship: ignore late-authentication -- no")
    return tree[finding.path].split("\n")[finding.line - 1]


def test_a_comment_without_a_reason_ignores_nothing_and_is_reported() -> None:
    action = scanned(app("// preship: ignore missing-authentication"))
    assert ignored(action) == [("missing-authentication", None)]
    assert [f.remedy for f in idle(action)] == ["Write the reason behind two hyphens: `-- why`."]


def test_a_misspelt_rule_is_reported_with_the_one_that_was_meant() -> None:
    action = scanned(app("// preship: ignore missing-authentification -- yes"))
    assert [f.remedy for f in idle(action)] == ["Did you mean `missing-authentication`?"]


def test_an_action_that_refuses_anonymous_callers_is_not_to_be_declared_public() -> None:
    tree = edited(
        "app/actions.ts", "export async function remove", "// preship: public -- why not\nexport async function remove"
    )
    (action,) = [each for each in scan(MemoryFiles(tree), Policy()).actions if each.name == "remove"]
    assert [f.message for f in idle(action)] == [
        "`preship: public` has no effect. The action refuses anonymous callers all the same, and the declaration would "
        "hide the day it stops to."
    ]


def test_a_declaration_that_has_outlived_its_fault_is_reported_as_new() -> None:
    mended = {
        **app(IGNORED),
        "app/actions.ts": app(IGNORED)["app/actions.ts"].replace("() {\n   await", "() {\n  await member()\n  await"),
    }
    action = reviewed(app(IGNORED), mended)
    assert [(f.status, f.severity) for f in idle(action)] == [("introduced", Severity.LOW)]


def test_a_comment_that_stands_at_base_counts() -> None:
    new = edited("app/actions.ts", "deleteMany({})", "deleteMany({ where: {} })", app(IGNORED))
    assert ignored(reviewed(app(IGNORED), new)) == [("missing-authentication", REASON)]


def test_a_comment_that_a_change_adds_is_shown_and_not_obeyed() -> None:
    action = reviewed(app(), app(IGNORED))
    assert (action.touch, ignored(action), idle(action)) == (Touch.EDITED, [("missing-authentication", None)], [])
    (shown,) = action.pending
    assert (shown.declares, shown.reason, shown.line) == ("ignore missing-authentication", REASON, 15)


def test_a_new_action_cannot_ignore_its_own_faults() -> None:
    action = reviewed(APP, app(IGNORED))
    assert ignored(action) == [("missing-authentication", None)]
    assert [shown.declares for shown in action.pending] == ["ignore missing-authentication"]


def test_a_declaration_of_public_that_a_change_adds_is_shown_and_not_obeyed() -> None:
    action = reviewed(app(), app("// preship: public -- let it be"))
    assert (action.public, ignored(action)) == (None, [("missing-authentication", None)])
    assert [(shown.declares, shown.reason) for shown in action.pending] == [("public", "let it be")]


def test_a_comment_that_a_change_removes_counts_no_more() -> None:
    action = reviewed(app(IGNORED), app())
    assert (action.touch, ignored(action)) == (Touch.EDITED, [("missing-authentication", None)])


def test_a_declaration_of_public_that_a_change_removes_counts_no_more() -> None:
    action = reviewed(app("// preship: public -- let it be"), app())
    assert (action.touch, action.public) == (Touch.EDITED, None)
    assert [(f.rule, f.status) for f in action.findings if f.rule == "missing-authentication"] == [
        ("missing-authentication", Status.INTRODUCED)
    ]


def test_a_malformed_comment_that_a_change_adds_is_told_as_its_own_edit() -> None:
    action = reviewed(app(), app("// preship: ignore missing-authentication"))
    assert (action.touch, [f.status for f in idle(action)]) == (Touch.EDITED, [Status.INTRODUCED])


def test_a_line_that_is_ignored_at_base_ignores_no_other_line() -> None:
    old = app(inside=IGNORED)
    second = f"  {IGNORED}\n  await db.user.deleteMany({{}})\n}}"
    new = {**old, "app/actions.ts": old["app/actions.ts"].replace("  await db.post.deleteMany({})\n}", second, 1)}
    assert ignored(reviewed(old, new)) == [("missing-authentication", None)]


def test_a_moved_file_takes_its_comments_along() -> None:
    old = app(IGNORED)
    new = {("app/moved.ts" if path == "app/actions.ts" else path): text for path, text in old.items()}
    new["app/moved.ts"] = new["app/moved.ts"].replace("deleteMany({})", "deleteMany({ where: {} })")
    change = FileChange("app/moved.ts", "app/actions.ts", added=(17,), removed=(17,), seams=(16,))
    found = review(MemoryFiles(old), MemoryFiles(new), [change], Policy())
    assert ignored(wiping(found)) == [("missing-authentication", REASON)]


LAPSED = Lapsed(REASON)

ADDED = {
    "another table": "await db.post.deleteMany({})\n  await db.user.deleteMany({})",
    "another operation": "await db.post.updateMany({ data: { title: '' } })",
    "a filter of the caller's": "await db.post.deleteMany({ where: { authorId: arguments[0] } })",
    "an answer": "await db.post.deleteMany({})\n  return await db.user.findMany({})",
}


@pytest.mark.parametrize("where", ["above", "inside"])
@pytest.mark.parametrize("what", ADDED)
def test_a_comment_does_not_cover_what_a_change_adds_under_it(where: str, what: str) -> None:
    old = app(**{where: IGNORED})
    new = edited("app/actions.ts", "await db.post.deleteMany({})", ADDED[what], old)
    action = reviewed(old, new)
    (finding,) = [f for f in action.findings if f.rule == "missing-authentication"]
    assert (finding.ignored, finding.lapsed) == (None, LAPSED)
    assert finding.status in (Status.INTRODUCED, Status.WORSENED)


CARRIED_ON = {
    "formatting": ("await db.post.deleteMany({})", "await db\n    .post\n    .deleteMany(\n      {}\n    )"),
    "a renamed variable": ("await db.post.deleteMany({})", "const store = db.post\n  await store.deleteMany({})"),
    "moved lines": ("await db.post.deleteMany({})", "\n\n  await db.post.deleteMany({})"),
    "a log": ("await db.post.deleteMany({})", "await db.post.deleteMany({})\n  console.log('wiped')"),
    "less than before": ("await db.post.deleteMany({})", "if (Date.now() % 2) await db.post.deleteMany({})"),
}


@pytest.mark.parametrize("what", CARRIED_ON)
def test_a_comment_covers_the_same_code_however_it_is_written(what: str) -> None:
    old = app(IGNORED)
    new = edited("app/actions.ts", *CARRIED_ON[what], old)
    assert ignored(reviewed(old, new)) == [("missing-authentication", REASON)]


def with_tip(old: dict[str, str], new: dict[str, str], tip: dict[str, str]) -> JudgedAction:
    found = review(MemoryFiles(old), MemoryFiles(new), changes(old, new), Policy(), tip=MemoryFiles(tip))
    return wiping(found)


TOUCHED = "await db.post.deleteMany({}) // touched"


def touched(tree: dict[str, str]) -> dict[str, str]:
    """The same, with a line of `wipe` edited."""
    return edited("app/actions.ts", "await db.post.deleteMany({})", TOUCHED, tree)


def test_a_comment_that_the_base_branch_has_lost_since_counts_no_more() -> None:
    assert ignored(with_tip(app(IGNORED), touched(app(IGNORED)), app())) == [("missing-authentication", None)]


def test_a_comment_that_the_base_branch_has_got_since_counts() -> None:
    assert ignored(with_tip(app(), touched(app()), app(IGNORED))) == [("missing-authentication", REASON)]
    assert ignored(with_tip(app(), touched(app(inside=IGNORED)), app(IGNORED))) == [("missing-authentication", REASON)]


def test_a_comment_that_the_base_branch_has_got_since_counts_for_what_it_does_there() -> None:
    worse = edited("app/actions.ts", "db.post.deleteMany({})", "db.user.deleteMany({})", touched(app()))
    (finding,) = [f for f in with_tip(app(), worse, app(IGNORED)).findings if f.rule == "missing-authentication"]
    assert (finding.ignored, finding.lapsed) == (None, LAPSED)


def test_a_declaration_of_public_counts_as_the_base_branch_has_it_now() -> None:
    public = app("// preship: public -- let it be")
    assert with_tip(public, touched(public), app()).public is None
    assert with_tip(app(), touched(app()), public).public == "declared: let it be"
    assert with_tip(public, touched(app()), public).public is None


def test_what_an_action_that_is_declared_public_does_anew_is_named() -> None:
    public = app("// preship: public -- let it be")
    new = edited("app/actions.ts", "await db.post.deleteMany({})", ADDED["another table"], public)
    assert [each.says for each in reviewed(public, new).beyond_declared] == [
        "deletes from `user` (`prisma.user.deleteMany`)"
    ]
    assert reviewed(public, touched(public)).beyond_declared == ()


def test_what_the_configuration_declares_public_is_held_against_base_too() -> None:
    policy = Policy(public=(PublicActions(ActionPattern("app/actions.ts", "wipe"), "a demonstration"),))
    old, new = app(), edited("app/actions.ts", "await db.post.deleteMany({})", ADDED["another table"], app())
    for base, expected in ((old, 1), (edited("app/actions.ts", WIPE, WIPE), 2)):
        found = review(MemoryFiles(base), MemoryFiles(new), changes(base, new), policy)
        assert len(wiping(found).beyond_declared) == expected


def test_no_reason_makes_a_finding_disappear() -> None:
    action = scanned(app("// preship: ignore missing-authentication -- the configuration turns the rule off"))
    assert ignored(action) == [("missing-authentication", "the configuration turns the rule off")]
