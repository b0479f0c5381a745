import pytest

from preship.bot.review.commands import Command, Verb, parse_command


@pytest.mark.parametrize(
    "body", ["/preship review", "  /preship  review \nplease", "/Preship Review", "/preship review\r\n"]
)
def test_a_review_is_asked_for_on_the_first_line(body):
    assert parse_command(body) == Command(Verb.REVIEW)


def test_a_rule_is_ignored_for_a_reason():
    command = parse_command("/preship ignore missing-authentication -- a public counter")
    assert command == Command(Verb.IGNORE, "missing-authentication", "a public counter")


@pytest.mark.parametrize("where", ["app/admin/**", "app/a--b/**", "app/in my folder/**", "`app/**`"])
def test_a_rule_is_ignored_in_the_actions_of_a_pattern(where):
    command = parse_command(f"/preship ignore missing-authentication in {where} -- behind the VPN -- really")
    assert command == Command(Verb.IGNORE, "missing-authentication", "behind the VPN -- really", where.strip("`"))


@pytest.mark.parametrize("body", ["/preship", "/preship reveiw", "/preship --"])
def test_what_is_not_understood_asks_for_help(body):
    assert parse_command(body) == Command(Verb.HELP)


@pytest.mark.parametrize(
    "body", ["", "please\n/preship review", "> /preship review", "/preshipreview", "`/preship review`"]
)
def test_words_about_a_command_are_none(body):
    assert parse_command(body) is None
