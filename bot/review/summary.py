"""The *before you ship* comment: what is to be done in its first line, and what was checked in a fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from preship.analyzers.analysis import Analysis, Answer, JudgedAction, JudgedFile, RegressionTest
from preship.bot.review.access import access_lines, changed_rows
from preship.bot.review.callers import callers_table, in_question
from preship.bot.review.checklist import checklist_table, evidence, shown_entries
from preship.bot.review.declared import beyond_lines, pending_lines
from preship.bot.review.direct_call import direct_calls
from preship.bot.review.facts import (
    ICONS,
    MINOR,
    ReviewFacts,
    fails,
    headline,
    icon,
    other_failures,
    touched_actions,
    touched_subjects,
)
from preship.bot.review.links import Links
from preship.bot.review.markdown import code, fenced, fitting, folded, prose
from preship.bot.review.notes import configuration_lines
from preship.bot.review.policy import is_new, is_told
from preship.bot.review.pull_request import Conclusion
from preship.bot.review.remarks import Fault, Remark, at_fault, worst_first
from preship.bot.review.versions import is_pressing, version_lines
from preship.bot.review.words import called, counted, headline_of, listed, names_of, once_ignored

SIZES = (200, 100, 50, 25, 10, 3)
"""How many rows and list entries a summary shows, the largest that fits."""

MOST_VISIBLE = 8
"""Entries of the list that are not folded: with the first line, the fold and blank lines they make fifteen."""

MOST_BESIDE_A_TABLE = 6
"""Entries and rows that are not folded where a table stands above the list."""

MOST_FOLDED = 12
"""Entries of each list in the fold."""

MOST_TESTS = 2
"""Files of generated tests that a summary shows; `preship review --tests` writes them all."""

LEAST_WITH_TESTS = 25
"""Rows that have to fit beside tests: what was found goes first."""

CAN_NOT_SEE = ICONS[Conclusion.NEUTRAL]


def summary_body(facts: ReviewFacts, head_sha: str, links: Links, marker: str) -> str:
    """The whole comment, shortened evenly where it would not fit."""
    return fitting(lambda size: _body(facts, head_sha, links, marker, size), SIZES)


def empty_summary_body(facts: ReviewFacts, head_sha: str, links: Links, marker: str) -> str:
    """What stands in the comment's place once a push leaves no action touched."""
    said = f"{icon(facts)} **Before you ship:** this pull request touches no Server Action any more."
    lines = [*_of_the_configuration(facts, links), *unread_lines(facts.analysis, links)]
    return _joined(said, _list(lines[:MOST_FOLDED]), _footer(facts, head_sha), marker)


def first_line(facts: ReviewFacts) -> str:
    """Must the author do something?"""
    said = headline(facts)
    return f"{icon(facts)} **Before you ship:** {said[:1].lower()}{said[1:]}."


def _body(facts: ReviewFacts, head_sha: str, links: Links, marker: str, size: int) -> str:
    entries, rows = list(_entries(facts, links)), in_question(touched_actions(facts.analysis))
    is_short = bool(facts.holes) and len(entries) + len(rows) <= MOST_BESIDE_A_TABLE
    shown = entries if len(entries) <= MOST_VISIBLE else entries[: MOST_VISIBLE - 1]
    rest = entries[len(shown) :]
    more = [f"… and {len(rest)} more below"] if rest else []
    table = callers_table(rows[:size], links) if rows else ""
    sections = [
        ("More", _list(rest[:size])),
        ("Who gets through", "" if is_short else table),
        ("Who may do what, changed", _cut(access_lines(changed_rows(touched_actions(facts.analysis))), size)),
        *_sections(facts, links, size),
    ]
    return _joined(
        first_line(facts),
        table if is_short else "",
        _list([*shown, *more]),
        _fold(facts, sections, head_sha),
        marker,
    )


def _joined(*sections: str) -> str:
    return "\n\n".join(section for section in sections if section)


def _fold(facts: ReviewFacts, sections: Sequence[tuple[str, str]], head_sha: str) -> str:
    """All that those read who want to know more, behind one line that says what there is."""
    parts = [f"#### {title}\n\n{content}" for title, content in sections if content]
    if not parts:
        return _footer(facts, head_sha)
    return folded(_what_is_folded(facts), "\n\n".join([*parts, _footer(facts, head_sha)]))


