"""What a repository's own policy changes in what is said of its actions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preship.analyzers.analysis import (
    ActionPattern,
    Analysis,
    Answer,
    ExceptedActions,
    Guard,
    Item,
    Persona,
    Policy,
    Proof,
    PublicActions,
    RoleBoundActions,
    Severity,
    Status,
    review,
    scan,
)
from preship.analyzers.project.memory import MemoryFiles
from tests.analyzers.running import files_of
from tests.analyzers.test_review import APP, changes, edited

BARE = edited("lib/dal.ts", "throw new Error('Not signed in')", "console.warn('Not signed in')")


def scanned(policy: Policy, app: dict[str, str] = BARE) -> Analysis:
    return scan(MemoryFiles(app), policy)


def rules_of(analysis: Analysis, name: str) -> list[str]:
    return [found.rule for action in analysis.actions if action.name == name for found in action.findings]


def answer(analysis: Analysis, name: str, item: Item) -> tuple[Answer, str]:
    (action,) = [each for each in analysis.actions if each.name == name]
    (entry,) = [each for each in action.checklist if each.item is item]
    return entry.answer, entry.evidence


def test_actions_of_ignored_files_are_left_out_and_named() -> None:
    found = scanned(Policy(ignored=("app/**",)))
    assert (found.actions, found.left_out) == ((), ("app/actions.ts",))


def test_where_only_some_files_are_meant_the_others_are_left_out() -> None:
    assert scanned(Policy(only=("src/",))).left_out == ("app/actions.ts",)
    assert scanned(Policy(only=("app/",))).left_out == ()


def test_a_change_of_a_file_that_is_left_out_is_named() -> None:
    new = edited("app/actions.ts", "return 1", "return 2")
    found = review(MemoryFiles(APP), MemoryFiles(new), changes(APP, new), Policy(ignored=("app/",)))
    assert (found.actions, found.left_out) == ((), ("app/actions.ts",))


def test_an_action_is_public_where_its_pattern_says_so() -> None:
    public = PublicActions(ActionPattern("app/**", "rem*"), "anybody may tidy up")
    found = scanned(Policy(public=(public,)))
    assert "unenforced-session" in rules_of(scanned(Policy()), "remove")
    assert "unenforced-session" not in rules_of(found, "remove")
    assert "unenforced-session" in rules_of(found, "rename")
    (remove,) = [each for each in found.actions if each.name == "remove"]
    assert remove.public == "declared in the configuration: anybody may tidy up"


def test_a_new_action_is_public_where_the_pattern_of_the_base_says_so() -> None:
    public = Policy(public=(PublicActions(ActionPattern("app/**"), "a demonstration"),))
    new = edited(
        "app/actions.ts", "return 1\n}", "return 1\n}\nexport async function wipe() { await db.post.deleteMany() }"
    )
    (wipe,) = review(MemoryFiles(APP), MemoryFiles(new), changes(APP, new), public).actions
    assert (wipe.name, wipe.public) == ("wipe", "declared in the configuration: a demonstration")


def test_a_rule_is_as_severe_as_the_policy_says() -> None:
    found = scanned(Policy(severities=(("unenforced-session", Severity.LOW),)))
    severities = {f.severity for a in found.actions for f in a.findings if f.rule == "unenforced-session"}
    assert severities == {Severity.LOW}
    (remove, *_) = found.actions
    assert [f.rule for f in remove.findings if f.persona is Persona.REGULAR][-1] == "unenforced-session"


def test_a_rule_that_is_off_finds_nothing_and_is_no_yes() -> None:
    found = scanned(Policy(severities=(("unenforced-session", None),)))
    assert "unenforced-session" not in rules_of(found, "remove")
    kind, why = answer(found, "remove", Item.AUTHENTICATION)
    assert (kind, why.endswith("ignored: the configuration turns the rule off")) == (Answer.NOT_APPLICABLE, True)


def excepted(pattern: ActionPattern) -> Policy:
    return Policy(exceptions=(ExceptedActions("unenforced-session", pattern, "a demonstration"),))


@pytest.mark.parametrize("pattern", [ActionPattern("app/**"), ActionPattern("app/actions.ts", "rem*")])
def test_findings_that_are_meant_to_stand_are_ignored_with_their_reason(pattern: ActionPattern) -> None:
    found = scanned(excepted(pattern))
    (remove,) = [each for each in found.actions if each.name == "remove"]
    meant = {f.ignored for f in remove.findings if f.rule == "unenforced-session"}
    assert meant == {"a demonstration (by the configuration)"}
    kind, why = answer(found, "remove", Item.AUTHENTICATION)
    assert (kind, why.endswith("ignored: a demonstration (by the configuration)")) == (Answer.NOT_APPLICABLE, True)


@pytest.mark.parametrize("pattern", [ActionPattern("lib/**"), ActionPattern("app/actions.ts", "rename")])
def test_findings_elsewhere_are_not_meant_to_stand(pattern: ActionPattern) -> None:
    (remove,) = [each for each in scanned(excepted(pattern)).actions if each.name == "remove"]
    assert {f.ignored for f in remove.findings if f.rule == "unenforced-session"} == {None}


def test_findings_of_other_rules_are_not_meant_to_stand() -> None:
    found = scanned(excepted(ActionPattern("app/**")))
    others = {f.ignored for a in found.actions for f in a.findings if f.rule != "unenforced-session"}
    assert others == {None}


def test_a_rule_that_is_off_is_off_where_its_findings_are_meant_to_stand() -> None:
    policy = replace(excepted(ActionPattern("app/**")), severities=(("unenforced-session", None),))
    assert "unenforced-session" not in rules_of(scanned(policy), "remove")


def test_a_new_action_is_meant_to_stand_where_the_base_says_so_of_its_kind() -> None:
    new = edited(
        "app/actions.ts", "return 1\n}", "return 1\n}\nexport async function wipe() { await db.post.deleteMany() }"
    )
    policy = Policy(exceptions=(ExceptedActions("missing-authentication", ActionPattern("app/**"), "behind a VPN"),))
    (wipe,) = review(MemoryFiles(APP), MemoryFiles(new), changes(APP, new), policy).actions
    assert [f.ignored for f in wipe.findings if f.rule == "missing-authentication"] == [
        "behind a VPN (by the configuration)"
    ]


def test_a_role_bound_action_has_to_ask_for_one() -> None:
    policy = Policy(role_bound=(RoleBoundActions(ActionPattern("app/actions.ts", "rename"), "editor"),))
    found = scanned(policy, APP)
    assert "missing-role-check" in rules_of(found, "rename")
    assert "missing-role-check" not in rules_of(found, "remove")
    assert [each.role for each in found.actions] == [None, "editor", None]
    (told,) = [f for a in found.actions for f in a.findings if f.rule == "missing-role-check"]
    assert "keeps it for a role: editor." in told.message


ASKS_THE_STORE = """
    const user = await member()
    const account = await db.account.findUnique({ where: { id: user.id } })
    %s
    await db.post.updateMany({ where: { id }, data: { title } })
