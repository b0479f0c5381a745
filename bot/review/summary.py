"""The *before you ship* comment: the checklist, what the change brought and mended, and what could not be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzers.analysis import Analysis, Failure, JudgedAction, JudgedFile
from bot.review.checklist import checklist_table, evidence, has_unseen_answer
from bot.review.declared import beyond_lines, goes_beyond, pending_lines
from bot.review.direct_call import IDS_COMMAND, direct_call
from bot.review.links import Links
from bot.review.markdown import NAME_LIMIT, code, fenced, fitting, folded, prose
from bot.review.notes import SILENT, ConfigurationNotes, configuration_lines
from bot.review.policy import is_new, is_told
from bot.review.remarks import Fault, new_faults, worst_first
from bot.review.words import called, counted, once_ignored

SIZES = (200, 100, 50, 25, 10, 3)
"""How many rows and list entries a summary shows, the largest that fits."""


def touched_actions(analysis: Analysis) -> tuple[JudgedAction, ...]:
    """The actions that the change touches."""
    return tuple(action for action in analysis.actions if action.touch)


def touched_subjects(analysis: Analysis) -> tuple[JudgedAction | JudgedFile, ...]:
    """What the change touches and findings may stand on: actions, and files around them."""
    return tuple(subject for subject in analysis.subjects if subject.touch)


def summary_body(
    analysis: Analysis, head_sha: str, links: Links, marker: str, notes: ConfigurationNotes = SILENT
) -> str:
    """The whole comment, shortened evenly where it would not fit."""
    return fitting(lambda size: _body(analysis, head_sha, links, marker, notes, size), SIZES)


def empty_summary_body(
    analysis: Analysis, head_sha: str, links: Links, marker: str, notes: ConfigurationNotes = SILENT
) -> str:
    """What stands in the comment's place once a push leaves no action touched."""
    return fitting(lambda size: _empty_body(analysis, head_sha, links, marker, notes, size), SIZES)


def headline(analysis: Analysis, notes: ConfigurationNotes = SILENT) -> str:
    """One sentence of plain text: what the change touches and what it brings."""
    actions, faults = touched_actions(analysis), new_faults(touched_subjects(analysis))
    unseen = "".join(f", {each}" for each in _unseen_in_short(analysis))
    anew = sum(map(goes_beyond, actions))
    unseen += f", {counted(anew, 'public action')} {'does' if anew == 1 else 'do'} something new" if anew else ""
    unseen += ", the configuration has mistakes" if notes.mistakes else ""
    unseen += ", a declared guard is changed" if notes.believed else ""
    if not actions and not faults:
        return unseen.removeprefix(", ") if analysis.unjudged else f"No Server Action is touched{unseen}"
    brought = counted(len(faults), "new fault").replace("no", "No", 1)
    files = len({fault.action.path for fault in faults if isinstance(fault.action, JudgedFile)})
    where = [counted(len(actions), "touched Server Action")] if actions else []
    around = [f"{counted(files, 'file')} around {'them' if actions else 'Server Actions'}"] if files else []
    return f"{brought} in {' and '.join([*where, *around])}{unseen}"


def _unseen_in_short(analysis: Analysis) -> Iterator[str]:
    """What could not be judged, counted."""
    blind = len([action for action in touched_actions(analysis) if action.unseen or has_unseen_answer(action)])
    left = len([each for each in analysis.unjudged if each.line is not None])
    files = len(analysis.unjudged) - left
    if blind or left:
        yield f"{counted(blind + left, 'action')} could not be judged{' in full' if blind else ''}"
    if files:
        yield f"{counted(files, 'touched file')} could not be judged"
    if not blind and other_failures(analysis):
        yield "not everything could be seen"


def other_failures(analysis: Analysis) -> tuple[Failure, ...]:
    """What could not be read, without the files that are named as not judged."""
    named = {each.path for each in analysis.unjudged if each.line is None}
    return tuple(failure for failure in analysis.failures if failure.path not in named)


def unjudged_lines(analysis: Analysis, links: Links) -> list[str]:
    """What the change touches and nobody judged, and why."""
    return [
        f"{links.line(each.path, each.line) if each.line else links.file(each.path)}"
        f"{f', {code(each.name)}' if each.name else ''}: {prose(each.reason, 300)}"
        for each in analysis.unjudged
    ]


def is_partly_unseen(analysis: Analysis) -> bool:
    """Whether anything that the change touches could not be read, or not judged by a rule that there is."""
    return bool(analysis.failures or analysis.unjudged) or any(
        action.unseen or has_unseen_answer(action) for action in touched_actions(analysis)
    )


