"""What a review says, once: its title, its first line, its list, its table and its comments are printed from this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from preship.analyzers.analysis import Analysis, Failure, JudgedAction, JudgedFile
from preship.bot.review.checklist import has_unseen_answer
from preship.bot.review.declared import goes_beyond
from preship.bot.review.notes import SILENT, ConfigurationNotes
from preship.bot.review.policy import ReviewPolicy, is_at_least
from preship.bot.review.pull_request import Conclusion
from preship.bot.review.remarks import Remark
from preship.bot.review.tried import is_open_all_the_same
from preship.bot.review.words import counted, counted_actions

ICONS = {Conclusion.FAILURE: "❌", Conclusion.NEUTRAL: "❔", Conclusion.SUCCESS: "✅"}
MINOR = "⚠️"
"""A fault that is no reason to fail."""


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """An analysis, and what of it is to be fixed."""

    analysis: Analysis
    holes: tuple[Remark, ...] = ()
    """What the change brings, the worst first, also what comments of ours say already."""

    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    notes: ConfigurationNotes = SILENT

    is_obeying: bool = True
    """Whether somebody listens to the commands that people write."""


def touched_actions(analysis: Analysis) -> tuple[JudgedAction, ...]:
    """The actions that the change touches."""
    return tuple(action for action in analysis.actions if action.touch)


def touched_subjects(analysis: Analysis) -> tuple[JudgedAction | JudgedFile, ...]:
    """What the change touches and findings may stand on: actions, and files around them."""
    return tuple(subject for subject in analysis.subjects if subject.touch)


def fails(facts: ReviewFacts, hole: Remark) -> bool:
    """Whether a fault alone concludes the check run with failure."""
    return is_at_least(hole.worst.finding.severity, facts.policy.fail_on)


def conclude(facts: ReviewFacts) -> Conclusion:
    """Failure for faults that are bad enough, and for what was not seen where the repository wants that.

    Success only if there is nothing to fix, and everything that is touched was read as configured.
    """
    if any(fails(facts, hole) for hole in facts.holes):
        return Conclusion.FAILURE
    if facts.policy.fails_unseen and is_partly_unseen(facts.analysis):
        return Conclusion.FAILURE
    return Conclusion.NEUTRAL if facts.holes or not _is_whole(facts) else Conclusion.SUCCESS


def _is_whole(facts: ReviewFacts) -> bool:
    actions = touched_actions(facts.analysis)
    is_otherwise = any(map(goes_beyond, actions)) or any(map(is_open_all_the_same, actions))
    return not (is_partly_unseen(facts.analysis) or facts.notes.mistakes or facts.notes.believed or is_otherwise)


def icon(facts: ReviewFacts) -> str:
    """The conclusion at a glance."""
    conclusion = conclude(facts)
    return MINOR if facts.holes and conclusion is Conclusion.NEUTRAL else ICONS[conclusion]


def headline(facts: ReviewFacts) -> str:
    """One sentence of plain text, without a full stop: what is to be done."""
    analysis, notes = facts.analysis, facts.notes
    actions = touched_actions(analysis)
    besides = list(_unseen_in_short(analysis))
    if anew := sum(map(goes_beyond, actions)):
        besides.append(f"{counted(anew, 'public action')} {'does' if anew == 1 else 'do'} something new")
    if called := sum(map(is_open_all_the_same, actions)):
        besides.append(f"a call proved {counted(called, 'action')} open")
    besides += ["the configuration has mistakes"] if notes.mistakes else []
    besides += ["a declared guard is changed"] if notes.believed else []
    if not actions and not facts.holes:
        return ", ".join([*([] if analysis.unjudged else ["No Server Action is touched"]), *besides])
    files = len({f.action.path for hole in facts.holes for f in hole.faults if isinstance(f.action, JudgedFile)})
    where = [counted_actions(actions, "touched ")] if actions else []
    around = [f"{counted(files, 'file')} around {'them' if actions else 'Server Actions'}"] if files else []
    return ", ".join([f"{_to_fix(facts)} in {' and '.join([*where, *around])}", *besides])


def _to_fix(facts: ReviewFacts) -> str:
    """`2 faults to fix and 1 minor one`; a fault is what one change of the code would fix."""
    bad = sum(hole.number for hole in facts.holes if fails(facts, hole))
    minor = sum(hole.number for hole in facts.holes) - bad
    if not bad:
        return counted(minor, "minor fault") if minor else "Nothing to fix"
    also = f" and {minor} minor {'one' if minor == 1 else 'ones'}" if minor else ""
    return f"{counted(bad, 'fault')} to fix{also}"


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


def is_partly_unseen(analysis: Analysis) -> bool:
    """Whether anything that the change touches could not be read, or not judged by a rule that there is."""
    return bool(analysis.failures or analysis.unjudged) or any(
        action.unseen or has_unseen_answer(action) for action in touched_actions(analysis)
    )