"""


def asking(question: str) -> dict[str, str]:
    """The app, in which `rename` reads the caller's account and then asks something of it."""
    change = "  await db.post.updateMany({ where: { id, authorId: user.id }, data: { title } })"
    return edited("app/actions.ts", f"  const user = await member()\n{change}", ASKS_THE_STORE % question, APP)


def test_what_the_question_for_a_role_reads_comes_before_the_role() -> None:
    policy = Policy(role_bound=(RoleBoundActions(ActionPattern("app/**"), "editor"),))
    asked = scanned(policy, asking("if (account?.role !== 'editor') return { error: 'editors only' }"))
    assert "missing-role-check" not in rules_of(asked, "rename")


def test_where_no_role_is_asked_for_the_change_is_told_and_not_the_read_before_it() -> None:
    policy = Policy(role_bound=(RoleBoundActions(ActionPattern("app/**"), "editor"),))
    unasked = scanned(policy, asking("console.info(account)"))
    (told,) = [f for a in unasked.actions if a.name == "rename" for f in a.findings if f.rule == "missing-role-check"]
    assert told.message.startswith("`rename` changes `post`")


def test_a_missing_role_is_not_a_missing_owner_as_well() -> None:
    open_to_all = edited("app/actions.ts", "where: { id, authorId: user.id }, data", "where: { id }, data", APP)
    policy = Policy(role_bound=(RoleBoundActions(ActionPattern("app/**"), "editor"),))
    assert "missing-ownership-check" in rules_of(scanned(Policy(), open_to_all), "rename")
    found = rules_of(scanned(policy, open_to_all), "rename")
    assert ("missing-ownership-check" in found, "missing-role-check" in found) == (False, True)


def test_a_role_bound_action_that_asks_for_one_is_sound() -> None:
    asked = edited("lib/dal.ts", "throw new Error('Not signed in')", "throw new Error('no')")
    asked = edited(
        "lib/dal.ts", "return session.user", "if (session.user.role !== 'editor') throw 1\n  return session.user", asked
    )
    policy = Policy(role_bound=(RoleBoundActions(ActionPattern("app/**"), "editor"),))
    assert "missing-role-check" not in rules_of(scanned(policy, asked), "rename")


def test_a_declared_guard_counts_in_both_trees() -> None:
    policy = Policy(guards=(Guard(("@acme/auth", "requireUser"), Proof.AUTHENTICATION),))
    old = files_of({**APP, "lib/dal.ts": "export { requireUser as member } from '@acme/auth'\n"})
    new = edited(
        "app/actions.ts", "  const user = await member()\n  await db.post.deleteMany", "  await db.post.deleteMany", old
    )
    new = edited(
        "app/actions.ts",
        ", authorId: user.id } })\n}\n\nexport async function rename",
        " } })\n}\n\nexport async function rename",
        new,
    )
    (action,) = review(MemoryFiles(old), MemoryFiles(new), changes(old, new), policy).actions
    assert [(f.rule, f.status) for f in action.findings if f.rule.endswith("authentication")] == [
        ("missing-authentication", Status.INTRODUCED)
    ]
