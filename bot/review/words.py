"""What a comment says: who can do what, by what of this code, how that was seen, and how to fix it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from preship.analyzers.analysis import Confidence, Edit, Finding, JudgedAction, JudgedFile, Step
from preship.bot.review.characters import spelled
from preship.bot.review.commands import PREFIX
from preship.bot.review.links import Links
from preship.bot.review.markdown import NAME_LIMIT, code, fenced, fitting, prose
from preship.bot.review.policy import DECLARABLE, IGNORABLE
from preship.bot.review.pull_request import Side
from preship.bot.review.remarks import Fault, Remark, at_fault

LIST_SIZES = (6, 3, 1)
"""How many faults one comment lists, the longest list that fits: a comment has some twelve lines."""

MOST_NAMED, MOST_NAMED_AT_END = 5, 30
"""Actions that a sentence names, and that the last line of a list names."""

MOST_REMEDIES = 3
"""Pieces of advice in one comment, the worst fault's first."""

TRAIL_LIMIT = 3
"""Steps of evidence that one comment shows: the whole way is in the code."""

SUGGESTION_LIMIT = 4_000
"""Longer edits are no suggestion that anyone would accept with a click."""

DECLARATION = "// preship: public -- why"
"""How an author declares that an action is open to everyone."""


def comment_body(remark: Remark, links: Links, marker: str, *, is_obeying: bool = True) -> str:
    """The text of one comment, its hidden mark at the end; `is_obeying`: somebody listens to answers."""
    return fitting(lambda size: _body(remark, links, marker, size, is_obeying), LIST_SIZES)


def called(action: JudgedAction | JudgedFile) -> str:
    """How an action, or a file beside actions, is called in a sentence."""
    if isinstance(action, JudgedFile):
        return code(action.path)
    name = action.name_in_code or action.name
    return code(name) if name else f"the inline action of line {action.line}"