def _body(analysis: Analysis, head_sha: str, links: Links, marker: str, notes: ConfigurationNotes, size: int) -> str:
    actions, subjects = touched_actions(analysis), touched_subjects(analysis)
    sections = [
        "## Before you ship",
        f"{headline(analysis, notes)}.",
        _configuration(analysis, links, notes, size),
        checklist_table(actions, links, size) if actions else "",
        _section("Brought by this change", [fault_line(fault, links) for fault in new_faults(subjects)], size),
        _section("Declared public, and does something new", beyond_lines(actions, links), size),
        _section("Declared by this change, and not obeyed before it is merged", pending_lines(actions, links), size),
        _section("Touched, and not judged", unjudged_lines(analysis, links), size),
        _section("Could not see", _unseen(analysis, links), size),
        _section("Ignored", ignored_lines(subjects, links), size),
        _section("Stood before", [fault_line(fault, links) for fault in _standing(subjects)], size),
        _section("Mended by this change", _mended(subjects), size),
        *_folded(actions[:size], links),
        _footer(head_sha),
        marker,
    ]
    return "\n\n".join(section for section in sections if section)


def _folded(actions: Sequence[JudgedAction], links: Links) -> Sequence[str]:
    """What those read who want to know more; nothing where no action is touched."""
    if not actions:
        return ()
    return (
        folded("The evidence, answer by answer", evidence(actions, links)),
        folded("G · Call the actions yourself, without a session", _calls(actions)),
    )


def _configuration(analysis: Analysis, links: Links, notes: ConfigurationNotes, size: int) -> str:
    return _section("The configuration", configuration_lines(notes, analysis.left_out, analysis.unbuilt, links), size)


def _empty_body(
    analysis: Analysis, head_sha: str, links: Links, marker: str, notes: ConfigurationNotes, size: int
) -> str:
    sections = [
        "## Before you ship",
        "This pull request touches no Server Action any more.",
        _configuration(analysis, links, notes, size),
        _section("Could not see", _unseen(analysis, links), size),
        _footer(head_sha),
        marker,
    ]
    return "\n\n".join(section for section in sections if section)


def _footer(head_sha: str) -> str:
    return f"<sub>Preship read commit {code(head_sha[:12])}. {code('/preship review')} reads it again.</sub>"


def _section(title: str, entries: Sequence[str], size: int) -> str:
    """A heading and a list; nothing where there is nothing to list."""
    if not entries:
        return ""
    more = [f"- … and {len(entries) - size} more"] if len(entries) > size else []
    return "\n".join([f"### {title}", "", *(f"- {entry}" for entry in entries[:size]), *more])


def fault_line(fault: Fault, links: Links) -> str:
    """One fault, its action and its place."""
    finding = fault.finding
    place = links.line(finding.path, finding.line)
    rule = links.rule(finding.rule)
    said = f"**{finding.severity}**: {prose(finding.title, NAME_LIMIT)} in {called(fault.action)} ({place}, {rule})"
    return ", ".join(filter(None, (said, once_ignored(finding))))


def _standing(actions: Iterable[JudgedAction | JudgedFile]) -> tuple[Fault, ...]:
    """What the change did not bring, the worst first: a list that is cut off must not end before it."""
    faults = (Fault(action, finding) for action in actions for finding in action.findings)
    return worst_first(fault for fault in faults if not is_new(fault.finding) and is_told(fault.finding))


def ignored_lines(actions: Iterable[JudgedAction | JudgedFile], links: Links) -> list[str]:
    """What is meant to stand, and who says so."""
    faults = (Fault(action, finding) for action in actions for finding in action.findings)
    return [
        f"{fault_line(fault, links)}: {prose(fault.finding.ignored, 300)}" for fault in faults if fault.finding.ignored
    ]


def _mended(actions: Iterable[JudgedAction | JudgedFile]) -> list[str]:
    return [
        f"{prose(f.title, NAME_LIMIT)} in {called(action)}" for action in actions for f in action.fixed if is_told(f)
    ]


def _unseen(analysis: Analysis, links: Links) -> list[str]:
    """What was not read and why, each place once."""
    places = dict.fromkeys(place for action in touched_actions(analysis) for place in action.unseen)
    seen_in_part = [f"{links.line(place.path, place.line)}: {prose(place.why, 300)}" for place in places]
    return seen_in_part + [f"{links.file(f.path)}: {prose(f.reason, 300)}" for f in other_failures(analysis)]


def _calls(actions: Iterable[JudgedAction]) -> str:
    return "\n\n".join(
        [
            "The id of an action is known only to a build. After `next build`, this prints all ids:",
            fenced(IDS_COMMAND, "sh"),
            "Put in the id, and behind the host the path of a page that uses the action. An action that refuses"
            " answers with its denial or a redirect to sign in, and changes nothing. The arguments name no record.",
            *(direct_call(action) for action in actions),
        ]
    )
