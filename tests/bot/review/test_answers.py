import pytest

from preship.analyzers.rulebook import RULES
from preship.bot.review.answers import HELP, explanation, not_told, unknown_rule
from preship.bot.review.buttons import BUTTONS, MOST, Button
from preship.bot.review.commands import Verb
from preship.bot.review.links import Links
from preship.bot.review.markdown import BODY_LIMIT_BYTES


def test_help_names_every_command():
    assert all(f"/preship {verb}" in HELP for verb in Verb)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_explained_in_a_comment(rule):
    text = explanation(rule.id, Links("https://preship.example/rules"))
    assert text.startswith(f"### [`{rule.id}`](https://preship.example/rules/{rule.id}): ")
    assert rule.page.split("\n\n")[0] in text
    assert len(text.encode()) < BODY_LIMIT_BYTES


def test_a_rule_that_is_not_there_is_guessed_at():
    assert "Did you mean `missing-authentication` or " in unknown_rule("missing-authentification")
    assert unknown_rule("xyzzy") == "There is no rule `xyzzy`. `/preship help` shows what I understand."


def test_what_is_asked_for_can_do_nothing_in_the_answer():
    assert unknown_rule("@everyone `x` #1").startswith("There is no rule ``@everyone `x` #1``.")
    assert "no finding of mine is told above" in not_told("a", ())


def test_buttons_are_as_short_as_github_wants_them():
    assert 0 < len(BUTTONS) <= MOST
    for words in (("x" * 21, "x", "x"), ("x", "x" * 41, "x"), ("x", "x", "x" * 21), ("", "x", "x")):
        with pytest.raises(ValueError, match="no such button"):
            Button(*words)