def _what_is_folded(facts: ReviewFacts) -> str:
    subjects = touched_subjects(facts.analysis)
    older, fixed, ignored = len(_older(subjects)), len(_fixed(subjects)), len(_ignored(subjects))
    actions = len(touched_actions(facts.analysis))
    parts = [
        f"What was checked ({counted(actions, 'action')})" if actions else "More",
        f"{counted(older, 'older finding')} in {'it' if actions == 1 else 'them'}" if older else "",
        f"{fixed} fixed by this change" if fixed else "",
        f"{ignored} ignored as declared" if ignored else "",
    ]
    return ", ".join(filter(None, parts))


def _sections(facts: ReviewFacts, links: Links, size: int) -> Iterator[tuple[str, str]]:
    analysis, most = facts.analysis, min(size, MOST_FOLDED)
    actions, subjects = touched_actions(analysis), touched_subjects(analysis)
    if actions:
        yield "Checklist", checklist_table(actions, links, size)
        yield "Evidence", evidence(actions[:size], links)
    yield "Could not see", _cut(_places(actions, links), most)
    yield "Older findings in these actions", _cut(_older_lines(_older(subjects), links), most)
    yield "Fixed by this change", _cut(_fixed(subjects), most)
    yield "Ignored", _cut(ignored_lines(subjects, links), size)
    yield "Versions", _list(version_lines(each for each in analysis.outdated if not is_pressing(each)))
    if actions:
        yield "Call them yourself, without a session", direct_calls(actions[:size])
    if analysis.tests and size >= LEAST_WITH_TESTS:
        yield "A test that fails until it is fixed", "\n\n".join(map(_test, analysis.tests[:MOST_TESTS]))


def _test(test: RegressionTest) -> str:
    """A generated test behind a click of its own: it is long."""
    title = f"{code(test.path)}, for {test.runner}"
    return folded(title, fenced(test.text, test.path.rpartition(".")[2]))


