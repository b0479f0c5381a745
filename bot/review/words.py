"""What a comment says: what this code does, who can do what with it, how that was seen, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from analyzers.analysis import Edit, Finding, JudgedAction, JudgedFile, Step
from bot.review.characters import spelled
from bot.review.links import Links
from bot.review.markdown import NAME_LIMIT, code, fenced, fitting, prose
from bot.review.policy import DECLARABLE, IGNORABLE
from bot.review.pull_request import Side
from bot.review.remarks import Fault, Remark

LIST_SIZES = (40, 20, 10, 5, 1)
"""How many faults one comment lists, the longest list that fits."""

TRAIL_LIMIT = 20
"""Steps of evidence that one comment tells: real trails have two to six."""

SUGGESTION_LIMIT = 4_000
"""Longer edits are no suggestion that anyone would accept with a click."""

_FIRST_SENTENCE = re.compile(r"((?:`[^`]*`|[^`])*?[.!?])\s+(?=[A-Z`])")

DECLARATION = "// preship: public -- why"
"""How an author declares that an action is open to everyone."""


def comment_body(remark: Remark, links: Links, marker: str) -> str:
    """The text of one comment, its hidden mark at the end."""
    if len(remark.faults) == 1:
        blocks = _single(remark, links)
        return "\n\n".join(filter(None, [*blocks, _footer([remark.worst.finding], links), marker]))
    return fitting(lambda size: _several(remark, links, marker, size), LIST_SIZES)


def called(action: JudgedAction | JudgedFile) -> str:
    """How an action, or a file beside actions, is called in a sentence."""
    if isinstance(action, JudgedFile):
        return code(action.path)
    name = action.name_in_code or action.name
    return code(name) if name else f"the inline action of line {action.line}"


def counted(number: int, noun: str) -> str:
    """`1 fault`, `2 faults`, `no faults`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def counted_bearers(faults: Iterable[Fault]) -> str:
    """What faults stand on: `2 Server Actions`, `1 file`, `1 Server Action and 2 files`."""
    bearers = {(fault.action.path, fault.action.line, fault.action.name, type(fault.action)) for fault in faults}
    files = sum(kind is JudgedFile for *_, kind in bearers)
    actions = len(bearers) - files
    parts = [counted(actions, "Server Action")] if actions or not files else []
    return " and ".join([*parts, *([counted(files, "file")] if files else [])])


def as_sentence(text: str) -> str:
    """The text with a capital in front; what begins with code stays as it is."""
    return text[:1].upper() + text[1:]


def first_sentence(text: str) -> tuple[str, str]:
    """A paragraph's first sentence, and the rest; a full stop inside of code ends none."""
    found = _FIRST_SENTENCE.match(text)
    return (found[1], text[found.end() :]) if found else (text, "")


def once_ignored(finding: Finding) -> str:
    """Who had it ignored for what the action did before, and why; empty where nobody had."""
    lapsed = finding.lapsed
    if lapsed is None:
        return ""
    who = code(lapsed.who) if lapsed.who else "a comment in the code"
    return f"was ignored by {who} for what stood here before: {prose(lapsed.reason, 300)}"


def telling_trail(finding: Finding) -> tuple[Step, ...]:
    """The trail, unless all that it says is where the finding stands."""
    only_repeats = [(step.path, step.line) for step in finding.trail] == [(finding.path, finding.line)]
    return () if only_repeats else finding.trail


def _single(remark: Remark, links: Links) -> list[str]:
    fault = remark.worst
    blocks = [
        f"**{_severity(fault.finding)}: {prose(fault.finding.title, NAME_LIMIT)}** in {called(fault.action)}",
        as_sentence(once_ignored(fault.finding)),
        prose(as_sentence(fault.finding.message)),
        f"It runs {_cause(remark.cause, links)}" if remark.cause else "",
        _trail(telling_trail(fault.finding), links),
        f"**How to mend it:** {prose(fault.finding.remedy)}",
    ]
    suggestion = _suggestion(remark)
    return [block for block in (*blocks, suggestion) if block]


def _several(remark: Remark, links: Links, marker: str, size: int) -> str:
    """One comment for several faults, of which it lists `size`."""
    listed = remark.faults[:size]
    left_out = len(remark.faults) - len(listed)
    is_one_rule = len({fault.finding.rule for fault in remark.faults}) == 1
    blocks = [
        _headline(remark),
        f"They run {_cause(remark.cause, links)}" if remark.cause else _shared(remark, links),
        "\n".join(f"- {_entry(fault, links, is_titled=not is_one_rule)}" for fault in listed),
        f"… and {left_out} more, all in *Before you ship*." if left_out else "",
        prose(first_sentence(remark.worst.finding.message)[1]) if is_one_rule else "",
        _remedies(listed),
        _footer([fault.finding for fault in listed], links),
        marker,
    ]
    return "\n\n".join(block for block in blocks if block)


