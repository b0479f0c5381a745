"""The report for a person at a terminal: what the code does, how it gets there, how to fix it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from preship.analyzers.analysis import Finding, JudgedAction, JudgedFile, Severity, Unseen
from preship.bot.report.faults import faults_in_order
from preship.bot.report.grid import checklist_grid
from preship.bot.report.report import Compared, Report, Reviewed
from preship.bot.review.characters import on_one_line
from preship.bot.review.checklist import unseen_places
from preship.bot.review.facts import other_failures
from preship.bot.review.notes import ConfigurationNotes, Wrong
from preship.bot.review.policy import CONFIGURATION, WORST_FIRST, is_told
from preship.bot.review.pull_request import ReviewPlan
from preship.bot.review.versions import version_lines
from preship.bot.review.words import as_sentence, counted_actions, telling_trail

COLOURS = {Severity.CRITICAL: "bold white on red", Severity.HIGH: "bold red", Severity.MEDIUM: "yellow"}

UNSEEN_LIMIT = 15
"""Places that could not be seen are told one by one up to here: more than a screenful is read by nobody."""


def print_report(report: Report, console: Console, *, only_findings: bool = False) -> None:
    """Write the report; colours and wrapped lines only where the console is a terminal."""
    for indent, line in _findings(report) if only_findings else _lines(report, _room(console)):
        if console.is_terminal:
            console.print(Padding(line, (0, 0, 0, indent)))
        else:
            console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def visible(text: str) -> str:
    """The text on one line, with no character that could steer a terminal or hide another."""
    return on_one_line(text)


def _room(console: Console) -> int | None:
    """The columns of a terminal; None where nothing has to fit."""
    return console.width if console.is_terminal else None


def _lines(report: Report, room: int | None) -> Iterator[tuple[int, Text]]:
    if report.reviewed is not None:
        yield 0, Text(opening(report.reviewed))
        yield 0, Text()
    yield from _findings(report)
    yield from _mended(report)
    yield from _checklist(report, room)
    yield from _unread(report)
    yield from _versions(report)
    yield from _challenge(report)
    yield from _declared(report)
    yield 0, closing(report)
    if report.plan is not None and not (report.reviewed and report.reviewed.is_posted):
        yield 0, Text(f"Preship would post {_posted(report.plan)} and conclude: {report.plan.conclusion}.")


def _findings(report: Report) -> Iterator[tuple[int, Text]]:
    for fault in faults_in_order(report):
        yield from _finding(fault.action, fault.finding)


SUBJECTS = {
    Compared.UNCOMMITTED: "uncommitted changes",
    Compared.STAGED: "staged changes",
    Compared.COMMITTED: "commits",
}


def opening(reviewed: Reviewed) -> str:
    """One line that says what is reviewed."""
    since = f"which parted at {reviewed.merge_base[:12]}"
    if not reviewed.is_change:
        return f"Nothing differs from {visible(reviewed.base)}: `preship scan` judges all that stands"
    return f"Reviewing {SUBJECTS[reviewed.what]} against {visible(reviewed.base)}, {since}"


def _finding(action: JudgedAction | JudgedFile, finding: Finding) -> Iterator[tuple[int, Text]]:
    yield (
        0,
        Text.assemble(
            (f"{visible(finding.path)}:{finding.line}", "bold"),
            "  ",
            (str(finding.severity), COLOURS.get(finding.severity, "")),
            f"  {visible(finding.rule)}  ",
            (called(action), "cyan"),
        ),
    )
    yield 2, Text(visible(as_sentence(finding.message)))
    for step in telling_trail(finding):
        yield 4, Text.assemble((f"{visible(step.path)}:{step.line}", "dim"), f"  {visible(step.says)}")
    yield 2, Text.assemble(("Fix: ", "green"), visible(finding.remedy))
    yield 0, Text()


def called(action: JudgedAction | JudgedFile) -> str:
    """How a person would call an action, or a file around actions."""
    if isinstance(action, JudgedFile):
        return visible(action.path)
    name = action.name_in_code or action.name
    return visible(name) if name else f"the inline action of line {action.line}"


def _mended(report: Report) -> Iterator[tuple[int, Text]]:
    for action in report.analysis.subjects:
        for finding in filter(is_told, action.fixed):
            yield 0, Text.assemble(("fixed", "green"), f"  {visible(finding.rule)}  {called(action)}")


def _checklist(report: Report, room: int | None) -> Iterator[tuple[int, Text]]:
    """The answers for the actions that a change touches; a scan has too many."""
    if report.plan is not None and report.analysis.actions:
        yield from ((0, line) for line in checklist_grid(report.analysis.actions, called, room))
        yield 0, Text()


def _unread(report: Report) -> Iterator[tuple[int, Text]]:
    unseen = _unseen(report.analysis.actions)
    for place in unseen[:UNSEEN_LIMIT]:
        yield (
            0,
            Text.assemble(("could not see", "magenta"), f"  {visible(place.path)}:{place.line}  {visible(place.why)}"),
        )
    if len(unseen) > UNSEEN_LIMIT:
        yield (
            0,
            Text(f"… and {len(unseen) - UNSEEN_LIMIT} more places that could not be seen; --format json has them all"),
        )
    for each in report.analysis.unjudged:
        where = visible(each.path) if each.line is None else f"{visible(each.path)}:{each.line}"
        name = f"  {visible(each.name)}" if each.name else ""
        yield 0, Text.assemble(("not judged", "bold magenta"), f"  {where}{name}  {visible(each.reason)}")
    for failure in other_failures(report.analysis):
        yield 0, Text.assemble(("could not read", "magenta"), f"  {visible(failure.path)}  {visible(failure.reason)}")
    if unseen or report.analysis.failures or report.analysis.unjudged:
        yield 0, Text()


def _challenge(report: Report) -> Iterator[tuple[int, Text]]:
    """How many answers change once their checks are gone, and which do not."""
    found = report.analysis.challenge
    if found is None:
        return
    for each in found.unflipped:
        place = f"{visible(each.entry.path or each.path)}:{each.entry.line or each.line}"
        says = f"  {place}  {visible(each.name or 'an inline action')}: {each.entry.item} stays yes without its check"
        yield 0, Text.assemble(("could not see", "magenta"), says)
    tried = found.flipped + len(found.unflipped)
    left = f", {found.left} rest on no check that could be taken out, or were not tried" if found.left else ""
    yield 0, Text(f"{found.flipped} of {tried} answers change once their check is taken out{left}")


def _versions(report: Report) -> Iterator[tuple[int, Text]]:
    """One line for each package whose version is itself the hole."""
    for line in version_lines(each for each in report.analysis.outdated if each.version is not None):
        yield 0, Text.assemble(("outdated", "bold red"), f"  {visible(line.replace('`', ''))}")


def _declared(report: Report) -> Iterator[tuple[int, Text]]:
    """What comments and the configuration decide, as far as it changes what is told above."""
    for subject in report.analysis.subjects:
        for finding in subject.findings:
            place = f"{visible(finding.path)}:{finding.line}  {visible(finding.rule)}"
            if finding.ignored is not None:
                yield 0, Text.assemble(("ignored", "cyan"), f"  {place}  {visible(finding.ignored)}")
            if finding.lapsed is not None:
                said = f"for what stood here before: {visible(finding.lapsed.reason)}"
                yield 0, Text.assemble(("was ignored", "magenta"), f"  {place}  {said}")
    for action in report.analysis.actions:
        for says in dict.fromkeys(each.says for each in action.beyond_declared):
            place = f"{visible(action.path)}:{action.line}  {called(action)}"
            yield 0, Text.assemble(("public, and new", "magenta"), f"  {place}  {visible(says)}")
        for each in action.pending:
            place = f"{visible(each.path)}:{each.line}  {visible(each.declares)}"
            yield 0, Text.assemble(("not merged yet", "cyan"), f"  {place}  {visible(each.reason)}")
    yield from _of_the_configuration(report.notes)


def _of_the_configuration(notes: ConfigurationNotes) -> Iterator[tuple[int, Text]]:
    for mistake in notes.mistakes:
        yield 0, Text.assemble(("does not count", "magenta"), f"  {_wrong(mistake)}")
    if notes.is_changed:
        yield 0, Text.assemble(("not merged yet", "cyan"), f"  {CONFIGURATION} is changed; what stands at base counts")
    for function in notes.believed:
        yield 0, Text.assemble(("believed, not read", "magenta"), f"  {visible(function)}  its file is changed")
    for mistake in notes.coming_mistakes:
        yield 0, Text.assemble(("will not count", "magenta"), f"  {_wrong(mistake)}")


def _wrong(mistake: Wrong) -> str:
    return f"{CONFIGURATION}:{mistake.line}:{mistake.column}  {visible(mistake.says)}"


def _unseen(actions: Iterable[JudgedAction]) -> list[Unseen]:
    """Each place once, however many actions pass it."""
    return list(dict.fromkeys(place for action in actions for place in unseen_places(action)))


def closing(report: Report) -> Text:
    """One line that sums up a report."""
    actions = report.analysis.actions
    told = [f for f in report.findings if is_told(f)]
    files = len({action.path for action in actions})
    touched = report.plan is None or bool(actions)
    parts = [f"{counted_actions(actions)} in {count(files, 'file')}" if touched else "no Server Action touched"]
    parts += _counted(report, told)
    quiet = len([f for f in report.findings if not is_told(f) and f.ignored is None])
    ignored = len([f for f in report.findings if f.ignored is not None])
    parts += [f"{quiet} unsure or pedantic, only in --format json"] if quiet else []
    parts += [f"{ignored} ignored as declared"] if ignored else []
    left_out = len(report.analysis.left_out)
    parts += [f"{count(left_out, 'file')} left out by the configuration"] if left_out else []
    unbuilt = len(report.analysis.unbuilt)
    parts += [f"{count(unbuilt, 'file')} not part of the build"] if unbuilt else []
    blind = len([action for action in actions if unseen_places(action)])
    parts += [f"{count(blind, 'action')} not seen in full"] if blind else []
    unjudged = len(report.analysis.unjudged)
    parts += [f"{unjudged} touched and not judged"] if unjudged else []
    unread = len({failure.path for failure in other_failures(report.analysis)})
    parts += [f"{count(unread, 'file')} not read in full"] if unread else []
    return Text(" · ".join(parts), "bold")


def _counted(report: Report, told: list[Finding]) -> list[str]:
    """The counts that matter: by severity for a scan, by what the change did for a review."""
    if report.plan is None:
        tally = Counter(finding.severity for finding in told)
        by_severity = ", ".join(f"{tally[severity]} {severity}" for severity in WORST_FIRST if tally[severity])
        return [f"{count(len(told), 'finding')} ({by_severity})" if told else "no findings"]
    tally_of_status = Counter(str(finding.status) for finding in told)
    return [f"{number} {status}" for status, number in sorted(tally_of_status.items())] or ["no findings"]


def _posted(plan: ReviewPlan) -> str:
    comments = count(len(plan.comments) + len(plan.file_comments), "comment")
    return f"the summary and {comments}" if plan.summary else comments


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `no files`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
