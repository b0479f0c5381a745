"""`preship explain`: a rule's page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from preship.bot.options import no_rule, rules_beginning


def explain(
    rule: Annotated[
        str, typer.Argument(help="The rule's id, such as missing-authentication.", autocompletion=rules_beginning)
    ],
) -> None:
    """Show a rule's page: what it finds, why that is bad, what to use instead."""
    from preship.bot.report.rule_page import rule_page

    page = rule_page(rule)
    if page is None:
        raise no_rule(rule)
    if not sys.stdout.isatty():
        print(page)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page))
