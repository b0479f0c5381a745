"""All rules, in the order of the checklist."""

from __future__ import annotations

import sys
from dataclasses import replace

from analyzers.rule import Bad, Good, KnownMiss, Rule
from analyzers.rules import missing_authentication, missing_ownership_check, unenforced_session

__all__ = ["RULES", "Bad", "Good", "KnownMiss", "rule"]

RULES: tuple[Rule, ...] = tuple(
    replace(rule, page=(sys.modules[rule.check.__module__].__doc__ or "").strip())
    for rule in (missing_authentication.RULE, unenforced_session.RULE, missing_ownership_check.RULE)
)


def rule(rule_id: str) -> Rule | None:
    """The rule with this id."""
    return next((r for r in RULES if r.id == rule_id), None)