def counted(number: int, noun: str) -> str:
    """`1 fault`, `2 faults`, `no faults`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def counted_actions(actions: Collection[JudgedAction], kind: str = "") -> str:
    """`2 Server Actions`, `1 route handler`, `1 Server Action and 2 route handlers`; `kind` stands before each."""
    handlers = sum(bool(action.address) for action in actions)
    rest = len(actions) - handlers
    parts = [counted(rest, f"{kind}Server Action")] if rest or not handlers else []
    return " and ".join([*parts, *([counted(handlers, f"{kind}route handler")] if handlers else [])])


def kind_of_all(actions: Iterable[JudgedAction]) -> str:
    """The head of a column of actions: `Server Action`, `Route handler`, or both."""
    kinds = {bool(action.address) for action in actions}
    return "Server Action or route handler" if len(kinds) > 1 else "Route handler" if True in kinds else "Server Action"


def counted_bearers(faults: Iterable[Fault]) -> str:
    """What faults stand on: `2 Server Actions`, `1 file`, `1 Server Action and 2 files`."""
    bearers = {(each.action.path, each.action.line, each.action.name): each.action for each in faults}
    files = sum(isinstance(bearer, JudgedFile) for bearer in bearers.values())
    actions = [bearer for bearer in bearers.values() if isinstance(bearer, JudgedAction)]
    parts = [counted_actions(actions)] if actions or not files else []
    return " and ".join([*parts, *([counted(files, "file")] if files else [])])


def as_sentence(text: str) -> str:
    """The text with a capital in front; what begins with code stays as it is."""
    return text[:1].upper() + text[1:]


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


def headline_of(fault: Fault) -> str:
    """Who can do what to whom, or else what is wrong with what; no full stop."""
    finding = fault.finding
    if finding.headline:
        return prose(as_sentence(finding.headline), 300)
    return f"{prose(as_sentence(finding.title), NAME_LIMIT)} in {called(fault.action)}"


def names_of(faults: Iterable[Fault]) -> tuple[str, ...]:
    """What faults stand on, each once."""
    return tuple(dict.fromkeys(called(fault.action) for fault in faults))


def listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """`a`, `a and b`, `a, b and 3 more`."""
    shown = list(names) if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def _body(remark: Remark, links: Links, marker: str, size: int, is_obeying: bool) -> str:
    """The comment, with lists of at most `size` entries."""
    is_whole = remark.cause is not None and len(names_of(remark.faults)) > 1
    said = remark.faults if is_whole else (remark.worst,)
    blocks = [
        *(_exposed(remark, links, size) if is_whole else _one(remark, links, size)),
        _remedies(said, _suggestion(remark)),
        _footer(remark, links, bool(marker) and is_obeying),
        marker,
    ]
    return "\n\n".join(block for block in blocks if block)


def _one(remark: Remark, links: Links, size: int) -> list[str]:
    """The worst fault in full, and who else has it."""
    fault = remark.worst
    is_listed = _is_listed(remark)
    return [
        " ".join(
            filter(
                None,
                (
                    f"**{headline_of(fault)}.**",
                    _ended(as_sentence(once_ignored(fault.finding))),
                    prose(as_sentence(fault.finding.message)),
                ),
            )
        ),
        f"It runs {_cause(remark.cause, links)}" if remark.cause else "",
        _same_elsewhere(remark, links, size) if is_listed else _so_do(remark, links),
        "" if is_listed else _trail(telling_trail(fault.finding), links),
        _entries("Here as well:", remark.others, links, size),
    ]


def _exposed(remark: Remark, links: Links, size: int) -> list[str]:
    """A changed place, and the actions that it exposes."""
    cause = f"They run {_cause(remark.cause, links)}" if remark.cause else ""
    return [
        f"**This change exposes {counted_bearers(remark.faults)}.** {cause}",
        _entries("", remark.faults, links, size),
    ]


def _is_listed(remark: Remark) -> bool:
    """Whether the other faults of the rule have places of their own to go to."""
    return len({at_fault(fault.finding) for fault in (remark.worst, *remark.same)}) > 1


def _same_elsewhere(remark: Remark, links: Links, size: int) -> str:
    """The other faults of the rule: their places, and what is said of each where that is not the same."""
    said = {_without_name(fault) for fault in (remark.worst, *remark.same)}
    if len(said) > 1 or not remark.worst.finding.headline:
        return _entries("The same holds for:", remark.same, links, size)
    places = [f"{called(f.action)} ({links.line(f.finding.path, f.finding.line)})" for f in remark.same]
    return f"The same holds for {listed(places, size)}."


def _without_name(fault: Fault) -> str:
    """A headline, whatever the action is called."""
    return headline_of(fault).replace(called(fault.action), "")


def _so_do(remark: Remark, links: Links) -> str:
    """The others that come to the one line that is at fault."""
    others = [name for name in names_of(remark.same) if name != called(remark.worst.action)]
    if not others:
        return ""
    path, line = at_fault(remark.worst.finding)
    is_elsewhere = (path, line) != (remark.worst.finding.path, remark.worst.finding.line)
    through = f", through {links.line(path, line)}" if is_elsewhere else ""
    return f"The same holds for {listed(others)}{through}."


def _entries(title: str, faults: Sequence[Fault], links: Links, size: int) -> str:
    """A line for each fault; of many, the names of those at the end."""
    if not faults:
        return ""
    shown = faults[:size] if len(faults) > size + 1 else faults
    rest = names_of(faults[len(shown) :])
    lines = [f"- {_entry(fault, links)}" for fault in shown]
    lines += [f"- and in {listed(rest, MOST_NAMED_AT_END)}"] if rest else []
    return "\n".join([title, "", *lines] if title else lines)


def _entry(fault: Fault, links: Links) -> str:
    """One fault of several, in a line."""
    said, name = headline_of(fault), called(fault.action)
    if fault.finding.claim:
        said = prose(as_sentence(fault.finding.claim), 600)
    where = f"{said} ({links.line(fault.finding.path, fault.finding.line)})"
    return ", ".join(filter(None, (where if name in said else f"{name}: {where}", once_ignored(fault.finding))))


def _ended(text: str) -> str:
    return f"{text.rstrip('.')}." if text else ""


def _cause(cause: Step, links: Links) -> str:
    return f"{links.line(cause.path, cause.line)}, which {prose(cause.says)}."


def _remedies(faults: Sequence[Fault], suggestion: str) -> str:
    """Each remedy once, and the edit; advice that differs only in how many neighbours follow it is one.

    Where an edit does it by other calls than the advice, the edit alone says it.
    """
    if suggestion and not all(f"{name}(" in suggestion for name in faults[0].finding.advice.calls):
        return f"**Fix:**\n\n{suggestion}"
    given = [fault.finding.advice for fault in faults]
    remedies = list({each.asks or each.text: each.text for each in given}.values())
    advice = f"**Fix:** {' '.join(prose(_ended(remedy), 600) for remedy in remedies[:MOST_REMEDIES])}"
    return "\n\n".join(filter(None, (advice, suggestion)))


def _trail(trail: Sequence[Step], links: Links) -> str:
    """The evidence, in the order of execution; of a long way its beginning and its end."""
    short = trail if len(trail) <= TRAIL_LIMIT else (*trail[: TRAIL_LIMIT - 1], trail[-1])
    steps = enumerate(short, start=1)
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
    """What an edit does not fix, in words: who accepts it should know that more is to do."""
    return f"Still to do after this edit: {prose(', '.join(edit.leaves), 300)}." if edit.leaves else ""


SURENESS = {Confidence.HIGH: "certain", Confidence.MEDIUM: "likely", Confidence.LOW: "unsure"}


def _footer(remark: Remark, links: Links, is_posted: bool) -> str:
    finding = remark.worst.finding
    rules = tuple(dict.fromkeys(fault.finding.rule for fault in remark.faults))
    named = ", ".join(links.rule(rule) for rule in rules)
    parts = (named, str(finding.severity), SURENESS[finding.confidence], _when_meant(rules, is_posted))
    return f"<sub>{' · '.join(part for part in parts if part)}</sub>"


def _when_meant(rules: Sequence[str], is_posted: bool) -> str:
    """What to write where the code is meant to be so; what several rules say is meant by nobody."""
    if DECLARABLE.issuperset(rules):
        return f"Meant to be open? {code(DECLARATION)} above the action{_or_answer(rules[0], is_posted)}."
    # A declaration about sessions is no answer to whose record it is.
    if len(rules) == 1 and rules[0] in IGNORABLE:
        comment = code(f"// preship: ignore {rules[0]} -- why")
        return f"Meant to be so? {comment} above the line{_or_answer(rules[0], is_posted)}."
    return ""


def _or_answer(rule: str, is_posted: bool) -> str:
    """What counts in this pull request already, where there is a thread to answer in."""
    return f", or answer {code(f'{PREFIX} ignore {rule} -- why')}" if is_posted else ""
