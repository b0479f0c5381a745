"""Every example of every rule's page, executed: a page cannot promise what the rule does not do."""

from __future__ import annotations

import pytest

from analyzers.rule import Bad, Finding, Good, KnownMiss, Rule
from analyzers.rulebook import RULES
from tests.analyzers.running import Code, files_of, run

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}") for rule in RULES for example in rule.examples
]


def marked(code: Code) -> set[tuple[str, int]]:
    """The lines that an example marks."""
    return {
        (path, number)
        for path, text in files_of(code).items()
        for number, line in enumerate(text.split("\n"), 1)
        if "// <- finding" in line
    }


def found(rule: Rule, code: Code) -> list[Finding]:
    """What a rule says of an example."""
    return [finding for facts in run(code).values() for finding in rule.check(facts)]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_what_its_page_says(rule: Rule, example: Bad | Good | KnownMiss) -> None:
    places = {(f.path, f.line) for f in found(rule, example.code)}
    if isinstance(example, Bad):
        assert marked(example.code), "a bad example marks at least one line"
        assert places == marked(example.code)
    else:
        assert places == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_page_and_enough_examples(rule: Rule) -> None:
    assert "## Why this is bad" in rule.page
    assert sum(isinstance(e, Bad) for e in rule.examples) >= 2
    assert sum(isinstance(e, Good) for e in rule.examples) >= 2