def _headline(remark: Remark) -> str:
    severity = _severity(remark.worst.finding)
    bearers = counted_bearers(remark.faults)
    if remark.cause:
        return f"**{severity}: this change lays bare {bearers}**"
    title = prose(remark.worst.finding.title, NAME_LIMIT)
    places = len({(fault.finding.path, fault.finding.line) for fault in remark.faults})
    where = f"in {counted(places, 'place')}" if places > 1 else f"for {bearers}"
    return f"**{severity}: {title}**, {where}"


def _cause(cause: Step, links: Links) -> str:
    return f"{links.line(cause.path, cause.line)}, which {prose(cause.says)}."


def _shared(remark: Remark, links: Links) -> str:
    """The code that all of several actions run, if it alone is at fault."""
    causes = {fault.finding.shared for fault in remark.faults}
    shared = remark.worst.finding.shared
    return f"All of them run {links.line(shared.path, shared.line)}." if len(causes) == 1 and shared else ""


def _entry(fault: Fault, links: Links, *, is_titled: bool) -> str:
    """One fault of several: what it does; what that means is told once for all, where one rule tells them."""
    finding = fault.finding
    said = prose(as_sentence(finding.message if is_titled else first_sentence(finding.message)[0]), 600)
    name = called(fault.action)
    parts = (
        links.line(finding.path, finding.line),
        prose(finding.title, NAME_LIMIT) if is_titled else "",
        "" if name in said else name,
        said,
        once_ignored(finding),
    )
    return ": ".join(part for part in parts if part)


def _remedies(faults: Iterable[Fault]) -> str:
    """Each remedy once; advice that differs only in how many neighbours follow it is one."""
    remedies = list({fault.finding.remedy.partition(", as ")[0]: fault.finding.remedy for fault in faults}.values())
    if len(remedies) == 1:
        return f"**How to mend it:** {prose(remedies[0])}"
    return "\n".join(["**How to mend it:**", "", *(f"- {prose(remedy, 600)}" for remedy in remedies)])


def _trail(trail: Sequence[Step], links: Links) -> str:
    """The evidence, in the order of execution."""
    steps = enumerate(trail[:TRAIL_LIMIT], start=1)
    return "\n".join(f"{number}. {links.line(step.path, step.line)} {prose(step.says, 300)}" for number, step in steps)


def _suggestion(remark: Remark) -> str:
    """The edit that GitHub offers to apply, only where the comment marks exactly the lines it replaces."""
    finding, place = remark.worst.finding, remark.place
    if place is None or place.side is not Side.RIGHT or place.path != finding.path:
        return ""
    edit = finding.suggestion
    if edit is None or len(edit.text) > SUGGESTION_LIMIT:
        return ""
    marked = (place.start_line or place.line, place.line)
    # What hides in code is shown spelled out, and so can be no text to put in its place.
    if marked != (edit.line, edit.end_line) or spelled(edit.text, "\n\r\t") != edit.text:
        return ""
    return "\n\n".join([fenced(edit.text, "suggestion"), *filter(None, [_left_open(edit)])])


def _left_open(edit: Edit) -> str:
    """What an edit does not mend, in words: who accepts it should know that more is to do."""
    if not edit.leaves:
        return ""
    return f"This edit mends the one fault; what was hidden behind it remains: {prose(', '.join(edit.leaves), 300)}."


def _footer(findings: Sequence[Finding], links: Links) -> str:
    rules = dict.fromkeys(finding.rule for finding in findings)
    named = ", ".join(links.rule(rule) for rule in rules)
    parts = (named, f"{findings[0].confidence} confidence", _when_meant(tuple(rules)))
    return f"<sub>{' · '.join(part for part in parts if part)}</sub>"


def _when_meant(rules: Sequence[str]) -> str:
    """What to write where the code is meant to be so; what several rules say is meant by nobody."""
    if DECLARABLE.issuperset(rules):
        return f"Open to everyone on purpose? Write {code(DECLARATION)} above the action."
    # A declaration about sessions is no answer to whose record it is.
    if len(rules) == 1 and rules[0] in IGNORABLE:
        return f"Meant to be so? Write {code(f'// preship: ignore {rules[0]} -- why')} above the line."
    return ""


def _severity(finding: Finding) -> str:
    return str(finding.severity).capitalize()
