"""All rules, in the order of the checklist."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from preship.analyzers.rule import STACK, Bad, Good, Item, KnownMiss, Rule
from preship.analyzers.rules import (
    accidental_endpoint,
    code_injection,
    command_injection,
    error_message_leak,
    identity_from_input,
    idle_declaration,
    ignored_ownership_check,
    implicit_select,
    late_authentication,
    late_ownership_check,
    layout_only_authentication,
    mass_assignment,
    missing_authentication,
    missing_ownership_check,
    missing_role_check,
    missing_server_only,
    open_redirect,
    oversized_body,
    path_traversal,
    permissive_allowed_origins,
    raw_record_return,
    resource_enumeration,
    secret_in_code,
    secret_in_response,
    self_granted_privilege,
    server_side_request_forgery,
    sql_injection,
    stale_permission,
    stale_session_capture,
    token_parameter,
    unenforced_session,
    unvalidated_input,
    unverified_session,
)

__all__ = ["ITEMS", "RULES", "STACK", "Bad", "Good", "Item", "KnownMiss", "Rule", "rule", "rules_like"]

RULES: tuple[Rule, ...] = tuple(
    replace(rule, page=(sys.modules[rule.check.__module__].__doc__ or "").strip())
    for rule in (
        missing_authentication.RULE,
        unenforced_session.RULE,
        late_authentication.RULE,
        unverified_session.RULE,
        stale_session_capture.RULE,
        missing_ownership_check.RULE,
        late_ownership_check.RULE,
        ignored_ownership_check.RULE,
        missing_role_check.RULE,
        self_granted_privilege.RULE,
        stale_permission.RULE,
        identity_from_input.RULE,
        unvalidated_input.RULE,
        mass_assignment.RULE,
        token_parameter.RULE,
        raw_record_return.RULE,
        error_message_leak.RULE,
        resource_enumeration.RULE,
        secret_in_response.RULE,
        secret_in_code.RULE,
        sql_injection.RULE,
        command_injection.RULE,
        code_injection.RULE,
        path_traversal.RULE,
        server_side_request_forgery.RULE,
        open_redirect.RULE,
        accidental_endpoint.RULE,
        missing_server_only.RULE,
        implicit_select.RULE,
        layout_only_authentication.RULE,
        permissive_allowed_origins.RULE,
        oversized_body.RULE,
        idle_declaration.RULE,
    )
)


ITEMS: Mapping[str, Item | None] = {rule.id: rule.item for rule in RULES}
"""Which item of the checklist each rule is about."""


def rule(rule_id: str) -> Rule | None:
    """The rule with this id."""
    return next((r for r in RULES if r.id == rule_id), None)


def rules_like(rule_id: str) -> list[str]:
    """The ids that somebody who wrote `rule_id` may have meant."""
    return get_close_matches(rule_id, [known.id for known in RULES], n=3, cutoff=0.4)
