"""Secrets that are written into the code of an action: known by the form in which services issue them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.source.tree import Literal, Span, Template
from preship.analyzers.source.walk import within

FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(form))
    for name, form in (
        ("a key of Stripe's", r"\b[sr]k_live_[0-9A-Za-z]{16,}"),
        ("a secret of Stripe's webhooks", r"\bwhsec_[0-9A-Za-z+/=]{20,}"),
        ("a token of GitHub's", r"\b(gh[posur]_[0-9A-Za-z]{30,}|github_pat_\w{30,})"),
        ("a key of AWS", r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("a token of Slack's", r"\bxox[abpr]-[0-9A-Za-z-]{10,}"),
        ("a key of SendGrid's", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
        ("a key of OpenAI's", r"\bsk-(proj-)?[0-9A-Za-z_-]{30,}"),
        ("a key of Anthropic's", r"\bsk-ant-[0-9A-Za-z_-]{20,}"),
        ("a token of npm's", r"\bnpm_[0-9A-Za-z]{36}\b"),
        ("a private key", r"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----"),
        ("a signed token", r"\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}"),
        ("the password of a database", r"\b(postgres(ql)?|mysql|mongodb(\+srv)?|rediss?)://[^\s:/@]+:[^\s/@]{4,}@"),
    )
)
"""By what a secret opens; the forms are those that the services document."""

SAMPLE = re.compile(r"x{6}|\.\.\.|<|\$\{|your|example|changeme|placeholder|localhost|127\.0\.0\.1", re.IGNORECASE)
"""What stands in for a secret in instructions, and what only opens something on the machine itself."""


@dataclass(frozen=True, slots=True)
class WrittenSecret:
    """A secret in the code of an action."""

    what: str
    at: Span


def written_secrets(action: ServerAction) -> Iterator[WrittenSecret]:
    """The secrets among the texts of an action's own code, in its order."""
    roots = [root for root in (action.function, action.value) if root is not None]
    for node in within(*roots):
        texts = node.strings if isinstance(node, Template) else (node.value,) if isinstance(node, Literal) else ()
        for text in texts:
            what = next((name for name, form in FORMS if form.search(text)), None) if isinstance(text, str) else None
            if what is not None and not SAMPLE.search(str(text)):
                yield WrittenSecret(what, node.span)
