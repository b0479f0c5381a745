"""`preship rules`: what is looked for."""

from __future__ import annotations


def rules() -> None:
    """List the rules."""
    from preship.bot.report.rule_page import rule_lines

    print("\n".join(rule_lines()))
