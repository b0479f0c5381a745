"""All rules, in the order of the checklist."""

from __future__ import annotations

import sys
from dataclasses import replace

from analyzers.rule import Bad, Good, Item, KnownMiss, Rule
from analyzers.rules import (
    accidental_endpoint,
    identity_from_input,
    late_authentication,
    missing_authentication,
    missing_ownership_check,
    stale_session_capture,
    unenforced_session,
    unverified_session,
)

__all__ = ["JUDGED", "RULES", "Bad", "Good", "KnownMiss", "rule"]

RULES: tuple[Rule, ...] = tuple(
    replace(rule, page=(sys.modules[rule.check.__module__].__doc__ or "").strip())
    for rule in (
        missing_authentication.RULE,
        unenforced_session.RULE,
        late_authentication.RULE,
        unverified_session.RULE,
        stale_session_capture.RULE,
        missing_ownership_check.RULE,
        identity_from_input.RULE,
        accidental_endpoint.RULE,
    )
)


JUDGED = frozenset({Item.AUTHENTICATION, Item.OWNERSHIP})
"""Items of which every question is asked; of the others some faults are found, but nothing vouches for the rest."""


def rule(rule_id: str) -> Rule | None:
    """The rule with this id."""
    return next((r for r in RULES if r.id == rule_id), None)
