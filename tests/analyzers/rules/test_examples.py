"""Every example of every rule's page, executed: a page cannot promise what the rule does not do."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from preship.analyzers.codebase import codebase_of
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from preship.analyzers.rule import Bad, Finding, Good, KnownMiss, Rule, Subject
from preship.analyzers.rulebook import RULES
from preship.analyzers.surroundings import Surroundings
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


def subjects(rule: Rule, code: Code) -> list[Subject]:
    """What a rule judges of an example."""
    tree = codebase_of(MemoryFiles(files_of(code)), Parsed())
    around = Surroundings(tree).all_of(tree.project.sources)
    return [each for each in (*run(code).values(), *around) if isinstance(each, rule.about)]


def found(rule: Rule, code: Code) -> list[Finding]:
    """What a rule says of an example."""
    return [finding for subject in subjects(rule, code) for finding in rule.check(subject)]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_what_its_page_says(rule: Rule, example: Bad | Good | KnownMiss) -> None:
    places = {(f.path, f.line) for f in found(rule, example.code)}
    if isinstance(example, Bad):
        assert marked(example.code), "a bad example marks at least one line"
        assert places == marked(example.code)
    else:
        assert places == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_finding_says_what_is_wrong_in_one_clause(rule: Rule) -> None:
    bad = (example for example in rule.examples if isinstance(example, Bad))
    for finding in (each for example in bad for each in found(rule, example.code)):
        assert bool(finding.headline) is not bool(finding.claim)
        assert finding.message.startswith(f"{finding.claim}." if finding.claim else "")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_judges_what_its_check_takes(rule: Rule) -> None:
    (taken, *_) = get_type_hints(rule.check).values()
    assert taken is rule.about


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_page_and_enough_examples(rule: Rule) -> None:
    assert "## Why this is bad" in rule.page
    assert sum(isinstance(e, Bad) for e in rule.examples) >= 2
    assert sum(isinstance(e, Good) for e in rule.examples) >= 2
