"""Edits that mend a finding, each tried before it is offered: the edited file is judged again, and must be mended.

An edit puts the guard of the neighbours in front of the statement that a finding marks. It imports nothing: only what
the file has already is called, so that the one line is all that there is to accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from analyzers.actions.discovery import ServerAction
from analyzers.codebase import Codebase
from analyzers.nouns import Answer, JudgedAction
from analyzers.project.edited import EditedFiles
from analyzers.rule import Confidence, Edit, Finding, Persona, Status
from analyzers.rulebook import rule

MOST_TRIED = 5
"""Edits tried in one review: each costs the execution of one action, and more faults of a rule make one comment."""

Judge = Callable[[Codebase, ServerAction], JudgedAction]


def with_suggestions(tree: Codebase, judged: Iterable[JudgedAction], judge: Judge) -> Iterator[JudgedAction]:
    """The same actions; what the change brought has a suggestion where an edit was found that mends it."""
    left = MOST_TRIED
    for action in judged:
        findings: list[Finding] = []
        for finding in action.findings:
            edit = _edit(tree, action, finding) if left and _wants_one(finding) else None
            left -= edit is not None
            is_mended = edit is not None and _mends(tree, action, finding, edit, judge)
            suggestion = Edit(finding.line, finding.end_line, edit) if edit is not None and is_mended else None
            findings.append(replace(finding, suggestion=suggestion))
        yield replace(action, findings=tuple(findings))


def _wants_one(finding: Finding) -> bool:
    is_new = finding.status in (Status.INTRODUCED, Status.WORSENED)
    return is_new and finding.guard is not None and _counts(finding)


def _counts(finding: Finding) -> bool:
    """Whether it is more than a doubt or a nuance: every caller of a guard shares those of the guard's own module."""
    return finding.confidence is not Confidence.LOW and finding.persona is Persona.REGULAR


def _edit(tree: Codebase, action: JudgedAction, finding: Finding) -> str | None:
    """The lines of a finding with the guard in front; None where they do not begin with a statement of the action."""
    lines = _lines(tree, finding.path)
    found = _action_at(tree, finding.path, action)
    if lines is None or found is None or found.function is None or finding.path != action.path:
        return None
    if finding.line not in {statement.span.line for statement in found.function.body.statements}:
        return None
    marked = lines[finding.line - 1 : finding.end_line]
    indent = marked[0][: len(marked[0]) - len(marked[0].lstrip())]
    end = ";" if marked[-1].endswith(";") else ""
    return "\n".join([f"{indent}{finding.guard}{end}", *marked])


def _mends(tree: Codebase, action: JudgedAction, finding: Finding, edit: str, judge: Judge) -> bool:
    """Whether the edited file is read as well as before, and the action has lost this finding and won no other."""
    lines = _lines(tree, finding.path)
    if lines is None:
        return False
    text = "\n".join([*lines[: finding.line - 1], edit, *lines[finding.end_line :]])
    edited = tree.edited(EditedFiles(tree.project.files, finding.path, text.encode()))
    then = _action_at(edited, finding.path, action)
    if then is None:
        return False
    judged = judge(edited, then)
    standing = {each.fingerprint for each in judged.findings if _counts(each)}
    before = {each.fingerprint for each in action.findings} - {finding.fingerprint}
    return standing <= before and not edited.failures and _is_answered(judged, finding)


def _is_answered(judged: JudgedAction, finding: Finding) -> bool:
    """Whether the question behind a finding is answered with a yes: what nobody can follow silences it as well."""
    told = rule(finding.rule)
    return any(told and entry.item is told.item and entry.answer is Answer.YES for entry in judged.checklist)


def _action_at(tree: Codebase, path: str, action: JudgedAction) -> ServerAction | None:
    """The same action in a tree, whose first line no edit moves."""
    return next((each for each in tree.actions(path) if (each.name, each.line) == (action.name, action.line)), None)


def _lines(tree: Codebase, path: str) -> list[str] | None:
    """The lines of a file; None for one whose line ends or characters an edit would change."""
    blob = tree.project.blob(path)
    if blob is None or b"\r" in blob.content:
        return None
    try:
        return blob.content.decode().split("\n")
    except UnicodeDecodeError:
        return None
