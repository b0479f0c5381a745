"""What Preship answers to commands: short, to whoever asked, and only where a thumb does not say it all."""

from __future__ import annotations

from collections.abc import Iterable

from preship.analyzers.rulebook import rule, rules_like
from preship.bot.review.commands import PREFIX
from preship.bot.review.links import Links
from preship.bot.review.markdown import code, fitting, prose

HELP = f"""\
| command | what it does |
| --- | --- |
| `{PREFIX} review` | reads the whole change again; the author of the pull request may ask, too |
| `{PREFIX} explain RULE` | tells what a rule finds, why that is bad and what to do |
| `{PREFIX} ignore RULE -- reason` | below a comment of mine: its finding no longer counts, and the summary says who \
wants that and why |
| `{PREFIX} ignore RULE in GLOB -- reason` | proposes, by a pull request, that such findings in the actions of a \
pattern of paths are ignored from then on |
| `{PREFIX} help` | shows this table |

Commands stand on the first line of a new comment, and are obeyed for people with write access."""

NOT_ALLOWED = "Only people with write access may ask that here."
NOT_ALLOWED_TO_REVIEW = "Only people with write access and the author of the pull request may ask that here."
NO_THREAD = (
    "I cannot tell which finding is meant. Write it as an answer below the comment of mine that tells the finding."
)
NO_REASON = f"Say why: `{PREFIX} ignore RULE -- reason`. The reason will stand in the summary."
NO_RULE = f"Say which rule: `{PREFIX} ignore RULE -- reason`, or `{PREFIX} explain RULE`."
NOT_REVIEWED = "There was nothing to review"


def is_rule(asked: str) -> bool:
    """Whether there is a rule of this id."""
    return rule(asked) is not None


def unknown_rule(asked: str) -> str:
    """There is no such rule, but perhaps one that is spelled nearly so."""
    meant = rules_like(asked)
    hint = f" Did you mean {_listed(meant)}?" if meant else f" {code(f'{PREFIX} help')} shows what I understand."
    return f"There is no rule {code(asked, 60)}.{hint}"


def not_told(asked: str, told: Iterable[str]) -> str:
    """The comment above is about something else."""
    known = tuple(told)
    about = f"the comment above is about {_listed(known)}" if known else "no finding of mine is told above"
    return f"Nothing to ignore: {about}, and not about {code(asked, 60)}."


def explanation(rule_id: str, links: Links) -> str:
    """A rule's page; its first part, where the whole is too long for a comment."""
    found = rule(rule_id)
    if found is None:
        return unknown_rule(rule_id)
    head = f"### {links.rule(found.id)}: {prose(found.title)}\n\nSeverity {found.severity}, CWE-{found.cwe}."
    paragraphs = found.page.split("\n\n")
    return fitting(lambda size: "\n\n".join([head, *paragraphs[:size]]), (len(paragraphs), 40, 10, 3, 0))


def _listed(ids: Iterable[str]) -> str:
    return " or ".join(code(id_) for id_ in ids)