def _list(entries: Sequence[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def _cut(entries: Sequence[str], most: int) -> str:
    """A list with a last line that says how much is left out."""
    more = [f"… and {len(entries) - most} more"] if len(entries) > most else []
    return _list([*entries[:most], *more])


def _entries(facts: ReviewFacts, links: Links) -> Iterator[str]:
    """What the author is to know, the most pressing first."""
    actions = touched_actions(facts.analysis)
    for hole in facts.holes:
        yield hole_line(facts, hole, links)
    yield from _opened_wider(facts)
    yield from (
        f"{CAN_NOT_SEE} Declared public, and does something new: {line}" for line in beyond_lines(actions, links)
    )
    yield from (f"{CAN_NOT_SEE} {line}" for line in unjudged_lines(facts.analysis, links))
    yield from (f"{CAN_NOT_SEE} {line}" for line in _unseen(actions, links))
    yield from (f"{CAN_NOT_SEE} {line}" for line in unread_lines(facts.analysis, links))
    yield from (f"{MINOR} {line}" for line in version_lines(filter(is_pressing, facts.analysis.outdated)))
    yield from _of_the_configuration(facts, links)
    yield from (f"Not obeyed before it is merged: {line}" for line in pending_lines(actions, links))


def _opened_wider(facts: ReviewFacts) -> list[str]:
    """The rows that the change weakens, without those of actions that are at fault anyway."""
    actions = touched_actions(facts.analysis)
    said = {(a.path, a.line) for a in (*in_question(actions), *(f.action for h in facts.holes for f in h.faults))}
    weakened = [row for row in changed_rows(actions) if row.is_weakened]
    lines = access_lines([row for row in weakened if (row.action.path, row.action.line) not in said])
    return [f"{MINOR} Opened wider: {line}" for line in lines]


def _of_the_configuration(facts: ReviewFacts, links: Links) -> list[str]:
    return configuration_lines(facts.notes, facts.analysis.left_out, facts.analysis.unbuilt, links)


def hole_line(facts: ReviewFacts, hole: Remark, links: Links) -> str:
    """One thing to fix: who can do what, by which actions, and where."""
    mark = ICONS[Conclusion.FAILURE] if fails(facts, hole) else MINOR
    return f"{mark} {_said(hole, links)}"


def _said(hole: Remark, links: Links) -> str:
    """A fault in a line; of several actions that have it, the first is named and a few others."""
    fault = hole.worst
    what, name = headline_of(fault), called(fault.action)
    others = [each for each in names_of(hole.faults) if each != name]
    place = links.line(fault.finding.path, fault.finding.line)
    first = f"{what} ({place})" if name in what else f"{what}: {name} ({place})"
    also = f", as well as {listed(others, 3)}" if others else ""
    also += f", by the change of {links.line(hole.cause.path, hole.cause.line)}" if hole.cause else ""
    rules = {each.finding.rule for each in hole.faults} - {fault.finding.rule}
    beside = f", and {counted(len(rules), 'more fault')} there" if rules else ""
    return ", ".join(filter(None, (f"{first}{also}{beside}", once_ignored(fault.finding))))


def unjudged_lines(analysis: Analysis, links: Links) -> list[str]:
    """What the change touches and nobody judged, and why."""
    return [
        f"{links.line(each.path, each.line) if each.line else links.file(each.path)}"
        f"{f', {code(each.name)},' if each.name else ''} was not judged: {prose(each.reason, 300)}"
        for each in analysis.unjudged
    ]


def _unseen(actions: Iterable[JudgedAction], links: Links) -> Iterator[str]:
    """The actions that could not be judged in full, together where the same is the reason."""
    groups: dict[object, list[JudgedAction]] = defaultdict(list)
    for action in actions:
        if (question := _question(action)) is not None:
            groups[question].append(action)
    for some in groups.values():
        names = listed([called(action) for action in some], 3)
        yield f"{names} could not be judged in full: {_why_unseen(some[0], links)}"


def _question(action: JudgedAction) -> object:
    """What of an action has no answer: a place that its execution could not follow, or an item of the checklist."""
    if action.unseen:
        return action.unseen[0].why
    return next((entry.item for entry in shown_entries(action) if entry.answer is Answer.UNSEEN), None)


def _why_unseen(action: JudgedAction, links: Links) -> str:
    """The first reason; all of them stand in the fold."""
    for place in action.unseen:
        return f"{prose(place.why, 300)} ({links.line(place.path, place.line)})"
    entry = next(each for each in shown_entries(action) if each.answer is Answer.UNSEEN)
    where = f" ({links.line(entry.path, entry.line)})" if entry.path and entry.line else ""
    return f"{prose(entry.evidence, 300) or 'a question has no answer'}{where}"


def _places(actions: Iterable[JudgedAction], links: Links) -> list[str]:
    """What could not be followed, each once, with its first place."""
    places = dict.fromkeys(place for action in actions for place in action.unseen)
    groups: dict[str, list[str]] = defaultdict(list)
    for place in places:
        groups[place.why].append(links.line(place.path, place.line))
    return [
        " and ".join([f"{prose(why, 300)}: {first}", *([counted(len(rest), "more place")] if rest else [])])
        for why, (first, *rest) in groups.items()
    ]


def unread_lines(analysis: Analysis, links: Links) -> list[str]:
    """What could not be read, or only in part, and why; files together where the same is the reason."""
    groups: dict[str, list[str]] = defaultdict(list)
    for failure in other_failures(analysis):
        groups[failure.reason].append(links.file(failure.path))
    return [f"{listed(files, 3)} could not be read in full: {prose(why, 300)}" for why, files in groups.items()]


def _older(subjects: Iterable[JudgedAction | JudgedFile]) -> tuple[Fault, ...]:
    """What the change did not bring, the worst first: a list that is cut off must not end before it."""
    faults = (Fault(subject, finding) for subject in subjects for finding in subject.findings)
    return worst_first(fault for fault in faults if not is_new(fault.finding) and is_told(fault.finding))


def _older_lines(faults: Iterable[Fault], links: Links) -> list[str]:
    """One line for each cause."""
    groups: dict[object, list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[fault.finding.rule, at_fault(fault.finding)].append(fault)
    return [_said(Remark(None, tuple(some)), links) for some in groups.values()]


def _fixed(subjects: Iterable[JudgedAction | JudgedFile]) -> list[str]:
    faults = (Fault(subject, finding) for subject in subjects for finding in subject.fixed)
    return [f"{prose(f.finding.title)} in {called(f.action)}" for f in faults if is_told(f.finding)]


def _ignored(subjects: Iterable[JudgedAction | JudgedFile]) -> list[Fault]:
    faults = (Fault(subject, finding) for subject in subjects for finding in subject.findings)
    return [fault for fault in faults if fault.finding.ignored]


def ignored_lines(subjects: Iterable[JudgedAction | JudgedFile], links: Links) -> list[str]:
    """What is meant to stand, and who says so."""
    return [
        f"{prose(fault.finding.title)} in {called(fault.action)}"
        f" ({links.line(fault.finding.path, fault.finding.line)}, {links.rule(fault.finding.rule)}):"
        f" {prose(fault.finding.ignored or '', 300)}"
        for fault in _ignored(subjects)
    ]


def _footer(facts: ReviewFacts, head_sha: str) -> str:
    again = f" {code('/preship review')} reads it again." if facts.is_obeying else ""
    return f"<sub>Preship read commit {code(head_sha[:12])}.{again}</sub>"
