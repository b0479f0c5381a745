"""The rules as text: one line each, or one rule's whole page."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rulebook import RULES, rule


def rule_lines() -> Iterator[str]:
    """One line per rule, in the order of the checklist."""
    widest = max(len(known.id) for known in RULES)
    return (f"{known.id:<{widest}}  {known.severity:<8}  {known.title}" for known in RULES)


def rule_page(rule_id: str) -> str | None:
    """A rule's page in Markdown; None for an unknown id."""
    found = rule(rule_id)
    if found is None:
        return None
    item = f"checklist item {found.item}" if found.item is not None else "outside of the checklist"
    facts = f"Severity {found.severity}, CWE-{found.cwe}, {item}."
    return f"# {found.id}\n\n{facts}\n\n{found.page}\n"
